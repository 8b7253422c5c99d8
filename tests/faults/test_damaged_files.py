"""Any file of a unit may be cut, emptied or filled with junk by a dying disk: the next pass mends it or says so."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from kiosk.errors import StoreError
from kiosk.services import doctor
from kiosk.ui.staff import condition
from sync import outbox
from sync.records import Usage
from tests.conftest import TestHub, TestKiosk
from tests.support.tally import survived

JUNK = {
    "empty": b"",
    "not UTF-8": b'{"\xff\xfe": 1}',
    "another shape": b'[{"x": null}]',
    "brackets": b"[" * 5000,
    "noughts": bytes(4096),
    "noise": random.Random(1).randbytes(3000),
}


def test_whatever_file_is_damaged_a_pass_mends_it_or_says_so(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    shop.services.unit.note_sync("current", "", heard=True)
    shop.services.close()
    whole, broken = tmp_path / "whole", shop.folder
    shutil.copytree(broken, whole, symlinks=True)
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and not path.is_symlink())
    assert len(files) > 6
    count = 0
    for name in files:
        for what, junk in JUNK.items():
            shutil.rmtree(broken)
            shutil.copytree(whole, broken, symlinks=True)
            (broken / name).write_bytes(junk)
            try:
                _look(shop, str(name))
            except Exception as error:
                error.add_note(f"{name} was damaged: {what}")
                raise
            count += 1
    survived("damaged files", files=len(files), damages=count)


def _look(shop: TestKiosk, name: str) -> None:
    """Two files cannot be made again from elsewhere: `records.db` is named, a lost identity leaves the shelves."""
    try:
        shop.restart()
    except StoreError as error:
        assert name == "records.db" and "records.db" in str(error)
        return
    if name == "identity.json":
        assert shop.services.unit.identity is None
        assert len(shop.titles()) == 2
        return
    shop.services.unit.freshness()
    report = shop.sync()
    assert report.heard, report
    assert len(shop.titles()) == 2


@pytest.mark.parametrize("place", ["the table of records", "elsewhere"])
def test_staff_hear_that_what_was_logged_here_may_be_damaged(kiosk: TestKiosk, place: str) -> None:
    with kiosk.services.records.writing() as db:
        for number in range(300):
            outbox.add(db, "usage", Usage(day="2026-11-22", action="qr", count=number + 1))
        root = db.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'outbox'").scalar_one()
        page_bytes = db.exec_driver_sql("PRAGMA page_size").scalar_one()
    kiosk.services.close()
    path = kiosk.folder / "records.db"
    content = bytearray(path.read_bytes())
    start = ((root if place == "the table of records" else len(content) // page_bytes) - 1) * page_bytes
    content[start : start + page_bytes] = b"\xff" * page_bytes
    path.write_bytes(content)
    kiosk.restart()
    found = [finding for finding in doctor.examine(kiosk.services) if "records.db" in finding.said]
    assert [(finding.state, finding.what) for finding in found] == [("fault", "Records file")]
    assert ["Write on paper" in fault.said for fault in condition.faults(found)] == [True]


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_junk_where_the_hub_should_be_is_never_taken_for_the_hub(
    hub: TestHub, shop: TestKiosk, junk: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any path of the catalogue."""
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    catalogue = hub.folder / "catalogue"
    for path in [*catalogue.glob("metadata/*.json"), *catalogue.glob("packs/*.pack")]:
        content = path.read_bytes()
        path.write_bytes(junk)
        report = shop.sync()
        assert report.outcome in ("not_the_hub", "refused", "updated", "current", "rejected"), report
        assert set(shop.titles()) >= {"Mend a bike"}
        path.write_bytes(content)
    shop.restart()
    assert shop.sync().heard and len(shop.titles()) == 3
