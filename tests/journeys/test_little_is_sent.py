"""A shop's line may be slow and dear: what is there is not fetched again, and no news costs next to nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from sync import packs
from sync.client.carriers import FolderCarrier
from sync.client.clock import Clock
from sync.client.down.pull import Puller, verify_replica
from sync.errors import HubUnreachableError
from sync.replica.folder import ReplicaFolder
from tests.conftest import TestHub, TestKiosk
from tests.support.tap import Tap

MOST_BYTES_WITHOUT_NEWS = 400


def test_no_news_costs_one_small_request_and_no_query_at_the_hub(hub: TestHub, shop: TestKiosk) -> None:
    queries: list[str] = []

    @event.listens_for(hub.hub.database.engine, "before_cursor_execute")
    def note(_db: object, _cursor: object, statement: str, *_: object) -> None:
        if not threading.current_thread().name.startswith("keeper"):  # what the hub does by itself, poll or no poll
            queries.append(statement)

    identity = shop.folder / "identity.json"
    with Tap(hub.port) as tap:
        identity.write_text(identity.read_text().replace(hub.url, tap.url))
        shop.restart()
        assert shop.sync().outcome == "current"  # the tap's address is new to the kiosk: it looks at everything once
        tap.up.clear()
        tap.down.clear()
        queries.clear()
        assert shop.sync().outcome == "current"
        up, down = bytes(tap.up), bytes(tap.down)
        shop.services.close()
    assert up.count(b" HTTP/1.1\r\n") == 1 and up.startswith(b"GET "), up
    assert down.startswith(b"HTTP/1.1 304 "), down
    assert len(up) + len(down) < MOST_BYTES_WITHOUT_NEWS, (up, down)
    assert queries == []


class Cut(FolderCarrier):
    """A folder whose line is cut when so many bytes have come in all."""

    def __init__(self, folder: Path, after: int) -> None:
        super().__init__(folder)
        self.left = after

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        for chunk in super().read(path, start=start):
            if not path.startswith("packs/"):
                yield chunk
                continue
            if self.left < len(chunk):
                yield chunk[: self.left]
                self.received_bytes -= len(chunk) - self.left
                self.left = 0
                raise HubUnreachableError("the line was cut")
            self.left -= len(chunk)
            yield chunk


@pytest.fixture
def large(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> TestHub:
    """A hub with several pieces of base, each of more than one chunk."""
    monkeypatch.setattr(packs, "PIECE_RECORDS", 1_000)
    words = " ".join(f"{number:x}" for number in range(7, 30_000, 7))
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": words[n * 9 : n * 9 + 900]} for n in range(2_600)))
    hub.publish()
    return hub


def test_a_first_sync_cut_anywhere_fetches_nothing_twice(large: TestHub, tmp_path: Path) -> None:
    tree = large.hub.folder.catalogue
    whole = sum(path.stat().st_size for path in (tree / "packs").iterdir())
    root = (tree / "metadata" / "1.root.json").read_bytes()
    folder, replicas = tmp_path / "sync", ReplicaFolder(tmp_path / "catalogue")
    fetched, cuts = 0, 0
    for _try in range(50):
        carrier = Cut(tree, whole // 7)
        try:
            Puller(carrier, replicas, folder, root, Clock(tmp_path / "time")).pull()
        except HubUnreachableError:
            cuts += 1
            assert replicas.current() is None, "half a catalogue was shown"
            continue
        finally:
            fetched += whole // 7 - carrier.left
        break
    assert cuts == 7 and fetched == whole
    path = replicas.current()
    assert path
    verify_replica(path)
    assert list((folder / "packs").iterdir()) == [], "packs were left behind"


def test_what_was_left_of_a_pack_and_got_damaged_is_fetched_again(large: TestHub, tmp_path: Path) -> None:
    tree = large.hub.folder.catalogue
    root = (tree / "metadata" / "1.root.json").read_bytes()
    folder, replicas = tmp_path / "sync", ReplicaFolder(tmp_path / "catalogue")
    pack = max((tree / "packs").iterdir(), key=lambda path: path.stat().st_size)
    left = folder / "packs" / pack.name.split(".")[0]
    left.parent.mkdir(parents=True)
    left.write_bytes(b"something else" * 100)
    assert Puller(FolderCarrier(tree), replicas, folder, root, Clock(tmp_path / "time")).pull().outcome == "updated"
    assert not left.exists()
