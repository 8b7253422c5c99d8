"""Many rows in one statement come out as they went in, in either database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sync.hub.store import bulk, postcodes
from sync.hub.store.schema import attendance, postcode, received
from tests.conftest import TestHub

ODD = 'Zoë\'s "tea" \\ 100 % {:rows} %(rows)s \u0085\u2028 سلام 🫖'


def a_record(number: int, **changes: Any) -> dict[str, Any]:
    values = {"device_id": "d", "seq": number, "kind": ODD, "recorded_at": "", "received_at": "r", "boot": "b"}
    return {
        "id": f"id{number}",
        "offset_s": 0.1 + number,
        "body": bytes(range(256)),
        "erased_at": None,
        **values,
        **changes,
    }


def test_every_kind_of_value_comes_back_as_it_was(hub: TestHub) -> None:
    rows = [
        a_record(1),
        a_record((1 << 63) - 1, offset_s=1e300, body=b"", erased_at="now"),
        a_record(-3, offset_s=-1.0e-7, body=b"\0\\x41"),
    ]
    with hub.hub.database.writing() as db:
        bulk.insert_rows(db, received, rows)
        bulk.insert_rows(db, received, [])
        found = db.execute(select(received).order_by(received.c.seq)).all()
    assert [dict(row._mapping) for row in found] == sorted(rows, key=lambda row: row["seq"])


def test_what_is_left_out_is_null_and_truth_stays_truth(hub: TestHub) -> None:
    same = dict.fromkeys(column.name for column in attendance.columns if not column.nullable)
    same |= dict.fromkeys(same, "x") | {"seq": 1, "people": 2, "paper": True, "clock_wrong": False}
    rows = [{**same, "id": str(number), "counts": number == 1, "void": number == 2} for number in range(3)]
    with hub.hub.database.writing() as db:
        bulk.insert_rows(db, attendance, rows)
        found = db.execute(select(attendance).order_by(attendance.c.id)).all()
    assert [(row.counts, row.void, row.minutes) for row in found] == [
        (False, False, None),
        (True, False, None),
        (False, True, None),
    ]


def test_one_that_cannot_be_leaves_none(hub: TestHub) -> None:
    with pytest.raises(IntegrityError), hub.hub.database.writing() as db:
        bulk.insert_rows(db, received, [a_record(1), a_record(2), a_record(2)])
    with hub.hub.database.reading() as db:
        assert db.execute(select(received.c.id)).all() == []


def test_thousands_go_in_at_once(hub: TestHub) -> None:
    places = {f"AB{number}": (number / 7, -number / 9) for number in range(20_000)}
    with hub.hub.database.writing() as db:
        postcodes.put(db, places)
        found = {row.postcode: (row.lat, row.lon) for row in db.execute(select(postcode))}
    assert found == places
