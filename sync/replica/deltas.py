"""Deltas are applied to the replica in use: all in one transaction, which commits only if the outcome is what the hub
signed. The digest is kept record by record, so nothing else has to be read again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec

from sync.errors import CheckFailedError, RecordError
from sync.packs import Digest, read_delta
from sync.records import Item, Line, State
from sync.replica import near, rows, schema, spelling
from sync.replica import rank as ranking
from sync.replica.base import insert_records

_MOST_WAITING: Final = 4_000
"""So many rows' changes to the full-text tables are kept in memory."""

_json = msgspec.json.Encoder()
_item = msgspec.json.Decoder(Item).decode


def apply(db: sqlite3.Connection, packs: Iterable[bytes], state: State) -> None:
    """Bring the replica in use up to `state.revision`: all packs in one transaction, checked before it commits.

    Raises:
        RecordError: a line is not what it should be; nothing was changed.
        CheckFailedError: the outcome is not what the hub signed; nothing was changed.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        digest = Digest(int(schema.meta(db, "digest"), 16), schema.meta(db, "count"))
        known = schema.meta(db, "revision")
        index = _Index(db)
        for packed in packs:
            reached = known
            for line, content in read_delta(packed):
                if line.revision > reached:
                    _apply_line(db, index, digest, line, content)
                    known = max(known, line.revision)
        index.write()
        _finish(db, digest, state)
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _finish(db: sqlite3.Connection, digest: Digest, state: State) -> None:
    """Compare with what the hub signed, and note that the replica is now there."""
    if (digest.count, digest.hex()) != (state.count, state.digest):
        raise CheckFailedError(
            f"at revision {state.revision} the replica holds {digest.count} records with digest {digest.hex()}, "
            f"the hub signed {state.count} with {state.digest}"
        )
    schema.set_meta(db, revision=state.revision, state=_json.encode(state).decode())
    schema.set_digest(db, digest)


class _Index:
    """What is to change in the full-text tables, kept until it is much, then written in the order of the rows.

    Out of order, the library writes every single change to disk as an index of its own, to be merged later: a hundred
    changed items took half a second.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._old: dict[int, dict[str, Any]] = {}
        self._new: dict[int, dict[str, Any]] = {}
        self._tables: list[tuple[str, tuple[str, ...]]] = [("item_title", schema.TITLE_COLUMNS)]
        if schema.meta(db, "text_complete"):
            self._tables.append(("item_text", schema.TEXT_COLUMNS))

    def take_out(self, row: dict[str, Any]) -> None:
        """The words of a row go, just those that had been put in."""
        if self._new.pop(row["n"], None) is None:
            self._old[row["n"]] = row

    def put(self, row: dict[str, Any]) -> None:
        """The words of a row come."""
        self._new[row["n"]] = row
        if len(self._new) + len(self._old) >= _MOST_WAITING:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        for table, columns in self._tables:
            names, marks = ", ".join(("rowid", *columns)), ",".join("?" * (1 + len(columns)))
            delete = f"INSERT INTO {table}({table}, {names}) VALUES('delete',{marks})"
            insert = f"INSERT INTO {table}({names}) VALUES({marks})"
            for n in sorted(self._old.keys() | self._new.keys()):
                for rows_there, statement in ((self._old, delete), (self._new, insert)):
                    if row := rows_there.get(n):
                        self._db.execute(statement, [n, *(row[column] for column in columns)])
        self._old.clear()
        self._new.clear()


def _apply_line(db: sqlite3.Connection, index: _Index, digest: Digest, line: Line, content: bytes) -> None:
    raw = UUID(line.id).bytes
    n = _take_out(db, index, digest, line.collection, raw)
    if line.gone:
        return
    digest.add(line.collection, raw, line.revision)
    fields = rows.fields_of(content)
    if line.collection != "item" or rows.text_of(fields.get("kind", b'""')) not in rows.KNOWN:
        insert_records(db, line.collection, [(raw, line.revision, content)])
        return
    try:
        item = _item(content)
    except msgspec.ValidationError as error:
        raise RecordError(f"item {line.id} at revision {line.revision}: {error}") from error
    row = rows.row_of(n or _free_row(db, item), raw, line.revision, fields)
    db.execute(rows.INSERT, row)
    named = dict(zip(schema.COLUMNS, row, strict=True))
    index.put(named)
    db.executemany("INSERT INTO shelf VALUES(?,?)", ((name, row[0]) for name in rows.shelves_of(named)))
    if there := rows.position_of(named["place"]):
        near.add(db, [(*there, row[0])])
    words = rows.title_words(named)
    spelling.add(db, words)
    letters = ((start, row[0]) for start in rows.first_letters(words))
    db.executemany("INSERT OR IGNORE INTO first_letters VALUES(?,?)", letters)


def _take_out(db: sqlite3.Connection, index: _Index, digest: Digest, collection: str, raw: bytes) -> int | None:
    """Remove a record with all that points to it; returns the row number an item had."""
    kept = db.execute("SELECT revision FROM record WHERE collection = ? AND id = ?", (collection, raw)).fetchone()
    if kept:
        digest.remove(collection, raw, kept[0])
        db.execute("DELETE FROM record WHERE collection = ? AND id = ?", (collection, raw))
    if collection != "item":
        return None
    there = db.execute("SELECT * FROM item WHERE id = ?", (raw,)).fetchone()
    if not there:
        return None
    row = dict(zip(schema.COLUMNS, there, strict=True))
    n: int = row["n"]
    digest.remove("item", raw, row["revision"])
    index.take_out(row)
    letters = ((start, n) for start in rows.first_letters(rows.title_words(row)))
    db.executemany("DELETE FROM first_letters WHERE prefix = ? AND n = ?", letters)
    db.executemany("DELETE FROM shelf WHERE name = ? AND n = ?", ((name, n) for name in rows.shelves_of(row)))
    if there_before := rows.position_of(row["place"]):
        near.remove(db, there_before, n)
    db.execute("DELETE FROM item WHERE n = ?", (n,))
    return n


def _free_row(db: sqlite3.Connection, item: Item) -> int:
    """A row number near where the item's rank belongs; where the gap is full, the next free one after it."""
    low, high = 0, db.execute("SELECT coalesce(max(n), 0) + ? FROM item", (schema.STRIDE,)).fetchone()[0]
    mine = ranking.rank(item)
    while high - low > 1:
        middle = (low + high) // 2
        found = db.execute(
            "SELECT n, files, picture, maker, licence, checked_on FROM item WHERE n >= ? ORDER BY n LIMIT 1",
            (middle,),
        ).fetchone()
        if found is None or found[0] >= high or ranking.of_columns(*found[1:]) < mine:
            high = middle
        else:
            low = found[0]
    n = low + 1
    for (taken,) in db.execute("SELECT n FROM item WHERE n >= ? ORDER BY n", (n,)):
        if taken != n:
            break
        n += 1
    return n
