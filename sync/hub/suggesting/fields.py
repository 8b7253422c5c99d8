"""What a maker may type, how much of it, and what is said where it cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import uuid_utils

from sync import wording
from sync.hub import cells
from sync.hub.items import form
from sync.records import KINDS, Item
from sync.words import N_, N_of, _, count_of

MOST_LETTERS: Final = {
    "title": 120,
    "summary": 1_000,
    "url": 500,
    "maker": 120,
    "place": 120,
    "address": 200,
    "postcode": 12,
    "day": 10,
    "from": 8,
    "to": 8,
    "contact": 200,
}
_LEAST_SUMMARY: Final = 20
_CHOSEN: Final = ("kind", "language")
_WRONG: Final = {
    "kind": N_("Please choose what it is."),
    "title": N_("Please say what it is called."),
    "summary": N_("Please tell us a little more: a sentence or two."),
    "url": N_("This is no web address. It should look like https://example.org"),
    "day": N_("Please say on which day it is, and from what time."),
    "maker": N_("Please say who makes or offers it."),
}
_TIMES: Final = N_("The times do not fit together. Please look at them once more.")
_SOMETHING: Final = N_("Please look at this once more.")
_TOO_LONG: Final = N_of("Please make this shorter: {} letter at most.", "Please make this shorter: {} letters at most.")


@dataclass
class Suggested:
    """A form that was sent: the text of each field, the item that it makes, how to reach the maker, what is wrong."""

    values: dict[str, str]
    item: Item
    contact: str
    wrong: dict[str, str] = field(default_factory=dict)


def empty(language: str) -> dict[str, str]:
    """The text of each field before anything was typed."""
    there = language if language in wording.LANGUAGES else "en"
    return {**dict.fromkeys(MOST_LETTERS, ""), "kind": "", "language": there}


def _why(name: str) -> str:
    return _(_WRONG.get(name, _SOMETHING))


def read(sent: Mapping[str, str]) -> Suggested:
    """What was sent. Only the fields of this form count, whatever else is in it."""
    values = {name: _text(sent.get(name, "")) for name in (*_CHOSEN, *MOST_LETTERS)}
    if values["language"] not in wording.LANGUAGES:
        values["language"] = "en"
    if "://" not in values["url"] and values["url"].startswith("www."):
        values["url"] = f"https://{values['url']}"
    given = {name: text for name, text in values.items() if name != "contact"}
    item, fields = form.read(given, {}, Item(id=str(uuid_utils.uuid7()), kind="", title=""))
    wrong = {name: _why(name) for name in fields.wrong}
    if "day" in wrong and values["day"] and values["from"]:
        wrong["day"] = _(_TIMES)
    if values["kind"] not in KINDS:
        wrong["kind"] = _why("kind")
    if len(values["summary"]) < _LEAST_SUMMARY:
        wrong["summary"] = _why("summary")
    if not values["maker"]:
        wrong["maker"] = _why("maker")
    for name, most in MOST_LETTERS.items():
        if len(values[name]) > most:
            wrong[name] = count_of(most, *_TOO_LONG)
    return Suggested(values, item, values["contact"], wrong)


def _text(typed: str) -> str:
    """Lines of text without what cannot be seen."""
    return "\n".join(cells.plain(line).strip() for line in typed.replace("\r\n", "\n").split("\n")).strip()
