"""What people are told of their privacy, in their language: on every screen's page, and before they leave a contact.

The words are files, `assets/privacy/LANGUAGE.md` and `assets/privacy/notice/LANGUAGE.md`: headings (the first is the
title), paragraphs, lists and bold words, with figures in braces. A comment at the beginning is for whoever edits them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from sync import wording
from sync.words import _, speaking

PRIVACY: Final = "privacy"
FOLLOW_UP: Final = "privacy/notice"
FALLBACK: Final = "en"

_COMMENT: Final = re.compile(r"\A\s*<!--.*?-->\s*", re.DOTALL)
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d) (?=\d)")
_NO_BREAK: Final = "\u00a0"
"""Keeps the groups of a telephone number together, and in order where the words run from right to left."""


@dataclass(frozen=True)
class Notice:
    """Words in `language`. `text` is Markdown: `## ` headings, paragraphs, `- ` lists and `**bold**`.

    `version` is of the words, whatever the figures in them: what somebody agreed to can be told by it. `yes` and `no`
    are the answers to one that asks, in its language: who cannot read the answer has not given it.
    """

    language: str
    title: str
    text: str
    version: str
    yes: str = ""
    no: str = ""


@dataclass(frozen=True)
class _Words:
    title: str
    text: str
    version: str


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are both files of, English first."""
    return tuple(
        code for code in wording.LANGUAGES if all(_file(folder, code).is_file() for folder in (PRIVACY, FOLLOW_UP))
    )


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
    notice = _notice(FOLLOW_UP, language, {"follow_up_days": follow_up_days}, contact)
    with speaking(notice.language):
        return replace(notice, yes=_("I agree"), no=_("No, thank you"))


def in_groups(contact: str) -> str:
    """A contact as it is shown: the groups of its telephone number stay together, and in order."""
    return _BETWEEN_DIGITS.sub(_NO_BREAK, " ".join(contact.split()))


def _notice(folder: str, language: str, figures: dict[str, int], contact: str) -> Notice:
    spoken = language.partition("-")[0].lower()
    spoken = spoken if spoken in languages() else FALLBACK
    words = _words(folder, spoken)
    asked = in_groups(contact) or _nobody_named(spoken)
    return Notice(spoken, words.title, words.text.format(**figures, contact=asked), words.version)


def _nobody_named(language: str) -> str:
    """Whom people ask where no contact was set."""
    with speaking(language):
        return _("the people who look after this shop")


def _file(folder: str, language: str) -> Traversable:
    return files("assets") / folder / f"{language}.md"


@cache
def _words(folder: str, language: str) -> _Words:
    content = _file(folder, language).read_bytes()
    title, _, text = _COMMENT.sub("", content.decode("utf-8")).partition("\n")
    return _Words(title.removeprefix("## ").strip(), text.strip() + "\n", hashlib.sha256(content).hexdigest()[:12])
