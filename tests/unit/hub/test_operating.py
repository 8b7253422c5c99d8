"""What whoever runs the hub's server looks at: is it well, its figures, its log; and whom it believes who is asking."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from sync import outbox
from sync.hub.api import Api
from sync.hub.operating import health, logs, processes
from sync.hub.store.database import BUSY
from sync.limits import Limits, network
from sync.records import Usage
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.support.team import Member


def figures(hub: TestHub) -> dict[str, float]:
    """Every figure on the page, by its name and labels."""
    text = requests.get(f"{hub.url}/metrics", timeout=5).text
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def readiness(hub: TestHub) -> tuple[int, dict[str, Any]]:
    answer = requests.get(f"{hub.url}/readyz", timeout=10)
    return answer.status_code, answer.json()


# -- is it well


def test_a_hub_is_ready_once_it_has_a_catalogue_to_show(hub: TestHub) -> None:
    hub.serve()
    assert requests.get(f"{hub.url}/healthz", timeout=5).status_code == 200
    status, said = readiness(hub)
    assert (status, said["ready"]) == (503, False)
    assert said["needs"] == {"database": "ok", "catalogue": "failing", "disk": "ok"}
    hub.publish()
    wait_for(lambda: readiness(hub)[0] == 200)


def test_what_is_wrong_is_named_to_strangers_and_told_once_to_the_log(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hub.publish()
    hub.serve()
    wait_for(lambda: readiness(hub)[0] == 200)
    monkeypatch.setattr(health, "ROOM_BYTES", 1 << 60)
    with caplog.at_level(logging.ERROR, "sync.hub.operating"):
        told = [requests.get(f"{hub.url}/readyz", timeout=5) for _ in range(3)]
    assert {answer.status_code for answer in told} == {503}
    assert json.loads(told[0].content)["needs"] == {"database": "ok", "catalogue": "ok", "disk": "failing"}
    assert str(hub.folder) not in told[0].text and "MB" not in told[0].text
    assert caplog.text.count("not ready, disk: ") == 1
    monkeypatch.undo()
    assert readiness(hub)[0] == 200


def test_a_database_that_is_gone_makes_a_hub_not_ready_and_alive(hub: TestHub) -> None:
    hub.publish()
    hub.serve()
    wait_for(lambda: readiness(hub)[0] == 200)
    with hub.hub.database.writing() as db:
        db.exec_driver_sql("ALTER TABLE setting RENAME TO setting_away")
    status, said = readiness(hub)
    assert (status, said["needs"]["database"]) == (503, "failing")
    assert requests.get(f"{hub.url}/healthz", timeout=5).status_code == 200


# -- figures


@contextlib.contextmanager
def every_connection_in_use(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While inside nobody gets a connection to the database, and hears so at once."""
    monkeypatch.setattr(hub.hub.database.engine.pool, "_timeout", 0.05)
    with contextlib.ExitStack() as held:
        with contextlib.suppress(*BUSY):
            while True:
                held.enter_context(hub.hub.database.engine.connect())
        yield


def test_while_every_connection_is_in_use_all_are_asked_to_come_back(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hub.serve()
    boss = Member(hub)
    api = Api(hub.hub)
    with every_connection_in_use(hub, monkeypatch):
        answer = requests.get(f"{hub.url}/v1/device", headers={"Authorization": "Bearer x"}, timeout=10)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), answer.text
        page = boss.get("/admin")
        assert page.status_code == 503 and "The hub is busy just now" in page.text
        assert "a page could not be shown: QueuePool limit" in caplog.text
        api.look()


