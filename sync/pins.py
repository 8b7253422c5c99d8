"""Staff's PINs: six digits, checked without a connection, on one device only.

What a device is given of a PIN is HMAC-SHA256(its own secret, argon2id(PIN, the person's salt)): a verifier that leaks
from one device opens no other. Six digits can be guessed by whoever has a disk and the patience of hours, so revoking a
device makes the PINs that it could check void.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sync.messages import StaffMember

DIGITS: Final = 6
SALT_BYTES: Final = 16
_MEMORY_KIB: Final = 19 * 1024
_PASSES: Final = 2


def make(taken: Iterable[str] = ()) -> str:
    """A new PIN by chance, none of those `taken`, and none that anybody would try first."""
    while (pin := f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}") in set(taken) or is_easy(pin):
        pass
    return pin


def is_easy(pin: str) -> bool:
    """Whether it is one of those that people try first: one or two digits only, or digits in a row."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    return len(set(pin)) <= 2 or steps in ({1}, {-1})


def is_pin(text: str) -> bool:
    """Whether it has the form of a PIN."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def new_salt() -> str:
    """A new person's salt, hex."""
    return secrets.token_hex(SALT_BYTES)


def stretch(pin: str, salt: str) -> bytes:
    """What is kept of a PIN at the hub: 32 bytes that take 20 ms to work out. Source: RFC 9106, OWASP's parameters."""
    return Argon2id(salt=bytes.fromhex(salt), length=32, iterations=_PASSES, lanes=1, memory_cost=_MEMORY_KIB).derive(
        pin.encode()
    )


def verifier(stretched: bytes, device_secret: str) -> str:
    """What one device is given of it, hex."""
    return hmac.new(bytes.fromhex(device_secret), stretched, hashlib.sha256).hexdigest()


def who(pin: str, staff: Iterable[StaffMember], device_secret: str) -> StaffMember | None:
    """Whose PIN it is. It takes as long whether it is the first's, the last's or nobody's."""
    found = None
    for member in staff:
        if hmac.compare_digest(verifier(stretch(pin, member.salt), device_secret), member.verifier):
            found = member
    return found
