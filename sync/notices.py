"""What people are told of their privacy, in their language: on every screen's page, and before they leave a contact.

The words are files, `assets/privacy/LANGUAGE.md` and `assets/privacy/notice/LANGUAGE.md`: headings (the first is the
title), paragraphs, lists and bold words, with figures in braces. A comment at the beginning is for whoever edits them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

PRIVACY: Final = "privacy"
FOLLOW_UP: Final = "privacy/notice"
FALLBACK: Final = "en"

_NOBODY_NAMED: Final = {
    "en": "the people who look after this shop",
    "cy": "y bobl sy'n gofalu am y siop hon",
    "pl": "osoby, które prowadzą ten sklep",
    "ur": "اس دکان کی دیکھ بھال کرنے والے لوگ",
    "bn": "যাঁরা এই দোকান দেখাশোনা করেন",
    "pa": "ਇਸ ਦੁਕਾਨ ਦੀ ਦੇਖਭਾਲ ਕਰਨ ਵਾਲੇ ਲੋਕ",
    "ar": "من يهتمون بهذا المتجر",
}
"""Whom people ask where no contact was set."""
_COMMENT: Final = re.compile(r"\A\s*<!--.*?-->\s*", re.DOTALL)
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d) (?=\d)")
_NO_BREAK: Final = "\u00a0"
"""Keeps the groups of a telephone number together, and in order where the words run from right to left."""


@dataclass(frozen=True)
class Notice:
    """Words in `language`. `text` is Markdown: `## ` headings, paragraphs, `- ` lists and `**bold**`.

    `version` is of the words, whatever the figures in them: what somebody agreed to can be told by it.
    """

    language: str
    title: str
    text: str
    version: str


@dataclass(frozen=True)
class _Words:
    title: str
    text: str
    version: str


def languages() -> tuple[str, ...]:
    """The languages there are, English first."""
    return tuple(_NOBODY_NAMED)


def privacy(
    language: str, *, follow_up_days: int = 90, keep_days: int = 7, attendance_months: int = 13, contact: str = ""
) -> Notice:
    """The privacy page, in English where it is not in that language.

    Args:
        follow_up_days: after so many days a contact is deleted at the hub.
        keep_days: so long a screen keeps what the hub has.
        attendance_months: so long the hub keeps what was logged, before only totals are left.
        contact: whom people ask, and how to reach them.
    """
    figures = {"follow_up_days": follow_up_days, "keep_days": keep_days, "attendance_months": attendance_months}
    return _notice(PRIVACY, language, figures, contact)


def follow_up(language: str, *, follow_up_days: int = 90, contact: str = "") -> Notice:
    """What is read before somebody leaves a contact; the arguments are those of `privacy`."""
    return _notice(FOLLOW_UP, language, {"follow_up_days": follow_up_days}, contact)


def in_groups(contact: str) -> str:
    """A contact as it is shown: the groups of its telephone number stay together, and in order."""
    return _BETWEEN_DIGITS.sub(_NO_BREAK, " ".join(contact.split()))


def _notice(folder: str, language: str, figures: dict[str, int], contact: str) -> Notice:
    spoken = language.partition("-")[0].lower()
    spoken = spoken if spoken in _NOBODY_NAMED else FALLBACK
    words = _words(folder, spoken)
    asked = in_groups(contact) or _NOBODY_NAMED[spoken]
    return Notice(spoken, words.title, words.text.format(**figures, contact=asked), words.version)


@cache
def _words(folder: str, language: str) -> _Words:
    content = (files("assets") / folder / f"{language}.md").read_bytes()
    title, _, text = _COMMENT.sub("", content.decode("utf-8")).partition("\n")
    return _Words(title.removeprefix("## ").strip(), text.strip() + "\n", hashlib.sha256(content).hexdigest()[:12])
