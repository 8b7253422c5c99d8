"""The hub's database of the first release is brought here and back, with what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.reports import counting
from sync.hub.reports.attendance import Scope, Sums
from sync.hub.store import collation, follow_ups, migrate, schema
from sync.hub.store.database import Database
from sync.messages import Batch
from sync.records import Upward
from tests.conftest import TestHub
from tests.support.logging_shop import LoggingShop, new_id
from tests.support.pen import Pen

ROWS = {
    "provision": [
        {"secret_hash": "a" * 64, "shop_id": "s", "made_at": "2026-11-22T10:00:00.000+00:00", "used_by": None},
        {"secret_hash": "b" * 64, "shop_id": "s", "made_at": "2026-11-22T10:00:00.000+00:00", "used_by": "d"},
    ],
    "device": [
        {
            "id": "d",
            "shop_id": "s",
            "name": "front",
            "public_key": "ab" * 32,
            "token_hash": "c" * 64,
            "enrolled_at": "2026-11-22T10:00:00.000+00:00",
            "seen_at": None,
            "revoked_at": None,
        }
    ],
    "received": [
        {
            "id": "01890000-0000-7000-8000-00000000000a",
            "device_id": "d",
            "seq": 1,
            "kind": "usage",
            "recorded_at": "r",
            "received_at": "r",
            "boot": "",
            "offset_s": 0.0,
            "body": b"{}",
        }
    ],
    "quarantine": [{"id": "x", "device_id": "d", "received_at": "r", "reason": "why", "body": b"{}"}],
    "setting": [{"key": "base_url", "value": "https://example.org"}],
}


@pytest.fixture
def engine(empty_database: Callable[[], str]) -> Iterator[Engine]:
    """A database of the first release with a row in every table that changes."""
    database = Database(empty_database())
    migrate.upgrade(database.engine, "0001")
    with database.engine.begin() as db:
        for table, rows in ROWS.items():
            for row in rows:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                db.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    yield database.engine
    database.close()


def rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    with engine.connect() as db:
        return [dict(row._mapping) for row in db.execute(text(f"SELECT * FROM {table}"))]


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with their columns and constraints, CHECKs too, which Alembic does not compare."""
    found = inspect(engine)
    return {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted((index["name"], tuple(index["column_names"])) for index in found.get_indexes(table)),
            sorted((one["name"], tuple(one["column_names"])) for one in found.get_unique_constraints(table)),
            sorted((one["name"], one["sqltext"]) for one in found.get_check_constraints(table)),
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_what_was_there_is_there_afterwards(engine: Engine) -> None:
    migrate.upgrade_if_needed(engine)
    for table, before in ROWS.items():
        after = rows(engine, table)
        assert [{name: row[name] for name in old} for row, old in zip(after, before, strict=True)] == before
    device = rows(engine, "device")[0]
    assert (device["token_at"], device["token_next"], device["serial"]) == (device["enrolled_at"], None, "")
    assert (device["reported_revision"], device["reported_versions"]) == (0, "{}")
    assert [row["device_id"] for row in rows(engine, "provision")] == [None, None]


def test_and_the_way_back_leaves_what_the_first_release_knew(engine: Engine) -> None:
    before = shape(engine)
    migrate.upgrade(engine)
    migrate.downgrade(engine, "0001")
    assert shape(engine) == before
    for table, expected in ROWS.items():
        found = rows(engine, table)
        assert [{name: row[name] for name in old} for row, old in zip(found, expected, strict=True)] == expected
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.HEAD


def test_the_steps_lead_to_what_the_code_says(engine: Engine, empty_database: Callable[[], str]) -> None:
    migrate.upgrade(engine)
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    fresh = Database(empty_database())
    with fresh.writing() as db:
        schema.metadata.create_all(db)
        collation.by_code_point(db)
    assert shape(engine) == shape(fresh.engine)
    fresh.close()


def test_a_hub_of_the_first_release_goes_on_with_its_kiosks(hub: TestHub) -> None:
    """Whoever was enrolled then still is: same token, same records."""
    provision = hub.hub.provision("Mill Lane")
    from sync.messages import EnrolRequest

    yes = hub.hub.enrol(EnrolRequest(secret=provision.secret, public_key="ab" * 32))
    hub.hub.kiosks.by_token(yes.token)
    engine = hub.hub.database.engine
    migrate.downgrade(engine, "0001")
    assert migrate.current(engine) == "0001"
    migrate.upgrade_if_needed(engine)
    mine = hub.hub.kiosks.by_token(yes.token)
    assert mine.id == yes.device_id
    one = Upward(
        id="01890000-0000-7000-8000-00000000000a", seq=1, kind="usage", recorded_at="2026-11-22T10:00:00Z", body={}
    )
    assert [answer.outcome for answer in hub.hub.take(mine.id, Batch(records=[one])).records] == ["accepted"]


def test_what_newer_kiosks_sent_to_an_older_hub_is_counted_once_it_can_be(hub: TestHub) -> None:
    """The older hub had acknowledged it, so that no kiosk sends it again; it is taken up once, and nothing else is."""
    shop, other, pen = LoggingShop(hub.hub), LoggingShop(hub.hub, "Brook Street"), Pen(hub.hub)
    session = new_id()
    first, gone = shop.visit(session, people=2), shop.visit(session, people=9)
    sent = [first, shop.visit(session, people=3, corrects=first.id), gone, shop.held(session), shop.heads(session, 4)]
    shop.send(*sent, shop.visit(session, corrects=gone.id, void=True))
    other.send(other.visit(new_id(), people=7))
    asked = pen.asks()
    hub.hub.take(pen.id, Batch(records=[asked]))
    before = _counted(hub.hub)
    assert (before[0].visits, before[0].sessions, before[0].head_count, before[1]) == (10, 2, 4, [asked.id])

    engine = hub.hub.database.engine
    migrate.downgrade(engine, "0002")
    with engine.begin() as db:
        values = {
            "body": b'{"corrects": "%s", "session": "%s", "at": "2026-11-22T11:00:00Z"}'
            % (first.id.encode(), session.encode()),
            "forged": new_id(),
            "odd": new_id(),
            "other": other.device_id,
        }
        insert = "INSERT INTO received SELECT {}, :other, {}, kind, recorded_at, received_at, boot, offset_s, {} FROM"
        from_ = f" received WHERE id = '{first.id}'"
        db.execute(text(insert.format(":forged", "901", ":body") + from_), values)
        db.execute(text(insert.format(":odd", "902", "'{}'") + from_), values)
    for _again in range(2):
        opened = Hub(HubFolder(hub.folder))
        assert _counted(opened) == before
        opened.close()
    assert [one.outcome for one in shop.send(*sent)] == ["duplicate"] * len(sent)
    assert _counted(hub.hub) == before


def _counted(hub: Hub) -> tuple[Sums, list[str]]:
    with hub.database.reading() as db:
        return counting.figures(db, "session", Scope()).total, [one.id for one in follow_ups.kept(db)]
