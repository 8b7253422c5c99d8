"""Passwords: kept as argon2id only, and what a new one must be. Source: RFC 9106, OWASP's parameters."""

from __future__ import annotations

import secrets
import threading
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sync.hub.errors import HubError

LEAST: Final = 12
MOST: Final = 200
_MEMORY_KIB: Final = 19 * 1024
_PASSES: Final = 2
_FEW_AT_ONCE: Final = threading.BoundedSemaphore(4)
"""Each takes 19 MiB: many who try at once wait for each other, and do not fill the machine."""


def check_new(password: str, *names: str) -> None:
    """Refuse a password that is soon guessed; `names` are its owner's name and address.

    Raises:
        HubError: saying what it must be.
    """
    if len(password) < LEAST:
        raise HubError(f"The password needs {LEAST} letters or more. Three or four words that you remember are good.")
    if len(password) > MOST:
        raise HubError(f"The password may have {MOST} letters at most.")
    plain = password.casefold()
    if len(set(plain)) < 5 or any(len(name) > 3 and name.casefold() in plain for name in names):
        raise HubError("This password is easily guessed: leave out your name, and use more than a few letters.")


def kept(password: str) -> str:
    """What is kept of it; takes some 20 ms, as each guess then does too."""
    salt = secrets.token_bytes(16)
    kdf = Argon2id(salt=salt, length=32, iterations=_PASSES, lanes=1, memory_cost=_MEMORY_KIB)
    return kdf.derive_phc_encoded(password.encode())


def fits(password: str, kept_of_it: str) -> bool:
    """Whether it is that password. Where nothing is kept this is False, and takes as long."""
    try:
        with _FEW_AT_ONCE:
            Argon2id.verify_phc_encoded(password[: MOST + 1].encode(), kept_of_it or _NOBODYS)
    except InvalidKey:
        return False
    return bool(kept_of_it)


_NOBODYS: Final = kept(secrets.token_hex())
