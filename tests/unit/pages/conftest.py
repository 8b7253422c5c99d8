"""A small catalogue in a real replica, and the public pages over it behind a real server."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
import requests
import uvicorn

from sync import codes, packs, records
from sync.pages.app import app
from sync.replica import base, deltas, schema
from sync.replica.blobs import Blobs
from sync.replica.folder import CurrentReplica, ReplicaFolder
from sync.replica.rank import rank

NOW = dt.datetime(2026, 11, 22, 10, 5, tzinfo=dt.UTC)


class Shelves:
    """A data folder that can be filled with a catalogue."""

    PDF: ClassVar = b"%PDF-1.4\n" + bytes(range(256)) * 40
    PNG: ClassVar = b"\x89PNG\r\n\x1a\n" + b"drawn" * 20
    HTML: ClassVar = b"<script>alert(1)</script>"
    THEMES: ClassVar = [
        {
            "key": "food",
            "name": "Food",
            "names": {"cy": "Bwyd", "ur": "کھانا"},
            "icon": "food-apple",
            "strong": "#2E7D4F",
            "tint": "#E3F1E8",
        },
        {"key": "glare", "name": "Glaring", "icon": "no-such", "strong": "#FFE600", "tint": "#FFF9C4"},
        {"key": "evil", "name": "<b>x</b>", "strong": "red;}body{display:none", "tint": "url(//x.example)"},
    ]

    SHOPS: ClassVar[list[dict[str, Any]]] = [
        {
            "id": records.id_from_key("shop", "Mill Lane"),
            "name": "Mill Lane",
            "hours": "Mo-Fr 09:30-17:30; Su 10:00-16:00",
            "address": "12 Mill Lane",
            "postcode": "ZZ99 1AA",
            "lat": 52.6,
            "lon": -1.1,
        },
        {"id": records.id_from_key("shop", "دکان"), "name": "دکان", "hours": "when we can"},
    ]

    def __init__(self, folder: Path) -> None:
        self.blobs = Blobs(folder / "blobs")
        self.replicas = ReplicaFolder(folder / "catalogue")
        self.items: dict[str, dict[str, Any]] = {}
        self.shops = self.SHOPS
        self.opened: list[tuple[dt.date, str, str]] = []

    def blob(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.blobs.path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return sha256

    def add(self, key: str, **fields: Any) -> str:
        """Adds an item and gives its code."""
        item_id = records.id_from_key("item", key)
        self.items[key] = {"id": item_id, "kind": "guide", "title": key, **fields}
        return codes.for_id(item_id)

    def publish(self, base_url: str = "") -> None:
        found: dict[str, list[dict[str, Any]]] = {
            "item": list(self.items.values()),
            "theme": [{"id": records.id_from_key("theme", t["key"]), **t} for t in self.THEMES],
            "shop": [dict(shop) for shop in self.shops],
        }
        revision = 0
        for lines in found.values():
            for line in lines:
                revision += 1
                line["r"] = revision
        found["item"].sort(key=lambda line: -rank(msgspec.convert(line, records.Item)))
        tables = [packs.table_of(name, lines) for name, lines in found.items() if lines]
        piece = packs.Piece(format=packs.BASE_FORMAT, to=revision, piece=0, pieces=1, tables=tables)
        path = self.replicas.next()
        base.build(path, [piece])
        db = schema.open_for_writing(path)
        digest = packs.Digest(int(schema.meta(db, "digest"), 16), schema.meta(db, "count"))
        state = records.State(revision=revision, count=digest.count, digest=digest.hex(), base_url=base_url)
        deltas.apply(db, [], state)
        base.build_text(db)
        db.close()
        self.replicas.swap(path)


class Site:
    """The pages as a browser reaches them."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(method, self.url + path, headers=named, timeout=10, allow_redirects=False)


class ThreadedServer(uvicorn.Server):
    """A server that leaves the process's signals alone."""

    def install_signal_handlers(self) -> None:
        pass


