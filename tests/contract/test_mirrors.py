"""One contract for every mirror: a real folder, and a real server that speaks S3."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from sync.hub.cli import main
from sync.hub.publishing import mirror, roots, signing
from sync.hub.publishing.mirror import Mirror, MirrorError
from tests import servers
from tests.conftest import TestHub
from tests.replicas import Reader


@pytest.fixture(params=["folder", "s3"])
def where(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty mirror."""
    if request.param == "folder":
        yield str(tmp_path / "www" / "goodstuff")
        return
    with servers.s3(monkeypatch) as url:
        requests.put(f"{url}/shelves", timeout=10).raise_for_status()
        yield "s3://shelves/good/stuff"


class Watched:
    """A mirror that notes in which order it is written to, and fails when told."""

    def __init__(self, inner: Mirror, *, fail_at: int = 1 << 30) -> None:
        self.inner, self.fail_at = inner, fail_at
        self.put_paths: list[str] = []

    def sizes(self) -> dict[str, int]:
        return self.inner.sizes()

    def read(self, path: str) -> bytes | None:
        return self.inner.read(path)

    def put(self, path: str, source: Path | bytes) -> None:
        if len(self.put_paths) == self.fail_at:
            raise MirrorError("it went away")
        self.inner.put(path, source)
        self.put_paths.append(path)

    def remove(self, path: str) -> None:
        self.inner.remove(path)


def fetched(where: str, folder: Path) -> Path:
    """What is at the mirror, as files."""
    there = mirror.at(where)
    for path in there.sizes():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(there.read(path) or b"")
    return folder


def titles_at(hub: TestHub, where: str, folder: Path) -> list[str]:
    """What a kiosk gets that knows the mirror alone."""
    reader = Reader(folder / "reader", fetched(where, folder / "tree"), roots.root_of(hub.hub.folder.metadata))
    reader.pull()
    return sorted(reader.titles().values())


def publish_some(hub: TestHub, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a file")
    hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, {"key": "b", "title": "B"}, beside=tmp_path)
    hub.publish()


def test_everything_gets_there_and_a_second_time_nothing_does(hub: TestHub, where: str, tmp_path: Path) -> None:
    assert mirror.bring_up_to_date(hub.hub.folder, mirror.at(where)) is None, "nothing is published"
    publish_some(hub, tmp_path)
    copied = mirror.bring_up_to_date(hub.hub.folder, mirror.at(where))
    assert copied and copied.files == 6  # base, file, root, targets, snapshot, timestamp
    assert titles_at(hub, where, tmp_path / "one") == ["A", "B"]
    assert len([path for path in mirror.at(where).sizes() if path.startswith("blobs/")]) == 1
    assert mirror.bring_up_to_date(hub.hub.folder, mirror.at(where)) == mirror.Copied(0, 0, 0)
    hub.take({"key": "b", "title": "B, changed"})
    hub.publish()
    copied = mirror.bring_up_to_date(hub.hub.folder, mirror.at(where))
    assert copied and copied.files <= 5
    assert titles_at(hub, where, tmp_path / "two") == ["A", "B, changed"]


def test_cut_short_anywhere_it_shows_the_old_set_or_the_new(hub: TestHub, where: str, tmp_path: Path) -> None:
    publish_some(hub, tmp_path)
    mirror.bring_up_to_date(hub.hub.folder, mirror.at(where))
    hub.take({"key": "b", "title": "B, changed"})
    hub.publish()
    cut = 0
    while True:
        watched = Watched(mirror.at(where), fail_at=1)
        try:
            mirror.bring_up_to_date(hub.hub.folder, watched)
        except MirrorError:
            cut += 1
            assert titles_at(hub, where, tmp_path / f"cut{cut}") == ["A", "B"]
        else:
            break
    assert cut >= 3
    assert watched.put_paths == [mirror.TIMESTAMP]
    assert titles_at(hub, where, tmp_path / "whole") == ["A", "B, changed"]


def test_what_is_past_its_grace_goes_and_nothing_that_is_not_ours(hub: TestHub, where: str, tmp_path: Path) -> None:
    publish_some(hub, tmp_path)
    there = mirror.at(where)
    mirror.bring_up_to_date(hub.hub.folder, there)
    there.put("index.html", b"somebody's own")
    there.put("packs/notes.txt", b"somebody's own")
    hub.take({"key": "b", "title": "B, changed"})
    hub.publish()
    old = time.time() - signing.GRACE.total_seconds() - 60
    for path in (hub.folder / "catalogue").glob("[mp]*/*"):
        os.utime(path, (old, old))
    for number in range(2):
        hub.take({"key": "b", "title": f"B {number}"})
        hub.publish()
    copied = mirror.bring_up_to_date(hub.hub.folder, there)
    assert copied and copied.removed >= 2
    left = set(there.sizes())
    assert {"index.html", "packs/notes.txt", "metadata/1.root.json"} <= left
    assert "metadata/1.targets.json" not in left
    assert titles_at(hub, where, tmp_path / "after") == ["A", "B 1"]


def test_another_hubs_mirror_is_left_alone(hub: TestHub, where: str, tmp_path: Path) -> None:
    publish_some(hub, tmp_path)
    mirror.bring_up_to_date(hub.hub.folder, mirror.at(where))
    before = mirror.at(where).sizes()
    other = TestHub(tmp_path / "other")
    other.publish()
    with pytest.raises(MirrorError, match="another hub"):
        mirror.bring_up_to_date(other.hub.folder, mirror.at(where))
    other.close()
    assert mirror.at(where).sizes() == before
    assert titles_at(hub, where, tmp_path / "still") == ["A", "B"]


def test_the_command_publishes_there_also_when_nothing_changed(hub: TestHub, where: str, tmp_path: Path) -> None:
    def publish() -> str:
        done = CliRunner().invoke(main, ["publish", "--data", str(hub.folder), "--to", where])
        assert done.exit_code == 0, done.output
        return done.output

    hub.take({"key": "a", "title": "A"})
    assert "files copied" in publish()
    assert "Nothing has changed" in publish() and "0 files copied" in publish()
    for path in mirror.at(where).sizes():
        mirror.at(where).remove(path)
    assert "Nothing has changed" in publish()
    assert titles_at(hub, where, tmp_path / "again") == ["A"]


def test_a_mirror_that_cannot_be_reached_is_told_in_one_line(
    hub: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.take({"key": "a", "title": "A"})
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    for to in (str(tmp_path / "file" / "x"), "s3://bucket/x", "s3://", "ftp://host/x"):
        done = CliRunner().invoke(main, ["publish", "--data", str(hub.folder), "--to", to])
        assert done.exit_code == 1 and done.stderr.splitlines()[-1].startswith("Error: ")
        assert "a secret" not in done.output and "Debug" not in done.output
    assert hub.hub.publisher.published(), "the publication itself was made"
