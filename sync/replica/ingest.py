"""How packs become a replica: a base into an empty file, deltas into the one in use.

Both keep the digest over everything that is live, so that the end of a pass can check the whole against what the
hub signed without reading it all again.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from sync import codes
from sync.errors import CheckFailedError, RecordError
from sync.packs import Digest, Piece, Table, read_delta
from sync.records import KINDS, Item, Line, Maker, Place, State, Translation
from sync.replica import schema
from sync.replica.words import words_of

_KNOWN: Final = frozenset(KINDS)
_INSERT: Final = f"INSERT INTO item VALUES({','.join('?' * len(schema.COLUMNS))})"
_json = msgspec.json.Encoder()
_fields_of = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_strings = msgspec.json.Decoder(list[str]).decode
_maker = msgspec.json.Decoder(Maker).decode
_place = msgspec.json.Decoder(Place).decode
_translations = msgspec.json.Decoder(dict[str, Translation]).decode
_item = msgspec.json.Decoder(Item).decode
_text = msgspec.json.Decoder(str).decode


def rank(item: Item) -> int:
    """How early an item stands on its shelf; higher is earlier.

    How much a visitor can do with it (a file, a picture, someone who made it, a licence), then how lately it was
    checked. Whoever packs a base sorts by this, best first.
    """
    whole = bool(item.files) * 3 + bool(item.picture) * 2 + bool(item.maker) + bool(item.licence)
    return whole * 100_000 + _days(item.checked_on)


def _days(day: str) -> int:
    try:
        return (dt.date.fromisoformat(day) - dt.date(2000, 1, 1)).days
    except ValueError:
        return 0


# -- base ------------------------------------------------------------------------------------------------------


def build(path: Path, pieces: Iterable[Piece]) -> None:
    """Put a whole base into a new file: rows, indexes and the title index. It can be browsed after this.

    The file is safe on disk afterwards, but unchecked: `apply` compares it with what the hub signed.

    Raises:
        RecordError: a piece is not what it should be.
    """
    path.unlink(missing_ok=True)
    db = schema.open_for_building(path)
    digest = Digest()
    shelves: dict[str, list[int]] = {}
    n, to = schema.STRIDE, 0
    try:
        db.execute("BEGIN")
        for piece in pieces:
            to = piece.to
            for table in piece.tables:
                _count(digest, table)
                if table.collection == "item":
                    n = _insert_items(db, table, n, shelves)
                else:
                    _insert_records(db, table.collection, table.lines())
        for name in sorted(shelves):
            db.executemany("INSERT INTO shelf VALUES(?,?)", ((name, row) for row in shelves[name]))
        for statement in schema.INDEXES.strip().split(";\n"):
            db.execute(statement)
        db.execute("INSERT INTO item_title(item_title) VALUES('rebuild')")
        _fill_first_letters(db)
        _set(db, schema=schema.SCHEMA, revision=to, text_complete=0)
        _set_digest(db, digest)
        db.execute("COMMIT")
    finally:
        db.close()
    with path.open("rb") as written:
        os.fsync(written.fileno())


def build_text(db: sqlite3.Connection) -> None:
    """Build the full-text index of a replica that is in use, in one transaction; does nothing when it is there."""
    if meta(db, "text_complete"):
        return
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO item_text(item_text) VALUES('rebuild')")
    _set(db, text_complete=1)
    db.execute("COMMIT")


def _count(digest: Digest, table: Table) -> None:
    add = digest.add
    for raw, revision in zip(table.id_bytes(), table.revisions, strict=True):
        add(table.collection, raw, revision)


def _insert_items(db: sqlite3.Connection, table: Table, n: int, shelves: dict[str, list[int]]) -> int:
    """Insert a table of items from row number `n` on; returns the row number after the last."""
    ids = table.id_bytes()
    unknown = {str(kind) for kind in set(table.column("kind"))} - _KNOWN
    if unknown:
        return _insert_mixed_items(db, table, n, shelves)
    numbers = range(n, n + schema.STRIDE * len(ids), schema.STRIDE)
    codes_there = table.column("code")
    for_id = codes.for_id
    columns: list[Iterable[Any]] = [
        numbers,
        ids,
        table.revisions,
        [code or for_id(raw) for code, raw in zip(codes_there, ids, strict=True)],
        *_search_columns(table),
        *(table.column(field) for field in schema.FIELDS),
        _extra_column(table),
    ]
    db.executemany(_INSERT, zip(*columns, strict=True))
    _shelve(table, numbers, shelves)
    return numbers.stop


def _insert_mixed_items(db: sqlite3.Connection, table: Table, n: int, shelves: dict[str, list[int]]) -> int:
    """The slow way, a record at a time, for a table that holds kinds this version does not know."""
    for raw, revision, line in table.lines():
        fields = _fields_of(line)
        if _text(fields.get("kind", b'""')) in _KNOWN:
            row = _row(n, raw, revision, fields)
            db.execute(_INSERT, row)
            for name in _shelves_of(fields):
                shelves.setdefault(name, []).append(n)
            n += schema.STRIDE
        else:
            _insert_records(db, "item", [(raw, revision, line)])
    return n


def _insert_records(db: sqlite3.Connection, collection: str, lines: Iterable[tuple[bytes, int, bytes]]) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO record VALUES(?,?,?,?)",
        ((collection, raw, revision, line) for raw, revision, line in lines),
    )


def _search_columns(table: Table) -> tuple[Sequence[str | None], Sequence[str | None]]:
    """`titles` and `words` of every record: made of maker, place and translations."""
    makers, places, translations = table.column("maker"), table.column("place"), table.column("translations")
    known: dict[str | None, str] = {None: ""}
    for maker in makers:
        if maker not in known:
            known[maker] = _maker(maker).name if maker else ""
    titles: list[str | None] = []
    words: list[str | None] = []
    for maker, place, translated in zip(makers, places, translations, strict=True):
        more = _more_words(place, translated) if place or translated else ("", "")
        titles.append(more[0] or None)
        words.append(f"{known[maker]} {more[1]}".strip() or None)
    return titles, words


def _more_words(place: str | bytes | None, translated: str | bytes | None) -> tuple[str, str]:
    there = _place(place) if place else Place()
    others = list(_translations(translated).values()) if translated else []
    return (
        " ".join(other.title for other in others),
        " ".join([there.name, there.address, there.postcode, *(f"{o.summary} {o.body}" for o in others)]).strip(),
    )


def _extra_column(table: Table) -> Sequence[str | None]:
    """What this version does not know of each item, as one JSON object."""
    unknown = [name for name in (*table.text, *table.json) if name not in schema.FIELDS and name != "code"]
    if not unknown:
        return [None] * len(table.revisions)
    extra: list[str | None] = []
    for _raw, _revision, line in table.lines():
        there = {name: value for name, value in _fields_of(line).items() if name in unknown}
        extra.append(_json.encode(there).decode() if there else None)
    return extra


def _shelve(table: Table, numbers: Iterable[int], shelves: dict[str, list[int]]) -> None:
    """Note under which themes and languages each row stands."""
    known: dict[str | None, list[str]] = {None: []}
    rows = zip(numbers, table.column("themes"), table.column("language"), table.column("translations"), strict=True)
    for n, themes, language, translations in rows:
        if themes not in known:
            known[themes] = [f"theme:{theme}" for theme in dict.fromkeys(_strings(themes or "[]"))]
        for name in known[themes]:
            shelves.setdefault(name, []).append(n)
        for name in _language_shelves(language, translations):
            shelves.setdefault(name, []).append(n)


def _language_shelves(language: str | None, translations: str | bytes | None) -> list[str]:
    """Shelves by language; English, which nearly everything has, needs none."""
    if translations is None:
        return [] if language in ("en", None) else [f"language:{language}"]
    spoken = dict.fromkeys([language or "en", *_translations(translations)])
    return [f"language:{code}" for code in spoken if code != "en"]


def _fill_first_letters(db: sqlite3.Connection) -> None:
    """The best items for every first letter or two of a title word."""
    wanted: set[str] = set()
    for (term,) in db.execute("SELECT term FROM title_term"):
        wanted.update((term[:1], term[:2]))
    top: dict[str, list[int]] = {prefix: [] for prefix in wanted}
    rows = db.execute("SELECT n, title, tags, titles FROM item ORDER BY n LIMIT 3000")
    for n, *texts in rows:
        for prefix in _first_letters(*texts):
            if len(numbers := top.setdefault(prefix, [])) < schema.TOP:
                numbers.append(n)
    seen = db.execute("SELECT count(*) FROM item").fetchone()[0]
    for prefix, numbers in top.items():
        if len(numbers) < schema.TOP and seen > 3000:
            top[prefix] = _match_prefix(db, prefix)
    db.executemany("INSERT INTO first_letters VALUES(?,?)", ((p, n) for p, ns in sorted(top.items()) for n in ns))


def _first_letters(*texts: str | None) -> set[str]:
    words = {word for text in texts if text for word in words_of(text)}
    return {word[:1] for word in words} | {word[:2] for word in words}


def _match_prefix(db: sqlite3.Connection, prefix: str) -> list[int]:
    found = db.execute("SELECT rowid FROM item_title WHERE item_title MATCH ? LIMIT ?", (f'"{prefix}"*', schema.TOP))
    return [n for (n,) in found]


# -- deltas ----------------------------------------------------------------------------------------------------


def apply(db: sqlite3.Connection, packs: Iterable[bytes], state: State) -> None:
    """Bring the replica in use up to `state.revision`: all packs in one transaction, checked before it commits.

    Raises:
        RecordError: a line is not what it should be; nothing was changed.
        CheckFailedError: the outcome is not what the hub signed; nothing was changed.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        digest = Digest(int(meta(db, "digest"), 16), meta(db, "count"))
        known = meta(db, "revision")
        for packed in packs:
            for line, content in read_delta(packed):
                if line.revision > known:
                    _apply_line(db, digest, line, content)
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
    _set(db, revision=state.revision, state=_json.encode(state).decode())
    _set_digest(db, digest)


