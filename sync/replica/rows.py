"""How an item becomes a row: its columns, the words it is found by, and the shelves it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from sync import codes, days
from sync.packs import Table
from sync.records import KINDS, Maker, Place, Price, Translation
from sync.replica import near, schema
from sync.replica.filters import UNPRICED
from sync.replica.near import Position
from sync.replica.words import words_of

KNOWN: Final = frozenset(KINDS)
INSERT: Final = f"INSERT INTO item VALUES({','.join('?' * len(schema.COLUMNS))})"
_HELD: Final = (
    (schema.EVENTS, ("starts",)),
    (schema.OFFERS, ("picture", "files")),
    (schema.LIMITED, ("shops", "expires_on")),
)
"""Shelves of our own, by the fields of which an item on them has at least one."""

_json = msgspec.json.Encoder()
fields_of = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
strings = msgspec.json.Decoder(list[str]).decode
text_of = msgspec.json.Decoder(str).decode
_maker = msgspec.json.Decoder(Maker).decode
_place = msgspec.json.Decoder(Place).decode
_price = msgspec.json.Decoder(Price).decode
_translations = msgspec.json.Decoder(dict[str, Translation]).decode


def columns_of(table: Table, numbers: Sequence[int], ids: Sequence[bytes]) -> dict[str, Iterable[Any]]:
    """The columns of `item` that a table of a base fills, by name; what it lacks stays null."""
    titles, words = search_columns(table)
    for_id = codes.for_id
    columns: dict[str, Iterable[Any]] = {
        "n": numbers,
        "id": ids,
        "revision": table.revisions,
        "code": [code or for_id(raw) for code, raw in zip(table.column("code"), ids, strict=True)],
        "titles": titles,
        "words": words,
    }
    columns |= {name: there for name in schema.FIELDS if (there := table.text.get(name) or table.json.get(name))}
    if (extra := extra_column(table)) is not None:
        columns["extra"] = extra
    return columns


def search_columns(table: Table) -> tuple[Sequence[str | None], Sequence[str | None]]:
    """`titles` and `words` of every record: made of maker, place and translations."""
    makers, places, translations = table.column("maker"), table.column("place"), table.column("translations")
    rules = table.column("rrule")
    known: dict[str | None, str] = {None: ""}
    for maker in makers:
        if maker not in known:
            known[maker] = _maker(maker).name if maker else ""
    titles: list[str | None] = []
    words: list[str | None] = []
    for maker, place, translated, rule in zip(makers, places, translations, rules, strict=True):
        more = _more_words(place, translated, rule) if place or translated or rule else ("", "")
        titles.append(more[0] or None)
        words.append(f"{known[maker]} {more[1]}".strip() or None)
    return titles, words


def _more_words(place: str | bytes | None, translated: str | bytes | None, rule: str | bytes | None) -> tuple[str, str]:
    there = _place(place) if place else Place()
    translations = _translations(translated) if translated else {}
    others = list(translations.values())
    on = days.of_rule(str(rule), tuple(translations)) if rule else []
    return (
        " ".join([*(other.title for other in others), *on]),
        " ".join([there.name, there.address, there.postcode, *(f"{o.summary} {o.body}" for o in others)]).strip(),
    )


def extra_column(table: Table) -> Sequence[str | None] | None:
    """What this version does not know of each item, as one JSON object; None when it knows all."""
    unknown = [name for name in (*table.text, *table.json) if name not in schema.FIELDS and name != "code"]
    if not unknown:
        return None
    extra: list[str | None] = []
    for _raw, _revision, line in table.lines():
        there = {name: value for name, value in fields_of(line).items() if name in unknown}
        extra.append(_json.encode(there).decode() if there else None)
    return extra


def shelve(table: Table, numbers: Sequence[int], shelves: dict[str, list[int]]) -> None:
    """Note on which shelves each row stands."""
    for shelf, fields in _HELD:
        if there := [column for field in fields if (column := table.text.get(field) or table.json.get(field))]:
            held = (n for n, *values in zip(numbers, *there, strict=True) if any(v is not None for v in values))
            shelves.setdefault(shelf, []).extend(held)
    known: dict[str | None, list[str]] = {None: []}
    rows = zip(numbers, table.column("themes"), table.column("language"), table.column("translations"), strict=True)
    for n, themes, language, translations in rows:
        if themes not in known:
            known[themes] = [f"theme:{theme}" for theme in dict.fromkeys(strings(themes or "[]"))]
        for name in known[themes]:
            shelves.setdefault(name, []).append(n)
        for name in language_shelves(language, translations):
            shelves.setdefault(name, []).append(n)
    for n, price, kind in zip(numbers, table.column("price"), table.column("kind"), strict=True):
        if price is not None and (shelf := price_shelf(price, kind)):
            shelves.setdefault(shelf, []).append(n)


def positions(table: Table, numbers: Sequence[int]) -> Iterator[tuple[float, float, int]]:
    """Where each row stands that says so: latitude, longitude and row number."""
    for n, place in zip(numbers, table.column("place"), strict=True):
        if place is not None and (there := position_of(place)):
            yield (*there, n)


def position_of(place: str | bytes | None) -> Position | None:
    """Where a row stands, by its column `place`."""
    return near.position_of(_place(place)) if place else None


def language_shelves(language: str | None, translations: str | bytes | None) -> list[str]:
    """Shelves by language; nearly everything is in English, so that what is not is noted in its place."""
    if translations is None:
        return [] if language in ("en", None) else [f"language:{language}", schema.NOT_ENGLISH]
    spoken = dict.fromkeys([language or "en", *_translations(translations)])
    others = [f"language:{code}" for code in spoken if code != "en"]
    return others if "en" in spoken else [*others, schema.NOT_ENGLISH]


def price_shelf(price: str | bytes | None, kind: str | None) -> str:
    """The shelf for what costs something, or says that it does not where that is not understood; else none."""
    if price is None:
        return ""
    if _price(price).amount_pence != 0:
        return schema.COSTS
    return schema.GIVEN if kind in UNPRICED else ""


def title_words(row: Mapping[str, Any]) -> set[str]:
    """Every word of a row's title, its translations' and its tags."""
    return {word for column in schema.TITLE_COLUMNS if (text := row[column]) for word in words_of(text)}


def first_letters(words: Iterable[str]) -> set[str]:
    """The first letter and the first two of every word."""
    return {word[:letters] for word in words for letters in (1, 2)}


def row_of(n: int, raw: bytes, revision: int, fields: dict[str, msgspec.Raw]) -> list[Any]:
    """An item's line as a row of `item`."""

    def text(name: str) -> str | None:
        return text_of(fields[name]) if name in fields else None

    def json(name: str) -> str | None:
        return bytes(fields[name]).decode() if name in fields else None

    place, translations = json("place"), json("translations")
    titles, more = _more_words(place, translations, text("rrule"))
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


def shelves_of(row: Mapping[str, Any]) -> Iterator[str]:
    """The shelves that a row of `item` stands on."""
    for theme in dict.fromkeys(strings(row["themes"] or "[]")):
        yield f"theme:{theme}"
    yield from language_shelves(row["language"], row["translations"])
    if shelf := price_shelf(row["price"], row["kind"]):
        yield shelf
    for shelf, fields in _HELD:
        if any(row[field] is not None for field in fields):
            yield shelf
