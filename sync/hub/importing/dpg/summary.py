"""What an app is for, in a line or two that somebody who walks in can read.

The first sentences of its description, made plainer; where there is none, or it is only for those who make such
things, a line of what it is, whom it is for and what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sync.hub.importing.dpg import plain
from sync.hub.importing.dpg.register import Entry
from sync.hub.importing.dpg.subjects import Subject

LONGEST: Final = 200
"""Letters of a summary, at most."""
_LONG: Final = 150
"""A sentence longer than this ends sooner where it can."""
_READ: Final = 2_000
_SHORTEST: Final = 45
_MANY: Final = 20
_FOR: Final = r"(?:for|by|to|helps?|aids?|supports?|enables?|allows?|gives?|connects?) (?:[\w-]+,? ){0,3}?"
_AUDIENCES: Final = (
    ("health workers", rf"{_FOR}(?:health[- ]?workers?|frontline workers)|community health"),
    ("hospitals and clinics", r"hospitals?|clinics?|(?:medical|health|patient) records?|health facilit(?:y|ies)"),
    ("farmers", r"farmers?"),
    ("people who find it hard to speak", r"AAC|speech and language impairments?"),
    ("people with a disability", rf"{_FOR}disabilit(?:y|ies)"),
    ("schools", rf"{_FOR}(?:schools?|teachers?)|(?:pre-tertiary )?educational institutions|LMS"),
    ("children", rf"{_FOR}children"),
    (
        "councils and governments",
        rf"{_FOR}(?:governments?|government agencies|public agenc(?:y|ies)|public organi[sz]ations"
        r"|public sector)|statistical offices",
    ),
    ("aid agencies", rf"{_FOR}humanitarian"),
    ("people who make software", r"an? (?:[\w-]+ )?API|SDK|Software Development Kit|middleware|microservices"),
)
"""Whom a thing is for, by what is said of it."""
_ASIDE: Final = r"\b(?:is|was) (?:funded|awarded|launched|founded)\b|\bcompletely free\b|\bcommunity of volunteers\b"
"""What a sentence has in it that is about the thing's makers and money."""
_THE: Final = {
    "United Kingdom": "the United Kingdom",
    "United States of America": "the United States",
    "Democratic Republic of the Congo": "the Democratic Republic of the Congo",
}


_TO_KNOW: Final = ("Free rules to work by", "Free facts and figures", "Free information", "Free data")
"""Things that are about something, rather than for it."""


def of(entry: Entry, subjects: Sequence[Subject], goals: Sequence[str]) -> str:
    """The summary of an entry, whole sentences of at most `LONGEST` letters.

    Args:
        subjects: what it is about, the most telling first.
        goals: what it helps with, in plain words.
    """
    lines, line = _said(entry), _line(entry, subjects, goals)
    if not lines or plain.is_technical(lines[0]):
        return line
    if (subjects or goals) and (plain.is_long_winded(lines[0]) or len(lines[0]) < _SHORTEST):
        first = plain.shorter(lines[0], LONGEST - len(line) - 1)
        lines = [line, first, *lines[1:]] if first else [line]
    summary = lines[0]
    for more in lines[1:]:
        if len(summary) + 1 + len(more) > LONGEST or plain.is_technical(more):
            break
        summary += f" {more}"
    return summary


def _said(entry: Entry) -> list[str]:
    """The sentences of its description that are short enough, in plainer words; none where the first is not."""
    names = [entry.name, *entry.other_names]
    description = plain.without_addresses(entry.description[:_READ])
    lines: list[str] = []
    for sentence in plain.sentences(description):
        if re.search(_ASIDE, sentence):
            if lines:
                break
            continue
        whole = plain.plainer(sentence, names)
        line = plain.shorter(whole, _LONG) or plain.shorter(whole, LONGEST)
        if not line:
            break
        lines.append(line)
    return lines


def _line(entry: Entry, subjects: Sequence[Subject], goals: Sequence[str]) -> str:
    """`For farmers: free software for the weather, used in Norway.`"""
    about = _about(subjects)
    text = " . ".join([entry.description, entry.name, entry.told])
    who = next((who for who, means in _AUDIENCES if re.search(rf"\b(?:{means})\b", text)), "")
    line = thing(entry)
    if about:
        line += f" {'about' if line in _TO_KNOW else 'for'} {about}"
    if who and not _alike(who, about):
        line = f"For {who}: {line[:1].lower()}{line[1:]}"
    if not about and not goals:
        line += " from the register of digital public goods"
    elif not about:
        line += f" with these goals: {', '.join(goal[:1].lower() + goal[1:] for goal in goals[:3])}"
    used = _used(entry)
    return f"{line}{used}." if len(line) + len(used) < LONGEST else f"{line}."


def thing(entry: Entry) -> str:
    """What sort of thing it is: `Free software`."""
    types = entry.types
    if "software" in types:
        return "Free software"
    if "standard" in types:
        return "Free rules to work by"
    if "data" in types:
        return "Free facts and figures"
    if re.search(r"\b(?:dataset|data)$", entry.name, re.IGNORECASE):
        return "Free data"
    return "Free information" if "content" in types else "A free digital tool"


def _about(subjects: Sequence[Subject]) -> str:
    """The first subject, and the next where both can stand in a line."""
    names = [subject.about for subject in subjects[:2]]
    if not names or any(" and " in name for name in names) or "health" in names[1:]:
        return names[0] if names else ""
    return " and ".join(names)


def _alike(one: str, other: str) -> bool:
    """Whether two phrases say the same, or nearly: `farmers`, `farming and crops`."""
    first, second = ({word[:4] for word in re.findall(r"\w{4,}", text)} for text in (one, other))
    return bool(first & second)


def _used(entry: Entry) -> str:
    """`, used in Kenya and Ghana`; of an app that is described that stands in its body."""
    used = [_THE.get(place, re.sub(r" ?\(.*\)", "", place)) for place in entry.countries]
    if not used or entry.description:
        return ""
    if len(used) > _MANY:
        return ", used in many countries"
    *before, last = used[:3]
    some = ", ".join(before) + (" and " if before and len(used) <= len(before) + 1 else ", " if before else "") + last
    return f", used in {some}" + (" and more places" if len(used) > len(before) + 1 else "")
