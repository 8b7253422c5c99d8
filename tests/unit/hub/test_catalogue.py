"""Changes at the hub: revision, history and codes."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from sqlalchemy import select

from sync import codes
from sync.hub.errors import UnknownError
from sync.hub.store import catalogue, migrate, schema
from sync.hub.store.database import Database
from sync.records import Item
from tests.conftest import TestHub


def an_item(number: int, title: str = "T") -> Item:
    return Item(id=str(UUID(int=number)), kind="guide", title=title)


def test_every_change_is_kept_with_who_and_what(hub: TestHub) -> None:
    with hub.hub.database.writing() as db:
        catalogue.put(db, [an_item(1, "First")], "ann")
        catalogue.put(db, [an_item(1, "Second")], "bob")
        assert catalogue.put(db, [an_item(1, "Second")], "bob") == [catalogue.UNCHANGED]
    hub.hub.withdraw(codes.for_id(str(UUID(int=1))))
    with hub.hub.database.reading() as db:
        rows = db.execute(select(schema.change).where(schema.change.c.collection == "item")).all()
    assert [(row.who, row.what) for row in rows] == [
        ("ann", "added"),
        ("bob", "changed"),
        ("command line", "withdrawn"),
    ]
    assert [row.revision for row in rows] == sorted(row.revision for row in rows)


def test_what_was_withdrawn_can_come_back_with_its_code(hub: TestHub) -> None:
    code = codes.for_id(str(UUID(int=1)))
    with hub.hub.database.writing() as db:
        catalogue.put(db, [an_item(1)], "ann")
    hub.hub.withdraw(code)
    with pytest.raises(UnknownError, match="withdrawn already"):
        hub.hub.withdraw(code)
    with hub.hub.database.writing() as db:
        assert catalogue.put(db, [an_item(1)], "ann") != [catalogue.UNCHANGED]
    assert hub.hub.withdraw(code).title == "T"


def test_two_ids_that_meet_in_their_code_get_different_ones(hub: TestHub) -> None:
    same = 1 << 35
    with hub.hub.database.writing() as db:
        catalogue.put(db, [an_item(5), an_item(5 + same)], "ann")
        catalogue.put(db, [an_item(5 + 2 * same)], "ann")
        found = db.execute(select(schema.record.c.code).where(schema.record.c.collection == "item")).scalars().all()
        catalogue.put(db, [an_item(5 + same, "changed")], "ann")
        after = db.execute(select(schema.record.c.code).where(schema.record.c.collection == "item")).scalars().all()
    assert len(set(found)) == 3 and set(found) == set(after)
    assert all(codes.looks_like(code) for code in found)


def test_writers_wait_for_each_other_and_no_revision_is_given_twice(hub: TestHub) -> None:
    def write(first: int) -> None:
        mine = Database(hub.hub.database.url)
        for number in range(first, first + 25):
            with mine.writing() as db:
                catalogue.put(db, [an_item(number)], "ann")
        mine.close()

    threads = [threading.Thread(target=write, args=(start,)) for start in (1000, 2000, 3000, 4000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with hub.hub.database.reading() as db:
        revisions = db.execute(select(schema.change.c.revision)).scalars().all()
    assert sorted(revisions) == list(range(1, len(revisions) + 1))
    assert len(revisions) == 100 + 6


def test_schema_goes_up_and_down_and_the_head_is_what_the_code_says(tmp_path: object) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    database = Database(f"sqlite:///{tmp_path}/x.db")
    migrate.upgrade(database.engine)
    with database.engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), schema.metadata) == []
    migrate.downgrade(database.engine, "base")
    migrate.upgrade(database.engine)
    assert migrate.current(database.engine) == migrate.HEAD
    database.close()