def _apply_line(db: sqlite3.Connection, digest: Digest, line: Line, content: bytes) -> None:
    raw = UUID(line.id).bytes
    n = _take_out(db, digest, line.collection, raw)
    if line.gone:
        return
    digest.add(line.collection, raw, line.revision)
    fields = _fields_of(content)
    if line.collection != "item" or _text(fields.get("kind", b'""')) not in _KNOWN:
        _insert_records(db, line.collection, [(raw, line.revision, content)])
        return
    try:
        item = _item(content)
    except msgspec.ValidationError as error:
        raise RecordError(f"item {line.id} at revision {line.revision}: {error}") from error
    row = _row(n or _free_row(db, item), raw, line.revision, fields)
    db.execute(_INSERT, row)
    named = dict(zip(schema.COLUMNS, row, strict=True))
    _index(db, named, "")
    db.executemany("INSERT INTO shelf VALUES(?,?)", ((name, row[0]) for name in _shelves_of(fields)))
    letters = _first_letters(*(named[column] for column in schema.TITLE_COLUMNS))
    db.executemany("INSERT OR IGNORE INTO first_letters VALUES(?,?)", ((prefix, row[0]) for prefix in letters))


def _take_out(db: sqlite3.Connection, digest: Digest, collection: str, raw: bytes) -> int | None:
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
    _index(db, row, "'delete',")
    letters = _first_letters(*(row[column] for column in schema.TITLE_COLUMNS))
    db.executemany("DELETE FROM first_letters WHERE prefix = ? AND n = ?", ((prefix, n) for prefix in letters))
    stands_on = [f"theme:{theme}" for theme in _strings(row["themes"] or "[]")]
    stands_on += _language_shelves(row["language"], row["translations"])
    db.executemany("DELETE FROM shelf WHERE name = ? AND n = ?", ((name, n) for name in stands_on))
    db.execute("DELETE FROM item WHERE n = ?", (n,))
    return n


