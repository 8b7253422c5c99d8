"""The hub behind nginx and TLS, as `packaging/hub-server.sh` puts them there: kiosks, strangers, a hub that is away."""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from sync import outbox
from sync.hub import importing
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.importing import items
from sync.hub.store import inbox
from sync.records import Usage
from tests.conftest import TestKiosk, wait_for
from tests.contract.serving import free_port
from tests.support.a_server import Server, add_items, answers, configuration, enrol, set_up
from tests.support.processes import process


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return set_up(tmp_path)


# -- behind nginx


@dataclass
class Site:
    """The hub behind its nginx."""

    url: str
    plain_url: str
    hub_url: str
    server: Server
    log: Path


@pytest.fixture
def site(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    if shutil.which("nginx") is None:
        pytest.skip("needs Debian's nginx-light")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.cert))
    add_items(server)
    ports = {name: free_port() for name in ("tls", "plain", "hub")}
    server.set_up("--port", str(ports["hub"]))
    unit = server.here((server.root / "etc/systemd/system/touchpoint-hub.service").read_text())
    (start,) = re.findall(r"^ExecStart=(.*)$", unit, re.M)
    environment = dict(pair.split("=", 1) for pair in re.findall(r"^Environment=(.*)$", unit, re.M)[0].split())
    words = [re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], word) for word in start.split()]
    conf = configuration(server, tmp_path / "nginx", ports)
    tested = subprocess.run(["nginx", "-t", "-p", conf.parent, "-c", conf], capture_output=True, text=True)
    assert tested.returncode == 0 and "[warn]" not in tested.stderr, tested.stderr
    with (tmp_path / "log").open("w") as log:
        hub = subprocess.Popen(words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=log)
        proxy = subprocess.Popen(["nginx", "-p", conf.parent, "-c", conf], stderr=subprocess.DEVNULL)
    found = Site(
        f"https://localhost:{ports['tls']}",
        f"http://127.0.0.1:{ports['plain']}",
        f"http://127.0.0.1:{ports['hub']}",
        server,
        tmp_path / "log",
    )
    try:
        wait_for(lambda: answers(found.url), 60)
        wait_for(lambda: requests.get(f"{found.hub_url}/readyz", timeout=5).ok, 30)
        yield found
    finally:
        for one in (proxy, hub):
            one.terminate()
            one.wait(30)


def test_a_kiosk_enrols_syncs_and_posts_through_nginx_and_tls(site: Site, kiosk: TestKiosk) -> None:
    hub = Hub(HubFolder(site.server.hub))
    enrol(kiosk, hub, site.url)
    with kiosk.services.records.writing() as db:
        record = outbox.add(db, "usage", Usage(day="2026-11-20", action="open", count=1))
    report = kiosk.sync()
    assert (report.outcome, report.sent, report.files, report.files_missing) == ("updated", 1, 1, 0), report
    assert kiosk.titles() == ["Cook for ten"]
    with hub.database.reading() as db:
        assert [row["id"] for row in inbox.everything(db)] == [record]
    for number in range(3):  # one right after the other: nginx's ETag is of whole seconds
        source = site.server.root / "more.ndjson"
        source.write_text(f'{{"kind": "guide", "key": "n", "title": "New {number}"}}\n')
        importing.take_in(items.read([source]), hub.database, hub.folder.blobs, who="test")
        hub.publish()
        assert kiosk.sync().outcome == "updated" and f"New {number}" in kiosk.titles()
    assert kiosk.sync().outcome == "current"
    hub.close()
    asked = site.log.read_text()
    assert '"route":"/v1/records"' in asked
    assert "/v1/catalogue/packs" not in asked and "/v1/catalogue/metadata" not in asked, "nginx serves these itself"


def test_what_nginx_serves_itself_is_cached_as_it_should_be(site: Site) -> None:
    catalogue = site.server.hub / "catalogue"
    (blob,) = (catalogue / "blobs").glob("??/*")
    pack = next((catalogue / "packs").iterdir())
    root = catalogue / "metadata/1.root.json"
    for path in (pack, root, blob):
        url = f"{site.url}/v1/catalogue/{path.relative_to(catalogue)}"
        answer = requests.get(url, timeout=5)
        assert answer.content == path.read_bytes()
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "Content-Encoding" not in answer.headers
        again = requests.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=5)
        assert (again.status_code, again.content) == (304, b"")
    part = requests.get(url, headers={"Range": "bytes=10-19"}, timeout=5)
    assert (part.status_code, part.content) == (206, blob.read_bytes()[10:20])
    news = requests.get(f"{site.url}/v1/catalogue/metadata/timestamp.json", timeout=5)
    assert news.headers["Cache-Control"] == "no-cache" and news.headers["ETag"]
    for wrong in ("metadata/.hidden", "metadata/..%2f..%2fhub.db", "packs/%2e%2e/metadata", "blobs/00/none"):
        assert requests.get(f"{site.url}/v1/catalogue/{wrong}", timeout=5).status_code == 404, wrong
    assert site.server.hub.joinpath("hub.db").exists()


