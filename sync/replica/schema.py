"""The tables of a replica.

A row's number `n` is its static rank (how good, how fresh), so that reading in row order needs no sorting. Base
rows stand `STRIDE` apart; what comes later fits between. Nested fields are kept as JSON text, as they came.
The two full-text tables take their content from `item`: `item_title` is small and answers most key presses,
`item_text` is built after the replica is already in use. `word` has every word of titles and tags, `near` its first
letters with one left out, by which a misspelt word is found; see `spelling`. `position` has every item that stands at a
known place, in degrees of WGS 84, from south to north; see `near`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

from sync.packs import Digest

SCHEMA: Final = 3
"""Raised with every change here; a replica of another schema is built again from the base."""

STRIDE: Final = 8

TOP: Final = 20
"""How many items are noted beforehand for a first letter or two."""

TEXT_FIELDS: Final = (
    "kind",
    "title",
    "summary",
    "language",
    "licence",
    "url",
    "starts",
    "ends",
    "rrule",
    "timezone",
    "expires_on",
    "checked_on",
)
JSON_FIELDS: Final = (
    "themes",
    "tags",
    "maker",
    "price",
    "picture",
    "files",
    "place",
    "exdates",
    "shops",
    "attendance",
    "source",
)
LONG_FIELDS: Final = ("translations", "body")
"""Last in the row, so that a card is read without them. `translations` is JSON, `body` is text."""

FIELDS: Final = (*TEXT_FIELDS, *JSON_FIELDS, *LONG_FIELDS)
"""The fields of `sync.records.Item` that have a column of the same name, in the table's order."""

COLUMNS: Final = ("n", "id", "revision", "code", "titles", "words", *FIELDS, "extra")

INDEX_MEMORY_BYTES: Final = 16 << 20
"""Words are gathered in memory up to this before they are written: 1 MiB, the library's own, takes twice the time, as
what was written must then be merged."""

TOKENS: Final = "unicode61 remove_diacritics 2 categories ''L* N* Co Mn Mc''"

TABLES: Final = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE record(collection TEXT, id BLOB, revision INTEGER, line BLOB, PRIMARY KEY(collection, id)) WITHOUT ROWID;
CREATE TABLE item(n INTEGER PRIMARY KEY, {", ".join(COLUMNS[1:])});
CREATE TABLE shelf(name TEXT, n INTEGER, PRIMARY KEY(name, n)) WITHOUT ROWID;
CREATE TABLE position(lat REAL, lon REAL, n INTEGER, PRIMARY KEY(lat, lon, n)) WITHOUT ROWID;
CREATE TABLE word(word TEXT PRIMARY KEY, items INTEGER) WITHOUT ROWID;
CREATE TABLE near(letters TEXT, word TEXT, PRIMARY KEY(letters, word)) WITHOUT ROWID;
CREATE TABLE first_letters(prefix TEXT, n INTEGER, PRIMARY KEY(prefix, n)) WITHOUT ROWID;
CREATE VIRTUAL TABLE item_title USING fts5(
    title, tags, titles, content='item', content_rowid='n', detail=none, columnsize=0, prefix='3',
    tokenize='{TOKENS}');
CREATE VIRTUAL TABLE item_text USING fts5(
    title, tags, titles, summary, words, body, content='item', content_rowid='n', detail=none, columnsize=0,
    tokenize='{TOKENS}');
CREATE VIRTUAL TABLE title_term USING fts5vocab(item_title, 'row');
INSERT INTO item_title(item_title, rank) VALUES('hashsize', {INDEX_MEMORY_BYTES});
INSERT INTO item_text(item_text, rank) VALUES('hashsize', {INDEX_MEMORY_BYTES});
"""

INDEXES: Final = """
CREATE UNIQUE INDEX item_id ON item(id);
CREATE INDEX item_code ON item(code);
CREATE INDEX item_kind ON item(kind);
"""

EVENTS: Final = "has:time"
OFFERS: Final = "has:files"
LIMITED: Final = "has:limits"
COSTS: Final = "has:price"
GIVEN: Final = "is:free"
NOT_ENGLISH: Final = "not:english"
"""Shelves of our own: what has a time, what offers a picture or file, what is not for every shop or every day, what
costs money, what is free though its kind has no price by nature (`filters.UNPRICED`), what cannot be read in English.
"""

TITLE_COLUMNS: Final = ("title", "tags", "titles")
TEXT_COLUMNS: Final = ("title", "tags", "titles", "summary", "words", "body")


def open_for_building(path: Path) -> sqlite3.Connection:
    """A new, empty replica: nothing is safe on disk until `finish_building`."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        "PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384;"
        "PRAGMA temp_store=MEMORY; PRAGMA locking_mode=EXCLUSIVE;" + TABLES
    )
    return db


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The replica in use, for applying deltas: write-ahead log, so that readers never wait."""
    db = sqlite3.connect(path, isolation_level=None, timeout=10)
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384;")
    return db


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The replica in use, for reading in one thread."""
    # closed by whichever thread finds that another replica took its place
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, timeout=5, check_same_thread=False)
    db.execute("PRAGMA query_only=1")
    return db


def meta(db: sqlite3.Connection, key: str) -> Any:
    """A value the replica keeps about itself, None when it has no such."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def set_meta(db: sqlite3.Connection, **values: Any) -> None:
    """Note values about the replica, within the caller's transaction."""
    db.executemany("INSERT OR REPLACE INTO meta VALUES(?,?)", values.items())


def set_digest(db: sqlite3.Connection, digest: Digest) -> None:
    """Note the digest over all that is live."""
    set_meta(db, digest=digest.hex(), count=digest.count)
