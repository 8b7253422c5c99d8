"""Read items/*.md into items, check them against the house rules, and write them one a line.

An item file is TOML between two ``+++`` lines, then its body. ``translations/LANG/NAME.md`` translates
``items/NAME.md``, and says in ``review`` what it still wants of a native reader.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

from bodies import BodyError, count_words, read_blocks
from reading import reading_age

HERE = Path(__file__).resolve().parent
ITEMS = HERE / "items"
TRANSLATIONS = HERE / "translations"
NDJSON = HERE / "items.ndjson"

KINDS = ("guide", "app", "toolkit", "service", "event", "offer", "want", "skill", "project", "news", "space")
THEMES = ("food", "shelter", "transport", "security", "community", "skills")
LANGUAGES = ("cy", "pl", "ur", "bn", "pa", "ar")
FIELDS = (
    "key", "kind", "title", "summary", "body", "language", "themes", "tags", "maker", "licence",
    "price", "url", "files", "picture", "place", "starts", "ends", "timezone", "rrule", "exdates",
    "attendance", "expires_on", "checked_on", "source", "translations",
)  # fmt: skip
TOOL_FIELDS = ("draw", "review")
NEEDED = (
    "key",
    "kind",
    "title",
    "summary",
    "body",
    "language",
    "themes",
    "tags",
    "maker",
    "licence",
    "checked_on",
)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

TITLE_MAX_CHARS = 60
SUMMARY_MAX_CHARS = 200
BODY_MIN_WORDS, BODY_MAX_WORDS = 120, 350
READING_AGE_MAX_YEARS = 9

Item = dict[str, Any]


class CatalogueError(Exception):
    """An item file breaks a rule; the message names the file."""


def read_items(folder: Path = ITEMS) -> list[Item]:
    """All items in order of file name, with their translations, checked. ``draw`` and ``review`` are kept."""
    items = []
    for path in sorted(folder.glob("*.md")):
        item = read_item(path)
        there = {lang: TRANSLATIONS / lang / path.name for lang in LANGUAGES}
        if translations := {lang: read_translation(its) for lang, its in there.items() if its.exists()}:
            item["translations"] = translations
        check_item(item, path)
        items.append(item)
    _check_keys(items)
    _check_translations(folder)
    return items


def read_item(path: Path) -> Item:
    """The front matter of one file and its body."""
    parts = path.read_text("utf-8").split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise CatalogueError(f"{path.name}: front matter must stand between two +++ lines")
    try:
        return tomllib.loads(parts[1]) | {"body": parts[2].strip()}
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def read_translation(path: Path) -> dict[str, Any]:
    """Title, summary and body of one item in another language."""
    item = read_item(path)
    _check_words(item, path)
    words = {name: item[name] for name in ("title", "summary", "body")}
    return words | {"unchecked": True} if item.get("review") else words


def check_item(item: Item, path: Path) -> None:
    """Raise CatalogueError when an item breaks a rule of the house."""
    faults = [f"no {name}" for name in NEEDED if name not in item]
    faults += [f"unknown field {name}" for name in item if name not in FIELDS + TOOL_FIELDS]
    if faults:
        raise CatalogueError(f"{path.name}: " + "; ".join(faults))
    _check_words(item, path)
    if not BODY_MIN_WORDS <= count_words(item["body"]) <= BODY_MAX_WORDS:
        faults.append(f"body has {count_words(item['body'])} words")
    if item["kind"] not in KINDS or not 1 <= len(item["themes"]) <= 2 or set(item["themes"]) - set(THEMES):
        faults.append("wrong kind or themes")
    if not 3 <= len(item["tags"]) <= 6:
        faults.append("wants 3 to 6 tags")
    faults += _reading_faults(item) + _picture_faults(item) + _date_faults(item)
    if faults:
        raise CatalogueError(f"{path.name}: " + "; ".join(faults))


def _check_words(item: Item, path: Path) -> None:
    if len(item["title"]) > TITLE_MAX_CHARS or len(item["summary"]) > SUMMARY_MAX_CHARS:
        raise CatalogueError(f"{path.name}: title or summary is too long")
    try:
        read_blocks(item["body"])
    except BodyError as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _reading_faults(item: Item) -> list[str]:
    ages = {"title and summary": reading_age(item["title"], item["summary"]), "body": reading_age(item["body"])}
    return [
        f"{name} wants a reader of {age:.1f}: shorter words and sentences"
        for name, age in ages.items()
        if age > READING_AGE_MAX_YEARS
    ]


def _picture_faults(item: Item) -> list[str]:
    expected = [f"pictures/{item.get('draw')}-{theme}.png" for theme in item["themes"]]
    return [] if item.get("picture") in expected else [f"picture should be one of {expected}"]


def _date_faults(item: Item) -> list[str]:
    """Starts, weekdays of the rule and exdates must agree."""
    starts = item.get("starts")
    days = weekdays_of(item)
    if starts is None or not days:
        return []
    faults = [] if starts.weekday() in days else ["starts is not on a day of its rule"]
    for exdate in item.get("exdates", []):
        if exdate.time() != starts.time() or exdate.weekday() not in days:
            faults.append(f"exdate {exdate} does not meet the rule")
    return faults


def weekdays_of(item: Item) -> set[int]:
    """The days of the week (Monday is 0) that a rule names, as `SA` or `1SA`; empty when the item has none."""
    parts = dict(part.split("=", 1) for part in item.get("rrule", "").split(";") if part)
    return {WEEKDAYS.index(day[-2:]) for day in parts.get("BYDAY", "").split(",") if day}


def _check_keys(items: list[Item]) -> None:
    keys = [item["key"] for item in items]
    if len(set(keys)) != len(keys) or not all(key.startswith("demo-") for key in keys):
        raise CatalogueError("every key must start with demo- and be used once")


def _check_translations(folder: Path) -> None:
    strays = [path for path in TRANSLATIONS.glob("*/*.md") if not (folder / path.name).exists()]
    if strays:
        raise CatalogueError(f"{strays[0].relative_to(HERE)}: there is no item of that name")


def to_ndjson(items: list[Item]) -> str:
    """One item a line, fields in the order of FIELDS, without the fields that only this tool reads."""
    return "".join(_to_line(item) + "\n" for item in items)


def _to_line(item: Item) -> str:
    ordered = {name: item[name] for name in FIELDS if name in item}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, dt.date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} to JSON")
