"""A hub, put together: its folder, database and publisher, and what its commands do."""

from __future__ import annotations

import contextlib
import logging
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec
import platformdirs
from sqlalchemy import Connection

from sync import codes, hours, pins
from sync.errors import RecordError
from sync.hub import hub_keys, lifting, locks, ownership, settings
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder
from sync.hub.kiosks import Kiosks
from sync.hub.people import People
from sync.hub.publishing import roots
from sync.hub.publishing.publisher import Published, Publisher
from sync.hub.store import audit, catalogue, devices, enrolments, facts, inbox, migrate, postcodes, usage
from sync.hub.store.database import Database
from sync.hub.store.devices import Device
from sync.messages import (
    PROVISION_FORMAT,
    Answers,
    Batch,
    DeviceInfo,
    Enrolled,
    EnrolRequest,
    Heartbeat,
    HeartbeatAnswer,
    Provision,
)
from sync.records import Item, Shop, Theme, id_from_key

log = logging.getLogger(__name__)

COMMAND_LINE = audit.COMMAND_LINE
"""Who changed it, in the history, when somebody at the machine did."""


class Hub:
    """A hub that exists.

    Raises:
        NotInitialisedError: there is none in that folder.
    """

    def __init__(self, folder: HubFolder) -> None:
        self.folder = folder.check()
        self.database = Database(folder.database_url)
        self.publisher = Publisher(folder, self.database)
        with contextlib.ExitStack() as half_open:
            half_open.callback(self.database.close)
            ownership.check(self.database, folder)
            migrate.upgrade_if_needed(self.database.engine)
            self._take_up()
            half_open.pop_all()
        self.keys = hub_keys.get(folder)
        self.kiosks = Kiosks(self.database, self.keys, roots.root_of(folder.metadata).decode())
        self.people = People(self.database)
        self.on_taken: Callable[[Answers], None] = lambda _answers: None
        """Told how each batch of records was answered."""

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def _take_up(self) -> None:
        with self.database.reading() as db:
            if facts.get(db, facts.TAKEN_UP) and facts.get(db, facts.USAGE_TAKEN_UP):
                return
        with self.database.writing() as db:
            if taken := inbox.take_up(db) + usage.take_up(db):
                log.info("%d records that had come before this version knew their kinds are counted now", taken)

    # -- settings

    @property
    def base_url(self) -> str:
        """Where phones find items; empty: wherever each kiosk was enrolled."""
        with self.database.reading() as db:
            return str(settings.get(db, "base_url"))

    @property
    def publish_to(self) -> str:
        """The mirror that every publication goes to: a folder or s3://BUCKET/PREFIX; empty: none."""
        with self.database.reading() as db:
            return str(settings.get(db, "publish_to"))

    # -- catalogue

    def publish(self, *, allow_shrink: bool = False) -> Published | None:
        """Publish what changed; None when nothing did."""
        return self.publisher.publish(base_url=self.base_url, allow_shrink=allow_shrink)

    def withdraw(self, code: str) -> Item:
        """Take an item off every shelf.

        Raises:
            CodeError, UnknownError: that is no code, or no item's.
        """
        with self.database.writing() as db:
            return catalogue.withdraw(db, codes.read(code), COMMAND_LINE)

    def set_shop(self, name: str, **changes: str | float | None) -> Shop:
        """Make a shop of that name, or change what is given of it.

        Raises:
            RecordError: the name is empty, or the opening hours or the time zone cannot be understood.
        """
        if not (name := name.strip()):
            raise RecordError("a shop needs a name")
        with self.database.writing() as db:
            shop = catalogue.shop_named(db, name) or Shop(id=catalogue.new_shop_id(db, name), name=name)
            hours.parse(str(changes.get("hours") or ""))
            check_timezone(str(changes.get("timezone") or "UTC"))
            given = {field: value for field, value in changes.items() if value is not None}
            if "postcode" in given and postcodes.comes_from_postcode(db, shop):
                shop = msgspec.structs.replace(shop, lat=None, lon=None)
            shop = msgspec.structs.replace(shop, **given)
            catalogue.put(db, [shop], COMMAND_LINE)
        return shop

    # -- kiosks

    def provision(self, shop_name: str, hub_url: str = "") -> Provision:
        """A provisioning file's content: enrols one kiosk at that shop, which is made if there is none.

        Raises:
            HubError: `hub_url` is not a web address.
        """
        check_url(hub_url, "the hub's address")
        shop = self.set_shop(shop_name)
        with self.database.writing() as db:
            secret, device_id = devices.make_provision(db, shop.id)
            given = settings.for_shop(db, shop.id)
        return Provision(
            format=PROVISION_FORMAT,
            shop_id=shop.id,
            shop_name=shop.name,
            secret=secret,
            root=roots.root_of(self.folder.metadata).decode(),
            hub_url=hub_url,
            device_id=device_id,
            hub_keys=self.keys.public,
            settings=given,
            setup_pin=pins.make(),
        )

    def approve(self, code: str, shop_name: str) -> Device:
        """The kiosk that shows this code belongs to that shop, which is made if there is none.

        Raises:
            UnknownError: no kiosk shows it now.
        """
        with self.database.reading() as db:
            enrolments.pending(db, code)
        return self.kiosks.approve(code, self.set_shop(shop_name).id)

    def enrol(self, request: EnrolRequest) -> Enrolled:
        """See `Kiosks.enrol`."""
        return self.kiosks.enrol(request)

    def take(self, device_id: str, batch: Batch) -> Answers:
        """See `Kiosks.take`."""
        answers = self.kiosks.take(device_id, batch)
        self.on_taken(answers)
        return answers

    def heartbeat(self, device_id: str, beat: Heartbeat, *, by_stick: bool = False) -> HeartbeatAnswer:
        """See `Kiosks.heartbeat`; a restored hub rises above what the kiosk has seen of the lost one."""
        answer = self.kiosks.heartbeat(device_id, beat, by_stick=by_stick)
        lifting.lift(self.database, self.publisher, beat.revision, beat.versions)
        return answer

    def device_info(self, device_id: str) -> DeviceInfo:
        """See `Kiosks.device_info`."""
        return self.kiosks.device_info(device_id)

    def public_key_of(self, device_id: str) -> str | None:
        """See `Kiosks.public_key_of`."""
        return self.kiosks.public_key_of(device_id)


