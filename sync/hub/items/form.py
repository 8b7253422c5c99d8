"""An item as the fields of a form, and the form as an item.

Every field is text, so that what was typed comes back as it was typed, also where it cannot be understood.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from sync.hub.errors import sentence
from sync.hub.items import checking
from sync.records import File, Item, Maker, Place, Price, Translation

WORDS: Final = ("title", "summary", "body")
UNCHECKED: Final = "unchecked"
_AS_TYPED: Final = ("summary", "body", "kind", "language", "licence", "url")
REPEATS: Final = {
    "": "Once",
    "FREQ=DAILY": "Every day",
    "FREQ=WEEKLY": "Every week",
    "FREQ=WEEKLY;INTERVAL=2": "Every two weeks",
    "FREQ=MONTHLY": "Every month, on that day of the month",
}
LICENCES: Final = {
    "": "Not known",
    "CC0-1.0": "No rights kept (CC0)",
    "CC-BY-4.0": "Share and change, say who made it (CC BY)",
    "CC-BY-SA-4.0": "Share and change, say who made it, under the same terms (CC BY-SA)",
    "CC-BY-NC-4.0": "Share and change, not for money (CC BY-NC)",
    "CC-BY-NC-SA-4.0": "Share and change, not for money, same terms (CC BY-NC-SA)",
    "CC-BY-ND-4.0": "Share as it is (CC BY-ND)",
    "OGL-UK-3.0": "Open Government Licence",
    "AGPL-3.0-or-later": "Free software (AGPL)",
    "GPL-3.0-or-later": "Free software (GPL)",
    "MIT": "Free software (MIT)",
    "Apache-2.0": "Free software (Apache)",
}
PLATFORMS: Final = {
    "": "Any phone or computer",
    "android": "Android phones",
    "ios": "iPhone and iPad",
    "windows": "Windows",
    "macos": "Mac",
    "linux": "Linux",
    "web": "Any web browser",
}
MOST_FILES: Final = 30
_AMOUNT: Final = re.compile(r"(?P<pounds>[0-9]{1,3}(,?[0-9]{3})?)(\.(?P<pence>[0-9]{1,2}))?")


@dataclass
class Fields:
    """What stands in the form.

    Attributes:
        values: the text of each plain field by its name.
        themes, shops: what is ticked.
        translations: language to the text of each of `WORDS`, and whether it is `UNCHECKED`.
        files: each file of the item, as it may be named.
        picture: its picture.
        wrong: what is wrong, by field.
    """

    values: dict[str, str]
    themes: list[str] = field(default_factory=list)
    shops: list[str] = field(default_factory=list)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    picture: File | None = None
    wrong: dict[str, str] = field(default_factory=dict)


def fields_of(item: Item) -> Fields:
    """The form as it is first shown."""
    place, maker, price = item.place or Place(), item.maker or Maker(name=""), item.price
    starts, ends = _moment(item.starts), _moment(item.ends)
    return Fields(
        values={
            **{name: getattr(item, name) for name in (*WORDS, "kind", "language", "licence", "url", "rrule")},
            "tags": ", ".join(item.tags),
            "maker": maker.name,
            "maker_url": maker.url,
            "price": _amount(price) if price else "",
            "price_note": price.note if price else "",
            "place": place.name,
            "address": place.address,
            "postcode": place.postcode,
            "day": starts[0],
            "from": starts[1],
            "to": ends[1],
            "last_day": ends[0] if ends[0] != starts[0] else "",
            "attendance": "yes" if item.attendance else "",
            "expires_on": item.expires_on,
            "checked_on": item.checked_on,
        },
        themes=list(item.themes),
        shops=list(item.shops),
        translations={
            language: {name: getattr(there, name) for name in WORDS} | {UNCHECKED: "yes" if there.unchecked else ""}
            for language, there in item.translations.items()
        },
        files=list(item.files),
        picture=item.picture,
    )


def read(sent: Mapping[str, str], ticked: Mapping[str, Sequence[str]], before: Item) -> tuple[Item, Fields]:
    """The item that the form describes, and the form as it was sent with what is wrong in it.

    Args:
        sent: the text of every field.
        ticked: what was ticked of `themes` and `shops`.
        before: the item as it was opened; what the form does not show stays as it is there.
    """
    there = Fields(
        values={name: sent.get(name, "").replace("\r\n", "\n").strip() for name in fields_of(before).values},
        themes=list(ticked.get("themes", ())),
        shops=list(ticked.get("shops", ())),
        translations=_translations(sent, ticked.get("languages", ())),
        files=_files(sent, before),
        picture=None if sent.get("remove_picture") else before.picture,
    )
    value = there.values
    item = msgspec.structs.replace(
        before,
        **{name: _same(value[name], getattr(before, name)) for name in _AS_TYPED},
        title=" ".join(value["title"].split()),
        tags=before.tags if value["tags"] == ", ".join(before.tags) else _tags(value["tags"]),
        themes=_in_order(there.themes, before.themes),
        shops=_in_order(there.shops, before.shops),
        translations={
            language: _translated(words, before.translations.get(language, Translation()))
            for language, words in there.translations.items()
            if any(words[name] for name in WORDS)
        },
        maker=_maker(value, before.maker),
        price=_price(there, before.price),
        place=_place(value, before.place),
        files=there.files,
        picture=there.picture,
        expires_on=value["expires_on"],
        checked_on=dt.date.today().isoformat() if sent.get("checked_today") else value["checked_on"],
        **_when(there, before),
    )
    for name, why in checking.problems(item):
        there.wrong.setdefault(_FIELD.get(name, name), _plain(name, why))
    if value["maker_url"] and not value["maker"]:
        there.wrong["maker"] = "Say who made it, as there is an address of theirs."
    return item, there


def key_of(file: File) -> str:
    """By what a form knows a file of its item."""
    return file.sha256 or file.url


# -- inner


_FIELD: Final = {"maker.url": "maker_url", "starts": "day"}


def _plain(name: str, why: str) -> str:
    """What `sync.hub.items.checking` says in the words of the form."""
    match name:
        case "title":
            return "It needs a title." if why.endswith("empty") else "The title is too long: 400 letters at most."
        case "url" | "maker.url":
            return "This is no web address: it starts with https:// or http://."
        case "expires_on" | "checked_on":
            return "This is no day: choose one, or leave it empty."
        case "starts":
            return f"The times do not fit together: {why}."
    return sentence(why)


def _same(typed: str, before: str) -> str:
    """What was typed; where that is what was there but for blanks at its ends, it stays as it was."""
    return before if typed == before.replace("\r\n", "\n").strip() else typed


def _tags(typed: str) -> list[str]:
    return [tag for tag in (tag.strip() for tag in typed.split(",")) if tag]


def _in_order(ticked: Sequence[str], before: Sequence[str]) -> list[str]:
    """What is ticked: what was there in the order it had, then the rest. The first theme gives an item its colour."""
    return [*(one for one in before if one in ticked), *(one for one in ticked if one not in before)]


def _translated(words: Mapping[str, str], before: Translation) -> Translation:
    return Translation(
        **{name: _same(words[name], getattr(before, name)) for name in WORDS}, unchecked=bool(words[UNCHECKED])
    )


def _translations(sent: Mapping[str, str], languages: Sequence[str]) -> dict[str, dict[str, str]]:
    kept = [language for language in languages if not sent.get(f"remove_{language}")]
    return {
        language: {
            name: sent.get(f"{name}_{language}", "").replace("\r\n", "\n").strip() for name in (*WORDS, UNCHECKED)
        }
        for language in kept
    }


def _files(sent: Mapping[str, str], before: Item) -> list[File]:
    """The files of the item, as far as the form knows them named as it says."""
    rows = {sent[name]: f"file_{number}" for number in range(MOST_FILES) if (name := f"file_{number}_key") in sent}
    found = []
    for file in before.files:
        row = rows.get(key_of(file), "")
        if sent.get(f"{row}_remove"):
            continue
        changes = {
            "name": sent.get(f"{row}_name", "").strip()[:200] or file.name,
            "platform": sent.get(f"{row}_platform", file.platform),
            "language": sent.get(f"{row}_language", file.language),
        }
        found.append(msgspec.structs.replace(file, **changes))
    return found


def _price(there: Fields, before: Price | None) -> Price | None:
    typed, note = there.values["price"].lstrip("£ "), there.values["price_note"]
    if before and (typed, note) == (_amount(before), before.note):
        return before
    if not typed and not note:
        return None
    if not (found := _AMOUNT.fullmatch(typed or "0")):
        there.wrong["price"] = "This is no price: write it as 3.50, or leave it empty where it is free."
        return before
    amount_pence = int(found["pounds"].replace(",", "")) * 100 + int((found["pence"] or "").ljust(2, "0"))
    return Price(amount_pence=amount_pence, currency=before.currency if before else "GBP", note=note)


def _maker(value: Mapping[str, str], before: Maker | None) -> Maker | None:
    was = before or Maker(name="")
    there = Maker(name=_same(value["maker"], was.name), url=_same(value["maker_url"], was.url))
    return before if there == was else there if there.name else None


def _amount(price: Price) -> str:
    """`3.50`; nothing where it is free."""
    return "{}.{:02}".format(*divmod(price.amount_pence, 100)) if price.amount_pence else ""


def _place(value: Mapping[str, str], before: Place | None) -> Place | None:
    was = before or Place()
    there = Place(
        name=_same(value["place"], was.name),
        address=_same(value["address"], was.address),
        postcode=_same(value["postcode"], was.postcode),
    )
    if (was.postcode, was.address) == (there.postcode, there.address):
        there = msgspec.structs.replace(there, lat=was.lat, lon=was.lon)
    return before if there == was else there if there != Place() else None


def _when(there: Fields, before: Item) -> dict[str, Any]:
    value = there.values
    nothing = {"starts": "", "ends": "", "rrule": "", "exdates": [], "timezone": "", "attendance": False}
    if not any(value[name] for name in ("day", "from", "to", "last_day", "rrule", "attendance")):
        return nothing
    if not value["day"] or not value["from"]:
        there.wrong["day"] = "Say on which day it is, and from what time."
        return nothing
    for name in ("from", "to"):
        if value[name] and not re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", value[name]):
            there.wrong["day"] = "Write times as 09:30."
            return nothing
    last = value["last_day"] or value["day"]
    starts = f"{value['day']}T{value['from'][:5]}:00"
    return {
        "starts": starts,
        "ends": f"{last}T{value['to'][:5]}:00" if value["to"] else "",
        "rrule": value["rrule"],
        "exdates": before.exdates if value["rrule"] == before.rrule and starts == before.starts else [],
        "timezone": before.timezone if before.starts else "Europe/London",
        "attendance": bool(value["attendance"]),
    }


def _moment(text: str) -> tuple[str, str]:
    """A local date-time as a day and a time."""
    day, _, time = text.partition("T")
    return day, time[:5]
