"""How this unit speaks HTTP: with patience that ends, and TLS that allows for a clock that is certainly wrong."""

from __future__ import annotations

import logging
import ssl
from typing import Any, Final

import requests

from sync.client.clock import Clock
from sync.client.patience import Impatient

log = logging.getLogger(__name__)

NO_CHECK_TIME: Final = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME: a certificate's dates are not looked at, everything else is."""


def open_session(clock: Clock | None = None) -> requests.Session:
    """An HTTP session; while the clock is certainly wrong, it does not hold certificates' dates against them.

    Their names and signatures are checked all the same, and the catalogue's own signatures do not rest on TLS.
    """
    session = _Staying()
    session.mount("http://", Impatient())
    session.mount("https://", _ByTheClock(clock) if clock else Impatient())
    return session


class _Staying(requests.Session):
    """Goes nowhere else.

    Even where it is not to follow a redirect, the library reads all that comes with one, however much and long that is,
    to have the next request ready.
    """

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """There is none."""
        return None


class _ByTheClock(Impatient):
    """Speaks TLS; asks at every request whether it is known what day it is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._dateless: ssl.SSLContext | None = None
        super().__init__()

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """Use a context that leaves dates out, if need be."""
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        if not self._clock.behind:
            self._dateless = None
            return host, tls
        return host, {**tls, "ssl_context": self._dateless or self._without_dates()}

    def _without_dates(self) -> ssl.SSLContext:
        day = self._clock.floor.date()
        log.warning("this unit's clock is wrong (it is after %s): dates of certificates are not checked", day)
        self._dateless = ssl.create_default_context()
        self._dateless.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
        return self._dateless
