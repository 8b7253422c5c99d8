"""The staff's door: who may open it, without a connection, and what becomes of wrong PINs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.store.pins import FREE, OWN, SETUP, PinStore
from sync import pins
from sync.messages import DeviceInfo, StaffMember

log = logging.getLogger(__name__)

_NOBODY: Final = StaffMember(id="", salt="00" * pins.SALT_BYTES, verifier="")


@dataclass(frozen=True)
class SignIn:
    """What came of a PIN.

    `outcome` is `welcome` (then `staff` is the person's id), `choose` (the set-up PIN was right: now an own one has to
    be chosen), `wrong` (`left` more may be tried), `locked` (for `wait_s`) or `nobody` (there is no PIN to open it).
    """

    outcome: str
    staff: str = ""
    wait_s: float = 0.0
    left: int = 0


class StaffDoor:
    """Opens the staff's screens.

    Args:
        device: what the hub last said of this unit.
    """

    def __init__(self, store: PinStore, device: Callable[[], DeviceInfo]) -> None:
        self._store = store
        self._device = device

    def locked_s(self) -> float:
        """Seconds until a PIN can be tried."""
        return self._store.locked_s()

    def has_keys(self) -> bool:
        """Whether there is any PIN that opens it."""
        return bool(self._device().staff or self._store.own())

    def sign_in(self, pin: str) -> SignIn:
        """Try a PIN. It takes as long whether it is right or wrong, and a tenth of a second or more: not on the
        screen's thread."""
        if not self.has_keys():
            return SignIn("nobody")
        wait_s, wrong = self._store.begin_try()
        if wait_s:
            return SignIn("locked", wait_s=wait_s)
        if member := self._whose(pin):
            self._store.right()
            return SignIn("choose") if member.id == SETUP else SignIn("welcome", member.id)
        wait_s = self._store.locked_s()
        if wrong == FREE:
            log.warning("%d wrong PINs in a row were tried at the staff's door; it is locked for a while", wrong)
        return SignIn("locked", wait_s=wait_s) if wait_s else SignIn("wrong", left=FREE - wrong)

    def hear(self, info: DeviceInfo) -> None:
        """The hub said this of the unit: once it has named staff, no PIN from before them opens the door again."""
        if info.staff and self._store.own():
            self._store.forget_own()

    def expect(self, setup_pin: str) -> None:
        """This PIN opens the door once, until the hub has said who its staff are."""
        if pins.is_pin(setup_pin):
            self._keep(SETUP, setup_pin)

    def choose(self, setup_pin: str, own: str) -> SignIn:
        """With the set-up PIN, an own one takes its place, for as long as the hub has not said who its staff are.

        Raises:
            ValueError: the own one has not the form of a PIN, or is one of those that people try first.
        """
        if not pins.is_pin(own) or pins.is_easy(own):
            raise ValueError(f"a PIN has {pins.DIGITS} digits, and is not one that is easy to guess")
        found = self.sign_in(setup_pin)
        if found.outcome != "choose":
            return found
        self._keep(OWN, own)
        return SignIn("welcome", OWN)

    # -- inner

    def _whose(self, pin: str) -> StaffMember | None:
        info = self._device()
        self.hear(info)
        if info.staff:
            return pins.who(pin, info.staff, info.pin_secret)
        found = [member for member, secret in self._store.own() if pins.who(pin, [member], secret)]
        return found[0] if found else None

    def _keep(self, who: str, pin: str) -> None:
        salt, secret = pins.new_salt(), secrets.token_hex(32)
        verifier = pins.verifier(pins.stretch(pin, salt), secret)
        self._store.keep_own(StaffMember(id=who, salt=salt, verifier=verifier), secret)
