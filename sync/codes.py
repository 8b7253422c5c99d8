"""Short codes: what is printed under a QR symbol and typed by hand.

A code is 7 characters of Crockford's base32 (35 bits) and one check character. It is derived from the item's
id, so it need not travel and a hub that is set up again gives the same codes; only where two ids meet in those
35 bits does the hub choose another code and send it along.

Source: D. Crockford, "Base 32"; H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004), here over GF(32)
with x * y = 2x + y, which finds every single wrong character and every swap of neighbours.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sync.errors import CodeError
from sync.words import _

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 8
_BITS: Final = 35
_VALUE: Final = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_IGNORED: Final = " \t-.\u2010\u2011\u2013\u2014"
_DOUBLE: Final = [(value << 1) ^ (37 if value & 16 else 0) for value in range(32)]  # times x modulo x^5 + x^2 + 1
_SHIFTS: Final = range(_BITS - 5, -1, -5)


def from_number(number: int) -> str:
    """The code of a number from 0 to 2**35 - 1, check character included."""
    check = 0
    letters = []
    for shift in _SHIFTS:
        value = (number >> shift) & 31
        check = _DOUBLE[check ^ value]
        letters.append(ALPHABET[value])
    letters.append(ALPHABET[check])
    return "".join(letters)


def for_id(record_id: str | bytes) -> str:
    """The code that belongs to an item's id: its lowest 35 bits, which are random or a hash in every UUID we make.

    Args:
        record_id: the UUID as text, or as its 16 bytes.
    """
    raw = UUID(record_id).bytes if isinstance(record_id, str) else record_id
    return from_number(int.from_bytes(raw[-5:], "big") & ((1 << _BITS) - 1))


def next_free(code: str, attempt: int) -> str:
    """Another code for an item whose own is taken; `attempt` counts from 1."""
    number = 0
    for letter in code[:-1]:
        number = number << 5 | _VALUE[letter]
    return from_number((number + attempt * 0x1F3D5B79) & ((1 << _BITS) - 1))


def show(code: str) -> str:
    """The code as people see it: `7K3M-9QX2`."""
    return f"{code[:4]}-{code[4:]}"


def read(typed: str) -> str:
    """What was typed, as a code: any case, spaces and hyphens ignored, O read as 0, I and L as 1.

    Raises:
        CodeError: with what is wrong, when it is not a code.
    """
    letters = [letter for letter in typed.upper() if letter not in _IGNORED]
    if len(letters) != LENGTH:
        raise CodeError(
            _("A code has {length} letters and numbers; this has {count}.").format(length=LENGTH, count=len(letters))
        )
    if wrong := next((letter for letter in letters if letter not in _VALUE), None):
        raise CodeError(_("“{letter}” is never part of a code. Please look at it again.").format(letter=wrong))
    values = [_VALUE[letter] for letter in letters]
    check = 0
    for value in values[:-1]:
        check = _DOUBLE[check ^ value]
    if check != values[-1]:
        raise CodeError(_("One letter or number of that code is wrong. Please look at it again."))
    return "".join(ALPHABET[value] for value in values)


def looks_like(typed: str) -> bool:
    """Whether what was typed is a whole, right code."""
    try:
        read(typed)
    except CodeError:
        return False
    return True


def address(base_url: str, code: str) -> str:
    """The address of an item's page as a QR symbol bears it.

    It is in capitals, which a QR symbol holds in less room, unless the hub lives under a path of its own, whose case
    matters.
    """
    base = base_url.rstrip("/")
    if urlsplit(base).path:
        return f"{base}/d/{code}"
    return f"{base}/d/{code}".upper()


def typed_address(base_url: str) -> str:
    """What to type by hand where there is no camera: host and path, without the scheme."""
    parts = urlsplit(base_url.rstrip("/"))
    return f"{parts.netloc}{parts.path}/d".lower()