def _serve(shelves: Shelves) -> Iterator[Site]:
    current = CurrentReplica(shelves.replicas, today=NOW.date)
    pages = app(current, shelves.blobs, now=lambda: NOW, opened=lambda *of: shelves.opened.append(of))
    listening = socket.create_server(("127.0.0.1", 0))
    server = ThreadedServer(uvicorn.Config(pages, log_level="error", lifespan="off", http="h11", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
        current.close()


serving = contextmanager(_serve)


@pytest.fixture
def empty_shelves(tmp_path: Path) -> Shelves:
    return Shelves(tmp_path)


@pytest.fixture
def empty_site(empty_shelves: Shelves) -> Iterator[Site]:
    yield from _serve(empty_shelves)


@pytest.fixture(scope="session")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Shelves:
    made = Shelves(tmp_path_factory.mktemp("pages"))
    _fill(made)
    made.publish(base_url="https://hub.example")
    return made


@pytest.fixture(scope="session")
def site(shelves: Shelves) -> Iterator[Site]:
    yield from _serve(shelves)


@pytest.fixture(scope="session")
def code(shelves: Shelves) -> Callable[[str], str]:
    return lambda key: codes.for_id(shelves.items[key]["id"])


def _fill(shelves: Shelves) -> None:
    pdf, png, page = shelves.blob(shelves.PDF), shelves.blob(shelves.PNG), shelves.blob(shelves.HTML)
    shelves.blob(b"nobody offers this")
    shelves.add(
        "stew",
        title="Stew for ten",
        summary="One big pot.",
        body="# Cook it\n\nWash **everything**. See [a friend](https://friend.example/).",
        themes=["food"],
        maker={"name": "Brook Street Kitchen", "url": "https://brook.example/"},
        licence="CC-BY-4.0",
        picture={"name": "pot", "media_type": "image/png", "sha256": png, "size_bytes": len(shelves.PNG)},
        files=[
            {
                "name": "Żurek — zupa.pdf",
                "media_type": "application/pdf",
                "sha256": pdf,
                "size_bytes": len(shelves.PDF),
                "language": "en",
            },
            {"name": "page.html", "media_type": "text/html", "sha256": page, "size_bytes": len(shelves.HTML)},
            {"name": "Later.pdf", "media_type": "application/pdf", "sha256": "ab" * 32, "size_bytes": 99},
            {"name": "Elsewhere", "media_type": "application/zip", "url": "https://files.example/x.zip"},
            {"name": "Never", "media_type": "application/zip", "url": "javascript:alert(1)"},
        ],
        url="https://stew.example/",
        checked_on="2026-11-12",
        translations={
            "pl": {"title": "Gulasz dla dziesięciu", "summary": "Jeden garnek.", "body": "Umyj *wszystko*."},
            "ur": {"title": "دس لوگوں کا سالن"},
        },
        source={"name": "The Stew Book", "url": "https://book.example/", "licence": "CC-BY-4.0"},
    )
    shelves.add(
        "surgery",
        kind="event",
        title="Surgery, with tea; and cake",
        themes=["food"],
        starts="2026-01-05T11:00:00",
        ends="2026-01-05T13:00:00",
        timezone="Europe/London",
        rrule="FREQ=WEEKLY;BYDAY=MO,WE",
        exdates=["2026-11-25T11:00:00"],
        place={"name": "Mill Lane", "address": "12 Mill Lane", "postcode": "ZZ99 1AA", "lat": 52.6, "lon": -1.1},
    )
    shelves.add("over", kind="event", title="Long over", starts="2020-01-05T11:00:00")
    shelves.add("ended", title="Old offer", themes=["food"], expires_on="2026-11-01", files=[
        {"name": "old.bin", "sha256": shelves.blob(b"an old leaflet"), "size_bytes": 14},
    ])  # fmt: skip
    shelves.add("last day", title="Still here today", expires_on="2026-11-22")
    shelves.add(
        "hostile",
        title="<script>alert('title')</script>" + "W" * 400,
        summary='"><img src=x onerror=alert(1)> & \u202e',
        body=HOSTILE_BODY,
        themes=["evil", "glare", "nowhere"],
        language='"><svg onload=alert(1)>',
        maker={"name": "<i>maker</i>", "url": "javascript:alert(2)"},
        licence="<u>",
        url="JaVaScRiPt:alert(3)",
        files=[
            {"name": "../../etc/passwd", "media_type": "text/html\r\nSet-Cookie: a=b", "sha256": "../" * 21 + "x"},
            {"name": "a\r\nX-Evil: 1", "media_type": "x/y\r\nX-Evil: 1", "sha256": shelves.blob(b"evil")},
        ],
        picture={"name": "p", "media_type": "image/svg+xml", "sha256": shelves.blob(b"<svg/>")},
        place={"name": "</dd><script>alert(4)</script>"},
        translations={'x" onmouseover="alert(5)': {"title": "<script>alert(6)</script>"}},
        source={"name": "<script>", "url": "data:text/html,x"},
        checked_on="<script>",
    )
    for number in range(30):
        shelves.add(f"many {number}", kind="app", title=f"App number {number}", themes=["glare"])


HOSTILE_BODY = """<script>alert('body')</script>

[a](javascript:alert(1)) [b](//evil.example/) [c](/admin/delete) [d](data:text/html,x) <javascript:alert(7)>

![pixel](https://evil.example/pixel.png) <img src=x onerror=alert(8)>

[ok](https://fine.example/ "t\\"itle") [mail](mailto:a@b.example)
"""
