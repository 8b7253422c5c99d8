"""A base becomes a replica: into an empty file, rows and titles first, the full text once it is in use."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sync.packs import Digest, Piece, Table
from sync.replica import near, rows, schema, spelling


def build(path: Path, pieces: Iterable[Piece]) -> None:
    """Put a whole base into a new file: rows, indexes and the title index. It can be browsed after this.

    The file is safe on disk afterwards, but unchecked: `apply` compares it with what the hub signed.

    Raises:
        RecordError: a piece is not what it should be.
    """
    path.unlink(missing_ok=True)
    db = schema.open_for_building(path)
    digest = Digest()
    stand = _Stand()
    n, to = schema.STRIDE, 0
    try:
        db.execute("BEGIN")
        for piece in pieces:
            to = piece.to
            for table in piece.tables:
                ids = table.id_bytes()
                digest.add_all(table.collection, ids, table.revisions)
                if table.collection == "item":
                    n = _insert_items(db, table, ids, n, stand)
                else:
                    insert_records(db, table.collection, table.lines())
        for name in sorted(stand.shelves):
            db.executemany("INSERT INTO shelf VALUES(?,?)", ((name, row) for row in stand.shelves[name]))
        near.add(db, sorted(stand.positions))
        for statement in schema.INDEXES.strip().split(";\n"):
            db.execute(statement)
        db.execute("INSERT INTO item_title(item_title) VALUES('rebuild')")
        spelling.fill(db)
        _fill_first_letters(db)
        schema.set_meta(db, schema=schema.SCHEMA, revision=to, text_complete=0)
        schema.set_digest(db, digest)
        db.execute("COMMIT")
    finally:
        db.close()
    with path.open("rb") as written:
        os.fsync(written.fileno())


def build_text(db: sqlite3.Connection) -> None:
    """Build the full-text index of a replica that is in use, in one transaction; does nothing when it is there."""
    if schema.meta(db, "text_complete"):
        return
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO item_text(item_text) VALUES('rebuild')")
    schema.set_meta(db, text_complete=1)
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the log stays as long as the index for good


@dataclass
class _Stand:
    """Which rows stand on which shelf, and where those stand that say so; written last, in order."""

    shelves: dict[str, list[int]] = field(default_factory=dict)
    positions: list[tuple[float, float, int]] = field(default_factory=list)


def _insert_items(db: sqlite3.Connection, table: Table, ids: list[bytes], n: int, stand: _Stand) -> int:
    """Insert a table of items from row number `n` on; returns the row number after the last."""
    unknown = {str(kind) for kind in set(table.column("kind"))} - rows.KNOWN
    if unknown:
        return _insert_mixed_items(db, table, n, stand)
    numbers = range(n, n + schema.STRIDE * len(ids), schema.STRIDE)
    columns = rows.columns_of(table, numbers, ids)
    insert = f"INSERT INTO item({','.join(columns)}) VALUES({','.join('?' * len(columns))})"
    db.executemany(insert, zip(*columns.values(), strict=True))
    rows.shelve(table, numbers, stand.shelves)
    stand.positions += rows.positions(table, numbers)
    return numbers.stop


def _insert_mixed_items(db: sqlite3.Connection, table: Table, n: int, stand: _Stand) -> int:
    """The slow way, a record at a time, for a table that holds kinds this version does not know."""
    for raw, revision, line in table.lines():
        fields = rows.fields_of(line)
        if rows.text_of(fields.get("kind", b'""')) in rows.KNOWN:
            row = rows.row_of(n, raw, revision, fields)
            db.execute(rows.INSERT, row)
            named = dict(zip(schema.COLUMNS, row, strict=True))
            for name in rows.shelves_of(named):
                stand.shelves.setdefault(name, []).append(n)
            if there := rows.position_of(named["place"]):
                stand.positions.append((*there, n))
            n += schema.STRIDE
        else:
            insert_records(db, "item", [(raw, revision, line)])
    return n


def insert_records(db: sqlite3.Connection, collection: str, lines: Iterable[tuple[bytes, int, bytes]]) -> None:
    """Keep records as they came: (id, revision, line) each."""
    db.executemany(
        "INSERT OR REPLACE INTO record VALUES(?,?,?,?)",
        ((collection, raw, revision, line) for raw, revision, line in lines),
    )


def _fill_first_letters(db: sqlite3.Connection) -> None:
    """The best items for every first letter or two of a title word."""
    top: dict[str, list[int]] = {}
    for one, two in db.execute("SELECT DISTINCT substr(word, 1, 1), substr(word, 1, 2) FROM word"):
        top[one], top[two] = [], []
    best = db.execute(f"SELECT n, {', '.join(schema.TITLE_COLUMNS)} FROM item ORDER BY n LIMIT 3000")
    for n, *texts in best:
        words = rows.title_words(dict(zip(schema.TITLE_COLUMNS, texts, strict=True)))
        for prefix in rows.first_letters(words):
            if len(numbers := top.setdefault(prefix, [])) < schema.TOP:
                numbers.append(n)
    seen = db.execute("SELECT count(*) FROM item").fetchone()[0]
    for prefix, numbers in top.items():
        if len(numbers) < schema.TOP and seen > 3000:
            top[prefix] = _match_prefix(db, prefix)
    db.executemany("INSERT INTO first_letters VALUES(?,?)", ((p, n) for p, ns in sorted(top.items()) for n in ns))


def _match_prefix(db: sqlite3.Connection, prefix: str) -> list[int]:
    found = db.execute("SELECT rowid FROM item_title WHERE item_title MATCH ? LIMIT ?", (f'"{prefix}"*', schema.TOP))
    return [n for (n,) in found]
