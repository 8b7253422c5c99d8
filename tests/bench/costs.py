"""What a request costs the hub and nginx, in processor time: asked for by wrk as fast as they answer.

The hub and nginx share the first core, wrk has the second. nginx has the site that `packaging/hub-server.sh` makes,
its limits lifted, and speaks TLS.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.processes import answers, cores, cpu_s, free_port, served, until
from tests.bench.rig import ratio, row
from tests.support.a_server import Server, configuration, set_up

SECONDS = 5
CONNECTIONS = 16


def figures(folder: Path) -> None:
    """Polls, packs and pages, of the hub alone and behind nginx."""
    missing = [name for name in ("nginx", "wrk", "taskset") if shutil.which(name) is None]
    if missing or not cores()[0]:
        row("the cost of a request", f"left out: {', '.join(missing) or 'a second core'} not here")
        return
    (folder / "costs").mkdir()
    os.environ["SSL_CERT_FILE"] = str(folder / "costs" / "cert.pem")
    server = set_up(folder / "costs")
    _fill(server)
    port = free_port()
    with served(server.hub, port, *cores()[0]) as hub, _nginx(server, folder / "costs" / "nginx", port) as (url, pid):
        until(lambda: answers(f"{hub.url}/readyz"))
        polled = hub.url, "/v1/catalogue/metadata/timestamp.json"
        pack = "/v1/catalogue/packs/" + _largest(server.hub / "catalogue" / "packs")
        base = _measured("hub, polls without news", *polled, [hub.process.pid], conditional=True)
        _measured("hub, packs of 40 KB", hub.url, pack, [hub.process.pid])
        _measured("hub, pages (/)", hub.url, "/", [hub.process.pid])
        theirs = _measured("nginx, polls without news", url, polled[1], [pid], conditional=True)
        _measured("nginx, packs of 40 KB", url, pack, [pid])
        _measured("nginx before hub, pages (/)", url, "/", [pid, hub.process.pid])
        _measured("nginx before hub, /healthz", url, "/healthz", [pid, hub.process.pid])
    row("  a poll at the hub", ratio(base, theirs, "one at nginx with TLS"))


def _fill(server: Server) -> None:
    """Items whose packs are some tens of KB."""
    from tests.bench import catalogue

    source = server.root / "items.ndjson"
    catalogue.write(str(source), 150)
    for words in (["import", str(source)], ["publish"]):
        command = [sys.executable, "-m", "sync.hub", *words, "--data", str(server.hub)]
        subprocess.run(command, check=True, capture_output=True)


def _largest(packs: Path) -> str:
    return max(packs.iterdir(), key=lambda path: path.stat().st_size).name


def _measured(what: str, url: str, path: str, pids: list[int], *, conditional: bool = False) -> float:
    """Print how many a second there are and what each costs; returns the whole cost in microseconds."""
    words = []
    if conditional:
        with urllib.request.urlopen(url + path, timeout=5) as answer:
            words = ["-H", f"If-None-Match: {answer.headers['ETag']}"]
    before = [cpu_s(pid) for pid in pids]
    load = [str(core) for core in cores()[1]]
    command = ["taskset", "-c", ",".join(load), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency"]
    done = subprocess.run([*command, *words, url + path], check=True, capture_output=True, text=True)
    used = [cpu_s(pid) - at for pid, at in zip(pids, before, strict=True)]
    if "Non-2xx" in done.stdout or not (found := re.search(r"(\d+) requests in", done.stdout)):
        raise SystemExit(f"wrk said of {url}{path}: {done.stdout}")
    count = int(found[1])
    late = re.search(r"99%\s+(\S+)", done.stdout)
    costs = " + ".join(f"{seconds / count * 1e6:.0f}" for seconds in used)
    whole = sum(used) / count
    latest = f"p99 {late[1]}" if late else ""
    row(what, f"{count / SECONDS:,.0f} a second", f"{costs} us each", f"{1 / whole:,.0f} a core", latest)
    return whole * 1e6


@contextlib.contextmanager
def _nginx(server: Server, folder: Path, port: int) -> Iterator[tuple[str, int]]:
    """The generated site, with its limits lifted: its address and process."""
    site = server.root / "etc/nginx/sites-available/touchpoint"
    text = site.read_text().replace("rate=20r/s", "rate=1000000r/s").replace("burst=200", "burst=100000")
    site.write_text(text.replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    ports = {"tls": free_port(), "plain": free_port()}
    conf = configuration(server, folder, ports)
    conf.write_text(conf.read_text().replace("http {", "http { keepalive_requests 10000000;"))
    words = [*cores()[0], "nginx", "-p", str(folder), "-c", str(conf)]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"https://localhost:{ports['tls']}"
            until(lambda: answers(f"{url}/healthz"))
            yield url, process.pid
        finally:
            process.terminate()
