"""Sending an e-mail over SMTP. A password goes over TLS alone, and into no message or log.

Source: RFC 5321, RFC 3207 (STARTTLS), RFC 8314 (TLS from the start).
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from sync.errors import RecordError
from sync.hub.errors import HubError

TIMEOUT_S: Final = 20.0
_PORTS: Final = {"smtp": 587, "smtps": 465}
_EXAMPLE: Final = "smtp://USER:PASSWORD@mail.example.org:587 or smtps://USER:PASSWORD@mail.example.org"
_ADDRESS: Final = re.compile(r"[^\s@<>\",;:\\()\[\]]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,180}")
_HIDDEN: Final = "***"


class MailError(HubError):
    """A mail was not sent; says where and why, never with what password."""


@dataclass(frozen=True)
class Server:
    """A mail server. With `tls` everything is encrypted from the start, else as soon as the server offers it."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        """As it may be told."""
        return f"the mail server {self.host}, port {self.port}"


@dataclass(frozen=True)
class Mail:
    """A plain message. The same `key` is the same mail: whoever gets it twice may know it by that."""

    key: str
    subject: str
    text: str


def server(text: str) -> Server:
    """The server that an address means.

    Raises:
        RecordError: it is none; the message does not repeat it, as there may be a password in it.
    """
    parts, port = _parts(text)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(str(parts.hostname), port or _PORTS[parts.scheme], parts.scheme == "smtps", user, password)


def check_url(text: str) -> str:
    """The address of a mail server as it is kept; empty is none.

    Raises:
        RecordError: it is no such address.
    """
    if text.strip():
        server(text.strip())
    return text.strip()


def url(there: Server) -> str:
    """The address of a server, its password in it."""
    who = f"{quote(there.user, safe='')}:{quote(there.password, safe='')}@" if there.user else ""
    host = f"[{there.host}]" if ":" in there.host else there.host
    return f"{'smtps' if there.tls else 'smtp'}://{who}{host}:{there.port}"


def without_secret(there: Server) -> Server:
    """The same server, without what only it should know."""
    return replace(there, password="")


def without_password(text: str) -> str:
    """An address as it may be shown."""
    return url(replace(server(text), password=_HIDDEN)).replace(quote(_HIDDEN, safe=""), _HIDDEN) if text else ""


def fresh_key() -> str:
    """A key that no other mail has."""
    return f"touchpoint-{secrets.token_hex(16)}"


def addresses(text: str, most: int) -> list[str]:
    """E-mail addresses that were written with spaces or commas between them.

    Raises:
        RecordError: one is none, or there are too many.
    """
    found = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    for one in found:
        if not _ADDRESS.fullmatch(one) or parseaddr(one)[1] != one or not one.isascii():
            raise RecordError(f"{one[:80]!r} is no e-mail address; it must look like name@example.org")
    if len(found) > most:
        raise RecordError(f"these are {len(found)} e-mail addresses; {most} is the most")
    return found


def send(there: Server, sender: str, to: Sequence[str], mail: Mail) -> int:
    """Send it; returns to how many of these it could not go, while the others have it.

    Raises:
        MailError: nobody has it.
    """
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = mail.subject, sender, ", ".join(to)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{mail.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    try:
        with _connected(there) as smtp:
            return len(smtp.send_message(message, sender, to))
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(f"{there.where} did not accept the user or the password ({error.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(sorted({str(code) for code, _why in error.recipients.values()}))
        raise MailError(f"{there.where} took none of the {len(to)} addresses in alert_to ({codes})") from None
    except smtplib.SMTPResponseException as error:
        raise MailError(f"{there.where} refused a mail with the code {error.smtp_code}") from None
    except ssl.SSLCertVerificationError as error:
        raise MailError(f"{there.where} has a certificate that is not trusted: {error.verify_message}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(f"{there.where} cannot be used: {error}") from None


def _connected(there: Server) -> smtplib.SMTP:
    """A session in which a mail may be sent; the caller ends it."""
    trusted = ssl.create_default_context()
    if there.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(there.host, there.port, timeout=TIMEOUT_S, context=trusted)
    else:
        smtp = smtplib.SMTP(there.host, there.port, timeout=TIMEOUT_S)
    try:
        smtp.ehlo_or_helo_if_needed()
        secret = there.tls
        if not there.tls and smtp.has_extn("starttls"):
            smtp.starttls(context=trusted)
            smtp.ehlo()
            secret = True
        if there.user:
            if not secret and not _is_here(there.host):
                raise MailError(
                    f"{there.where} offers no encryption, so the password was not sent; "
                    "use smtps://, or a server that offers STARTTLS"
                )
            smtp.login(there.user, there.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _parts(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    right = parts.scheme in _PORTS and parts.hostname and parts.path in ("", "/") and not parts.query
    whole = not parts.fragment and bool(parts.username) == bool(parts.password) and text.isprintable()
    # smtplib can send no other letters, whatever the server might take
    whole = whole and f"{unquote(parts.username or '')}{unquote(parts.password or '')}".isascii()
    if not (right and whole):
        raise RecordError(
            f"this is no address of a mail server; it must look like {_EXAMPLE}, with signs such as @ or / in a "
            "password written as %40 or %2F, and without accents"
        )
    return parts, port


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
