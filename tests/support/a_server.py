"""A hub's server as `packaging/hub-server.sh` makes it, below a folder of a test."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import ipaddress
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.client import enrol as enrolment
from sync.hub.hub import Hub
from tests.conftest import TestKiosk

PACKAGING = Path(__file__).parents[2] / "packaging"


def certificate(folder: Path) -> tuple[Path, Path]:
    """An own certificate for localhost, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"


@dataclass
class Server:
    """A server's files, below a folder."""

    root: Path
    cert: Path
    key: Path
    said: str = ""

    @property
    def hub(self) -> Path:
        return self.root / "var/lib/touchpoint"

    @property
    def backups(self) -> Path:
        return self.root / "var/backups/touchpoint"

    def set_up(self, *words: str, venv: Path = Path(sys.prefix)) -> str:
        command = [PACKAGING / "hub-server.sh", "--root", self.root, "--venv", venv, *words]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def here(self, text: str) -> str:
        """Its paths, as they are in this test."""
        folders = "opt/touchpoint|etc/touchpoint|var/lib/touchpoint|var/backups/touchpoint|var/www/touchpoint"
        return re.sub(rf"(?<![\w/])/({folders}|etc/nginx/touchpoint)", rf"{self.root}/\1", text)

    def files(self) -> dict[str, bytes]:
        """Everything it is made of, but for the hub's own."""
        those = [path for path in self.root.rglob("*") if self.hub not in path.parents and path.is_file()]
        return {str(path): path.read_bytes() for path in those if "/venv/" not in str(path)}


def set_up(folder: Path) -> Server:
    """A server for localhost, below a folder."""
    cert, key = certificate(folder)
    made = Server(folder / "root", cert, key)
    words = ["--domain", "localhost", "--certificate", str(cert), "--key", str(key), "--workers", "2"]
    made.said = made.set_up(*words)
    return made


def configuration(server: Server, folder: Path, ports: dict[str, int]) -> Path:
    """The generated site, its paths and ports made this test's, in a bare nginx."""
    sites = folder / "sites"
    sites.mkdir(parents=True)
    for name in ("touchpoint", "touchpoint-http"):
        text = server.here((server.root / "etc/nginx/sites-enabled" / name).read_text())
        text = text.replace("listen 443", f"listen 127.0.0.1:{ports['tls']}").replace(
            "listen 80;", f"listen 127.0.0.1:{ports['plain']};"
        )
        text = re.sub(r"listen \[::\].*", "", text).replace("/var/log/nginx", str(folder))
        (sites / name).write_text(text)
    included = server.root / "etc/nginx/touchpoint"
    for file in included.iterdir():
        file.write_text(server.here(file.read_text()))
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""  # the test's folders are its own
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"""
        {user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
        events {{ worker_connections 512; }}
        http {{ include /etc/nginx/mime.types; default_type application/octet-stream; gzip on; access_log off;
        {temporary} include {sites}/*; }}
    """
    (folder / "nginx.conf").write_text(main)
    return folder / "nginx.conf"


def add_items(server: Server) -> None:
    source = server.root / "items.ndjson"
    (server.root / "a.pdf").write_bytes(b"%PDF-1.7 " + b"a file " * 100_000)
    source.write_text('{"kind": "guide", "key": "a", "title": "Cook for ten", "files": [{"path": "a.pdf"}]}\n')
    for words in (["import", str(source)], ["publish"]):
        command = [sys.executable, "-m", "sync.hub", *words, "--data", str(server.hub)]
        subprocess.run(command, check=True, capture_output=True)


def answers(url: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{url}/healthz", timeout=5).ok
    return False


def enrol(kiosk: TestKiosk, hub: Hub, url: str) -> None:
    """The kiosk belongs to the hub that is at this address."""
    provision = kiosk.folder / "provision.json"
    provision.write_bytes(msgspec.json.encode(hub.provision("Mill Lane")))
    enrolment.enrol(provision, url, kiosk.folder / "identity.json")
