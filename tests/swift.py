"""OpenStack Swift as Debian has it, one of each of its servers, with the door that speaks S3 and checks signatures."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from tests.conftest import wait_for
from tests.contract.serving import free_port
from tests.servers import answers
from tests.support.surgery import MEMORY

_KEY, _SECRET = "shelves:hub", "the-secret-of-the-hub"
_SERVER = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
disable_fallocate = true
log_address = {folder}/no-log
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
_PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
log_address = {folder}/no-log
[pipeline:main]
pipeline = catch_errors cache listing_formats s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{nothing}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
allow_multipart_uploads = true
[filter:tempauth]
use = egg:swift#tempauth
user_{user_and_secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


_RINGS = """
import sys
from swift.common.ring import RingBuilder
for given in sys.argv[2:]:
    kind, port = given.split("=")
    builder = RingBuilder(6, 1, 0)
    where = {"ip": "127.0.0.1", "port": int(port), "replication_ip": "127.0.0.1", "replication_port": int(port)}
    builder.add_dev({"region": 1, "zone": 1, "device": "sdb1", "weight": 1, **where})
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[1]}/{kind}.ring.gz")
"""
"""For Debian's own Python; a program for each step would take ten times as long."""


@dataclass(frozen=True)
class Swift:
    """Swift, running; `environment` leads there."""

    url: str
    environment: dict[str, str]

    def bucket(self, name: str) -> str:
        """A new bucket; its name."""
        key, secret = self.environment["AWS_ACCESS_KEY_ID"], self.environment["AWS_SECRET_ACCESS_KEY"]
        client = boto3.client("s3", endpoint_url=self.url, aws_access_key_id=key, aws_secret_access_key=secret)
        client.create_bucket(Bucket=name)
        return name


@contextlib.contextmanager
def running() -> Iterator[Swift]:
    """Swift, with nothing in it."""
    if shutil.which("swift-proxy-server") is None:
        pytest.skip("needs Debian's swift-proxy, swift-account, swift-container and swift-object")
    folder = Path(tempfile.mkdtemp(prefix="touchpoint-swift", dir=MEMORY))
    ports = {kind: free_port() for kind in ("account", "container", "object", "proxy")}
    with contextlib.ExitStack() as ends:
        ends.callback(shutil.rmtree, folder)
        _set_up(folder, ports)
        for kind in ports:
            command = [f"swift-{kind}-server", str(folder / f"{kind}.conf")]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            ends.callback(_end, process)
        wait_for(lambda: all(map(answers, ports.values())), 60)
        url = f"http://127.0.0.1:{ports['proxy']}"
        keys = {"AWS_ACCESS_KEY_ID": _KEY, "AWS_SECRET_ACCESS_KEY": _SECRET}
        yield Swift(url, {"AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1", **keys})


def _set_up(folder: Path, ports: dict[str, int]) -> None:
    (folder / "devices" / "sdb1").mkdir(parents=True)
    (folder / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_suffix = a\nswift_hash_path_prefix = b\n"
        "[storage-policy:0]\nname = Policy-0\ndefault = yes\n"
    )
    for kind, port in ports.items():
        words = {"kind": kind, "port": port, "folder": folder, "user": getpass.getuser(), "nothing": free_port()}
        words["user_and_secret"] = f"{_KEY.replace(':', '_')} = {_SECRET}"
        (folder / f"{kind}.conf").write_text((_PROXY if kind == "proxy" else _SERVER).format(**words))
    given = [f"{kind}={port}" for kind, port in ports.items() if kind != "proxy"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = ["/usr/bin/python3", "-c", _RINGS, str(folder), *given]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)
