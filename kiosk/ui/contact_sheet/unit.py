"""The unit that is drawn: a copy of one with empty records and made-up people, or one with the demo catalogue.

Nothing real is shown but the catalogue, and nothing real is changed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
import shutil
import tomllib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.domain.attendance import LogSession
from kiosk.services.services import Services
from sync import packs, pins, records
from sync.client.identity import Identity, load, save
from sync.client.up import heard
from sync.messages import DeviceInfo, HubKeys, StaffMember
from sync.records import Item, State
from sync.replica import base, deltas, schema
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder
from sync.replica.rank import rank

PIN: Final = "482913"
"""Of the made-up member of staff, in the copy alone."""
STAFF: Final = "01890000-0000-7000-8000-000000000000"
DEMO_TIME: Final = dt.datetime(2026, 11, 25, 11, 20, tzinfo=dt.UTC)
"""A moment of the demo catalogue in which a surgery is on."""
_SHOP: Final = "Mill Lane"
_CONTACT: Final = "Rita Lewandowska, 01632 960 001"
_ADDRESS: Final = "http://goodstuff.example"
_HOURS: Final = "Mo-Sa 09:30-17:30; Su 11:00-16:00"
_FRESH_S: Final = 300.0
_CAME: Final = {"email": 4, "phone": 6, "social": 3, "jobs": 2, "council": 4, "forms": 1, "passwords": 3, "other": 2}
_OUTCOMES: Final = ("", "solved", "started", "unmet")
_HELPERS_MIN: Final = (75, 120, None, None)
"""How long each helped; None while he is in."""
MARK: Final = ("‹", "›")
"""Stand round every word of a marked catalogue, so that it can be told from the program's own."""


_LINE: Final = re.compile(r"^(#+ |- |\d+\. )?(\S.*)$", re.MULTILINE)


