"""The Digital Public Goods register, as JSON files: one app a file, or two files that name the same app.

`nominees/NAME.json` says what an app does, its licence, makers and links; `digitalpublicgoods/NAME.json` says where it
is used and where its papers are. Either alone is enough. Contact persons in them are never read.

Source: https://github.com/DPGAlliance/publicgoods-candidates, nominee-schema.json (draft-07).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from sync.hub.importing import Found, Skipped, files_below
from sync.records import Item, Maker, Source, id_from_key

REGISTER: Final = Source(
    name="Digital Public Goods register", url="https://digitalpublicgoods.net/registry/", licence="Unlicense"
)
MAX_SUMMARY: Final = 200

_GOALS: Final = {
    1: ("End poverty", "community", "money"),
    2: ("End hunger", "food", "farming"),
    3: ("Good health", "security", "health"),
    4: ("Good learning", "skills", "learning"),
    5: ("Equal rights for women and girls", "community", "equality"),
    6: ("Clean water", "shelter", "water"),
    7: ("Clean energy", "shelter", "energy"),
    8: ("Good work", "skills", "jobs"),
    9: ("Things that are built to last", "shelter", "technology"),
    10: ("Fair shares", "community", "equality"),
    11: ("Good towns and cities", "shelter", "towns"),
    12: ("Less waste", "community", "recycling"),
    13: ("A safe climate", "security", "climate"),
    14: ("Life in the sea", "food", "sea"),
    15: ("Life on land", "food", "nature"),
    16: ("Peace and justice", "security", "rights"),
    17: ("Working together", "community", "data"),
}
"""The 17 Sustainable Development Goals, in plain words, with the shelf and the tag that suit each."""


class License(msgspec.Struct):
    """A licence of an entry."""

    spdx: str = ""


class Goal(msgspec.Struct):
    """A goal that an entry serves."""

    number: int = msgspec.field(name="SDGNumber", default=0)


class Organization(msgspec.Struct):
    """Who stands behind an entry; persons are left unread."""

    name: str = ""
    website: str = ""
    org_type: str = ""


class Link(msgspec.Struct):
    """A repository."""

    name: str = ""
    url: str = ""


class Nominee(msgspec.Struct):
    """What an app is."""

    name: str
    description: str
    aliases: list[str] = []
    website: str = ""
    license: list[License] = []
    goals: list[Goal] = msgspec.field(name="SDGs", default_factory=list)
    sectors: list[str] = []
    type: list[str] = []
    repositories: list[Link] = []
    organizations: list[Organization] = []


class Documentation(msgspec.Struct):
    """Where an app's papers are."""

    urls: list[str] = msgspec.field(name="documentationURL", default_factory=list)


class Locations(msgspec.Struct):
    """Where an app is used."""

    used: list[str] = msgspec.field(name="deploymentCountries", default_factory=list)
    made: list[str] = msgspec.field(name="developmentCountries", default_factory=list)


class Good(msgspec.Struct):
    """What was found when an app was looked at."""

    name: str
    locations: Locations
    documentation: Documentation = msgspec.field(default_factory=Documentation)


class Parts(msgspec.Struct):
    """All that is known of one app."""

    where: str
    nominee: Nominee | None = None
    good: Good | None = None


def read(paths: Iterable[Path]) -> Iterator[Found | Skipped]:
    """Every app of the register below these folders."""
    apps: dict[str, Parts] = {}
    for path in files_below(paths, ".json"):
        try:
            part = _part(path)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Skipped(str(path), f"cannot be read as an entry of the register: {error}")
            continue
        if part is None:
            yield Skipped(str(path), "is not an app's entry (it has neither a description nor places of use)")
            continue
        there = apps.setdefault(_key(part.name), Parts(where=str(path)))
        if isinstance(part, Nominee):
            there.nominee = part
        else:
            there.good = part
    for key, parts in sorted(apps.items()):
        yield Found(parts.where, _item(key, parts))


