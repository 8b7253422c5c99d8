"""Random histories of a hub and its kiosks, with everything that goes wrong between them.

After a clean pass a replica is what the hub published, to the record and to the search answer, or the kiosk refuses
and says why; what was acknowledged is at the hub exactly once; a shelf that was filled is never blank.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sync import outbox
from sync.client.down.pull import verify_replica
from sync.client.passes import Report
from sync.client.up.upstream import Upstream
from sync.hub import app
from sync.hub import backup as backups
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.publishing import compaction, plan
from sync.records import Usage, id_from_key
from sync.replica import schema
from sync.replica.words import words_of
from tests.conftest import TestHub, TestKiosk
from tests.support.network import KINDS, URL, Killed, Network, Planned
from tests.support.processes import received
from tests.support.tally import survived

WORDS: Final = "apple bread candle dragon engine forest garden hammer island jacket".split()
KEYS: Final = [f"k{n}" for n in range(14)]
PAGE: Final = 8192
MEMORY: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Nothing here is about the disk, so nothing here need wait for one."""

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
fields = st.fixed_dictionaries(
    {"title": words, "body": words},
    optional={
        "summary": words,
        "tags": st.lists(st.sampled_from(WORDS), max_size=2, unique=True),
        "themes": st.lists(st.sampled_from(["food", "repair"]), max_size=2, unique=True),
        "kind": st.sampled_from(["guide", "app", "offer"]),
        "language": st.sampled_from(["en", "cy"]),
    },
)
edits = st.dictionaries(st.sampled_from(KEYS), fields, min_size=1, max_size=8)
faults = st.lists(
    st.none() | st.builds(Planned, st.sampled_from(KINDS), st.floats(0, 1)), min_size=1, max_size=12
).filter(any)
kiosks = st.integers(0, 1)


class Shop:
    """A kiosk, and what it must never forget."""

    def __init__(self, folder: Path) -> None:
        self.kiosk = TestKiosk(folder)
        self.confirmed: dict[str, str] = {}
        self.had = 0
        self.filled = False
        self.image: tuple[Path, int, bool] | None = None

    @property
    def folder(self) -> Path:
        return self.kiosk.folder

    def waiting(self) -> set[str]:
        return {record_id for record_id, state in self.states().items() if state == "waiting"}

    def states(self) -> dict[str, str]:
        with self.kiosk.services.records.reading() as db:
            return {row.id: row.state for row in db.exec_driver_sql("SELECT id, state FROM outbox")}


