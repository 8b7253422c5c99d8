"""One contract for the places where the files that items offer are: a folder, and buckets of two real servers.

One of them (moto) is quick to start and takes any key; the other (OpenStack Swift with its S3 door) checks signatures.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests

from sync.hub.blobs import BucketBlobs, BucketError
from sync.replica.blobs import Blobs
from tests import servers
from tests.swift import Swift, running

SMALL = b"%PDF-1.7 small"
LARGE = random.Random(7).randbytes(12 * 1024 * 1024 + 17)
"""Large enough to be sent in several parts."""


@pytest.fixture(scope="module")
def swift() -> Iterator[Swift]:
    with running() as server:
        yield server


@pytest.fixture(params=["folder", "moto", "swift"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blobs]:
    if request.param == "folder":
        yield Blobs(tmp_path / "blobs")
    elif request.param == "moto":
        with servers.s3(monkeypatch) as url:
            requests.put(f"{url}/shelves", timeout=10).raise_for_status()
            yield BucketBlobs("s3://shelves/good/files", tmp_path / "blobs")
    else:
        server: Swift = request.getfixturevalue("swift")
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield BucketBlobs(f"s3://{server.bucket('one')}/good/files", tmp_path / "blobs")


def named(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(blobs: Blobs, content: bytes) -> str:
    part = blobs.partial(named(content))
    part.write_bytes(content)
    assert blobs.keep(part, named(content)) and not part.exists()
    return named(content)


def read(blobs: Blobs, sha256: str, part: range) -> bytes:
    content = blobs.content(sha256)
    assert content is not None
    if isinstance(content, Path):
        return content.read_bytes()[part.start : part.stop]

    async def all_of_it() -> bytes:
        return b"".join([chunk async for chunk in content.read(part)])

    return asyncio.run(all_of_it())


def test_every_place_of_blobs_does_the_same(blobs: Blobs) -> None:
    assert not blobs.has(named(SMALL)) and blobs.content(named(SMALL)) is None and blobs.find(named(SMALL)) is None
    assert blobs.sizes() == {}
    with pytest.raises(FileNotFoundError), blobs.at_hand(named(SMALL)):
        pass
    for wrong in ("", "../../etc/passwd", "A" * 64, named(SMALL)[:-1]):
        for ask in (blobs.has, blobs.content, blobs.find, blobs.partial):
            with pytest.raises(ValueError, match="is not a SHA-256"):
                ask(wrong)
    small, large, empty = keep(blobs, SMALL), keep(blobs, LARGE), keep(blobs, b"")
    assert keep(blobs, SMALL) == small, "again is no trouble"
    assert all(map(blobs.has, (small, large, empty)))
    assert blobs.sizes() == {small: len(SMALL), large: len(LARGE), empty: 0}

    assert read(blobs, small, range(len(SMALL))) == SMALL
    assert read(blobs, small, range(1, 4)) == SMALL[1:4]
    assert read(blobs, empty, range(0)) == b""
    assert read(blobs, large, range(len(LARGE))) == LARGE
    last = range(len(LARGE) - 3_000_000, len(LARGE))
    assert read(blobs, large, last) == LARGE[last.start :]

    for sha256, content in ((small, SMALL), (large, LARGE), (empty, b"")):
        with blobs.at_hand(sha256) as path:
            assert path.read_bytes() == content
        found = blobs.find(sha256)
        assert found and found.read_bytes() == content

    part = blobs.partial(named(b"right"))
    part.write_bytes(b"wrong")
    assert not blobs.keep(part, named(b"right"))
    assert not part.exists() and not blobs.has(named(b"right"))


def test_a_bucket_holds_them_and_not_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.s3(monkeypatch) as url:
        requests.put(f"{url}/shelves", timeout=10).raise_for_status()
        blobs = BucketBlobs("s3://shelves/good/files", tmp_path / "blobs")
        sha256 = keep(blobs, SMALL)
        bucket, key = boto3.resource("s3", endpoint_url=url).Bucket("shelves"), f"good/files/{sha256[:2]}/{sha256}"
        there = bucket.Object(key).get()
        assert (there["Body"].read(), there["ContentType"]) == (SMALL, "application/octet-stream")
        with blobs.at_hand(sha256):
            pass
        assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
        bucket.Object(key).put(Body=b"altered")
        with pytest.raises(BucketError, match="is not what its name says"):
            blobs.find(sha256)
        assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_a_bucket_that_is_away_is_trouble_and_not_the_answer_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.s3(monkeypatch) as url:
        requests.put(f"{url}/shelves", timeout=10).raise_for_status()
        blobs = BucketBlobs("s3://shelves", tmp_path / "blobs")
        small = keep(blobs, SMALL)
        part = blobs.partial(named(LARGE))
        part.write_bytes(LARGE)
    assert blobs.has(small), "what is known to be there"
    for ask in (blobs.has, blobs.content, blobs.find):
        with pytest.raises(BucketError, match="the files in s3://shelves: "):
            ask(named(LARGE))
    with pytest.raises(BucketError):
        blobs.keep(part, named(LARGE))
    assert part.exists(), "it can be gone on with"
    with pytest.raises(BucketError):
        read(blobs, small, range(3))
    with pytest.raises(BucketError):
        blobs.sizes()


def test_a_wrong_key_is_refused_and_told_without_it(
    swift: Swift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in swift.environment.items():
        monkeypatch.setenv(name, value)
    bucket = swift.bucket("other")
    sha256 = keep(BucketBlobs(f"s3://{bucket}", tmp_path / "blobs"), SMALL)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    wrong = BucketBlobs(f"s3://{bucket}", tmp_path / "blobs")
    with pytest.raises(BucketError, match=f"the files in s3://{bucket}: ") as refused:
        wrong.has(sha256)
    assert "not-the-secret" not in str(refused.value)
