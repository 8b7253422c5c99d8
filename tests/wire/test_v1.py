"""What the first release wrote must be read for ever: golden messages and packs of protocol 1.

`v1/` was written once, by `python -m tests.wire.test_v1`, and is never written again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync import messages, packs, records
from sync.replica import base, deltas, schema
from sync.replica.read import Replica

V1 = Path(__file__).parent / "v1"
ID = "01890000-0000-7000-8000-0123456789ab"
OTHER = "01890000-0000-7000-8000-0123456789ac"

BASE: dict[str, list[dict[str, Any]]] = {
    "item": [
        {
            "id": ID,
            "r": 1,
            "kind": "event",
            "title": "Social media surgery",
            "summary": "Bring your phone.",
            "body": "Sit down with us.",
            "translations": {"cy": {"title": "Cymhorthfa"}},
            "themes": ["community"],
            "tags": ["phone"],
            "maker": {"name": "Mill Lane Helpers", "url": "https://example.org"},
            "licence": "CC-BY-4.0",
            "price": {"amount_pence": 250, "note": "or what you can"},
            "files": [{"name": "Dates", "media_type": "text/calendar", "sha256": "ab" * 32, "size_bytes": 7}],
            "picture": {"name": "p.png", "media_type": "image/png", "sha256": "cd" * 32, "size_bytes": 9},
            "place": {"name": "The shop", "lat": 52.5, "lon": -1.9},
            "starts": "2026-01-05T11:00:00",
            "ends": "2026-01-05T13:00:00",
            "rrule": "FREQ=WEEKLY;BYDAY=MO",
            "exdates": ["2026-12-28T11:00:00"],
            "timezone": "Europe/London",
            "shops": ["Mill Lane"],
            "attendance": True,
            "expires_on": "2030-01-01",
            "checked_on": "2026-11-17",
            "source": {"name": "S", "licence": "CC0-1.0"},
        },
        {"id": OTHER, "r": 2, "kind": "guide", "title": "Mend a bike", "code": "7K3M9QX2"},
    ],
    "theme": [{"id": ID, "r": 3, "key": "community", "name": "Doing things together", "position": 1}],
    "shop": [{"id": ID, "r": 4, "name": "Mill Lane", "hours": "Mo-Fr 09:00-17:00", "timezone": "Europe/London"}],
    "weather": [{"id": ID, "r": 5, "sky": "blue", "wind": {"knots": 4}}],
}
DELTA = [
    {"c": "item", "id": OTHER, "r": 6, "gone": True},
    {"c": "item", "id": ID, "r": 7, "kind": "event", "title": "Social media surgery, moved", "mood": ["warm"]},
]
MESSAGES: dict[str, tuple[type[msgspec.Struct], dict[str, Any]]] = {
    "state": (records.State, {"revision": 7, "count": 4, "digest": "0" * 32, "base_url": "https://example.org"}),
    "batch": (
        messages.Batch,
        {
            "records": [
                {
                    "id": ID,
                    "seq": 1,
                    "kind": "usage",
                    "recorded_at": "2026-11-22T10:00:00.000+00:00",
                    "body": {"day": "2026-11-21", "action": "slip", "count": 3, "item": OTHER},
                    "boot": "b",
                    "offset_s": 1.5,
                }
            ]
        },
    ),
    "answers": (messages.Answers, {"records": [{"id": ID, "outcome": "rejected", "reason": "why"}]}),
    "enrol": (messages.EnrolRequest, {"secret": "s", "public_key": "ab" * 32, "name": "front window"}),
    "enrolled": (messages.Enrolled, {"device_id": ID, "token": "t", "shop_id": OTHER, "shop_name": "Mill Lane"}),
    "provision": (
        messages.Provision,
        {"format": "touchpoint-provision/1", "shop_id": ID, "shop_name": "M", "secret": "s", "root": "{}"},
    ),
}


def written_base() -> packs.Piece:
    return packs.read_piece((V1 / "base.pack").read_bytes())


def test_a_base_of_the_first_release_is_read() -> None:
    lines = [msgspec.json.decode(line) for table in written_base().tables for _raw, _revision, line in table.lines()]
    assert lines == [{"c": name, **record} for name, there in BASE.items() for record in there]


def test_a_delta_of_the_first_release_is_read() -> None:
    found = [msgspec.json.decode(line) for _header, line in packs.read_delta((V1 / "delta.pack").read_bytes())]
    assert found == DELTA


def test_they_still_make_a_replica(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    base.build(path, [written_base()])
    expected = packs.Digest()
    for name, record_id, revision in (("item", ID, 7), ("theme", ID, 3), ("shop", ID, 4), ("weather", ID, 5)):
        expected.add(name, bytes.fromhex(record_id.replace("-", "")), revision)
    db = schema.open_for_writing(path)
    state = records.State(revision=7, count=expected.count, digest=expected.hex())
    deltas.apply(db, [(V1 / "delta.pack").read_bytes()], state)
    db.close()
    replica = Replica(path)
    assert [card.title for card in replica.shelf().cards] == ["Social media surgery, moved"]
    assert [theme.key for theme in replica.themes()] == ["community"]
    replica.close()


def test_the_digest_of_the_first_release_stays_what_it_is() -> None:
    digest = packs.Digest()
    digest.add("item", bytes.fromhex(ID.replace("-", "")), 7)
    assert digest.hex() == (V1 / "digest.txt").read_text().strip()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_the_first_release_is_read_and_one_with_more_in_it_too(name: str) -> None:
    kind, fields = MESSAGES[name]
    golden = (V1 / f"{name}.json").read_bytes()
    message = msgspec.json.decode(golden, type=kind)
    assert msgspec.to_builtins(message) == fields
    later = {**msgspec.json.decode(golden), "from_the_future": {"x": 1}}
    assert msgspec.json.decode(msgspec.json.encode(later), type=kind) == message


def write() -> None:
    """Write the golden files, once."""
    tables = [packs.table_of(name, there) for name, there in BASE.items()]
    piece = packs.Piece(format=packs.BASE_FORMAT, to=5, piece=0, pieces=1, tables=tables)
    (V1 / "base.pack").write_bytes(packs.write_piece(piece))
    (V1 / "delta.pack").write_bytes(packs.write_delta([msgspec.json.encode(line) for line in DELTA]))
    digest = packs.Digest()
    digest.add("item", bytes.fromhex(ID.replace("-", "")), 7)
    (V1 / "digest.txt").write_text(digest.hex() + "\n")
    for name, (kind, fields) in MESSAGES.items():
        (V1 / f"{name}.json").write_bytes(msgspec.json.encode(msgspec.convert(fields, kind)) + b"\n")


if __name__ == "__main__":
    write()