def test_figures_count_requests_by_their_template_and_records_by_their_fate(hub: TestHub, shop: TestKiosk) -> None:
    with shop.services.records.writing() as db:
        for number in range(3):
            outbox.add(db, "usage", Usage(day="2026-11-20", action="open", count=number + 1))
        outbox.add(db, "attendance", Usage(day="2026-11-20", action="open", count=1))  # not what it says it is
    assert shop.sync().sent == 3
    for code in ("7K3M-9QX2", "AAAA-AAAA"):
        requests.get(f"{hub.url}/d/{code}", timeout=5)
    requests.get(f"{hub.url}/etc/passwd", timeout=5)
    requests.request("PROPFIND", f"{hub.url}/", timeout=5)
    there = figures(hub)
    assert there['touchpoint_records_total{outcome="accepted"}'] == 3
    assert there['touchpoint_records_total{outcome="rejected"}'] == 1
    assert there["touchpoint_quarantined_records"] == 1
    assert (there["touchpoint_kiosks"], there["touchpoint_kiosks_fresh"]) == (1, 1)
    assert there['touchpoint_request_seconds_count{method="GET",route="/d/{code}",status="404"}'] == 2
    assert there['touchpoint_request_seconds_count{method="GET",route="(none)",status="404"}'] == 1
    assert there['touchpoint_request_seconds_count{method="other",route="/",status="405"}'] == 1
    assert there['touchpoint_request_seconds_count{method="POST",route="/v1/records",status="200"}'] >= 1
    assert 0 <= there["touchpoint_publication_age_seconds"] < 60
    assert there["touchpoint_memory_bytes"] > 1e7
    page = requests.get(f"{hub.url}/metrics", timeout=5).text
    assert "7K3M" not in page and "passwd" not in page and "PROPFIND" not in page


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_figures_are_for_this_machine_alone(hub: TestHub, header: str) -> None:
    hub.serve()
    assert requests.get(f"{hub.url}/metrics", timeout=5).status_code == 200
    proxied = requests.get(f"{hub.url}/metrics", headers={header: "127.0.0.1"}, timeout=5)
    nowhere = requests.get(f"{hub.url}/no-such-page", timeout=5)
    assert proxied.status_code == 404 and "touchpoint_" not in proxied.text
    assert proxied.text.replace("/metrics", "/no-such-page") == nowhere.text


# -- the log


def test_the_log_for_programs_has_a_line_a_request_and_nothing_that_was_said(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    hub.publish()
    words = [sys.executable, "-m", "sync.hub", "serve", "--data", str(hub.folder), "--port", "0"]
    log = tmp_path / "log"
    environment = {**os.environ, "TOUCHPOINT_LOG": "json"}
    with log.open("w") as err:
        server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=err, text=True, env=environment)
    try:
        assert server.stdout
        hub.url = server.stdout.readline().strip()
        wait_for(lambda: answers(hub.url), 20)
        kiosk.enrol(hub)
        with kiosk.services.records.writing() as db:
            outbox.add(db, "usage", Usage(day="2026-11-20", action="search_empty", count=1, term="cardigan"))
        assert kiosk.sync().sent == 1
        requests.get(f"{hub.url}/d/7K3M-9QX2?q=cardigan", headers={"User-Agent": "Navigator"}, timeout=5)
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()  # type: ignore[union-attr]
    lines = [line for line in log.read_text().splitlines() if line.startswith("{")]
    said = [json.loads(line) for line in lines]
    answered = [one for one in said if one["logger"] == "touchpoint.requests"]
    assert {"/v1/enrol", "/v1/records", "/d/{code}"} <= {one["route"] for one in answered}
    assert all({"at", "level", "method", "status", "ms", "process"} <= one.keys() for one in answered)
    whole = log.read_text()
    token = json.loads((kiosk.folder / "identity.json").read_text())["token"]
    for secret in (token, "7K3M", "cardigan", "Navigator", "127.0.0.1"):
        assert secret not in "".join(line for line in whole.splitlines(True) if "root keys lie" not in line), secret


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


def test_a_line_of_the_log_is_one_line_whatever_it_says() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, 'a "name"\nin %s', ("two\r\nlines",), None)
    line = logs.JsonLines().format(record)
    assert "\n" not in line and json.loads(line)["message"] == 'a "name"\nin two\r\nlines'


# -- whom it believes


