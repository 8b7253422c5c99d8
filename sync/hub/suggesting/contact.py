"""How a maker may be reached: sealed before it touches the disk, so that whoever holds only the database reads nothing.

A letter from the hub to itself (`sync.seal`), filled up to one length, which tells nothing of what is in it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from sync import seal
from sync.errors import NOT_JSON, NotTrustedError, RecordError
from sync.hub import cells
from sync.hub.errors import HubError
from sync.hub.hub_keys import OwnKeys

PURPOSE: Final = "suggestion"
_HUB: Final = "hub"
_LENGTH_BYTES: Final = 2_048


class MakerContact(msgspec.Struct, kw_only=True):
    """What was typed. `padding` hides how long it is."""

    contact: str
    padding: str = ""


def seal_(text: str, keys: OwnKeys) -> bytes:
    """The letter with that in it."""
    room = max(0, _LENGTH_BYTES - len(msgspec.json.encode(MakerContact(contact=text))))
    content = msgspec.json.encode(MakerContact(contact=text, padding="." * room))
    return seal.seal(
        content,
        purpose=PURPOSE,
        sender=_HUB,
        addressee=_HUB,
        signer=keys.sign,
        to=keys.seal.public_key(),
        compress=False,
    )


def open_(sealed: bytes, keys: OwnKeys) -> str:
    """What was typed, fit to be shown.

    Raises:
        HubError: it cannot be opened, as with the keys of another hub.
    """
    signer = keys.sign.public_key().public_bytes_raw()
    try:
        content = seal.read(sealed).open(keys.seal, purpose=PURPOSE, addressee=_HUB, signer=signer)
        return cells.plain(msgspec.json.decode(content, type=MakerContact).contact)
    except (NotTrustedError, RecordError, *NOT_JSON) as error:
        raise HubError("How to reach the maker cannot be opened with the keys of this hub.") from error
