"""All kiosks of a hub, and what its people do with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import msgspec
from sqlalchemy import Connection

from sync.errors import HubRejectedError
from sync.hub import settings
from sync.hub.errors import HubError, UnknownError
from sync.hub.fleet import quiet, signs
from sync.hub.fleet.signs import Kiosk, Sign
from sync.hub.kiosks import Kiosks
from sync.hub.store import audit, catalogue, devices, enrolments, heartbeats, staff
from sync.hub.store.database import Database
from sync.messages import CodeRequest, Command
from sync.records import Shop, State

ASKED: Final = {"sync": "to look for news", "test_slip": "to print a test slip"}


@dataclass(frozen=True)
class Seen:
    """A kiosk with what is worth saying of it, worst first."""

    kiosk: Kiosk
    signs: list[Sign]
    behind: int
    """By so many changes its catalogue is behind what is published."""

    @property
    def level(self) -> int:
        """How bad it is."""
        return signs.level(self.signs)


@dataclass(frozen=True)
class Asking:
    """A screen that shows a code, and what it said of itself; `formers` are the kiosks that it was before."""

    code: str
    name: str
    shown_at: dt.datetime
    formers: list[Kiosk]


class Fleet:
    """Looks after the kiosks.

    Args:
        kiosks: what kiosks and people ask of the hub.
        state: what was published last, if anything was.
    """

    def __init__(self, database: Database, kiosks: Kiosks, state: State | None) -> None:
        self._database = database
        self._kiosks = kiosks
        self._state = state

    def all(self, shop_ids: Collection[str] | None = None) -> list[Seen]:
        """Every kiosk, or those of some shops: what is worst first, then by shop and name; those that are gone last."""
        with self._database.reading() as db:
            hub, there = self._hub(db), kiosks(db)
        found = [_seen(kiosk, hub) for kiosk in there if shop_ids is None or kiosk.shop_id in shop_ids]
        return sorted(found, key=_order)

    def one(self, kiosk_id: str) -> tuple[Seen, list[Command]]:
        """A kiosk, and what it has been asked and has not done yet.

        Raises:
            UnknownError: there is none.
        """
        with self._database.reading() as db:
            hub = self._hub(db)
            kiosk = next((one for one in kiosks(db) if one.id == kiosk_id), None)
            asked = heartbeats.asked(db, kiosk_id)
        if kiosk is None:
            raise UnknownError("There is no such kiosk.")
        return _seen(kiosk, hub), asked

    def with_pins(self, shop_id: str) -> list[str]:
        """The names of the staff whose PINs a kiosk of that shop can check: they are void once it is revoked."""
        with self._database.reading() as db:
            return [person.name for person in staff.everybody(db, shop_id) if not person.needs_pin]

    # -- who belongs

    def look(self, code: str) -> Asking:
        """The screen that shows this code.

        Raises:
            UnknownError: none shows it now.
        """
        with self._database.reading() as db:
            row = enrolments.pending(db, code)
            request = msgspec.json.decode(row.request, type=CodeRequest)
            before = {former.device_id for former in request.former}
            formers = [kiosk for kiosk in kiosks(db) if kiosk.id in before]
        shown_at = dt.datetime.fromisoformat(row.expires_at) - enrolments.LASTS
        return Asking(enrolments.show_code(enrolments.read_code(code)), request.name, shown_at, formers)

    def approve(self, code: str, shop_id: str, name: str, who: str) -> str:
        """The kiosk that shows this code belongs to that shop from now on; returns its id.

        Raises:
            UnknownError: none shows it now, or there is no such shop.
        """
        with self._database.reading() as db:
            _check_shop(db, shop_id)
        made = self._kiosks.approve(code, shop_id, who=who)
        if named := _name(name):
            with self._database.writing() as db:
                devices.rename(db, made.id, named)
        return made.id

    def deny(self, code: str, who: str) -> None:
        """The kiosk that shows this code is turned away.

        Raises:
            UnknownError: none shows it now.
        """
        self._kiosks.deny(code, who=who)

    # -- what is done with one

    def rename(self, kiosk_id: str, name: str, who: str) -> None:
        """Another name.

        Raises:
            UnknownError: there is no such kiosk. HubError: that is no name.
        """
        if not (named := _name(name)):
            raise HubError("A kiosk needs a name, such as the place where it stands.")
        with self._database.writing() as db:
            _check_living(db, kiosk_id)
            devices.rename(db, kiosk_id, named)
            audit.note(db, who, "kiosk renamed", kiosk_id)

    def move(self, kiosk_id: str, shop_id: str, who: str) -> None:
        """To another shop: it shows that one's shelves from its next heartbeat on.

        Raises:
            UnknownError: there is no such kiosk or shop. HubError: it was revoked.
        """
        with self._database.writing() as db:
            mine = _check_living(db, kiosk_id)
            _check_shop(db, shop_id)
            if mine.shop_id != shop_id:
                devices.move(db, kiosk_id, shop_id)
                audit.note(db, who, "kiosk moved", f"{kiosk_id} {mine.shop_id} {shop_id}")

    def revoke(self, kiosk_id: str, who: str) -> list[str]:
        """Take nothing from it any more; returns the names of those whose PINs are void now.

        Raises:
            UnknownError: there is no such kiosk.
        """
        _found, void = self._kiosks.revoke(kiosk_id, who=who)
        return [person.name for person in void]

    def ask(self, kiosk_id: str, what: str, who: str) -> None:
        """Ask it to do something at its next heartbeat; what it was asked already it is not asked twice.

        Raises:
            UnknownError: there is no such kiosk. HubError: it was revoked, or nothing such can be asked.
        """
        if what not in ASKED:
            raise HubError("A kiosk can be asked to look for news, or to print a test slip.")
        with self._database.writing() as db:
            _check_living(db, kiosk_id)
            if all(there.name != what for there in heartbeats.asked(db, kiosk_id)):
                heartbeats.ask(db, kiosk_id, what)
                audit.note(db, who, f"kiosk asked {what}", kiosk_id)

    # -- inner

    def _hub(self, db: Connection) -> signs.Hub:
        state, silence = self._state, silences(db)
        return signs.Hub(
            now=dt.datetime.now(dt.UTC),
            revision=state.revision if state else 0,
            published_at=state.published_at if state else "",
            program=_program(),
            silence_s=lambda shop_id: silence.get(shop_id, silence[""]),
        )


def kiosks(db: Connection) -> list[Kiosk]:
    """Every kiosk there is or was."""
    shops = {shop.id: shop for shop in catalogue.shops(db)}
    return [_kiosk(row, shops) for row in heartbeats.kiosks(db)]


def silences(db: Connection) -> dict[str, float]:
    """Seconds of silence that are too much, by the id of a shop; those of all others under an empty one."""
    minutes, least = (float(settings.number(db, name)) for name in ("alert_after_minutes", "backoff_s"))
    beats = {one.shop_id: float(one.value) for one in settings.everything(db) if one.key == "heartbeat_s"}
    beats.setdefault("", quiet.HEARTBEAT_S)
    return {shop_id: quiet.after_s(minutes, max(beat, least)) for shop_id, beat in beats.items()}


def _kiosk(row: Mapping[str, object], shops: Mapping[str, Shop]) -> Kiosk:
    values = {
        name: row[name]
        for name in ("name", "shop_id", "enrolled_at", "seen_at", "revoked_at", "succeeded", "by_stick", "refused")
    }
    more = {"id": row["device"], "heartbeat_at": row["heartbeat_at"], "beat": row["heartbeat"]}
    return Kiosk(shop=shops.get(str(row["shop_id"])), **values, **more)  # type: ignore[arg-type]


def _seen(kiosk: Kiosk, hub: signs.Hub) -> Seen:
    return Seen(kiosk, signs.of(kiosk, hub), max(0, hub.revision - kiosk.beat.revision) if kiosk.beat else 0)


def _order(seen: Seen) -> tuple[bool, int, str, str, str]:
    kiosk = seen.kiosk
    return (kiosk.is_gone, -seen.level, kiosk.at.casefold(), kiosk.called.casefold(), kiosk.id)


def _name(text: str) -> str:
    return devices.shown(" ".join(text.split()))


def _check_living(db: Connection, kiosk_id: str) -> devices.Device:
    try:
        found = devices.get(db, kiosk_id)
    except HubRejectedError as error:
        raise UnknownError("There is no such kiosk.") from error
    if found.revoked_at:
        raise HubError(f"{found.name or 'This kiosk'} was revoked and hears nothing any more.")
    return found


def _check_shop(db: Connection, shop_id: str) -> None:
    if catalogue.shop_by_id(db, shop_id) is None:
        raise UnknownError("There is no such shop: choose one from the list.")


def _program() -> str:
    try:
        return version("touchpoint")
    except PackageNotFoundError:
        return ""
