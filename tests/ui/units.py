"""A kiosk's folder with a catalogue in it, without a hub."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import time
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image

from sync import packs, pins, records
from sync.client.identity import Identity, load, save
from sync.client.up import heard
from sync.messages import DeviceInfo, HubKeys, StaffMember
from sync.replica import base, deltas, schema
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder
from sync.replica.rank import rank

SHOP_ID = records.id_from_key("shop", "Mill Lane")
ADDRESS = "http://goodstuff.example"
THEMES = (
    {"key": "food", "name": "Food", "icon": "food-apple", "strong": "#2E7D4F", "tint": "#E3F1E8"},
    {"key": "transport", "name": "Getting about", "icon": "bus", "strong": "#1F5FA8", "tint": "#E1ECF7"},
    {"key": "together", "name": "Doing things together", "icon": "not-an-icon", "strong": "wrong", "tint": ""},
)


def some_items() -> list[dict[str, Any]]:
    """Enough for two pages of a shelf, one event today and tomorrow, and words in Urdu."""
    today = dt.date.today()
    body = "First **do this**.\n\n## Then\n\n- one\n- two\n\n1. step\n\n" + "A long text that goes on and on. " * 60
    pots = [
        {"key": f"pot-{n}", "kind": "guide", "title": f"Cook for {n} on £10", "themes": ["food"], "body": body}
        for n in range(2, 12)
    ]
    surgery = {
        "key": "surgery",
        "kind": "event",
        "title": "Social media surgery",
        "summary": "Bring your phone.",
        "themes": ["together"],
        "starts": f"{today}T00:00:00",
        "ends": f"{today}T23:59:00",
        "rrule": "FREQ=DAILY",
        "attendance": True,
    }
    bike = {
        "key": "bike",
        "kind": "offer",
        "title": "Child's bike",
        "summary": "Red, for ages six to eight.",
        "themes": ["transport"],
        "translations": {"ur": {"title": "بچے کی سائیکل", "summary": "سرخ"}},
        "maker": {"name": "Mill Lane Wheels"},
        "price": {"amount_pence": 350, "note": "or what you can give"},
    }
    return [*pots, surgery, bike]


def picture(data: Path) -> dict[str, Any]:
    """A picture among the unit's blobs, as a file record."""
    drawn = io.BytesIO()
    Image.new("RGB", (96, 54), (200, 120, 40)).save(drawn, "PNG")
    content = drawn.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    path = Blobs(data / "blobs").path(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"name": "picture.png", "media_type": "image/png", "sha256": sha256, "size_bytes": len(content)}


def enrol(data: Path) -> None:
    """The unit belongs to a hub that does not answer, and heard of it a moment ago."""
    data.mkdir(parents=True, exist_ok=True)
    save(
        data / "identity.json",
        Identity(
            hub_url=ADDRESS,
            device_id="d",
            token="t",
            private_key="",
            shop_id=SHOP_ID,
            shop_name="Mill Lane",
            root="{}",
        ),
    )
    word = {"outcome": "current", "checked_at": time.time(), "tried_at": time.time()}
    (data / "sync-status.json").write_bytes(msgspec.json.encode(word))


def entrust(data: Path) -> X25519PrivateKey:
    """The unit has a key of its own and its hub's; returns the hub's, with which alone a contact can be read."""
    hub, mine = X25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    known = load(data / "identity.json")
    assert known
    keys = HubKeys(seal=hub.public_key().public_bytes_raw().hex(), sign="")
    private = mine.private_bytes_raw().hex()
    save(data / "identity.json", msgspec.structs.replace(known, private_key=private, hub_keys=keys))
    return hub


PIN = "482913"
STAFF = "01890000-0000-7000-8000-000000000000"


def hire(data: Path, *pins_: str) -> None:
    """The hub has said that these are staff here, by their PINs; one of `PIN` by default."""
    secret, staff = "ab" * 32, []
    for number, pin in enumerate(pins_ or (PIN,)):
        salt = pins.new_salt()
        verifier = pins.verifier(pins.stretch(pin, salt), secret)
        staff.append(StaffMember(id=f"{STAFF[:-2]}{number:02}", salt=salt, verifier=verifier))
    info = DeviceInfo(device_id="d", shop_id=SHOP_ID, pin_secret=secret, staff=staff)
    heard.save_device(data / "identity.json", heard.KnownDevice(mark="m", info=info))


def deliver(data: Path, items: list[dict[str, Any]]) -> None:
    """A catalogue with these items takes the place of the one before."""
    keyed = [{**item, "id": records.id_from_key("item", item["key"])} for item in items]
    for item in keyed:
        item.pop("key")
    lines: dict[str, list[dict[str, Any]]] = {
        "item": sorted(keyed, key=lambda line: -rank(msgspec.convert(line, records.Item))),
        "theme": [
            {**theme, "id": records.id_from_key("theme", theme["key"]), "position": at}
            for at, theme in enumerate(THEMES)
        ],
        "shop": [{"id": SHOP_ID, "name": "Mill Lane", "hours": "Mo-Su 00:00-24:00", "lat": 51.72, "lon": -3.83}],
    }
    revision = 0
    for table in lines.values():
        for line in table:
            revision += 1
            line["r"] = revision
    tables = [packs.table_of(name, table) for name, table in lines.items()]
    piece = packs.Piece(format=packs.BASE_FORMAT, to=revision, piece=0, pieces=1, tables=tables)
    folder = ReplicaFolder(data / "catalogue")
    path = folder.next()
    base.build(path, [piece])
    db = schema.open_for_writing(path)
    digest = packs.Digest(int(schema.meta(db, "digest"), 16), schema.meta(db, "count"))
    deltas.apply(db, [], records.State(revision=revision, count=digest.count, digest=digest.hex()))
    base.build_text(db)
    db.close()
    folder.swap(path)
