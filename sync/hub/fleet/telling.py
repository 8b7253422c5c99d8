"""Who is told of quiet kiosks, how soon, and by which mail server."""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import RecordError
from sync.hub import mail, settings
from sync.hub.errors import HubError, sentence
from sync.hub.mail import Mail, Server
from sync.hub.store import audit
from sync.hub.store.database import Database


@dataclass(frozen=True)
class Telling:
    """As it is typed and shown: addresses with spaces between them, and a server without its password."""

    to: str = ""
    sender: str = ""
    after_minutes: str = "30"
    server: Server | None = None


class TellingError(HubError):
    """What was typed cannot be; `wrong` says why, by the field."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


def get(database: Database) -> Telling:
    """What is set; the server's password stays where it is."""
    with database.reading() as db:
        url = str(settings.get(db, "smtp_url") or "")
        to, sender = (str(settings.get(db, name) or "") for name in ("alert_to", "alert_from"))
        minutes = str(settings.get(db, "alert_after_minutes"))
    there = mail.server(url) if url else None
    return Telling(to, sender, minutes, there and mail.without_secret(there))


def put(database: Database, wanted: Telling, who: str) -> None:
    """Set it. A password that was not typed stays, for the same user at the same server alone.

    Raises:
        TellingError: something of it cannot be.
    """
    wrong: dict[str, str] = {}
    with database.writing() as db:
        before = str(settings.get(db, "smtp_url") or "")
        url = _url(wanted.server, mail.server(before) if before else None, wrong)
        texts = {
            "alert_to": wanted.to,
            "alert_from": wanted.sender,
            "alert_after_minutes": wanted.after_minutes,
            "smtp_url": url,
        }
        for name, text in texts.items():
            try:
                settings.key_named(name).read(text)
            except RecordError as error:
                wrong.setdefault(name, sentence(error))
        if wrong:
            raise TellingError(wrong)
        for name, text in texts.items():
            settings.put(db, name, text)
        audit.note(db, who, "alerts changed", "")


def try_out(database: Database) -> int:
    """Send a mail that says only that it works; returns how many addresses did not get it.

    Raises:
        HubError: nobody is named, or there is no server. MailError: it cannot be sent.
    """
    with database.reading() as db:
        to = str(settings.get(db, "alert_to") or "").split()
        sender, url = str(settings.get(db, "alert_from") or ""), str(settings.get(db, "smtp_url") or "")
    if not to or not url:
        raise HubError("Nobody was written to: say who is told, and by which mail server.")
    text = "This hub can write to you. You will hear from it when a kiosk is quiet, and when it is back.\n"
    return mail.send(mail.server(url), sender or to[0], to, Mail(mail.fresh_key(), "A try: quiet kiosks", text))


def _url(wanted: Server | None, before: Server | None, wrong: dict[str, str]) -> str:
    if wanted is None:
        return ""
    if wanted.user and not wanted.password:
        same = before and (before.host, before.port, before.user) == (wanted.host, wanted.port, wanted.user)
        if not (before and same):
            wrong["smtp_url"] = "Type the password once more: it was another server’s, or another user’s."
            return ""
        return mail.url(Server(wanted.host, wanted.port, wanted.tls, wanted.user, before.password))
    return mail.url(wanted)