@pytest.fixture
def served(hub: TestHub) -> Iterator[str]:
    """The hub as its command serves it, with what it believes of proxies."""
    listening = socket.create_server(("127.0.0.1", 0))
    server: list[uvicorn.Server] = []
    begun = uvicorn.Server.__init__

    def note(self: uvicorn.Server, config: uvicorn.Config) -> None:
        begun(self, config)
        server.append(self)

    making = processes.Making(hub.folder, "text", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.Server, "__init__", note)
        thread = threading.Thread(target=processes.serve, args=(making, [listening]), daemon=True)
        thread.start()
        wait_for(lambda: server and server[0].started)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server[0].should_exit = True
    thread.join(10)
    listening.close()


def codes(url: str, source: str, **headers: str) -> requests.Response:
    """A code for a kiosk, asked for from one of this machine's addresses."""
    port = int(url.rpartition(":")[2])
    body = json.dumps({"public_key": os.urandom(32).hex()})
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = ["POST /v1/enrol/code HTTP/1.1", "Host: hub.example", "Connection: close", f"Content-Length: {len(body)}"]
    with socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(source, 0)) as line:
        line.sendall("\r\n".join([*head, *lines, "", body]).encode())
        said = b""
        while chunk := line.recv(65536):
            said += chunk
    answer = requests.Response()
    answer.status_code = int(said.split(b" ")[1])
    answer._content = said.partition(b"\r\n\r\n")[2]
    return answer


def test_a_proxy_on_this_machine_says_who_asks_and_nobody_else_may(served: str) -> None:
    """127.0.0.2 is not where a proxy of ours would ask from, so it stands for any stranger."""
    honest = codes(served, "127.0.0.1", X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="https")
    assert honest.status_code == 200 and honest.json()["verification_url"].startswith("https://")
    spoofed = codes(served, "127.0.0.2", X_Forwarded_For="192.0.2.8", X_Forwarded_Proto="https")
    assert spoofed.status_code == 200 and spoofed.json()["verification_url"].startswith("http://")
    asked = [codes(served, "127.0.0.2", X_Forwarded_For=f"192.0.2.{n}").status_code for n in range(10, 25)]
    assert asked.count(429) >= 5, "another name at each request got round the limit"
    through = [codes(served, "127.0.0.1", X_Forwarded_For=f"198.51.100.{n}").status_code for n in range(12)]
    assert set(through) == {200}


# -- several processes


def test_what_all_may_ask_is_shared_out_among_processes() -> None:
    asked = Limits(each=100, each_per_s=1, all_=20, all_per_s=2, processes=4, clock=lambda: 0.0)
    assert [asked.wait_s(str(n)) for n in range(6)] == [0] * 5 + [2]


def test_whom_requests_are_counted_by() -> None:
    asked = ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8:0:1::7", "2001:db8:0:1:2::8", "a phone"]
    assert [network(one) for one in asked] == ["192.0.2.7"] * 2 + ["2001:db8:0:1::/64"] * 2 + [""]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_at_every_address_a_proxy_is_believed_and_each_stranger_is_counted_alone(hub: TestHub, workers: str) -> None:
    words = [sys.executable, "-m", "sync.hub", "serve", "--data", str(hub.folder), "--host", "::", "--port", "0"]
    words += ["--proxy", "127.0.0.9", "--workers", workers]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        try:
            url = server.stdout.readline().strip()
            wait_for(lambda: answers(url.replace("[::]", "[::1]")) and answers(url.replace("[::]", "127.0.0.1")), 30)
            for proxy in ("127.0.0.1", "127.0.0.9"):
                said = codes(url, proxy, X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="https").json()
                assert said["verification_url"].startswith("https://"), proxy
            while codes(url, "127.0.0.2").status_code == 200:
                pass
            assert codes(url, "127.0.0.3").status_code == 200, "another stranger used up what all may ask"
        finally:
            server.terminate()


def test_an_address_of_ipv6_is_served_too(hub: TestHub) -> None:
    words = [sys.executable, "-m", "sync.hub", "serve", "--data", str(hub.folder), "--host", "::1", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        try:
            url = server.stdout.readline().strip()
            assert re.fullmatch(r"http://\[::1\]:\d+", url)
            wait_for(lambda: answers(url), 20)
            assert requests.get(f"{url}/metrics", timeout=5).status_code == 200
        finally:
            server.terminate()