class Histories(RuleBasedStateMachine):
    """One hub, two kiosks, a bad line."""

    done: ClassVar[Counter[str]] = Counter()
    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="histories-", dir=MEMORY))
        self.open = contextlib.ExitStack()
        self.patch = self.open.enter_context(pytest.MonkeyPatch.context())
        self.patch.setattr(Upstream, "_is_time", lambda _: True)  # a heartbeat with every pass
        self.network = self.open.enter_context(Network())
        shutil.copytree(self.template, self.root / "start")
        self.hub = TestHub(self.root / "start" / "hub")
        self.network.app = app.make(self.hub.hub)
        self.shops = [Shop(self.root / "start" / f"kiosk{n}") for n in range(2)]
        self.live: dict[str, dict[str, Any]] = {}
        self.published: dict[str, dict[str, Any]] | None = None
        self.history: list[dict[str, dict[str, Any]]] = []
        self.number = self.restores = 0
        self.backup: tuple[Path, dict[str, dict[str, Any]]] | None = None
        self.forgotten: set[str] = set()

    def teardown(self) -> None:
        self.network.plan([])
        for shop in self.shops:
            shop.kiosk.services.close()
        self.hub.close()
        self.open.close()
        self.done.update({kind.replace(" ", "_"): count for kind, count in self.network.done.items()})
        self.done["histories"] += 1
        shutil.rmtree(self.root)

    # -- at the hub

    @initialize(first=edits, behind=st.booleans())
    def begin(self, first: dict[str, dict[str, Any]], behind: bool) -> None:
        if behind:  # a small catalogue's bases and merges are made behind, as those of a large one
            self.patch.setattr(plan, "SMALL_RECORDS", 3)
            self.patch.setattr(plan, "MERGE_AT_ONCE_BYTES", 0)
        self.edit(first)
        self.publish()

    @rule(changes=edits)
    def edit(self, changes: dict[str, dict[str, Any]]) -> None:
        report = self.hub.take(*({"key": key, **each} for key, each in changes.items()))
        assert not report.skipped, report
        self.live |= {id_from_key("item", key): {"kind": "guide", **each} for key, each in changes.items()}

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        from sync import codes

        gone = data.draw(st.sampled_from(sorted(self.live)))
        self.hub.hub.withdraw(codes.for_id(gone))
        del self.live[gone]

    @precondition(lambda self: len(self.live) > 6)
    @rule(allow=st.booleans())
    def empty_the_hub(self, allow: bool) -> None:
        from sync import codes

        for gone in list(self.live):
            self.hub.hub.withdraw(codes.for_id(gone))
        self.live = {}
        self.publish(allow=allow)

    @rule(allow=st.just(False))
    def publish(self, allow: bool = False) -> None:
        self.hub.hub.publish(allow_shrink=allow)
        self.published = dict(self.live)
        self.history.append(self.published)
        self.done["publications"] += 1

    @rule(changes=edits)
    def two_publish_at_once(self, changes: dict[str, dict[str, Any]]) -> None:
        """A command by hand while the hub serves: one waits for the other, and one of them has nothing to do."""
        self.edit(changes)
        other = Hub(HubFolder(self.hub.folder))
        threads = [threading.Thread(target=hub.publish) for hub in (self.hub.hub, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        other.close()
        self.publish()

    @rule()
    def compact(self) -> None:
        self.done["compactions"] += compaction.compact(self.hub.hub.publisher) is not None

    @rule()
    def back_up(self) -> None:
        path = self.root / f"backup-{self.number}"
        backups.backup(self.hub.hub, path)
        self.backup = (path, dict(self.live))

    @precondition(lambda self: self.backup)
    @rule(published=st.booleans())
    def restore_the_hub(self, published: bool) -> None:
        """The hub's machine is lost, and its backup is younger than seven days."""
        assert self.backup
        path, self.live = self.backup[0], dict(self.backup[1])
        self.hub.close()
        self.restores += 1
        folder = self.root / f"hub-{self.restores}"
        backups.restore(path, HubFolder(folder))
        self.hub = TestHub(folder)
        self.network.app = app.make(self.hub.hub)
        there = {record["id"] for record in received(folder)}
        for shop in self.shops:
            self._keep(shop, there)
            self.forgotten |= {one for one, state in shop.states().items() if state == "acknowledged"} - there
        self.published, self.backup = None, None
        self.done["hubs_restored"] += 1
        if published:
            self.publish()

    # -- in the shops

    @rule(which=kiosks, count=st.integers(1, 4))
    def write(self, which: int, count: int) -> None:
        """Each in a transaction of its own; what is confirmed must never be lost."""
        shop = self.shops[which]
        for _ in range(count):
            self.number += 1
            item = id_from_key("item", str(self.number))
            with shop.kiosk.services.records.writing() as db:
                body = Usage(day="2026-11-23", action="open", count=1, item=item)
                record_id = outbox.add(db, "usage", body)
            shop.confirmed[record_id] = item

    @rule(which=kiosks, plan=faults)
    def pass_with_faults(self, which: int, plan: list[Planned | None]) -> None:
        self.done["passes_with_faults"] += 1
        shop = self.shops[which]
        self.network.plan(plan)
        try:
            report = shop.kiosk.sync()
        except Killed:
            self.network.plan([])
            shop.kiosk.restart()
            return
        self.network.plan([])
        self._note(shop, report)

    @rule(which=kiosks)
    def clean_pass(self, which: int) -> None:
        """The point of it all."""
        self.done["clean_passes"] += 1
        shop = self.shops[which]
        report = shop.kiosk.sync()
        if self.published is None:
            assert report.outcome == "rejected" and "404" in report.message, report
            return
        if self._may_refuse(shop):
            assert report.outcome == "refused" and "allow-shrink" in report.message, report
            return
        assert report.heard, report
        self._note(shop, report)
        self._equals_what_was_published(shop)
        assert not shop.waiting()
        self._at_the_hub_once(shop.confirmed)

    @rule()
    def a_quiet_night(self) -> None:
        """Everybody's turn, and once more."""
        self.publish()
        for which in (0, 1, 0, 1):
            self.clean_pass(which)

    @rule()
    def what_was_on_its_way_arrives(self) -> None:
        self.done["posts_that_came_late"] += self.network.deliver_late()

    @rule(which=kiosks)
    def restart(self, which: int) -> None:
        self.shops[which].kiosk.restart()

    @rule(which=kiosks)
    def take_an_image(self, which: int) -> None:
        shop = self.shops[which]
        shop.kiosk.services.close()
        image = self.root / f"image-{which}"
        shutil.rmtree(image, ignore_errors=True)
        shutil.copytree(shop.folder, image)
        shop.kiosk.restart()
        shop.image = (image, shop.had, shop.filled)

    @precondition(lambda self: any(shop.image for shop in self.shops))
    @rule(data=st.data())
    def restore_an_image(self, data: st.DataObject) -> None:
        """What was written since and had not been sent went with the old disk."""
        shop = data.draw(st.sampled_from([shop for shop in self.shops if shop.image]))
        assert shop.image
        image, shop.had, shop.filled = shop.image
        shop.kiosk.services.close()
        shutil.rmtree(shop.folder)
        shutil.copytree(image, shop.folder)
        shop.kiosk.restart()
        there = {record["id"] for record in received(self.hub.folder)}
        self._keep(shop, there)
        self.forgotten |= {one for one, state in shop.states().items() if state == "acknowledged"} - there
        self.done["kiosks_restored_from_an_image"] += 1

    @rule(which=kiosks, how=st.sampled_from(["page", "cut", "gone", "no current"]), at=st.floats(0, 0.99))
    def damage(self, which: int, how: str, at: float) -> None:
        """Something happens to the replica's file while the unit is off."""
        shop = self.shops[which]
        path = shop.kiosk.services.replicas.current()
        if path is None:
            return
        shop.kiosk.services.close()
        with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # unless it is damaged already
        content = path.read_bytes()
        page = int(at * (len(content) // PAGE)) * PAGE
        if how == "page":
            path.write_bytes(content[:page] + bytes(PAGE) + content[page + PAGE :])
        elif how == "cut":
            path.write_bytes(content[:page])
        elif how == "gone":
            path.unlink()
        else:
            (path.parent / "current").unlink()
        shop.filled = False
        shop.kiosk.restart()
        self.done["replicas_damaged"] += 1

    # -- what must hold

    @invariant()
    def shelves_are_never_blank(self) -> None:
        for shop in self.shops:
            if shop.filled:
                path = shop.kiosk.services.replicas.current()
                assert path, "the shelves were blanked"
                verify_replica(path)
                titles = _items(path)
                assert any(titles == _titles(each) for each in self.history), "this was never published as a whole"

    @invariant()
    def acknowledged_is_at_the_hub(self) -> None:
        there = Counter(record["id"] for record in received(self.hub.folder))
        assert set(there.values()) <= {1}
        self.forgotten -= set(there)
        for shop in self.shops:
            states = shop.states()
            assert {one for one, state in states.items() if state == "acknowledged"} <= set(there) | self.forgotten
            assert "rejected" not in states.values()
            assert set(shop.confirmed) <= set(states) | set(there) | self.forgotten, (
                "a record that was confirmed is nowhere"
            )

    # -- inner

    def _keep(self, shop: Shop, there: set[str]) -> None:
        """What a disk took with it, nobody can send; all else must come through."""
        left = there | set(shop.states())
        shop.confirmed = {record_id: item for record_id, item in shop.confirmed.items() if record_id in left}

    def _may_refuse(self, shop: Shop) -> bool:
        state = self.hub.hub.publisher.state()
        return (
            state is not None
            and shop.had > 10
            and state.count < shop.had / 2
            and state.allow_shrink_to != state.revision
        )

    def _note(self, shop: Shop, report: Report) -> None:
        """What the kiosk has from now on."""
        state = self.hub.hub.publisher.state()
        if report.outcome in ("updated", "current") and state:
            shop.had, shop.filled = state.count, True
        elif path := shop.kiosk.services.replicas.current():
            with contextlib.suppress(Exception):
                verify_replica(path)
                with contextlib.closing(schema.open_for_reading(path)) as db:
                    shop.had = schema.meta(db, "count")
                shop.filled = True

    def _equals_what_was_published(self, shop: Shop) -> None:
        path, state = shop.kiosk.services.replicas.current(), self.hub.hub.publisher.state()
        assert path and state and self.published is not None
        verify_replica(path)
        with contextlib.closing(schema.open_for_reading(path)) as db:
            assert (schema.meta(db, "count"), schema.meta(db, "digest")) == (state.count, state.digest)
        assert _items(path) == _titles(self.published)
        for record_id, each in self.published.items():
            item = shop.kiosk.services.shelves.item(item_id=record_id)
            assert item and msgspec.to_builtins(item).items() >= {k: v for k, v in each.items() if v}.items()
        for word in WORDS[:: 3 if len(self.published) < 5 else 2]:
            self._finds(shop, word)

    def _finds(self, shop: Shop, word: str) -> None:
        """Search against a naive scan, as a word is typed."""
        assert self.published is not None
        for letters in {2, 3, len(word)}:
            found = {card.id for card in shop.kiosk.services.shelves.search(word[:letters], limit=100)}
            wanted = {each for each, there in self.published.items() if _has(there, word[:letters], titles=letters < 3)}
            assert wanted <= found <= set(self.published), (word[:letters], wanted - found, found - set(self.published))
            if letters < 3 or len(wanted) >= 5:
                assert found == wanted, (word[:letters], found - wanted)

    def _at_the_hub_once(self, confirmed: dict[str, str]) -> None:
        items = Counter(record["body"]["item"] for record in received(self.hub.folder))
        assert {items[item] for item in confirmed.values()} <= {1}, "a record is missing at the hub, or there twice"


def _has(each: dict[str, Any], letters: str, *, titles: bool) -> bool:
    texts = [each["title"], " ".join(each.get("tags", []))]
    texts += [] if titles else [each.get("summary", ""), each["body"]]
    return any(word.startswith(letters) for text in texts for word in words_of(text))


def _titles(published: dict[str, dict[str, Any]]) -> set[tuple[str, str]]:
    return {(record_id, each["title"]) for record_id, each in published.items()}


def _items(path: Path) -> set[tuple[str, str]]:
    from uuid import UUID

    with contextlib.closing(schema.open_for_reading(path)) as db:
        return {(str(UUID(bytes=raw)), title) for raw, title in db.execute("SELECT id, title FROM item")}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A hub with two enrolled kiosks, to be copied: making one takes longer than a history."""
    root = tmp_path_factory.mktemp("template")
    hub = TestHub(root / "hub")
    hub.url = URL
    hub.hub.set_shop("Mill Lane")
    with Network() as network:
        network.app = app.make(hub.hub)
        for number in range(2):
            kiosk = TestKiosk(root / f"kiosk{number}")
            kiosk.enrol(hub)
            kiosk.services.close()
    hub.close()
    yield root


@pytest.mark.timeout(3000)
def test_histories(template: Path, long: bool) -> None:
    Histories.template, Histories.done = template, Counter()
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=250 if long else 50,
            stateful_step_count=50 if long else 30,
            deadline=None,
            derandomize=not long,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # a whole history is told; making it shorter takes minutes
        ),
    )
    survived("histories", **Histories.done)
