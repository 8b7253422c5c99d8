"""The least a first sync can cost: one compressed file over loopback, its hash, unpacked, decoded, into one table with
two indexes and a plain full-text table, one transaction, synced to disk. Run as a process of its own:

    python -m tests.bench.floor URL FOLDER
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import time
from pathlib import Path

import msgspec
import requests
import zstandard


class Row(msgspec.Struct):
    """What the floor keeps of an item."""

    id: str
    kind: str
    title: str
    summary: str
    body: str
    themes: list[str]
    tags: list[str]
    maker: msgspec.Raw
    licence: str
    url: str
    checked_on: str
    language: str = "en"


def once(url: str, folder: Path) -> dict[str, float]:
    """Fetch and store; seconds until all is safe on disk, and the bytes that came."""
    decode = msgspec.json.Decoder(Row).decode
    path = folder / "floor.db"
    path.unlink(missing_ok=True)
    began = time.perf_counter()
    with requests.Session() as session:
        session.trust_env = False
        packed = session.get(url, headers={"Accept-Encoding": "identity"}, timeout=60).content
    hashlib.sha256(packed).digest()
    lines = zstandard.ZstdDecompressor().decompress(packed, max_output_size=1 << 31).splitlines()
    rows = [
        (
            *(r.id, r.kind, r.title, r.summary, r.body, " ".join(r.tags), " ".join(r.themes)),
            *(r.licence, r.language, r.checked_on, r.url, bytes(r.maker)),
        )
        for r in map(decode, lines)
    ]
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
    )
    db.execute(
        "CREATE TABLE item(n INTEGER PRIMARY KEY, id, kind, title, summary, body, tags, themes, licence, language, "
        "checked_on, url, maker)"
    )
    db.execute("BEGIN")
    db.executemany(f"INSERT INTO item VALUES(NULL{',?' * 12})", rows)
    db.execute("CREATE UNIQUE INDEX item_id ON item(id)")
    db.execute("CREATE INDEX item_themes ON item(themes, checked_on)")
    db.execute(
        "CREATE VIRTUAL TABLE item_text USING fts5(title, summary, body, tags, content='item', content_rowid='n')"
    )
    db.execute("INSERT INTO item_text(item_text) VALUES('rebuild')")
    db.execute("COMMIT")
    db.close()
    with path.open("rb") as written:
        os.fsync(written.fileno())
    return {"seconds": time.perf_counter() - began, "bytes": float(len(packed))}


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], Path(sys.argv[2]))))
