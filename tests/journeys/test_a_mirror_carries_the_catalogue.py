"""The catalogue by way of plain nginx: the hub only hears of records."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from sync import outbox
from sync.client import identity
from sync.hub import settings
from sync.hub.cli import main
from sync.hub.publishing import mirror, plan
from sync.hub.store import inbox
from sync.records import Usage
from tests import servers
from tests.conftest import TestHub, TestKiosk, wait_for


def publish(hub: TestHub, to: Path) -> None:
    done = CliRunner().invoke(main, ["publish", "--data", str(hub.folder), "--to", str(to)])
    assert done.exit_code == 0, done.output


def pulls_from(kiosk: TestKiosk, url: str) -> None:
    path = kiosk.folder / "identity.json"
    mine = identity.load(path)
    assert mine
    identity.save(path, msgspec.structs.replace(mine, catalogue_url=url))
    kiosk.restart()


def test_a_kiosk_pulls_everything_from_nginx_and_posts_only_records_to_the_hub(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 " + b"a file " * 1000)
    hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
    www = tmp_path / "www"
    publish(hub, www)
    hub.serve()
    kiosk.enrol(hub)
    with servers.nginx(tmp_path / "nginx", www) as url:
        pulls_from(kiosk, url)
        with kiosk.services.records.writing() as db:
            outbox.add(db, "usage", Usage(day="2026-11-22", action="qr", count=1))
        report = kiosk.sync()
        assert (report.outcome, report.files, report.files_missing, report.sent) == ("updated", 1, 0, 1)
        # nginx's own trap: its ETag is of whole seconds and size, and these two have both alike
        for number in range(4):
            hub.take({"key": "b", "title": f"B {number}"})
            publish(hub, www)
            assert kiosk.sync().outcome == "updated" and f"B {number}" in kiosk.titles()
        assert kiosk.sync().outcome == "current"
    asked = (tmp_path / "nginx" / "access.log").read_text()
    assert " 304 " in asked and "/blobs/" in asked and "/v1/" not in asked
    with hub.hub.database.reading() as db:
        assert [row["body"]["action"] for row in inbox.everything(db)] == ["qr"]
    hub.stop()
    with servers.nginx(tmp_path / "nginx2", www) as url:
        pulls_from(kiosk, url)
        hub.take({"key": "c", "title": "While the hub is down"})
        publish(hub, www)
        assert kiosk.sync().items == 3 and "While the hub is down" in kiosk.titles()


def test_a_change_of_every_key_reaches_a_kiosk_through_the_mirror(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    www = tmp_path / "www"
    hub.serve()
    kiosk.enrol(hub)
    hub.take({"key": "a", "title": "A"})
    publish(hub, www)
    with servers.nginx(tmp_path / "nginx", www) as url:
        pulls_from(kiosk, url)
        assert kiosk.sync().outcome == "updated"
        for _ in range(2):
            assert CliRunner().invoke(main, ["rotate", "all", "--data", str(hub.folder)]).exit_code == 0
        publish(hub, www)
        assert kiosk.sync().outcome == "current"
        hub.take({"key": "a", "title": "A, changed"})
        publish(hub, www)
        assert kiosk.sync().outcome == "updated" and kiosk.titles() == ["A, changed"]


def test_a_serving_hub_keeps_its_mirror_up_to_date_and_survives_its_absence(
    hub: TestHub, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.hub import keeper

    monkeypatch.setattr(keeper, "AGAIN_AFTER_S", 0.2)
    monkeypatch.setattr(keeper, "LOOK_EVERY_S", 0.1)
    www = tmp_path / "www"
    www.write_text("in the way")
    with hub.hub.database.writing() as db:
        settings.put(db, "publish_to", str(www))
    hub.take({"key": "a", "title": "A"})
    hub.publish()
    with caplog.at_level(logging.INFO, logger="sync.hub.keeper"):
        hub.serve()
        wait_for(lambda: "the mirror could not" in caplog.text)
        wait_for(lambda: (hub.folder / "replica" / "current").exists())
        www.unlink()
        wait_for(lambda: "that is over" in caplog.text)
    assert len([line for line in caplog.messages if "mirror" in line]) == 2, "logged once down, once up"
    for number in range(2):
        hub.take({"key": "a", "title": f"A {number}"})
        hub.publish()
        here = hub.folder / "catalogue" / mirror.TIMESTAMP
        wait_for(lambda here=here: (www / mirror.TIMESTAMP).read_bytes() == here.read_bytes())  # type: ignore[misc]


def test_a_serving_hub_packs_anew_behind_and_leaves_it_to_no_command(hub: TestHub) -> None:
    """A real server: the base of a large catalogue is packed in haste first, and well by a process of its own."""
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": "word " * 30} for n in range(plan.SMALL_RECORDS + 10)))
    server = subprocess.Popen(
        [sys.executable, "-m", "sync.hub", "serve", "--data", str(hub.folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout and server.stdout.readline()
        wait_for((hub.folder / "keeper.lock").exists)
        done = CliRunner().invoke(main, ["publish", "--data", str(hub.folder)])
        assert "Published" in done.output and "Packed anew" not in done.output

        def packed_well() -> bool:
            published = hub.hub.publisher.published()
            return published is not None and not any(pack.quick for pack in published.packs)

        wait_for(packed_well, 30)
    finally:
        server.terminate()
        _out, said = server.communicate(timeout=20)
    assert said.count("Warning: root keys lie in") == 1 and "Traceback" not in said


def test_without_a_server_the_command_packs_anew_after_it_has_reported(hub: TestHub) -> None:
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}"} for n in range(plan.SMALL_RECORDS + 10)))
    hub.close()
    command = [sys.executable, "-m", "sync.hub", "publish", "--data", str(hub.folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.index("Published revision") < said.index("Ctrl-C does no harm") < said.index("Packed anew")