def make(folder: HubFolder, base_url: str = "") -> bool:
    """Make a hub: folders, keys, database and the first themes; False when there is one already.

    Raises:
        HubError: `base_url` is not a web address.
    """
    if folder.is_alone and folder.database.exists():
        return False
    check_url(base_url, "the base URL")
    folder.make()
    with locks.held(folder, locks.MAKING):
        return _make_in_folder(folder, base_url) if folder.is_alone else _make_on_server(folder, base_url)


def _make_keys(folder: HubFolder) -> None:
    if not (folder.metadata / "1.root.json").exists():
        roots.first_metadata(folder)
    hub_keys.get(folder)


def _make_in_folder(folder: HubFolder, base_url: str) -> bool:
    if folder.database.exists():
        return False
    _make_keys(folder)
    part = folder.database.with_suffix(".new")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    database = Database(part)
    with database.writing() as db:
        _fill(db, base_url)
    database.close()  # the last to leave folds the write-ahead log into the file
    part.rename(folder.database)
    return True


def _make_on_server(folder: HubFolder, base_url: str) -> bool:
    """In one transaction, so that there is a whole hub or none."""
    with contextlib.closing(Database(folder.database_url)) as database:
        with database.writing() as db:
            if made := not ownership.holds_hub(db):
                _make_keys(folder)
                _fill(db, base_url)
                ownership.own(db, folder)
        ownership.check(database, folder)
    return made


def _fill(db: Connection, base_url: str) -> None:
    migrate.upgrade_within(db)
    catalogue.put(db, first_themes(), COMMAND_LINE)
    settings.put(db, "base_url", base_url)
    inbox.take_up(db)
    usage.take_up(db)


def check_timezone(name: str) -> None:
    """Make sure that it is a time zone.

    Raises:
        RecordError: saying how it should be.
    """
    if name not in available_timezones():
        raise RecordError(f"the time zone {name!r} is not known; it should look like Europe/London")


def check_url(url: str, what: str) -> None:
    """Make sure that an address, if there is one, could be opened; `what` names it.

    Raises:
        HubError: saying how it should be.
    """
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise HubError(f"{what} {url!r} must look like https://goodstuff.example.org")


def first_themes() -> list[Theme]:
    """The themes that every new hub starts with."""
    content = tomllib.loads((files("assets") / "themes.toml").read_text(encoding="utf-8"))
    return [
        Theme(id=id_from_key("theme", fields["key"]), position=position, **fields)
        for position, fields in enumerate(content["theme"])
    ]


def folder_of(data: Path | None) -> HubFolder:
    """The hub's folder: the one given, else the platform's place for such."""
    return HubFolder(data or platformdirs.user_data_path("touchpoint") / "hub")