def _index(db: sqlite3.Connection, row: dict[str, Any], delete: str) -> None:
    """Put a row's words into the full-text tables, or take out just those that had been put in."""
    tables: list[tuple[str, tuple[str, ...]]] = [("item_title", schema.TITLE_COLUMNS)]
    if meta(db, "text_complete"):
        tables.append(("item_text", schema.TEXT_COLUMNS))
    for table, columns in tables:
        names = (f"{table}, " if delete else "") + "rowid, " + ", ".join(columns)
        marks = ",".join("?" * (1 + len(columns)))
        values = [row["n"], *(row[column] for column in columns)]
        db.execute(f"INSERT INTO {table}({names}) VALUES({delete}{marks})", values)


def _free_row(db: sqlite3.Connection, item: Item) -> int:
    """A row number near where the item's rank belongs; where the gap is full, the next free one after it."""
    low, high = 0, db.execute("SELECT coalesce(max(n), 0) + ? FROM item", (schema.STRIDE,)).fetchone()[0]
    mine = rank(item)
    while high - low > 1:
        middle = (low + high) // 2
        found = db.execute(
            "SELECT n, files, picture, maker, licence, checked_on FROM item WHERE n >= ? ORDER BY n LIMIT 1",
            (middle,),
        ).fetchone()
        if found is None or found[0] >= high or _rank_of_row(found[1:]) < mine:
            high = middle
        else:
            low = found[0]
    n = low + 1
    for (taken,) in db.execute("SELECT n FROM item WHERE n >= ? ORDER BY n", (n,)):
        if taken != n:
            break
        n += 1
    return n


