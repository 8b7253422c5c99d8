"""A hub outgrows its SQLite file: its database is moved to a server, and back, and its kiosks notice nothing."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, insert, select, update

from sync import outbox
from sync.hub import moving, where
from sync.hub.cli import main
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.store import audit, catalogue, inbox, postcodes
from sync.hub.store.database import Database
from sync.hub.store.schema import audit as audit_table
from sync.hub.store.schema import metadata, quarantine, received, setting
from sync.messages import Batch
from sync.records import Usage
from tests.conftest import DEMO, TestHub, TestKiosk, use_database
from tests.postgresql import PostgreSQL
from tests.support.logging_shop import LoggingShop, new_id
from tests.support.pen import Pen


def everything(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, by table."""
    with contextlib.closing(Database(url)) as database, database.reading() as db:
        return {
            table.name: [dict(row) for row in db.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in metadata.sorted_tables
        }


def moved(from_: str, to: str) -> str:
    done = CliRunner().invoke(main, ["migrate-db", from_, to])
    assert done.exit_code == 0, done.output
    return done.output


def fill(hub: TestHub) -> None:
    """Something in nearly every table."""
    hub.take_file(DEMO)
    logging, pen = LoggingShop(hub.hub), Pen(hub.hub)
    session = new_id()
    first = logging.visit(session, people=3, topics=["email", "tŷ"], minutes=20)
    logging.send(first, logging.visit(session, corrects=first.id), logging.held(session), logging.heads(session, 9))
    logging.send(logging.record("usage", {"day": "2026-11-23", "count": 1}, boot="b", offset_s=0.1 + 0.2))
    logging.send(*(logging.record("attendance", {"session": "no"}) for _ in range(3)))
    hub.hub.take(pen.id, Batch(records=[pen.asks()]))
    with hub.hub.database.writing() as db:
        postcodes.put(db, {f"AB{number}": (number / 7, -number / 9) for number in range(2 * moving.AT_ONCE + 3)})
        audit.note(db, "Zoë", "a test", "ابجد")


def test_there_and_back_everything_is_the_same_and_a_kiosk_goes_on(
    hub: TestHub, shop: TestKiosk, postgres: PostgreSQL, tmp_path: Path
) -> None:
    fill(hub)
    hub.publish()
    assert shop.sync().outcome == "updated"
    titles = sorted(shop.titles())
    hub.stop()
    hub.hub.close()
    file, url = hub.folder / "hub.db", postgres.empty()
    before = everything(f"sqlite:///{file}")
    filled = {name for name, there in before.items() if there}
    assert filled >= {
        "change",
        "record",
        "blob",
        "received",
        "quarantine",
        "attendance",
        "follow_up",
        "audit",
        "device",
    }

    said = moved(str(file), url)
    assert f"Moved {sum(map(len, before.values())):,} rows of {len(before)} tables to postgresql:///" in said
    assert everything(url) == before == everything(f"sqlite:///{file}")

    use_database(hub.folder, url)
    file.rename(tmp_path / "old.db")
    hub.hub = Hub(HubFolder(hub.folder))
    hub.serve()
    with shop.services.records.writing() as db:
        record_id = outbox.add(db, "usage", Usage(day="2026-11-23", action="open", count=1))
    report = shop.sync()
    assert (report.outcome, report.sent) == ("current", 1), report
    hub.take({"key": "new", "title": "Made at the server"})
    hub.publish()
    assert shop.sync().outcome == "updated"
    assert sorted(shop.titles()) == sorted([*titles, "Made at the server"])
    with hub.hub.database.writing() as db:  # numbers go on where they were
        audit.note(db, "somebody", "a test", "after the move")
        numbers = db.execute(select(audit_table.c.number).order_by(audit_table.c.number)).scalars().all()
    assert numbers[-1] == before["audit"][-1]["number"] + 1
    fresh = TestKiosk(tmp_path / "fresh")
    fresh.enrol(hub)
    assert fresh.sync().outcome == "updated"
    fresh.services.close()

    hub.stop()
    hub.hub.close()
    after = everything(url)
    said = moved(url, str(file))
    assert "see that this file is its hub.db" in said
    assert everything(f"sqlite:///{file}") == after
    assert file.stat().st_mode & 0o077 == 0
    (hub.folder / where.FILE).unlink()
    hub.hub = Hub(HubFolder(hub.folder))
    hub.serve()
    with hub.hub.database.reading() as db:
        assert record_id in [row["id"] for row in inbox.everything(db)]
    hub.take({"key": "home", "title": "Home again"})
    hub.publish()
    assert shop.sync().outcome == "updated" and "Home again" in shop.titles()
    postgres.drop(url)


def test_a_place_with_anything_in_it_is_refused(hub: TestHub, postgres: PostgreSQL, tmp_path: Path) -> None:
    file = f"sqlite:///{hub.folder}/hub.db"
    hub.hub.close()
    before = everything(file)
    other = TestHub(tmp_path / "other")
    other.close()
    full = postgres.at_head()
    with contextlib.closing(Database(full)) as database, database.writing() as db:
        db.execute(insert(setting).values(key="base_url", value=""))
    strange = postgres.empty()
    with contextlib.closing(Database(strange)) as database, database.writing() as db:
        db.exec_driver_sql("CREATE TABLE guests (name text)")
    for target, says in (
        (f"sqlite:///{other.folder}/hub.db", "exists already"),
        (full, "there is something in postgresql:///.* already"),
        (strange, "there is something in postgresql:///.* already"),
        (file, "to where it is"),
    ):
        with pytest.raises(HubError, match=says):
            moving.move(file, target)
    for source in (f"sqlite:///{tmp_path}/none.db", postgres.empty()):
        with pytest.raises(HubError, match="there is no"):
            moving.move(source, f"sqlite:///{tmp_path}/to.db")
    assert not list(tmp_path.glob("*to.db*")) and everything(file) == before
    with contextlib.closing(Database(full)) as database, database.reading() as db:
        assert db.execute(select(func.count()).select_from(setting)).scalar_one() == 1


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_a_move_that_goes_wrong_leaves_nothing_behind(
    hub: TestHub, postgres: PostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    fill(hub)
    target = postgres.empty() if kind == "postgresql" else f"sqlite:///{tmp_path}/to.db"
    source = f"sqlite:///{hub.folder}/hub.db"
    real = moving._go_on_counting

    def losing(db: Any, table: Any) -> None:
        if table is quarantine:
            db.execute(delete(quarantine).where(quarantine.c.number == 1))
        real(db, table)

    def altering(db: Any, table: Any) -> None:
        if table.name == "change":
            db.execute(update(table).where(table.c.revision == 7).values(body=None))
        real(db, table)

    for wrong, says in ((losing, "2 of 3 rows of quarantine came"), (altering, "the catalogue that came")):
        monkeypatch.setattr(moving, "_go_on_counting", wrong)
        with pytest.raises(HubError, match=says):
            moving.move(source, target)
    assert not list(tmp_path.glob("*to.db*"))
    monkeypatch.setattr(moving, "_go_on_counting", real)
    moving.move(source, target)
    assert everything(target) == everything(source)


def test_what_no_server_can_keep_is_named(hub: TestHub, postgres: PostgreSQL) -> None:
    """SQLite keeps zero letters; whoever has one in a name is told, and nothing is moved."""
    hub.hub.close()
    with contextlib.closing(sqlite3.connect(hub.folder / "hub.db")) as db:
        db.execute("INSERT INTO setting VALUES ('odd', 'a' || char(0) || 'b')")
        db.commit()
    url = postgres.empty()
    with pytest.raises(HubError, match="a row of setting cannot be kept there"):
        moving.move(f"sqlite:///{hub.folder}/hub.db", url)
    with contextlib.closing(Database(url)) as database, database.reading() as db_:
        assert db_.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar_one() == 0


def test_what_is_written_meanwhile_is_not_half_there(hub: TestHub, postgres: PostgreSQL, tmp_path: Path) -> None:
    """Both kinds are read as they were at one moment."""
    fill(hub)
    for source, target in (
        (f"sqlite:///{hub.folder}/hub.db", postgres.empty()),
        (postgres.empty(), f"sqlite:///{tmp_path}/back.db"),
    ):
        if not source.startswith("sqlite"):
            moving.move(f"sqlite:///{hub.folder}/hub.db", source)
        before = everything(source)
        writer = Database(source)
        busy = []

        def meanwhile(done: int, _all: int, writer: Database = writer, busy: list[int] = busy) -> None:
            if not busy:
                busy.append(done)
                with writer.writing() as db:
                    last = catalogue.last_revision(db)
                    catalogue.lift(db, last, "meanwhile")
                    db.execute(delete(received))

        moving.move(source, target, meanwhile)
        assert busy and everything(target) == before != everything(source)
        writer.close()
