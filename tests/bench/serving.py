"""Figures of the hub: publishing one change, taking records in, and polls and packs against nginx on one core."""

from __future__ import annotations

import contextlib
import functools
import getpass
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import insert

from kiosk.store.records import Records
from sync import outbox
from sync.client import identity
from sync.client.http import HubClient
from sync.client.up.push import push
from sync.records import Usage
from tests.bench.rig import RUNS, command, median, ratio, row, serving, timed_s

RECORDS = 1_000
SECONDS = 5
"""How long each kind of request is made."""
NGINX = """
{user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 1000000; client_body_temp_path {folder}/t1;
proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""


def publish_one(folder: Path, hub: Path) -> None:
    """One item changed, published as a command."""
    first = json.loads((folder / "items.ndjson").open().readline())
    times = []
    for number in range(RUNS):
        (folder / "one.ndjson").write_text(json.dumps({**first, "title": f"Changed {number}"}))
        command("sync.hub", "import", "--data", str(hub), str(folder / "one.ndjson"))
        times.append(command("sync.hub", "publish", "--data", str(hub)).wall_s)
    row("publish after 1 change, whole process", f"{median(times):.2f} s", f"worst {max(times):.2f} s")


def posting(folder: Path, kiosk: Path, url: str) -> None:
    """Records posted to the hub and acknowledged, against the same inserted here, each safe on disk."""
    mine = identity.load(kiosk / "identity.json")
    assert mine
    posts, inserts, plain = [], [], []
    records = Records(folder / "records.db")
    client = HubClient(url, mine.token)
    try:
        for number in range(RUNS):
            inserts.append(timed_s(functools.partial(_make, records)))
            posts.append(timed_s(functools.partial(push, client, mine.device_id, records.reading, records.writing)))
            with records.reading() as db:
                assert not outbox.count_waiting(db)
            plain.append(timed_s(functools.partial(_insert, Records(folder / f"plain{number}.db"))))
    finally:
        records.close()
    ours, made, inserted = median(posts), median(inserts), median(plain)
    row(f"{RECORDS:,} records posted", f"{ours * 1000:.0f} ms", ratio(ours, made, f"made here, {made * 1000:.0f} ms"))
    row("  against one plain statement", "", ratio(ours, inserted, f"of {inserted * 1000:.0f} ms"))


def _make(records: Records) -> None:
    """Records as a shop makes them, one by one, here in one transaction."""
    with records.writing() as db:
        for number in range(RECORDS):
            outbox.add(db, "usage", Usage(day="2026-11-24", action="open", count=number, item=f"{number:032x}"))


def _insert(records: Records) -> None:
    """The same rows, ready made, by one statement: the least that it can take."""
    row = {"kind": "usage", "recorded_at": "2026-11-24T11:00:00.000Z", "boot": "b" * 36, "offset_s": 1.0}
    body = msgspec.json.encode(Usage(day="2026-11-24", action="open", count=1, item="0" * 32))
    rows = [row | {"id": f"{number:036}", "body": body} for number in range(RECORDS)]
    with records.writing() as db:
        db.execute(insert(outbox.table), rows)
    records.close()


def against_nginx(folder: Path, hub: Path) -> None:
    """Polls and packs a second on one core: our hub, then nginx with the same files; the load comes from the other."""
    if missing := [name for name in ("nginx", "wrk", "taskset") if shutil.which(name) is None]:
        row("hub against nginx", f"left out: {', '.join(missing)} not here")
        return
    if len(os.sched_getaffinity(0)) < 2:
        row("hub against nginx", "left out: needs two cores")
        return
    packs = sorted((hub / "catalogue" / "packs").iterdir(), key=lambda path: path.stat().st_size)
    with serving(hub, "taskset", "-c", "0") as url:
        ours = _rates(f"{url}/v1/catalogue", packs)
    with _nginx(folder, hub / "catalogue") as url:
        theirs = _rates(url, packs)
    for (what, mine), its in zip(ours.items(), theirs.values(), strict=True):
        row(f"hub, {what}", f"{mine:,.0f} a second", f"nginx {its:,.0f}", ratio(mine, its, "nginx"))


def _rates(url: str, packs: list[Path]) -> dict[str, float]:
    poll = f"{url}/metadata/timestamp.json"
    with urllib.request.urlopen(poll, timeout=5) as answer:
        etag = answer.headers["ETag"]
    small, large = packs[0], packs[-1]
    return {
        "polls without news": _wrk(poll, "-H", f"If-None-Match: {etag}"),
        f"packs of {small.stat().st_size / 1000:.0f} KB": _wrk(f"{url}/packs/{small.name}"),
        f"packs of {large.stat().st_size / 1000:.0f} KB": _wrk(f"{url}/packs/{large.name}"),
    }


def _wrk(url: str, *words: str) -> float:
    done = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{SECONDS}s", *words, url],
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if not found or "Non-2xx" in done.stdout:
        raise SystemExit(f"wrk said of {url}: {done.stdout}")
    return float(found[1])


@contextlib.contextmanager
def _nginx(folder: Path, root: Path) -> Iterator[str]:
    """A real nginx with one worker on the first core."""
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""  # the folder is for us alone
    port = 18_000 + os.getpid() % 10_000
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, root=root, port=port, user=user))
    words = ["taskset", "-c", "0", "nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with subprocess.Popen(words) as server:
        try:
            for _try in range(50):
                with (
                    contextlib.suppress(OSError),
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/metadata/", timeout=1),
                ):
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
