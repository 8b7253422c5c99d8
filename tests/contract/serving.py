"""What serves a published tree in the tests beside the hub itself: a real nginx."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import wait_for

_CONFIG = """
daemon off; worker_processes 1; pid {lab}/pid; error_log {lab}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {lab}/a; proxy_temp_path {lab}/b; fastcgi_temp_path {lab}/c;
  uwsgi_temp_path {lab}/d; scgi_temp_path {lab}/e;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@contextlib.contextmanager
def nginx(root: Path, lab: Path) -> Iterator[str]:
    """Debian's nginx over a folder, with no setting of ours but the folder; gives its address."""
    if shutil.which("nginx") is None:
        pytest.skip("needs Debian's nginx-light")
    lab.mkdir()
    lab.chmod(0o755)
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""  # else it would look with the eyes of nobody
    (lab / "nginx.conf").write_text(user + _CONFIG.format(lab=lab, root=root, port=port))
    process = subprocess.Popen(["nginx", "-p", str(lab), "-c", str(lab / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
