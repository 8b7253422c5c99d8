"""A mail server of others' making (aiosmtpd) on loopback, and what it was sent."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.contract.serving import free_port

USER, PASSWORD = "touch point", "p@ss/word:%"


class Mailbox:
    """Takes mails while it is open, always at the same port.

    Args:
        certificate, key: for STARTTLS, or for TLS from the start with `tls`.
        login: whether only `USER` with `PASSWORD` may send, and over TLS alone where there is a certificate.
        refused: addresses that it does not take.
    """

    def __init__(
        self,
        certificate: Any = None,
        key: Any = None,
        *,
        tls: bool = False,
        login: bool = False,
        refused: tuple[str, ...] = (),
    ) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.tries: list[bytes] = []
        self.encrypted: list[bool] = []
        self.delay_s = 0.0
        self._refused = refused
        self._settings: dict[str, Any] = {}
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self._settings = {"ssl_context": context} if tls else {"tls_context": context}
        if login:
            strict = bool(certificate) and not tls
            self._settings |= {"authenticator": self._let_in, "auth_required": True, "auth_require_tls": strict}
        self._controller: Controller | None = None

    def __enter__(self) -> Mailbox:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._settings)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._controller
        self._controller.stop()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self._refused:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.delay_s)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.to.append(list(envelope.rcpt_tos))
        self.encrypted.append(bool(session.ssl or server.transport.get_extra_info("ssl_object")))
        return "250 OK"

    def _let_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.tries.append(given.password)
        fits = (given.login.decode(), given.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=fits, handled=False)
