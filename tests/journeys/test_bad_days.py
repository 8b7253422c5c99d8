"""What a shop lives through: in every case it keeps what it last had, says how old that is, and loses nothing."""

from __future__ import annotations

import contextlib
import http.server
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.devices import bell
from sync.client import identity
from sync.client.http import HubClient
from sync.errors import HubAnsweredRubbishError
from sync.messages import Challenge
from tests.conftest import TestHub, TestKiosk, wait_for

BOTH = ["Cook for ten on £10", "Mend a bike"]


def test_hub_down_keeps_the_shelves(hub: TestHub, shop: TestKiosk) -> None:
    hub.stop()
    report = shop.sync()
    assert report.outcome == "unreachable"
    assert sorted(shop.titles()) == BOTH
    shop.services.unit.note_sync("current", "", heard=True)
    shop.services.unit.note_sync(report.outcome, report.message, heard=report.heard)
    fresh, words = shop.services.unit.freshness()
    assert not fresh and words.startswith("Showing what we had at ")


def test_hub_back_is_noticed(hub: TestHub, shop: TestKiosk) -> None:
    hub.stop()
    assert shop.sync().outcome == "unreachable"
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    hub.serve()
    assert shop.sync().outcome == "updated"
    assert "Something new" in shop.titles()


class Portal(http.server.BaseHTTPRequestHandler):
    """The sign-in page of a Wi-Fi hotspot: answers everything, with status 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html><h1>Welcome to FreeWifi! Please sign in.</h1></html>")

    do_POST = do_GET  # noqa: N815 (the name the library looks for)

    def log_message(self, *_: object) -> None:
        pass


class Redirecting(Portal):
    """The other sort: sends everybody to its own page."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:9/login")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 (the name the library looks for)


@contextlib.contextmanager
def answering(handler: type[http.server.BaseHTTPRequestHandler], port: int) -> Iterator[int]:
    """Answers so at that port of loopback, or at any where it is 0; says which."""
    http.server.ThreadingHTTPServer.allow_reuse_address = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("portal", [Portal, Redirecting])
def test_a_hotspots_sign_in_page_is_not_taken_for_nothing_new(
    hub: TestHub, shop: TestKiosk, portal: type[http.server.BaseHTTPRequestHandler]
) -> None:
    hub.stop()
    with answering(portal, hub.port):
        assert shop.sync().outcome == "not_the_hub"
    assert sorted(shop.titles()) == BOTH


class Unchanging(Portal):
    """A broken mirror: says "nothing new" to everybody."""

    def do_GET(self) -> None:
        self.send_response(304)
        self.end_headers()


def test_nothing_new_is_no_answer_to_who_did_not_say_what_is_here(hub: TestHub, kiosk: TestKiosk) -> None:
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    hub.stop()
    with answering(Unchanging, hub.port):
        assert kiosk.sync().outcome == "not_the_hub"
        with pytest.raises(HubAnsweredRubbishError):
            HubClient(hub.url).get("/v1/token", Challenge)


def test_first_start_without_a_catalogue_waits(kiosk: TestKiosk) -> None:
    assert kiosk.services.shelves.stamp() is None
    assert kiosk.services.unit.freshness() == (False, "Waiting for the first delivery")


def test_an_unpublished_hub_is_told_apart(hub: TestHub, kiosk: TestKiosk) -> None:
    hub.serve()
    kiosk.enrol(hub)
    report = kiosk.sync()
    assert report.outcome == "rejected" and "404" in report.message


def _change(hub: TestHub) -> None:
    hub.take({"key": "bike", "title": "Mend a bike, changed"})
    hub.publish()


