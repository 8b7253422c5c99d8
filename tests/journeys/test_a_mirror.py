"""A catalogue that comes from elsewhere than the hub: pulled from a plain server, while records go to the hub alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import outbox
from sync.client.carriers import FolderCarrier
from sync.client.sticks.mirror import Mirror
from sync.hub.publishing import roots
from sync.hub.store import inbox
from sync.records import Usage
from tests.conftest import TestHub, TestKiosk
from tests.contract.serving import nginx


@pytest.fixture
def tree(hub: TestHub, tmp_path: Path) -> Path:
    """A copy of what the hub publishes, brought up to date by `refill`."""
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    hub.serve()
    refill(hub, tmp_path / "tree")
    return tmp_path / "tree"


@pytest.fixture
def address(tree: Path, tmp_path: Path) -> Iterator[str]:
    """Plain nginx over that copy."""
    with nginx(tree, tmp_path / "nginx") as url:
        yield url


def refill(hub: TestHub, tree: Path) -> None:
    folder = hub.hub.folder
    root = roots.root_of(folder.metadata)
    Mirror([FolderCarrier(folder.catalogue)], tree.with_name("trust"), root, folder.blobs).bring(tree)


def moved(kiosk: TestKiosk, *arguments: str) -> str:
    command = [sys.executable, "-m", "kiosk", "moved", "--data", str(kiosk.folder), *arguments]
    said = subprocess.run(command, capture_output=True, text=True)
    kiosk.restart()
    return said.stdout + said.stderr


def test_a_kiosk_pulls_from_a_mirror_and_posts_to_the_hub(
    hub: TestHub, kiosk: TestKiosk, tree: Path, address: str
) -> None:
    kiosk.enrol(hub)
    assert f"the catalogue comes from {address}." in moved(kiosk, "--catalogue", f"{address}/")
    assert kiosk.sync().outcome == "updated"
    hub.take({"key": "new", "title": "New"})
    hub.publish()
    with kiosk.services.records.writing() as db:
        record_id = outbox.add(db, "usage", Usage(day="2026-11-20", action="open", count=1))
    report = kiosk.sync()
    assert (report.outcome, report.sent, kiosk.titles()) == ("current", 1, ["Cook for ten"])
    with hub.hub.database.reading() as db:
        assert [row["id"] for row in inbox.everything(db)] == [record_id]
    refill(hub, tree)
    assert kiosk.sync().outcome == "updated" and "New" in kiosk.titles()
    assert f"comes from {hub.url}/v1/catalogue" in moved(kiosk, "--catalogue", "-")


def test_the_setting_wins(hub: TestHub, kiosk: TestKiosk, tree: Path, address: str) -> None:
    kiosk.enrol(hub)
    (kiosk.folder / "settings.toml").write_text(f'catalogue_url = "{address}"\n')
    assert "the setting catalogue_url wins" in moved(kiosk, "--catalogue", "http://127.0.0.1:9")
    env = {**os.environ, "TOUCHPOINT_DATA": str(kiosk.folder)}
    done = subprocess.run([sys.executable, "-m", "kiosk", "sync", "--once"], env=env, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("updated: 1 items"), done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [((), "what has moved?"), (("--hub", "hub"), "must look like"), (("--catalogue", "ftp://x"), "must look like")],
)
def test_an_address_that_is_none_changes_nothing(
    hub: TestHub, kiosk: TestKiosk, arguments: tuple[str, ...], says: str
) -> None:
    hub.serve()
    kiosk.enrol(hub)
    before = (kiosk.folder / "identity.json").read_bytes()
    assert says in moved(kiosk, *arguments)
    assert (kiosk.folder / "identity.json").read_bytes() == before