def _part(path: Path) -> Nominee | Good | None:
    content = path.read_bytes()
    fields = msgspec.json.decode(content)
    if not isinstance(fields, dict) or "$schema" in fields or "name" not in fields:
        return None
    if "description" in fields:
        return msgspec.json.decode(content, type=Nominee)
    return msgspec.json.decode(content, type=Good) if "locations" in fields else None


def _item(key: str, parts: Parts) -> Item:
    nominee, good = parts.nominee, parts.good
    goals = [_GOALS[goal.number] for goal in nominee.goals if goal.number in _GOALS] if nominee else []
    description = _clean(nominee.description) if nominee else ""
    url = _web(nominee.website) if nominee else ""
    links = _links(nominee, good)
    name = (nominee or good).name  # type: ignore[union-attr]
    summary = _shorten(description) if description else _known_from(good)
    return Item(
        id=id_from_key("item", f"dpg:{key}"),
        kind="app",
        title=" ".join(name.split()),
        summary=summary,
        body=_body("" if description == summary else description, goals, good, links),
        themes=list(dict.fromkeys(theme for _goal, theme, _tag in goals))[:2] or ["community"],
        tags=_tags(nominee, goals),
        maker=_maker(nominee),
        licence=" AND ".join(dict.fromkeys(one.spdx for one in nominee.license if one.spdx)) if nominee else "",
        url=url or next((link for _name, link in links), ""),
        source=REGISTER,
    )


def _body(description: str, goals: list[tuple[str, str, str]], good: Good | None, links: list[tuple[str, str]]) -> str:
    parts = [description] if description else []
    if goals:
        parts.append("## What it helps with\n\n" + "\n".join(f"- {goal}" for goal, _theme, _tag in goals))
    if used := _countries(good):
        parts.append("## Where it is used\n\n" + ", ".join(used))
    if links:
        parts.append("## Find out more\n\n" + "\n".join(f"- {name}: {link}" for name, link in links[:6]))
    return "\n\n".join(parts)


def _known_from(good: Good | None) -> str:
    """A summary for an app whose entry has no description."""
    used = _countries(good)
    if not used:
        return "A free app from the register of digital public goods."
    some = ", ".join(used[:4]) + (" and more places" if len(used) > 4 else "")
    return f"A free app from the register of digital public goods. Used in {some}."


def _countries(good: Good | None) -> list[str]:
    return [place.strip() for place in good.locations.used if place.strip()] if good else []


def _links(nominee: Nominee | None, good: Good | None) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for repository in nominee.repositories if nominee else []:
        if url := _web(repository.url):
            found.setdefault(url, "Source code")
    for text in good.documentation.urls if good else []:
        match = re.search(r"https?://\S+", text)
        if match and (url := _web(match[0])):
            label = _clean(text[: match.start()]).strip(" -–:(") or "Papers"
            found.setdefault(url, label[:60])
    return [(label, url) for url, label in found.items()]


def _tags(nominee: Nominee | None, goals: list[tuple[str, str, str]]) -> list[str]:
    words = [tag for _goal, _theme, tag in goals]
    if nominee:
        words += [alias.strip() for alias in nominee.aliases if alias.strip()]
        words += [sector.strip().lower() for sector in nominee.sectors]
        words += ["app" if kind == "software" else kind for kind in nominee.type]
    return list(dict.fromkeys(words))[:10]


def _maker(nominee: Nominee | None) -> Maker | None:
    named = [one for one in nominee.organizations if one.name.strip()] if nominee else []
    owner = next((one for one in named if one.org_type == "owner"), named[0] if named else None)
    return Maker(name=" ".join(owner.name.split()), url=_web(owner.website)) if owner else None


def _shorten(text: str) -> str:
    """Whole sentences up to the longest summary; a long first sentence is cut between words."""
    if len(text) <= MAX_SUMMARY:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)", text[: MAX_SUMMARY + 1])]
    return text[: ends[-1]] if ends else text[:MAX_SUMMARY].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"


def _clean(text: str) -> str:
    return " ".join(text.split())


def _web(url: Any) -> str:
    """The address if it is a plain web address, else nothing."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", text) else ""


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
