"""What an entry is about, and the words that people would type to find it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sync.hub.importing.dpg.register import Entry
from sync.hub.importing.dpg.subjects import SUBJECTS, Subject

MOST: Final = 10
"""So many tags an item has at most."""
_FIRST_LETTERS: Final = 160
"""So much of a description says the most."""
_IN_PAPERS: Final = 3
"""So often a word has to stand in an app's papers, which speak of much else, to say what it is about."""
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z])(?=OS\b)")


def of(entry: Entry) -> list[Subject]:
    """What an entry is about, the most telling first.

    Its description tells; where there is none, its name and its papers: where they say what it is, which standards it
    keeps to, and what they speak of most often. Where nothing does, its sectors.
    """
    if entry.description:
        found = _in(entry.description)
        found.sort(key=lambda subject: not subject.pattern.search(entry.description[:_FIRST_LETTERS]))
    else:
        found = _in(f"{named(entry)} . {entry.told}")
        often = {subject: len(subject.pattern.findall(entry.papers)) for subject in SUBJECTS}
        most = max(often, key=lambda subject: often[subject])
        found += [most] if often[most] >= _IN_PAPERS else []
        found += [subject for subject in SUBJECTS if subject.standards and _any(subject.standards, entry.standards)]
    return list(dict.fromkeys(found)) or _in(named(entry)) or _in(" . ".join(entry.sectors))


def tags(subjects: Iterable[Subject], others: Iterable[str] = ()) -> list[str]:
    """The words that people type for these, the most telling first, then others; at most `MOST`."""
    words = [word for subject in subjects for word in subject.said]
    return list(dict.fromkeys([*words, *others]))[:MOST]


def named(entry: Entry) -> str:
    """Its names with every word in them apart: `StoryWeaver` as `Story Weaver`."""
    return " . ".join(_CAMEL.sub(" ", name) for name in (entry.name, *entry.other_names))


def _any(pattern: str, text: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE) is not None


def _in(text: str) -> list[Subject]:
    return [subject for subject in SUBJECTS if subject.pattern.search(text)]