def test_pages_are_packed_and_everything_is_sent_to_https(site: Site) -> None:
    page = requests.get(site.url, headers={"Accept-Encoding": "gzip"}, timeout=5, stream=True)
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"Cook for ten" in gzip.decompress(page.raw.read(decode_content=False))
    assert page.headers["Strict-Transport-Security"]
    moved = requests.get(
        f"{site.plain_url}/d/7K3M-9QX2?x=1", headers={"Host": "localhost"}, allow_redirects=False, timeout=5
    )
    assert (moved.status_code, moved.headers["Location"]) == (301, "https://localhost/d/7K3M-9QX2?x=1")


def test_figures_do_not_go_out_and_nobody_says_who_he_is(site: Site) -> None:
    for address in ("/metrics", "/metrics/", "//metrics", "/%6detrics"):
        answer = requests.get(site.url + address, timeout=5)
        assert answer.status_code == 404 and "touchpoint_" not in answer.text, address
    assert "touchpoint_request_seconds_count" in requests.get(f"{site.hub_url}/metrics", timeout=5).text
    spoof = {"X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "evil.example", "Forwarded": "for=192.0.2.1"}
    asked = []
    for number in range(25):
        headers = {**spoof, "X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
        body = {"public_key": os.urandom(32).hex()}
        asked.append(requests.post(f"{site.url}/v1/enrol/code", json=body, headers=headers, timeout=5))
    yes = [answer.json() for answer in asked if answer.ok]
    assert yes and all(one["verification_url"].startswith("https://localhost/") for one in yes)
    assert {answer.status_code for answer in asked[20:]} == {429}, "another name at each request got round the limit"


def test_too_much_is_refused_with_the_time_to_come_back(site: Site) -> None:
    large = requests.post(f"{site.url}/v1/records", data=b"x" * 1_100_000, timeout=10)
    assert large.status_code == 413
    for path, status in (("accounts", 413), ("items/x", 404), ("items/new", 401), ("import", 401)):
        from_here = {"Sec-Fetch-Site": "same-origin"}
        answer = requests.post(f"{site.url}/admin/{path}", data=b"x" * 1_100_000, headers=from_here, timeout=10)
        assert answer.status_code == status, path
    with requests.Session() as session:
        asked = [session.get(f"{site.url}/v1/openapi.json", timeout=5) for _ in range(320)]
        with ThreadPoolExecutor(60) as at_once:
            guessed = [os.urandom(32).hex() for _ in range(60)]
            urls = [f"{site.url}/v1/catalogue/blobs/{one[:2]}/{one}" for one in guessed]
            asked_at_once = list(at_once.map(lambda url: requests.get(url, timeout=30), urls))
        (blob,) = (site.server.hub / "catalogue/blobs").glob("??/*")
        there = f"{site.url}/v1/catalogue/blobs/{blob.parent.name}/{blob.name}"
        assert {session.get(there, timeout=5).status_code for _ in range(60)} == {200}, "a burden to nobody"
    for together in (asked, asked_at_once):
        refused = [answer for answer in together if answer.status_code == 429]
        assert refused and refused[-1].headers["Retry-After"] == "5" and "come back" in refused[-1].json()["error"]
        assert "Strict-Transport-Security" in refused[-1].headers


def test_while_the_hub_is_away_kiosks_hear_no_news_and_are_told_when_to_come_back(
    server: Server, tmp_path: Path, kiosk: TestKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("needs Debian's nginx-light")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.cert))
    add_items(server)
    ports = {name: free_port() for name in ("tls", "plain", "hub")}
    server.set_up("--port", str(ports["hub"]))
    conf = configuration(server, tmp_path / "nginx", ports)
    url = f"https://localhost:{ports['tls']}"
    proxy = subprocess.Popen(["nginx", "-p", conf.parent, "-c", conf], stderr=subprocess.DEVNULL)
    try:
        serve = ["sync.hub", "serve", "--data", str(server.hub), "--port", str(ports["hub"])]
        with process(*serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            wait_for(lambda: answers(url), 30)
            with contextlib.closing(Hub(HubFolder(server.hub))) as hub:
                enrol(kiosk, hub, url)
            assert kiosk.sync().outcome == "updated"
        away = requests.post(f"{url}/v1/records", data=b"{}", timeout=5)
        assert (away.status_code, away.headers["Retry-After"]) == (503, "5") and "come back" in away.json()["error"]
        with kiosk.services.records.writing() as db:
            outbox.add(db, "usage", Usage(day="2026-11-20", action="open", count=1))
        report = kiosk.sync()
        assert not report.sent and report.outcome == "unreachable"
        with process(*serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            wait_for(lambda: answers(url), 30)
            assert kiosk.sync().sent == 1
    finally:
        proxy.terminate()
        proxy.wait(30)
