"""Other people's programs, as they are: nginx and an S3 server, on loopback, in a folder of their own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import wait_for

_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  access_log {folder}/access.log;
  {served}
}}
"""
_STATIC = "server {{ listen 127.0.0.1:{port}; root {root}; }}"
_IN_FRONT = """
  upstream hub {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 2m;
    proxy_next_upstream error timeout http_502 non_idempotent;
    location / {{ proxy_pass http://hub; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
"""
"""A post may be sent again to another server: a record that comes twice is one."""


@contextlib.contextmanager
def nginx(folder: Path, root: Path) -> Iterator[str]:
    """nginx showing `root`; its address. What it was asked is in FOLDER/access.log."""
    port = _free_port()
    for parent in [root, *root.parents]:
        if parent.stat().st_uid == root.stat().st_uid and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o711)  # its workers are another user's
    with _nginx(folder, port, _STATIC.format(port=port, root=root)) as url:
        yield url


@contextlib.contextmanager
def nginx_before(folder: Path, ports: list[int]) -> Iterator[str]:
    """nginx in front of servers on these ports of this machine, each in its turn; its address."""
    port = _free_port()
    servers = " ".join(f"server 127.0.0.1:{one} max_fails=1 fail_timeout=1s;" for one in ports)
    with _nginx(folder, port, _IN_FRONT.format(port=port, servers=servers)) as url:
        yield url


@contextlib.contextmanager
def _nginx(folder: Path, port: int, served: str) -> Iterator[str]:
    if shutil.which("nginx") is None:
        pytest.skip("needs Debian's nginx-light")
    folder.mkdir()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, served=served))
    with _running(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], port) as url:
        yield url


@contextlib.contextmanager
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that speaks S3, and the environment that leads there; its address."""
    port = _free_port()
    serve = "import sys; from moto.server import main; main(sys.argv[1:])"
    with _running([sys.executable, "-c", serve, "-H", "127.0.0.1", "-p", str(port)], port) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        yield url


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[str]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(port), 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
