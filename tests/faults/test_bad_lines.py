"""A line that cuts, stalls, corrupts, truncates, slows and lies, at any byte: in the end all is here, and never
anything wrong in between.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sync import outbox
from sync.client import carriers, http
from sync.client.down.pull import verify_replica
from sync.hub import app
from sync.records import Usage
from tests.conftest import TestHub, TestKiosk
from tests.support.network import URL, Network, Planned
from tests.support.processes import received
from tests.support.proxy import Fault, Proxy, any_fault
from tests.support.tally import survived
from tests.support.terms import spelled

PDF = b"%PDF-1.7\n"


@pytest.mark.timeout(1200)
def test_everything_gets_through_a_bad_line(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First sync, deltas, files and posts; each round until it is through, first with faults, then without."""
    for module in (carriers, http):
        monkeypatch.setattr(module, "TIMEOUT_S", (2.0, 0.3))  # a stall is to be noticed while somebody waits
    dice, rounds = random.Random(17), 60 if long else 4
    hub.serve()
    kiosk.enrol(hub)
    published: list[set[str]] = [set()]
    acknowledged: set[str] = set()
    passes = 0
    with Proxy(lambda: hub.port) as line:
        _through(kiosk, line.url)
        for number in range(rounds):
            mine = _write(kiosk, number)
            line.plan = lambda: any_fault(dice, most_bytes=dice.choice([500, 20_000, 150_000]))
            for part in range(12):
                if part % 3 == 0:
                    _change(hub, tmp_path, number * 12 + part)
                    published.append(set(hub_titles(hub)))
                passes += 1
                kiosk.restart()
                kiosk.sync()
                _nothing_wrong(hub, kiosk, published)
            line.plan = lambda: None
            kiosk.restart()
            report = kiosk.sync()
            assert report.heard and report.files_missing == 0, report
            assert set(kiosk.titles()) == published[-1]
            acknowledged |= mine
            terms = [record["body"]["term"] for record in received(hub.folder)]
            assert acknowledged == set(terms) and len(terms) == len(acknowledged)
        faults = line.done
    assert sum(faults.values()) > 5 * rounds
    survived("a bad line", passes=passes, **{kind.replace(" ", "_"): count for kind, count in sorted(faults.items())})


def _through(kiosk: TestKiosk, url: str) -> None:
    from tests.faults.test_kills import moved

    moved(kiosk, url)
    kiosk.restart()


def _change(hub: TestHub, tmp_path: Path, number: int) -> None:
    (tmp_path / "f.pdf").write_bytes(PDF + random.Random(number).randbytes(150_000))
    hub.take(
        *(
            {"key": f"k{(number + n) % 200}", "title": f"Thing {n} of {number}", "body": noise(number + n)}
            for n in range(30)
        ),
        {"key": f"file{number % 3}", "title": f"File {number}", "files": [{"path": "f.pdf"}]},
        beside=tmp_path,
    )
    hub.publish()


def noise(seed: int) -> str:
    """Text that hardly packs."""
    return random.Random(seed).randbytes(400).hex()


def hub_titles(hub: TestHub) -> list[str]:
    from sync.hub.store import catalogue

    with hub.hub.database.reading() as db:
        return [fields["title"] for _id, _revision, fields in catalogue.live(db, "item")]


def _write(kiosk: TestKiosk, number: int) -> set[str]:
    terms = {spelled(f"{number}-{n}") for n in range(50 * (number % 12))}
    with kiosk.services.records.writing() as db:
        for term in terms:
            outbox.add(db, "usage", Usage(day="2026-11-23", action="search_empty", count=1, term=term))
    return terms


def _nothing_wrong(hub: TestHub, kiosk: TestKiosk, published: list[set[str]]) -> None:
    """What is shown is some publication as a whole; what counts as acknowledged is at the hub."""
    if path := kiosk.services.replicas.current():
        verify_replica(path)
        assert set(kiosk.titles()) in published, "something is shown that was never published like this"
    with kiosk.services.records.reading() as db:
        rows = db.exec_driver_sql("SELECT id, state FROM outbox WHERE state <> 'waiting'").all()
    assert {state for _id, state in rows} <= {"acknowledged"}, "a record was given up"
    assert {record_id for record_id, _state in rows} <= {record["id"] for record in received(hub.folder)}


@pytest.mark.parametrize("at", [0, 40, 400, 900])
def test_what_came_before_a_cut_is_not_fetched_again(hub: TestHub, kiosk: TestKiosk, tmp_path: Path, at: int) -> None:
    """A file resumes where the line was cut, at whatever byte that was."""
    content = PDF + random.Random(at).randbytes(2_000_000)
    (tmp_path / "f.pdf").write_bytes(content)
    hub.take({"key": "f", "title": "F", "files": [{"path": "f.pdf"}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    cut_at = 1_000_000 + at
    with Proxy(lambda: hub.port) as line:
        line.plan = lambda: None if line.done else Fault("end early", cut_at)
        _through(kiosk, line.url)
        first = kiosk.sync()
        assert not first.heard or first.files_missing == 1
        before = line.passed_bytes
        kiosk.restart()
        assert kiosk.sync().files == 1
        assert line.passed_bytes - before < len(content) - 900_000, "the file was fetched from its start again"
    survived("a bad line, files", cuts_in_a_file=1)


def test_a_record_that_was_garbled_on_its_way_is_not_given_up(hub: TestHub, kiosk: TestKiosk) -> None:
    """A bit that flipped makes the hub say that it cannot read the post; the record itself is sound."""
    hub.publish()
    hub.url = URL
    with Network() as network:
        network.app = app.make(hub.hub)
        kiosk.enrol(hub)
        assert kiosk.sync().heard
        for number in range(30):
            (term,) = _write_one(kiosk, number)
            network.plan([Planned("garbled", number / 30)])
            kiosk.sync()
            network.plan([])
            kiosk.sync()
            assert term in {record["body"]["term"] for record in received(hub.folder)}
        kiosk.services.close()
    survived("a bad line", posts_garbled=30)


def _write_one(kiosk: TestKiosk, number: int) -> set[str]:
    with kiosk.services.records.writing() as db:
        outbox.add(
            db, "usage", Usage(day="2026-11-23", action="search_empty", count=1, term=spelled(f"alone {number}"))
        )
    return {spelled(f"alone {number}")}
