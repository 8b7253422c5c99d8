"""One contract for whatever carries the catalogue: the hub, plain nginx, a folder, a stick."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sync.client.carriers import Carrier, FolderCarrier, HttpCarrier
from sync.client.down.fetch import Limits, fetch
from sync.client.down.pull import Puller
from sync.client.sticks.mirror import Mirror
from sync.errors import HubRejectedError, HubUnreachableError
from sync.hub.publishing import roots
from sync.records import File
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder
from sync.stick import Stick
from tests.conftest import TestHub
from tests.contract.serving import nginx
from tests.support.proxy import Fault, Proxy

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
BLOB = f"blobs/{SHA256[:2]}/{SHA256}"
TIMESTAMP = "metadata/timestamp.json"


@dataclass
class Carried:
    """An implementation under test: how to make one, how to bring it up to date, and how to cut it off."""

    make: Callable[[], Carrier]
    refill: Callable[[], object]
    cut: Callable[[int], contextlib.AbstractContextManager[None]]
    root: bytes


@pytest.fixture(params=["hub", "nginx", "folder", "stick"])
def carried(request: pytest.FixtureRequest, hub: TestHub, tmp_path: Path) -> Iterator[Carried]:
    (tmp_path / "rota.pdf").write_bytes(CONTENT)
    hub.take({"key": "rota", "title": "A rota", "files": [{"path": "rota.pdf"}]}, beside=tmp_path)
    hub.publish()
    root = roots.root_of(hub.hub.folder.metadata)
    tree = hub.hub.folder.catalogue
    with contextlib.ExitStack() as stack:
        if request.param in ("hub", "nginx"):
            if request.param == "hub":
                address = f"{hub.serve()}/v1/catalogue"
            else:
                address = stack.enter_context(nginx(tree, tmp_path / "nginx"))
            parts = urlsplit(address)
            assert parts.port
            port = parts.port
            line = stack.enter_context(Proxy(lambda: port))
            yield Carried(lambda: HttpCarrier(line.url + parts.path), lambda: None, _cut_line(line), root)
        elif request.param == "folder":
            yield Carried(lambda: FolderCarrier(tree), lambda: None, _cut_files(tree), root)
        else:
            (tmp_path / "mounted").mkdir()
            stick = Stick(tmp_path / "mounted", make=True)
            mirror = Mirror([FolderCarrier(tree)], tmp_path / "trust", root, Blobs(tmp_path / "none"))
            mirror.bring(stick.catalogue)
            refill = lambda: mirror.bring(stick.catalogue)  # noqa: E731
            yield Carried(lambda: FolderCarrier(stick.catalogue), refill, _cut_files(stick.catalogue), root)


def _cut_line(line: Proxy) -> Callable[[int], contextlib.AbstractContextManager[None]]:
    @contextlib.contextmanager
    def cut(at: int) -> Iterator[None]:
        line.plan = lambda: Fault("end early", at)
        yield
        line.plan = lambda: None

    return cut


def _cut_files(tree: Path) -> Callable[[int], contextlib.AbstractContextManager[None]]:
    @contextlib.contextmanager
    def cut(at: int) -> Iterator[None]:
        path = tree / BLOB
        path.write_bytes(CONTENT[:at])
        yield
        path.write_bytes(CONTENT)

    return cut


class TestCarrier:
    """What every carrier keeps to."""

    def test_a_file_comes_whole(self, carried: Carried) -> None:
        carrier = carried.make()
        assert b"".join(carrier.read(BLOB)) == CONTENT
        assert carrier.received_bytes == len(CONTENT)

    @pytest.mark.parametrize("start", [1, 9, 65_536, len(CONTENT) - 1])
    def test_a_file_comes_from_a_place_on(self, carried: Carried, start: int) -> None:
        assert b"".join(carried.make().read(BLOB, start=start)) == CONTENT[start:]

    @pytest.mark.parametrize("path", ["packs/none.pack", f"blobs/00/{'00' * 32}", "metadata/99.root.json"])
    def test_a_file_that_is_not_there_is_a_no(self, carried: Carried, path: str) -> None:
        with pytest.raises(HubRejectedError) as refused:
            b"".join(carried.make().read(path))
        assert refused.value.status == 404

    def test_cut_off_it_is_gone_on_with_where_it_stopped(self, carried: Carried, tmp_path: Path) -> None:
        blobs, file = Blobs(tmp_path / "blobs"), File(name="rota", sha256=SHA256, size_bytes=len(CONTENT))
        with carried.cut(200_000), contextlib.suppress(HubUnreachableError):
            assert fetch([file], carried.make(), blobs, Limits(budget_bytes=1 << 30)).new == 0
        begun = blobs.begun_bytes(SHA256)
        assert 100_000 < begun <= 200_000
        carrier = carried.make()
        assert fetch([file], carrier, blobs, Limits(budget_bytes=1 << 30)).new == 1
        assert carrier.received_bytes == len(CONTENT) - begun
        found = blobs.find(SHA256)
        assert found and found.read_bytes() == CONTENT

    def test_the_mark_tells_whether_a_small_file_changed(self, carried: Carried, hub: TestHub) -> None:
        carrier = carried.make()
        first = carrier.read_if_changed(TIMESTAMP, "")
        assert first and first[1]
        assert carrier.read_if_changed(TIMESTAMP, first[1]) is None
        hub.take({"key": "new", "title": "New"})
        hub.publish()
        carried.refill()
        second = carrier.read_if_changed(TIMESTAMP, first[1])
        assert second and second != first
        assert carrier.read_if_changed(TIMESTAMP, second[1]) is None

    def test_a_replica_is_built_from_it(self, carried: Carried, tmp_path: Path) -> None:
        puller = Puller(carried.make(), ReplicaFolder(tmp_path / "replica"), tmp_path / "sync", carried.root)
        pulled = puller.pull()
        assert pulled.outcome == "updated" and pulled.state
        assert puller.pull().outcome == "current"
