"""Publications as kiosks see them: real packs, real signatures, the real client."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sync import codes
from sync.hub.cli import main
from sync.hub.errors import HubError
from sync.hub.publishing import compaction, plan, roots, signing
from sync.hub.store import catalogue, revisions, schema
from tests.conftest import TestHub
from tests.replicas import Reader


def item(number: int, title: str = "", **more: Any) -> dict[str, Any]:
    return {"key": f"k{number}", "title": title or f"Thing {number}", **more}


def reader(hub: TestHub, name: str) -> Reader:
    return Reader(hub.folder.parent / name, hub.folder / "catalogue", roots.root_of(hub.hub.folder.metadata))


def set_of(hub: TestHub) -> signing.SignedSet:
    published = hub.hub.publisher.published()
    assert published
    return published


def noise(seed: int) -> str:
    return random.Random(seed).randbytes(400).hex()


def test_one_change_is_one_small_pack(hub: TestHub) -> None:
    hub.take(*(item(n, body=noise(n)) for n in range(300)))
    hub.publish()
    kiosk = reader(hub, "a")
    kiosk.pull()
    before = kiosk.carrier.received_bytes
    hub.take(item(7, "Changed"))
    done = hub.hub.publish()
    assert done and len(done.new_packs) == 1 and done.new_bytes < 500
    assert kiosk.pull() == "updated" and kiosk.builds == 1
    assert kiosk.carrier.received_bytes - before < 6_000


def test_a_chain_of_many_publications_stays_short_and_a_kiosk_that_was_away_still_takes_deltas(hub: TestHub) -> None:
    hub.take(*(item(n, body=noise(n)) for n in range(400)))
    hub.publish()
    away, close = reader(hub, "away"), reader(hub, "close")
    away.pull()
    for number in range(40):
        hub.take(item(number % 30, f"Change {number}"))
        hub.publish()
        assert close.pull() == "updated"
        assert len(plan.chain(set_of(hub).packs)) <= plan.MOST_DELTAS
    assert away.pull() == "updated" and away.builds == 1 and close.builds == 1
    assert away.titles() == close.titles()


@pytest.mark.parametrize("seed", range(8))
def test_random_histories_converge(hub: TestHub, seed: int) -> None:
    """Edits, withdrawals, publications and compactions in any order; kiosks pull now and then."""
    dice = random.Random(seed)
    hub.take(*(item(n, body=noise(n)) for n in range(dice.choice((3, 60)))))
    hub.publish()
    kiosks = [reader(hub, f"kiosk{n}") for n in range(3)]
    for step in range(30):
        for _ in range(dice.randint(1, 4)):
            hub.take(item(dice.randrange(80), f"Step {step}", body=noise(dice.randrange(99))))
        if dice.random() < 0.3:
            with hub.hub.database.reading() as db:
                there = [version.id for version in revisions.in_force(db, "item", 1 << 40)]
            if there:
                hub.hub.withdraw(codes.for_id(dice.choice(there)))
        if dice.random() < 0.7:
            hub.hub.publish(allow_shrink=True)
        if dice.random() < 0.3:
            compaction.compact(hub.hub.publisher)
        dice.choice(kiosks).pull()
    hub.hub.publish(allow_shrink=True)
    with hub.hub.database.reading() as db:
        right = revisions.digest(db, catalogue.last_revision(db))
    assert (set_of(hub).state.count, set_of(hub).state.digest) == (right.count, right.hex())
    fresh = reader(hub, "fresh")
    fresh.pull()
    for kiosk in kiosks:
        kiosk.pull()
        assert kiosk.titles() == fresh.titles() and kiosk.revision == set_of(hub).state.revision


def test_a_large_catalogue_is_first_packed_in_haste_and_then_well(hub: TestHub) -> None:
    hub.take(*(item(n, body=noise(n % 50)) for n in range(plan.SMALL_RECORDS + 100)))
    hub.publish()
    quick = set_of(hub)
    assert all(pack.quick for pack in quick.packs) and compaction.due(quick)
    early = reader(hub, "early")
    early.pull()
    hub.take(item(3, "Meanwhile"))
    hub.publish()
    hub.take(item(4, "Not published yet"))
    done = compaction.compact(hub.hub.publisher)
    assert done and not any(pack.quick for pack in set_of(hub).packs)
    assert not compaction.due(set_of(hub)) and compaction.compact(hub.hub.publisher) is None
    late = reader(hub, "late")
    late.pull()
    assert early.pull() == "updated" and early.builds == 1
    assert early.titles() == late.titles() and "Not published yet" not in late.titles().values()


def test_publications_during_a_compaction_stay(hub: TestHub) -> None:
    hub.take(*(item(n, body=noise(n)) for n in range(plan.SMALL_RECORDS + 10)))
    hub.publish()

    def publish_meanwhile(_made: int, _of: int) -> None:
        hub.take(item(1, "While it was packed"))
        hub.publish()

    compaction.compact(hub.hub.publisher, publish_meanwhile)
    packs = set_of(hub).packs
    assert plan.base(packs)[0].to < set_of(hub).state.revision and not plan.base(packs)[0].quick
    fresh = reader(hub, "fresh")
    fresh.pull()
    assert "While it was packed" in fresh.titles().values()


def test_a_new_base_finds_out_that_the_digest_went_wrong(hub: TestHub, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody changed history by hand: kiosks cannot take that delta, and compaction puts the digest right."""
    hub.take(*(item(n, body=noise(n)) for n in range(plan.SMALL_RECORDS + 10)))
    hub.publish()
    with hub.hub.database.writing() as db:
        gone = next(revisions.in_force(db, "item", 1 << 40))
        db.execute(schema.record.delete().where(schema.record.c.id == gone.id))
        db.execute(schema.change.delete().where(schema.change.c.record_id == gone.id))
    assert compaction.compact(hub.hub.publisher)
    assert "counted anew" in caplog.text
    fresh = reader(hub, "fresh")
    fresh.pull()
    assert len(fresh.titles()) == plan.SMALL_RECORDS + 9


