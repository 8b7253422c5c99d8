"""What time a unit without a battery takes it to be, and how it speaks TLS meanwhile."""

from __future__ import annotations

import datetime as dt
import http.server
import logging
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sync.client.clock import BUILT, Clock
from sync.client.sessions import open_session

DAY = dt.timedelta(days=1)
NEXT_YEAR = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)


def clock_at(path: Path, time: dt.datetime) -> Clock:
    return Clock(path, lambda: time)


def test_a_clock_that_says_1970_is_not_believed(tmp_path: Path) -> None:
    clock = clock_at(tmp_path / "time", dt.datetime(1970, 1, 2, tzinfo=dt.UTC))
    assert clock.behind and clock.now() == BUILT


def test_a_time_that_the_hub_gave_is_kept_from_start_to_start(tmp_path: Path) -> None:
    clock_at(tmp_path / "time", BUILT).heard(NEXT_YEAR.isoformat(), not_after=NEXT_YEAR + DAY)
    later = clock_at(tmp_path / "time", BUILT + DAY)
    assert later.behind and later.now() == NEXT_YEAR


def test_a_right_clock_is_taken_as_it_is(tmp_path: Path) -> None:
    clock = clock_at(tmp_path / "time", NEXT_YEAR)
    assert not clock.behind and clock.now() == NEXT_YEAR


@pytest.mark.parametrize("said", [(NEXT_YEAR + 2 * DAY).isoformat(), "soon", "", "2027-05-01T00:00:00", "9" * 5000])
def test_a_time_beyond_what_is_signed_or_that_is_none_is_left_out(tmp_path: Path, said: str) -> None:
    clock = clock_at(tmp_path / "time", BUILT + DAY)
    clock.heard(said, not_after=NEXT_YEAR)
    assert clock.floor == BUILT


def test_an_earlier_time_takes_nothing_back(tmp_path: Path) -> None:
    clock = clock_at(tmp_path / "time", BUILT + DAY)
    for said in (NEXT_YEAR, NEXT_YEAR - DAY):
        clock.heard(said.isoformat(), not_after=NEXT_YEAR + DAY)
    assert clock.floor == NEXT_YEAR


def test_a_damaged_file_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "time").write_bytes(b"\xff\x00 not a time")
    assert clock_at(tmp_path / "time", NEXT_YEAR).floor == BUILT


class Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


def certificate(folder: Path, name: str, starts: dt.datetime) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one file; good for a month from `starts`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(starts + 30 * DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def serving(pem: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    """Not valid yet by this machine's clock, as every certificate is for a clock that says 1970."""
    return certificate(tmp_path, "later", dt.datetime.now(dt.UTC) + 365 * DAY)


@pytest.fixture
def hub_url(pem: Path) -> Iterator[str]:
    yield from serving(pem)


def test_with_a_right_clock_a_certificates_dates_count(tmp_path: Path, pem: Path, hub_url: str) -> None:
    with open_session(Clock(tmp_path / "time")) as session, pytest.raises(requests.exceptions.SSLError):
        session.get(hub_url, verify=str(pem), timeout=5)


def test_while_the_clock_is_wrong_they_do_not_and_it_is_said(
    tmp_path: Path, pem: Path, hub_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    with caplog.at_level(logging.WARNING), open_session(clock_at(tmp_path / "t", BUILT - DAY)) as session:
        assert session.get(hub_url, timeout=5).text == "ok"
    assert "clock is wrong" in caplog.text


def test_once_the_clock_is_right_dates_count_again(
    tmp_path: Path, hub_url: str, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    times = [BUILT - DAY]
    with open_session(Clock(tmp_path / "t", lambda: times[-1])) as session:
        assert session.get(hub_url, timeout=5).text == "ok"
        times.append(dt.datetime.now(dt.UTC))
        with pytest.raises(requests.exceptions.SSLError):
            session.get(hub_url, timeout=5)


def test_but_a_stranger_is_still_a_stranger(tmp_path: Path, hub_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = certificate(tmp_path, "other", dt.datetime.now(dt.UTC) - DAY)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    with open_session(clock_at(tmp_path / "t", BUILT - DAY)) as session, pytest.raises(requests.exceptions.SSLError):
        session.get(hub_url, timeout=5)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with open_session(clock_at(tmp_path / "t", BUILT - DAY)) as session, pytest.raises(requests.exceptions.SSLError):
        session.get(hub_url.replace("localhost", "127.0.0.1"), timeout=5)