def make(folder: Path, source: Path | None = None, *, now: dt.datetime = DEMO_TIME, marked: bool = False) -> None:
    """Make the unit in an empty folder.

    Args:
        source: the folder of the unit whose catalogue is shown; where it has none, or is None, the demo one is.
        now: what time it is there, aware.
        marked: the demo catalogue, every word of it marked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    replica = ReplicaFolder(source / "catalogue").current() if source and not marked else None
    if source and replica:
        _copy(folder, source, replica)
        known = _identity_of(source)
    else:
        deliver_demo(folder, marked=marked)
        known = None
    _belong(folder, known)
    _hire(folder, marked=marked)
    at = now.timestamp() - _FRESH_S
    word = msgspec.json.encode({"outcome": "current", "checked_at": at, "tried_at": at})
    for name in ("sync-status.json", "sending-status.json"):
        (folder / name).write_bytes(word)


def log_visits(unit: Services) -> LogSession:
    """Log made-up visits and helpers, and a head count, in the session that is on or one of its own; returns it."""
    now = unit.unit.now()
    there = [one for one in unit.log.sessions() if one.is_on(now)]
    session = there[0] if there else unit.log.new_session()
    topics = list(unit.log.words().topics)
    for topic, count in _CAME.items():
        for number in range(count if topic in topics else 0):
            unit.log.add(
                session,
                topics=[topic, *topics[:number]],
                people=1 + number % 3,
                first_time="first" if number % 2 else "again",
                outcome=_OUTCOMES[number % len(_OUTCOMES)],
                minutes=15 * number or None,
                staff=STAFF,
            )
    for minutes in _HELPERS_MIN:
        unit.log.add(session, role="helper", minutes=minutes, staff=STAFF)
    unit.log.count_heads(session, 28, staff=STAFF)
    return session


def deliver_demo(folder: Path, *, marked: bool = False) -> None:
    """The demo catalogue is on the shelves of the unit in that folder."""
    demo = Path(str(resources.files("assets") / "demo"))
    blobs = Blobs(folder / "blobs")
    lines = [msgspec.json.decode(line) for line in (demo / "items.ndjson").read_bytes().splitlines() if line]
    items = [_item(line, demo, blobs) for line in lines]
    themes = tomllib.loads((resources.files("assets") / "themes.toml").read_text())["theme"]
    for at, theme in enumerate(themes):
        theme |= {"id": records.id_from_key("theme", theme["key"]), "position": at}
    if marked:
        for item in items:
            _mark(item, ("title", "summary", "body"))
            for part in (item.get("maker"), item.get("place"), item.get("price"), *item["files"]):
                _mark(part or {}, ("name", "address", "postcode", "note"))
        for theme in themes:
            _mark(theme, ("name",))
    shop = {"id": records.id_from_key("shop", _SHOP), "name": _SHOP, "hours": _HOURS}
    items.sort(key=lambda line: -rank(msgspec.convert(line, Item)))
    deliver(folder, {"item": items, "theme": themes, "shop": [shop]})


def deliver(folder: Path, lines: dict[str, list[dict[str, Any]]]) -> None:
    """These records of each collection, as lines of JSON values with their ids, are the catalogue."""
    revision = 0
    for table in lines.values():
        for line in table:
            revision += 1
            line["r"] = revision
    tables = [packs.table_of(name, table) for name, table in lines.items()]
    piece = packs.Piece(format=packs.BASE_FORMAT, to=revision, piece=0, pieces=1, tables=tables)
    replicas = ReplicaFolder(folder / "catalogue")
    path = replicas.next()
    base.build(path, [piece])
    with contextlib.closing(schema.open_for_writing(path)) as db:
        digest = packs.Digest(int(schema.meta(db, "digest"), 16), schema.meta(db, "count"))
        deltas.apply(db, [], State(revision=revision, count=digest.count, digest=digest.hex()))
        base.build_text(db)
    replicas.swap(path)


# -- inner


def _copy(folder: Path, source: Path, replica: Path) -> None:
    """The catalogue, and its files by hard links where the disk can."""
    target = ReplicaFolder(folder / "catalogue")
    shutil.copy2(replica, target.folder / replica.name)
    target.swap(target.folder / replica.name)
    files = source / "blobs"
    if files.is_dir():
        shutil.copytree(files, folder / "blobs", copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _identity_of(source: Path) -> Identity | None:
    return load(source / "identity.json")


def _belong(folder: Path, known: Identity | None) -> None:
    """A unit of the same shop with keys of its own, which no hub knows."""
    private = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    seal = X25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    identity = Identity(
        hub_url=known.hub_url if known else _ADDRESS,
        device_id="contact-sheet",
        token="",
        private_key=private,
        shop_id=known.shop_id if known else records.id_from_key("shop", _SHOP),
        shop_name=known.shop_name if known else _SHOP,
        root="{}",
        hub_keys=HubKeys(seal=seal, sign=""),
    )
    save(folder / "identity.json", identity)


def _hire(folder: Path, *, marked: bool) -> None:
    secret, salt = "ab" * 32, pins.new_salt()
    member = StaffMember(id=STAFF, salt=salt, verifier=pins.verifier(pins.stretch(PIN, salt), secret))
    said = {"help_contact": f"{MARK[0]}{_CONTACT}{MARK[1]}" if marked else _CONTACT}
    info = DeviceInfo(device_id="contact-sheet", shop_id="", settings=said, pin_secret=secret, staff=[member])
    heard.save_device(folder / "identity.json", heard.KnownDevice(mark="contact-sheet", info=info))


def _item(line: dict[str, Any], demo: Path, blobs: Blobs) -> dict[str, Any]:
    """A line of the demo catalogue as a record, its files kept."""
    line["id"] = records.id_from_key("item", line.pop("key"))
    line["files"] = [_file(file, demo, blobs) for file in line.get("files", [])]
    if picture := line.pop("picture", None):
        line["picture"] = _file({"path": picture}, demo, blobs)
    return {name: value for name, value in line.items() if value not in (None, "")}


def _file(file: dict[str, Any], demo: Path, blobs: Blobs) -> dict[str, Any]:
    path = demo / file["path"]
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    place = blobs.path(sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    _link(str(path), str(place)) if not place.exists() else None
    kept = {name: value for name, value in file.items() if name != "path" and value}
    return {"name": path.name, **kept, "sha256": sha256, "size_bytes": len(content)}


def _mark(record: dict[str, Any], names: tuple[str, ...]) -> None:
    """Every line of it in marks; what says of which sort a line of Markdown is, stays before them."""
    for name in names:
        if text := record.get(name):
            record[name] = _LINE.sub(lambda line: f"{line[1] or ''}{MARK[0]}{line[2]}{MARK[1]}", text)


def clock(source: Path | None) -> Callable[[], dt.datetime]:
    """What the time is on the sheet: that of the demo catalogue, or with a unit's own the moment it was begun."""
    began = dt.datetime.now(dt.UTC) if source and ReplicaFolder(source / "catalogue").current() else DEMO_TIME
    return lambda: began
