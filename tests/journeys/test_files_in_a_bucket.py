"""A hub whose files are in a bucket: shops, phones, mirrors and sticks get them as from a folder."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from sync.hub import where
from sync.hub.cli import main
from sync.hub.publishing import mirror
from tests import servers
from tests.conftest import TestHub, TestKiosk, wait_for

CONTENT = b"%PDF-1.7\n" + random.Random(3).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with servers.s3(monkeypatch) as url:
        requests.put(f"{url}/shelves", timeout=10).raise_for_status()
        yield "s3://shelves/good/blobs"


@pytest.fixture
def hub(bucket: str, tmp_path: Path) -> Iterator[TestHub]:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / where.FILE).write_text(f'blob_url = "{bucket}"\n')
    made = TestHub(tmp_path / "hub")
    (tmp_path / "rota.pdf").write_bytes(CONTENT)
    made.take({"key": "rota", "title": "A rota", "files": [{"path": "rota.pdf", "name": "Rota"}]}, beside=tmp_path)
    made.publish()
    yield made
    made.close()


def on_disk(folder: Path) -> list[Path]:
    return [path for path in (folder / "catalogue" / "blobs").rglob("*") if path.is_file()]


def test_a_kiosk_gets_them_and_goes_on_where_it_stopped(hub: TestHub, kiosk: TestKiosk) -> None:
    assert on_disk(hub.folder) == []
    hub.serve()
    kiosk.enrol(hub)
    kiosk.services.blobs.partial(SHA256).write_bytes(CONTENT[:2_000_000])
    report = kiosk.sync()
    assert (report.files, report.files_missing) == (1, 0)
    assert report.bytes < 1_100_000
    path = kiosk.services.blobs.find(SHA256)
    assert path and path.read_bytes() == CONTENT
    assert on_disk(hub.folder) == []


def test_a_phone_gets_all_of_one_or_a_part(hub: TestHub) -> None:
    hub.serve()
    page = f"{hub.url}/files/{SHA256}/Rota.pdf"
    wait_for(lambda: requests.get(page, timeout=10).status_code == 200)
    tree = f"{hub.url}/v1/catalogue/blobs/{SHA256[:2]}/{SHA256}"
    for address in (page, tree):
        whole = requests.get(address, timeout=10)
        assert (whole.content, whole.headers["Content-Length"]) == (CONTENT, str(len(CONTENT)))
        assert whole.headers["ETag"] == f'"{SHA256}"'
        part = requests.get(address, headers={"Range": "bytes=1000000-1999999"}, timeout=10)
        assert (part.status_code, part.content) == (206, CONTENT[1_000_000:2_000_000])
        assert part.headers["Content-Range"] == f"bytes 1000000-1999999/{len(CONTENT)}"
        last = requests.get(address, headers={"Range": "bytes=-5"}, timeout=10)
        assert (last.status_code, last.content) == (206, CONTENT[-5:])
        assert requests.get(address, headers={"Range": "bytes=9999999-"}, timeout=10).status_code == 416
        assert requests.get(address, headers={"If-None-Match": f'"{SHA256}"'}, timeout=10).status_code == 304
        head = requests.head(address, timeout=10)
        assert (head.content, head.headers["Content-Length"]) == (b"", str(len(CONTENT)))
    for wrong in (f"{SHA256[:2]}/{'ab' * 32}", f"ff/{SHA256}", f"{SHA256[:2]}/{SHA256[:-1]}"):
        assert requests.get(f"{hub.url}/v1/catalogue/blobs/{wrong}", timeout=10).status_code == 404
    assert on_disk(hub.folder) == []


def test_while_the_bucket_is_away_the_hub_says_so_and_takes_nothing_for_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.s3(monkeypatch) as url:
        requests.put(f"{url}/shelves", timeout=10).raise_for_status()
        (tmp_path / "hub").mkdir()
        (tmp_path / "hub" / where.FILE).write_text('blob_url = "s3://shelves"\n')
        hub = TestHub(tmp_path / "hub")
        (tmp_path / "rota.pdf").write_bytes(CONTENT)
        hub.take({"key": "rota", "title": "A rota", "files": [{"path": "rota.pdf", "name": "Rota"}]}, beside=tmp_path)
        hub.publish()
        hub.close()
    hub = TestHub(tmp_path / "hub")
    hub.serve()
    there = f"{hub.url}/v1/catalogue/blobs/{SHA256[:2]}/{SHA256}"
    answer = requests.get(there, timeout=30)
    assert answer.status_code == 503 and answer.headers["Retry-After"], answer.text
    unknown = f"{hub.url}/v1/catalogue/blobs/ab/{'ab' * 32}"
    assert requests.get(unknown, timeout=30).status_code == 404, "it was asked for what was never in it"
    page = f"{hub.url}/files/{SHA256}/Rota.pdf"
    wait_for(lambda: requests.get(page, timeout=30).status_code == 503, 40)
    line = '{"kind": "guide", "key": "more", "title": "More", "files": [{"path": "rota.pdf"}]}\n'
    (tmp_path / "more.ndjson").write_text(line)
    said = CliRunner().invoke(main, ["import", "--data", str(hub.folder), str(tmp_path / "more.ndjson")])
    assert said.exit_code == 1 and "Error: the files in s3://shelves: " in said.output, said.output
    hub.close()


def test_mirrors_and_sticks_carry_them_too(hub: TestHub, bucket: str, tmp_path: Path) -> None:
    www = tmp_path / "www"
    mirror.bring_up_to_date(hub.hub.folder, mirror.at(str(www)))
    assert (www / "blobs" / SHA256[:2] / SHA256).read_bytes() == CONTENT
    assert on_disk(hub.folder) == []
    copied = mirror.bring_up_to_date(hub.hub.folder, mirror.at(bucket.removesuffix("/blobs")))
    assert copied and copied.bytes < 100_000, "where the files are already they are not copied again"
    assert hub.hub.folder.blobs.sizes() == {SHA256: len(CONTENT)}
    (tmp_path / "stick").mkdir()
    said = CliRunner().invoke(main, ["carry", "--data", str(hub.folder), str(tmp_path / "stick")])
    assert said.exit_code == 0, said.output
    carried = tmp_path / "stick" / "touchpoint" / "catalogue" / "blobs" / SHA256[:2] / SHA256
    assert carried.read_bytes() == CONTENT
