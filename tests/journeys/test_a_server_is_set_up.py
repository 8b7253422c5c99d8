"""One command makes a server: what it puts in place is right, and checked by systemd."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sync import outbox
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.records import Usage
from tests.conftest import TestKiosk, wait_for
from tests.support.a_server import PACKAGING, Server, add_items, answers, certificate, enrol, set_up
from tests.support.units import allowed_calls

MOST_EXPOSED = 15
"""In tenths, as `systemd-analyze security` counts: 100 is a service that nothing holds back."""


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return set_up(tmp_path)


# -- the script


def test_a_server_is_set_up_once_and_a_second_time_changes_nothing(server: Server) -> None:
    assert "Made a hub" in server.said and "Now move the root key" in server.said
    before = server.files()
    again = server.set_up()  # what was asked for is remembered
    assert "wrote" not in again and "this version is here already" in again
    assert server.files() == before
    changed = server.set_up("--workers", "3")
    wrote = {line.strip() for line in changed.splitlines() if line.startswith("  wrote")}
    assert wrote == {"wrote /etc/touchpoint/hub-server.conf", "wrote /etc/systemd/system/touchpoint-hub.service"}
    assert "WORKERS=3" in (server.root / "etc/systemd/system/touchpoint-hub.service").read_text()


def test_an_upgrade_makes_a_backup_first_that_can_be_restored(server: Server, tmp_path: Path) -> None:
    if shutil.which("rsync") is None:
        pytest.skip("needs Debian's rsync")
    add_items(server)
    copied = tmp_path / "newer-venv"
    (copied / "bin").mkdir(parents=True)
    (copied / "bin/touchpoint-hub").symlink_to(Path(sys.prefix) / "bin/touchpoint-hub")
    said = server.set_up(venv=copied)
    assert "a backup before anything is changed" in said
    assert (server.root / "opt/touchpoint/venv").resolve() == copied
    kept = list(server.backups.glob("before-upgrade-*.tar.zst"))
    assert len(kept) == 1
    with_blobs = [path.name for path in (server.backups / "blobs").glob("??/*")]
    assert sorted(with_blobs) == sorted(path.name for path in (server.hub / "catalogue/blobs").glob("??/*"))
    assert len(with_blobs) == 1
    command = [sys.executable, "-m", "sync.hub", "restore", str(kept[0]), "--data", str(tmp_path / "restored")]
    subprocess.run(command, check=True, capture_output=True)
    assert Hub(HubFolder(tmp_path / "restored")).publish()


def test_fourteen_backups_are_kept_and_the_oldest_go(server: Server) -> None:
    if shutil.which("rsync") is None:
        pytest.skip("needs Debian's rsync")
    for day in range(1, 20):
        (server.backups / f"hub-202611{day:02}T030000Z.tar.zst").touch()
    (server.backups / "before-upgrade-20250101T000000Z.tar.zst").touch()
    script = server.root / "opt/touchpoint/bin/hub-backup"
    environment = {**os.environ, "TOUCHPOINT_HUB": f"{server.root}/opt/touchpoint/venv/bin/touchpoint-hub"}
    done = subprocess.run([script, server.hub, server.backups], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    kept = sorted(path.name for path in server.backups.glob("hub-*"))
    assert len(kept) == 14 and kept[0] == "hub-20261107T030000Z.tar.zst"
    made = server.backups / kept[-1]
    assert made.stat().st_size > 1000 and made.stat().st_mode & 0o077 == 0
    assert len(list(server.backups.glob("before-upgrade-*"))) == 1
    broken = subprocess.run([script, server.root / "none", server.backups], env=environment, capture_output=True)
    assert broken.returncode != 0 and len(list(server.backups.glob("hub-*"))) == 14, "a backup that failed cost another"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Give --domain"),
        (["--domain", "a b; rm -rf /"], "is no host name"),
        (["--domain", "hub.example.org"], "--certbot EMAIL, or --certificate"),
        (["--domain", "hub.example.org", "--certbot", "nobody"], "needs an e-mail address"),
        (["--domain", "hub.example.org", "--certificate", "/none", "--key", "/none"], "/none cannot be read"),
        (["--domain", "hub.example.org", "--certbot", "a@b.example", "--workers", "0"], "must be a number"),
        (["--domain", "hub.example.org", "--certbot", "a@b.example", "--workers", "65"], "a number from 1 to 64"),
        (["--domain", "hub.example.org", "--certbot", "a@b.example", "--port", "80"], "from 1024"),
        (["--domain"], "needs a value"),
        (["--what"], "what is --what"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(words: list[str], says: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    command = [PACKAGING / "hub-server.sh", "--root", root, "--venv", sys.prefix, *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0 and says in done.stderr, done.stderr
    assert not root.exists()


def test_a_dry_run_says_everything_and_changes_nothing(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    words = ["--domain", "hub.example.org", "--certificate", cert, "--key", key, "--dry-run"]
    done = subprocess.run([PACKAGING / "hub-server.sh", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for said in (
        "useradd --system",
        "-m pip install",
        "touchpoint-hub init",
        "touchpoint-hub-backup.timer",
        "nginx -q -t",
    ):
        assert said in done.stdout
    assert "Nothing was changed" in done.stdout and not Path("/opt/touchpoint").exists()


def test_the_scripts_have_no_fault_that_shellcheck_knows() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("needs Debian's shellcheck")
    scripts = [PACKAGING / "hub-server.sh", *(PACKAGING / "hub").glob("*.sh")]
    done = subprocess.run(["shellcheck", "-x", *scripts], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


# -- the units


@pytest.fixture
def units(server: Server, tmp_path: Path) -> Path:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs Debian's systemd")
    (tmp_path / "units").mkdir()
    for unit in (server.root / "etc/systemd/system").iterdir():
        (tmp_path / "units" / unit.name).write_text(server.here(unit.read_text()))
    return tmp_path / "units"


def test_systemd_finds_no_fault_with_the_units(units: Path) -> None:
    done = subprocess.run(["systemd-analyze", "verify", *units.iterdir()], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr.strip(), done.stderr


@pytest.mark.parametrize("name", ["touchpoint-hub.service", "touchpoint-hub-backup.service"])
def test_the_services_are_shut_in(units: Path, name: str) -> None:
    command = [
        "systemd-analyze",
        "security",
        "--offline=yes",
        "--no-pager",
        f"--threshold={MOST_EXPOSED}",
        units / name,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-200:]


def test_the_hub_needs_no_system_call_that_its_service_may_not_make(
    server: Server, units: Path, kiosk: TestKiosk, tmp_path: Path
) -> None:
    """Nor memory that can be both written and run, which the service is denied too."""
    if shutil.which("strace") is None:
        pytest.skip("needs Debian's strace")
    trace, program = tmp_path / "trace", [sys.executable, "-m", "sync.hub"]
    tracing = ["strace", "-f", "-qq", "-o", str(trace), *program]
    serve = [*tracing, "serve", "--data", str(server.hub), "--port", "0", "--workers", "2", "--log", "json"]
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert running.stdout
        url = running.stdout.readline().strip()
        wait_for(lambda: answers(url), 60)
        add_items(server)
        with contextlib.closing(Hub(HubFolder(server.hub))) as hub:
            enrol(kiosk, hub, url)
        with kiosk.services.records.writing() as db:
            outbox.add(db, "usage", Usage(day="2026-11-20", action="open", count=1))
        report = kiosk.sync()
        assert (report.outcome, report.sent) == ("updated", 1), report
        wait_for(lambda: "Cook for ten" in requests.get(url, timeout=10).text, 30)
        assert requests.get(f"{url}/metrics", timeout=10).ok
    finally:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), 15)
        running.wait(30)
        running.stdout.close()  # type: ignore[union-attr]
    text = trace.read_text()
    made = set(re.findall(r"^\d+ +(\w+)\(", text, re.M))
    assert len(made) > 50 and "accept4" in made
    root = {"fchown"} if os.geteuid() == 0 else set()  # SQLite makes this call for root alone
    assert made - allowed_calls((units / "touchpoint-hub.service").read_text()) - root == set()
    assert not re.search(r"(mmap|mprotect|pkey_mprotect)\([^)\n]*PROT_WRITE\|PROT_EXEC", text)
    assert not re.search(r"mprotect\([^)\n]*PROT_EXEC", text)