def test_what_is_superseded_stays_for_its_time_of_grace_from_then_on(hub: TestHub) -> None:
    hub.take(item(1), item(2))
    hub.publish()
    old = set_of(hub)
    files = [hub.folder / "catalogue" / name for name in old.names]
    long_ago = time.time() - 30 * 86_400
    for path in [*files, hub.folder / "catalogue" / "metadata" / "1.root.json"]:
        os.utime(path, (long_ago, long_ago))
    hub.take(item(1, "Changed"))
    hub.publish()
    assert all(path.exists() for path in files), "their time begins when they are no longer named, however old they are"
    superseded = [path for path in files if f"{path.parent.name}/{path.name}" not in set_of(hub).names]
    assert superseded
    for path in superseded:
        dated = time.time() - signing.GRACE.total_seconds() - 5
        os.utime(path, (dated, dated))
    hub.take(item(1, "Changed again"))
    hub.publish()
    assert not any(path.exists() for path in superseded)
    assert (hub.folder / "catalogue" / "metadata" / "1.root.json").exists()


def test_a_file_that_is_renamed_meanwhile_stops_no_publication(hub: TestHub) -> None:
    """As when a compaction puts a pack under its name; a link to nowhere looks the same: listed, and not there."""
    (hub.folder / "catalogue" / "packs" / ".base.pack.7.new").symlink_to("nowhere")
    hub.take(item(1))
    assert hub.hub.publish() and reader(hub, "a").pull() == "updated"


def test_publishing_again_and_again_in_one_second_never_dates_two_timestamps_alike(hub: TestHub) -> None:
    path = hub.folder / "catalogue" / "metadata" / "timestamp.json"
    dates = []
    for number in range(5):
        hub.take(item(1, f"Change {number}"))
        hub.publish()
        dates.append(int(path.stat().st_mtime))
    assert len(set(dates)) == 5


def test_a_hub_that_only_publishes_to_a_mirror_signs_anew_by_the_command(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.take(item(1))
    hub.publish()
    assert "signed anew" not in CliRunner().invoke(main, ["publish", "--data", str(hub.folder)]).output
    monkeypatch.setitem(signing.LIFETIME, "timestamp", signing.LIFETIME["timestamp"] + dt.timedelta(days=2))
    assert "signed anew" in CliRunner().invoke(main, ["publish", "--data", str(hub.folder)]).output
    assert reader(hub, "a").pull() == "updated"


def test_a_database_older_than_what_was_published_is_refused(hub: TestHub, tmp_path: Path) -> None:
    hub.take(item(1))
    hub.publish()
    with hub.hub.database.writing() as db:
        db.execute(schema.change.delete().where(schema.change.c.collection == "item"))
        db.execute(schema.record.delete().where(schema.record.c.collection == "item"))
    with pytest.raises(HubError, match="restore"):
        hub.hub.publish()


def test_what_was_never_a_known_collection_is_packed_all_the_same(hub: TestHub) -> None:
    hub.take(*(item(n) for n in range(3)))
    with hub.hub.database.writing() as db:
        revision = catalogue.last_revision(db) + 1
        head = {"collection": "weather", "revision": revision}
        body = b'{"sky":"blue"}'
        one = "01890000-0000-7000-8000-00000000000b"
        db.execute(schema.change.insert().values(**head, record_id=one, at="", who="", what="added", body=body))
        db.execute(schema.record.insert().values(**head, id=one, gone=False))
    hub.publish()
    assert reader(hub, "a").pull() == "updated"


def test_a_kiosk_that_missed_an_allowed_shrink_follows_the_publications_after_it(hub: TestHub) -> None:
    hub.take(*(item(n) for n in range(40)))
    hub.publish()
    away = reader(hub, "away")
    away.pull()
    with hub.hub.database.reading() as db:
        there = [version.id for version in revisions.in_force(db, "item", 1 << 40)]
    for one in there[:30]:
        hub.hub.withdraw(codes.for_id(one))
    hub.hub.publish(allow_shrink=True)
    hub.take(item(99, "Came after"))
    hub.publish()
    assert away.pull() == "updated" and "Came after" in away.titles().values()
    for one in there[30:]:
        hub.hub.withdraw(codes.for_id(one))
    hub.publish()
    assert set_of(hub).state.allow_shrink_to == 0, "leave for one shrink is none for the next"
