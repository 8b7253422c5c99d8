"""Files by their hash: names, types, ranges, and what is never served."""

from __future__ import annotations

import hashlib
import socket
from urllib.parse import quote, urlsplit

import pytest

NAME = "Żurek — zupa.pdf"


@pytest.fixture
def pdf(shelves):
    return f"/files/{hashlib.sha256(shelves.PDF).hexdigest()}/{quote(NAME)}"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_file_has_its_type_name_and_tag(site, shelves, pdf):
    response = site.get(pdf)
    assert response.status_code == 200
    assert response.content == shelves.PDF
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-length"] == str(len(shelves.PDF))
    assert response.headers["etag"] == f'"{sha256(shelves.PDF)}"'
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["accept-ranges"] == "bytes"
    assert "set-cookie" not in response.headers
    assert response.headers["content-disposition"] == (
        f"inline; filename=\"Zurek  zupa.pdf\"; filename*=UTF-8''{quote(NAME)}"
    )


def test_the_name_in_the_address_is_only_a_hint(site, shelves):
    response = site.get(f"/files/{sha256(shelves.PDF)}/invoice.exe")
    assert response.status_code == 200
    assert "exe" not in response.headers["content-disposition"]


def test_what_a_browser_could_run_is_only_kept(site, shelves):
    response = site.get(f"/files/{sha256(shelves.HTML)}/page.html")
    assert response.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in response.headers["content-security-policy"]


def test_a_record_cannot_write_headers(site):
    response = site.get(f"/files/{sha256(b'evil')}/x")
    assert response.content == b"evil"
    assert response.headers["content-type"] == "application/octet-stream"
    assert "x-evil" not in response.headers
    assert 'filename="aX-Evil_ 1"' in response.headers["content-disposition"]


def test_pictures(site, shelves):
    response = site.get(f"/pictures/{sha256(shelves.PNG)}")
    assert (response.status_code, response.content) == (200, shelves.PNG)
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-disposition"].startswith('inline; filename="pot.png"')
    assert site.get(f"/pictures/{sha256(shelves.PDF)}").status_code == 404
    assert site.get(f"/pictures/{sha256(b'<svg/>')}").status_code == 404


def test_not_modified(site, shelves, pdf):
    tag = f'"{sha256(shelves.PDF)}"'
    for named in (tag, f'"x", W/{tag}', "*"):
        response = site.get(pdf, If_None_Match=named)
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag
    assert site.get(pdf, If_None_Match='"other"').status_code == 200


def test_head(site, shelves, pdf):
    response = site.ask("HEAD", pdf, Range="bytes=0-3")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(shelves.PDF))


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=100-", 100, None),
        ("bytes=100-999999999999", 100, None),
        ("bytes=-10", -10, None),
        ("bytes=-999999999", 0, None),
    ],
)
def test_a_range(site, shelves, pdf, asked, start, stop):
    response = site.get(pdf, Range=asked)
    part = shelves.PDF[start:stop]
    first = len(shelves.PDF) + start if start < 0 else start
    assert response.status_code == 206
    assert response.content == part
    assert response.headers["content-length"] == str(len(part))
    assert response.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(shelves.PDF)}"


@pytest.mark.parametrize("asked", ["bytes=9-5", "bytes=", "bytes=a-b", "lines=0-3", "bytes=0-1,4-5", "bytes=-", "0-4"])
def test_a_range_that_cannot_be_read_is_ignored(site, shelves, pdf, asked):
    response = site.get(pdf, Range=asked)
    assert (response.status_code, response.content) == (200, shelves.PDF)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_that_is_not_there(site, shelves, pdf, asked):
    response = site.get(pdf, Range=asked)
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{len(shelves.PDF)}"
    assert response.content == b""


def test_a_range_of_what_changed_is_the_whole(site, shelves, pdf):
    right = site.get(pdf, Range="bytes=0-3", If_Range=f'"{sha256(shelves.PDF)}"')
    assert (right.status_code, right.content) == (206, shelves.PDF[:4])
    for other in ('"other"', f'W/"{sha256(shelves.PDF)}"', "Sun, 22 Nov 2026 10:00:00 GMT"):
        assert site.get(pdf, Range="bytes=0-3", If_Range=other).status_code == 200


def test_only_what_an_item_offers_now(site):
    for content in (b"nobody offers this", b"an old leaflet"):
        response = site.get(f"/files/{sha256(content)}/x")
        assert response.status_code == 404
        assert content not in response.content
        assert "no such file" in response.text


def test_a_file_that_has_not_come_yet(site):
    response = site.get(f"/files/{'ab' * 32}/Later.pdf")
    assert response.status_code == 404
    assert "not here yet" in response.text
    assert "Later.pdf" in response.text
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/files/../../../../etc/passwd",
        "/files/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/files/..%2f..%2fcatalogue%2fcurrent/x",
        f"/files/{'../' * 21}x/x",
        f"/files/{quote('../' * 21 + 'x', safe='')}/x",
        f"/files/{'AB' * 32}/x",
        "/files//etc/passwd",
        "/pictures/..%2f..%2fcatalogue%2fcurrent",
        "/pictures/%00",
        "/files/\u0000/x",
    ],
)
def test_no_way_out_of_the_folder(site, path):
    """Sent as they are: HTTP clients tidy such addresses up."""
    parts = urlsplit(site.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        raw = path.replace("\u0000", "%00")
        connection.sendall(f"GET {raw} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert answer.split()[1] == b"404"
    assert b"root:" not in answer
    assert b"replica-" not in answer