def _rank_of_row(columns: tuple[Any, ...]) -> int:
    files, picture, maker, licence, checked_on = columns
    whole = (files not in (None, "[]")) * 3 + bool(picture) * 2 + bool(maker) + bool(licence)
    return whole * 100_000 + _days(checked_on or "")


def _row(n: int, raw: bytes, revision: int, fields: dict[str, msgspec.Raw]) -> list[Any]:
    """An item's line as a row of `item`."""

    def text(name: str) -> str | None:
        return _text(fields[name]) if name in fields else None

    def json(name: str) -> str | None:
        return bytes(fields[name]).decode() if name in fields else None

    place, translations = json("place"), json("translations")
    titles, more = _more_words(place, translations)
    maker = json("maker")
    words = f"{_maker(maker).name if maker else ''} {more}".strip()
    is_text = frozenset((*schema.TEXT_FIELDS, "body"))
    unknown = {name: value for name, value in fields.items() if name not in schema.FIELDS and name not in _ENVELOPE}
    return [
        n,
        raw,
        revision,
        text("code") or codes.for_id(raw),
        titles or None,
        words or None,
        *(text(name) if name in is_text else json(name) for name in schema.FIELDS),
        _json.encode(unknown).decode() if unknown else None,
    ]


_ENVELOPE: Final = ("c", "id", "r", "code")


def _shelves_of(fields: dict[str, msgspec.Raw]) -> Iterator[str]:
    for theme in dict.fromkeys(_strings(fields.get("themes", b"[]"))):
        yield f"theme:{theme}"
    translations = fields.get("translations")
    yield from _language_shelves(
        _text(fields["language"]) if "language" in fields else None,
        bytes(translations) if translations else None,
    )


# -- what a replica says of itself -----------------------------------------------------------------------------


def meta(db: sqlite3.Connection, key: str) -> Any:
    """A value the replica keeps about itself, None when it has no such."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def _set(db: sqlite3.Connection, **values: Any) -> None:
    db.executemany("INSERT OR REPLACE INTO meta VALUES(?,?)", values.items())


def _set_digest(db: sqlite3.Connection, digest: Digest) -> None:
    _set(db, digest=digest.hex(), count=digest.count)