def test_an_altered_pack_is_refused(hub: TestHub, shop: TestKiosk) -> None:
    _change(hub)
    delta = next((hub.folder / "catalogue" / "packs").glob("*delta*"))
    content = bytearray(delta.read_bytes())
    content[len(content) // 2] ^= 1
    delta.write_bytes(bytes(content))
    assert shop.sync().outcome == "refused"
    assert sorted(shop.titles()) == BOTH


def test_altered_metadata_is_refused(hub: TestHub, shop: TestKiosk) -> None:
    _change(hub)
    timestamp = hub.folder / "catalogue" / "metadata" / "timestamp.json"
    said = json.loads(timestamp.read_bytes())
    said["signed"]["version"] += 1
    timestamp.write_text(json.dumps(said))
    assert shop.sync().outcome == "refused"
    assert sorted(shop.titles()) == BOTH


def test_metadata_signed_by_another_hub_is_refused(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    other = TestHub(tmp_path / "other")
    other.take({"key": "evil", "title": "Send us your money"})
    other.publish()
    hub.stop()
    shutil.rmtree(hub.folder / "catalogue")
    shutil.copytree(tmp_path / "other" / "catalogue", hub.folder / "catalogue")
    hub.serve()
    assert shop.sync().outcome == "refused"
    assert sorted(shop.titles()) == BOTH
    other.close()


def test_an_older_publication_is_refused(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    shutil.copytree(hub.folder / "catalogue", tmp_path / "yesterday")
    _change(hub)
    assert shop.sync().outcome == "updated"
    hub.stop()
    shutil.rmtree(hub.folder / "catalogue")
    shutil.copytree(tmp_path / "yesterday", hub.folder / "catalogue")
    hub.serve()
    assert shop.sync().outcome == "refused"
    assert "Mend a bike, changed" in shop.titles()


def test_an_altered_file_is_thrown_away_and_asked_for_again(hub: TestHub, kiosk: TestKiosk, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 the real one")
    hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    blob = next((hub.folder / "catalogue" / "blobs").glob("??/*"))
    right = blob.read_bytes()
    blob.write_bytes(b"%PDF-1.7 the evil one")
    assert kiosk.sync().files_missing == 1
    blob.write_bytes(right)
    assert kiosk.sync().files_missing == 1, "it is not asked for at every pass"
    kiosk.restart()
    assert kiosk.sync().files == 1
    assert list((kiosk.folder / "blobs").glob("??/*.part")) == []


@pytest.mark.parametrize("damage", ["header", "middle", "cut", "gone", "empty"])
def test_a_damaged_replica_is_built_again(
    hub: TestHub, shop: TestKiosk, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": "word " * 200} for n in range(300)))
    hub.publish()
    shop.sync()
    path = shop.services.replicas.current()
    assert path
    shop.services.current.reading().close()
    content = path.read_bytes()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    middle = len(content) // 2
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {
                "header": b"\0" * 4096 + content[4096:],
                "middle": content[:middle] + b"\xff" * 40_000 + content[middle + 40_000 :],
                "cut": content[:middle],
                "empty": b"",
            }[damage]
        )
    shop.restart()
    with caplog.at_level(logging.WARNING):
        report = shop.sync()
    assert (report.outcome, report.items) == ("updated", 302)
    assert len([line for line in caplog.messages if "built again" in line]) == (damage != "gone")
    assert len(shop.titles()) == 302


def test_a_screen_that_holds_the_old_replica_moves_to_the_new_one(hub: TestHub, shop: TestKiosk) -> None:
    held = shop.services.current.reading()
    path = shop.services.replicas.current()
    assert path
    (shop.folder / "catalogue" / "current").unlink()
    assert held.count() == 2
    assert shop.sync().outcome == "updated"
    assert shop.services.replicas.current() != path
    assert shop.services.current.reading() is not held
    assert sorted(shop.titles()) == BOTH


@pytest.mark.parametrize("program", ["this", "an older one"])
def test_a_publication_that_would_empty_the_shelves_is_refused(hub: TestHub, shop: TestKiosk, program: str) -> None:
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}"} for n in range(40)))
    hub.publish()
    shop.sync()
    if program == "an older one":
        mark = shop.folder / "sync" / "mark.json"
        kept = json.loads(mark.read_text())
        assert kept.pop("root")
        mark.write_text(json.dumps(kept))
    for card in shop.services.shelves.shelf(limit=100).cards:
        hub.hub.withdraw(card.code)
    hub.publish()
    report = shop.sync()
    assert report.outcome == "refused" and "allow-shrink" in report.message
    assert len(shop.titles()) == 42


def test_a_kiosk_that_was_away_when_shelves_were_emptied_on_purpose_takes_what_follows(
    hub: TestHub, shop: TestKiosk
) -> None:
    def empty() -> None:
        for card in shop.services.shelves.shelf(limit=100).cards:
            hub.hub.withdraw(card.code)

    many = [{"key": f"k{n}", "title": f"Thing {n}"} for n in range(40)]
    hub.take(*many)
    hub.publish()
    shop.sync()
    empty()
    done = hub.hub.publish(allow_shrink=True)
    assert done and not done.empties
    hub.take({"key": "new", "title": "New"})
    hub.publish()
    assert shop.sync().outcome == "updated" and shop.titles() == ["New"]
    hub.take(*({**one, "body": "again"} for one in many))
    hub.publish()
    shop.sync()
    empty()
    done = hub.hub.publish()
    assert done and done.empties and shop.sync().outcome == "refused"


def test_a_failure_is_logged_once_and_so_is_its_end(
    hub: TestHub, shop: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    from kiosk import bootstrap

    agent = bootstrap.agent(shop.services)
    passes = bootstrap.passes(shop.services)
    assert passes
    with caplog.at_level(logging.INFO, logger="kiosk.agent.troubles"):
        agent._one_pass(passes)
        hub.stop()
        for _ in range(4):
            agent._one_pass(passes)
        hub.serve()
        for _ in range(3):
            agent._one_pass(passes)
    assert [line.split(" (")[0] for line in caplog.messages] == ["could not check for news", "the hub is back"]


def _agent(kiosk: TestKiosk) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", "agent", "--data", str(kiosk.folder)],
        env={**os.environ, "TOUCHPOINT_POLL_S": "0.2"},
        stderr=subprocess.DEVNULL,
    )


def test_agent_killed_at_any_moment_loses_nothing(hub: TestHub, shop: TestKiosk) -> None:
    """SIGKILL at many moments of a life: slips are printed or known to be in doubt, and the catalogue is whole."""
    jobs = []
    for number in range(12):
        hub.take({"key": f"k{number}", "title": f"Thing {number}"})
        hub.publish()
        jobs.append(shop.services.take_away.print_slip([shop.item("Mend a bike")]))
        agent = _agent(shop)
        threading.Event().wait(0.25 + number * 0.09)
        agent.send_signal(signal.SIGKILL)
        agent.wait()
    agent = _agent(shop)
    try:
        wait_for(lambda: shop.services.wake_agent(bell.SLIP))
        wait_for(lambda: all((job := shop.services.take_away.job(each)) and job.ended for each in jobs), 20)
        wait_for(lambda: len(shop.titles()) == 14, 20)
    finally:
        agent.terminate()
        assert agent.wait(10) == 0
    states = {job.state for each in jobs if (job := shop.services.take_away.job(each))}
    assert states <= {"printed", "unknown"}
    printed = [job for each in jobs if (job := shop.services.take_away.job(each)) and job.state == "printed"]
    assert all(Path(job.outcome).is_file() for job in printed)


def test_a_kiosk_that_never_heard_the_answer_can_enrol_again(hub: TestHub, kiosk: TestKiosk) -> None:
    """The hub said yes, the power went: the same file and the same key make the same device."""
    hub.serve()
    path = kiosk.folder / "identity.json"
    provision = msgspec.json.encode(hub.hub.provision("Mill Lane"))
    from sync.client import enrol

    source = kiosk.folder / "p.json"
    source.write_bytes(provision)
    first = enrol.enrol(source, hub.url, path)
    path.with_suffix(".key").write_text(first.private_key)
    path.unlink()
    source.write_bytes(provision)
    second = enrol.enrol(source, hub.url, path)
    assert second.device_id == first.device_id and second.token != first.token
    assert identity.load(path) == second
    assert not source.exists()


def test_a_used_provisioning_file_enrols_no_other_kiosk(hub: TestHub, kiosk: TestKiosk) -> None:
    from sync.client import enrol
    from sync.errors import HubRejectedError

    hub.serve()
    provision = msgspec.json.encode(hub.hub.provision("Mill Lane"))
    for number, expected in ((1, None), (2, 409)):
        source = kiosk.folder / f"p{number}.json"
        source.write_bytes(provision)
        if expected is None:
            enrol.enrol(source, hub.url, kiosk.folder / f"identity{number}.json")
            continue
        with pytest.raises(HubRejectedError) as refused:
            enrol.enrol(source, hub.url, kiosk.folder / f"identity{number}.json")
        assert refused.value.status == expected
        assert source.exists()
