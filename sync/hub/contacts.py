"""Opening the letters of those who asked to be rung back, and finding whoever asks what is kept of him."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync import seal
from sync.errors import NOT_JSON, NotTrustedError, RecordError
from sync.hub import cells
from sync.hub.errors import HubError
from sync.hub.store.follow_ups import ADDRESSEE
from sync.records import Contact

LEAST_DIGITS: Final = 6
"""Fewer digits than this are no number."""
_MOST_LETTERS: Final = 300
_AROUND: Final = ".,;:<>()[]\"'"
_NOT_IN_NUMBERS: Final = re.compile(r"[^\d\s()/.+-]")
_PREFIX: Final = re.compile(r"^(00)?(44)?0*")


@dataclass(frozen=True)
class Opened:
    """A letter's content, fit for a terminal; `why` it is none where the letter cannot be opened."""

    contact: Contact | None
    why: str = ""


def open_(sealed: bytes, key: X25519PrivateKey) -> Opened:
    """What is in a letter. Whose it is was checked when it came, or else it lies among the refused."""
    try:
        letter = seal.read(sealed)
        content = letter.open(key, purpose=seal.FOLLOW_UP, addressee=ADDRESSEE, signer=letter.signer)
        contact = msgspec.json.decode(content, type=Contact)
    except NotTrustedError:
        return Opened(None, "it cannot be opened with this hub's key")
    except (RecordError, *NOT_JSON):
        return Opened(None, "what is in it cannot be read")
    return Opened(msgspec.convert(dict(_plain(contact)), Contact))


def holds(contact: Contact, wanted: str) -> bool:
    """Whether a name, number or address is in a contact: whole words, whatever the case and the spaces.

    Numbers are compared by their digits alone, and +44, 0044 and 0 are alike.

    Raises:
        HubError: nothing is looked for.
    """
    looked_for = "".join(_words(wanted))
    if not looked_for:
        raise HubError("say which name, number or address is looked for")
    if any(looked_for in _runs(text) for text in (contact.first_name, contact.contact)):
        return True
    number = _number(wanted)
    return len(number) >= LEAST_DIGITS and number in _digits(contact.contact)


def _plain(contact: Contact) -> Iterator[tuple[str, str]]:
    for name, value in msgspec.structs.asdict(contact).items():
        if name != "padding":
            yield name, cells.plain(value[:_MOST_LETTERS])


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [bare for word in folded.split() if (bare := word.strip(_AROUND))]


def _runs(text: str) -> set[str]:
    """Every run of whole words, written together."""
    words = _words(text)
    return {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}


def _number(text: str) -> str:
    """A number's digits without the way to its country; empty where it is no number."""
    if _NOT_IN_NUMBERS.search(text):
        return ""
    return _PREFIX.sub("", _digits(text))


def _digits(text: str) -> str:
    """The digits of any script, as ours."""
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())
