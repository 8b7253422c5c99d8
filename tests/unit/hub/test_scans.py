"""Codes that were opened, as daily totals in the hub's database."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result
from sqlalchemy import inspect, text

from sync import codes
from sync.hub.cli import main
from sync.hub.scans import Scans
from sync.hub.store import scans
from sync.hub.store.scans import Scanned
from sync.records import id_from_key
from tests.conftest import TestHub, wait_for

DAY = dt.date(2026, 11, 23)
POT = id_from_key("item", "pot")
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1"}


def totals(hub: TestHub, first: str = "", last: str = "") -> list[Scanned]:
    with hub.hub.database.reading() as db:
        return list(scans.between(db, first, last))


def test_totals_are_added_up_by_day_item_and_language(hub: TestHub) -> None:
    with hub.hub.database.writing() as db:
        scans.add(db, {("2026-11-22", "a", "en"): 2, ("2026-11-23", "a", "en"): 1, ("2026-11-23", "a", "cy"): 4})
        scans.add(db, {("2026-11-23", "a", "en"): 5, ("2026-11-23", "b", "en"): 1})
    latest = [Scanned("2026-11-23", "a", "cy", 4), Scanned("2026-11-23", "a", "en", 6)]
    latest.append(Scanned("2026-11-23", "b", "en", 1))
    assert totals(hub) == [*latest, Scanned("2026-11-22", "a", "en", 2)]
    assert totals(hub, "2026-11-23", "2026-11-23") == latest
    assert totals(hub, last="2026-11-21") == []


def test_counts_of_many_visitors_and_servers_are_all_written(hub: TestHub) -> None:
    servers = [Scans(hub.hub.database, every_s=0.01) for _ in range(2)]
    for server in servers:
        server.start()
    with ThreadPoolExecutor(8) as visitors:
        for number in range(400):
            visitors.submit(servers[number % 2].opened, DAY, "a", "en")
    for server in servers:
        server.stop()
    assert totals(hub) == [Scanned("2026-11-23", "a", "en", 400)]


def test_what_cannot_be_written_is_kept_and_told_once(hub: TestHub, caplog: pytest.LogCaptureFixture) -> None:
    counted = Scans(hub.hub.database)
    counted.opened(DAY, "a", "en")
    with hub.hub.database.writing() as db:
        db.execute(text("ALTER TABLE scan_day RENAME TO away"))
    with caplog.at_level(logging.INFO):
        counted.write()
        counted.opened(DAY, "a", "en")
        counted.write()
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        with hub.hub.database.writing() as db:
            db.execute(text("ALTER TABLE away RENAME TO scan_day"))
        counted.write()
        assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert totals(hub) == [Scanned("2026-11-23", "a", "en", 2)]


def test_nothing_is_written_where_nothing_was_opened(hub: TestHub) -> None:
    counted = Scans(hub.hub.database)
    counted.start()
    counted.stop()
    assert totals(hub) == []


def test_a_hub_counts_what_is_scanned_and_writes_it_when_it_stops(hub: TestHub) -> None:
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    url = hub.serve()
    code = codes.for_id(POT)
    wait_for(lambda: requests.get(f"{url}/d/{code}", timeout=5).status_code == 200)
    for language in ("en", "ur", "ur"):
        headers = {**PHONE, "Accept-Language": language}
        assert requests.get(f"{url}/D/{code}", headers=headers, timeout=5).status_code == 200
    requests.head(f"{url}/D/{code}", headers=PHONE, timeout=5)
    assert totals(hub) == []
    hub.stop()
    found = totals(hub)
    assert [(one.item_id, one.language, one.count) for one in found] == [(POT, "en", 1), (POT, "ur", 2)]
    with hub.hub.database.reading() as db:
        names = [column["name"] for column in inspect(db).get_columns("scan_day")]
    assert names == ["day", "item_id", "language", "count"], "nothing of who it was"


# -- the command


def command(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["scans", "--data", str(folder), *words])


def test_the_totals_as_a_person_reads_them(hub: TestHub) -> None:
    assert command(hub.folder).output == "No code was opened then.\n"
    hub.take({"key": "pot", "title": "=Cook for ten"})
    with hub.hub.database.writing() as db:
        scans.add(db, {("2026-11-22", POT, "en"): 2, ("2026-11-23", POT, "cy"): 3})
        scans.add(db, {("2026-11-23", id_from_key("item", "gone"), "en"): 1})
    lines = command(hub.folder).output.splitlines()
    assert lines[0].split() == ["5", codes.show(codes.for_id(POT)), "=Cook", "for", "ten"]
    assert lines[1].endswith("(withdrawn)")
    assert lines[2].split() == ["6", "in", "all,", "from", "2026-11-22", "to", "2026-11-23"]
    table = list(csv.DictReader(io.StringIO(command(hub.folder, "--csv", "--from", "2026-11-23").output)))
    mine = next(row for row in table if row["item"] == POT)
    assert (mine["day"], mine["count"], mine["language"], mine["kind"]) == ("2026-11-23", "3", "cy", "guide")
    assert mine["title"] == "'=Cook for ten", "no formula for a spreadsheet"
    assert len(table) == 2
    rows = [json.loads(line) for line in command(hub.folder, "--json", "--to", "2026-11-22").output.splitlines()]
    assert [(row["count"], row["title"]) for row in rows] == [(2, "=Cook for ten")]


def test_what_cannot_be_meant_is_told(hub: TestHub) -> None:
    assert "--from is after --to" in command(hub.folder, "--from", "2026-11-24", "--to", "2026-11-23").output
    assert "give one of" in command(hub.folder, "--csv", "--json").output
    assert command(hub.folder, "--from", "yesterday").exit_code == 2
