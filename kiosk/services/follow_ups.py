"""Somebody asks to be rung back: what he leaves is locked with the hub's key before it touches the disk."""

from __future__ import annotations

import base64
import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from kiosk.domain import contacts
from kiosk.errors import ContactError, NoKeyError
from kiosk.services.unit import Unit
from kiosk.store.records import Records
from sync import outbox, seal
from sync.records import Contact, FollowUp

FOLLOW_UP: Final = "follow_up"
MOST_NAME: Final = 40
MOST_CONTACT: Final = 80
_ROOM: Final = 1_000
"""Bytes that every contact is filled up to, so that its length tells nothing: the longest has fewer in any script."""


class FollowUps:
    """What is left for the hub's coordinator. Nothing here can read it again, neither this program nor a thief.

    Args:
        wake_agent: tells the agent that there is something to send; must not wait.
    """

    def __init__(self, records: Records, unit: Unit, wake_agent: Callable[[], None] = lambda: None) -> None:
        self._records = records
        self._unit = unit
        self._wake = wake_agent

    @property
    def possible(self) -> bool:
        """Whether there is a hub's key to lock a contact with."""
        mine = self._unit.identity
        return mine is not None and bool(mine.hub_keys.seal and mine.private_key)

    def keep(
        self,
        first_name: str,
        contact: str,
        about: str,
        *,
        notice: str,
        language: str = "en",
        session: str = "",
        staff: str = "",
    ) -> str:
        """Lock a contact and keep it for the hub; returns the record's id once it is safe on disk.

        Args:
            contact: a telephone number or an e-mail address, as it was typed.
            about: a topic's id.
            notice: the version of the words that were agreed to (`sync.notices`).

        Raises:
            ContactError: something is missing or too long. NoKeyError: there is no key to lock it with.
        """
        said = Contact(
            first_name=_given(first_name, "first name", MOST_NAME),
            contact=_given(contact, "phone number or e-mail address", MOST_CONTACT),
            about=_given(about, "topic", MOST_NAME),
            notice=notice,
            agreed_at=self._unit.now().astimezone(dt.UTC).isoformat(timespec="minutes"),
            language=language,
            session=session,
            staff=staff,
        )
        record = FollowUp(sealed=base64.b64encode(self._sealed(_filled_up(said))).decode())
        with self._records.writing() as db:
            record_id = outbox.add(db, FOLLOW_UP, record)
        self._wake()
        return record_id

    def withdraw(self, record_id: str) -> None:
        """Take a contact back: the hub deletes it as soon as it hears of it."""
        with self._records.writing() as db:
            outbox.add(db, FOLLOW_UP, FollowUp(withdraws=record_id))
        self._wake()

    def _sealed(self, content: bytes) -> bytes:
        mine = self._unit.identity
        if mine is None or not (mine.hub_keys.seal and mine.private_key):
            raise NoKeyError(
                "this screen has no key of its hub yet, so a contact could not be locked; it has one after a sync"
            )
        return seal.seal(
            content,
            purpose=seal.FOLLOW_UP,
            sender=mine.device_id,
            addressee="hub",
            signer=Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key)),
            to=X25519PublicKey.from_public_bytes(bytes.fromhex(mine.hub_keys.seal)),
            compress=False,
        )


def _given(text: str, what: str, most: int) -> str:
    text = " ".join("".join(map(_shown, text)).split())
    if not contacts.is_given(text):
        raise ContactError(f"the {what} is missing")
    if len(text) > most:
        raise ContactError(f"the {what} has {len(text)} letters; at most {most} are kept")
    return text


def _shown(letter: str) -> str:
    """The letter; a space for what is none, as JSON would make six of it."""
    return " " if unicodedata.category(letter) in ("Cc", "Cs") else letter


def _filled_up(said: Contact) -> bytes:
    """As JSON of one length for all."""
    short = _ROOM - len(msgspec.json.encode(said)) % _ROOM
    return msgspec.json.encode(msgspec.structs.replace(said, padding="." * short))
