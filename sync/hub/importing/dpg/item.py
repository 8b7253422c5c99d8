"""An entry of the register as an item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sync import licences
from sync.hub.importing.dpg import about, machines, register, summary
from sync.hub.importing.dpg.register import Entry
from sync.hub.importing.dpg.subjects import Subject
from sync.records import Item, Maker, Source, id_from_key

REGISTER: Final = Source(
    name="Digital Public Goods register", url="https://digitalpublicgoods.net/registry/", licence="Unlicense"
)
_LINKS: Final = 6
_THEMES: Final = 2
_GOALS: Final = {
    1: ("End poverty", "community", "money"),
    2: ("End hunger", "food", "food"),
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


def of(entry: Entry) -> Item:
    """The item; its id stays the same however often the register is read."""
    subjects = about.of(entry)
    goals = [_GOALS[number] for number in entry.goals if number in _GOALS]
    words = [goal for goal, _theme, _tag in goals]
    short = summary.of(entry, subjects, words)
    themes = [theme for _goal, theme, _tag in goals] or [subject.theme for subject in subjects]
    return Item(
        id=id_from_key("item", f"dpg:{entry.key}"),
        kind="app",
        title=entry.name,
        summary=short,
        body=_body(entry, short, words),
        themes=list(dict.fromkeys(themes))[:_THEMES] or ["community"],
        tags=_tags(entry, subjects, [tag for _goal, _theme, tag in goals]),
        maker=_maker(entry),
        licence=licences.current(" AND ".join(entry.licences)),
        url=entry.site or next((link for _name, link in entry.links), ""),
        source=REGISTER,
    )


def _body(entry: Entry, short: str, goals: Sequence[str]) -> str:
    parts = [] if entry.description in ("", short) else [entry.description]
    if works := machines.line(entry):
        parts.append(works)
    if goals:
        parts.append("## What it helps with\n\n" + "\n".join(f"- {goal}" for goal in goals))
    if entry.countries:
        parts.append("## Where it is used\n\n" + ", ".join(entry.countries))
    if entry.links:
        parts.append("## Find out more\n\n" + "\n".join(f"- {name}: {link}" for name, link in entry.links[:_LINKS]))
    return "\n\n".join(parts)


def _tags(entry: Entry, subjects: Sequence[Subject], goals: Sequence[str]) -> list[str]:
    """Everyday words for what it is about, its other names and machines; its goals only where nothing else is known."""
    others = [*machines.tags(entry), *entry.other_names]
    return about.tags(subjects, [*others, *([] if subjects else goals)])


def _maker(entry: Entry) -> Maker | None:
    named = [one for one in entry.nominee.organizations if one.name.strip()] if entry.nominee else []
    owner = next((one for one in named if one.org_type == "owner"), named[0] if named else None)
    return Maker(name=" ".join(owner.name.split()), url=register.web(owner.website)) if owner else None
