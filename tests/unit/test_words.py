"""The catalogues: whole, up to date, with every number and name in its place, and letters that can be drawn."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from kiosk.lettering import scripts
from kiosk.lettering.missing import missing
from sync import days, wording, words
from sync.words import RLM

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assets" / "words"
LANGUAGES = [code for code in wording.LANGUAGES if code != words.ENGLISH]
EACH = pytest.mark.parametrize("language", LANGUAGES)
_PLACE = re.compile(r"\{\w*\}")


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    words.use(words.ENGLISH)


def catalogue(language: str) -> Catalog:
    return read_po(io.BytesIO((FOLDER / f"{language}.po").read_bytes()), locale=language)


def test_every_word_of_the_program_is_in_every_catalogue_and_none_is_left_untranslated() -> None:
    done = subprocess.run(
        [sys.executable, "packaging/words.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.stem for path in FOLDER.glob("*.po")) == sorted(LANGUAGES)


@EACH
def test_what_is_filled_in_has_its_place_in_every_form(language: str) -> None:
    there = catalogue(language)
    for message in there:
        if not message.id:
            continue
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        meant = message.id if isinstance(message.id, tuple) else (message.id,)
        if isinstance(message.id, tuple):
            assert len(said) == there.num_plurals, message.id
        for form, like in zip(said, [meant[0]] * (len(said) - 1) + [meant[-1]], strict=True):
            places = sorted(_PLACE.findall(form))
            assert places == sorted(_PLACE.findall(meant[-1])) or places == sorted(_PLACE.findall(like)), message.id
            assert form.count("\n") == meant[-1].count("\n"), (message.id, form)


@EACH
def test_every_letter_can_be_drawn(language: str) -> None:
    letters = "".join("".join(message.string) for message in catalogue(language) if message.id)
    dates = "".join(f(dt.date(2026, month, 14 + month % 7)) for month in range(1, 13) for f in (days.day, days.short))
    assert missing(scripts.plain(letters + dates)) == set()


@EACH
def test_it_is_told_who_has_read_it(language: str) -> None:
    assert "Review: " in catalogue(language).header_comment


def test_numbers_take_their_own_forms() -> None:
    words.use("pl")
    said = {words.count_of(count, "{} minute", "{} minutes").partition(" ")[2] for count in (1, 2, 5, 12, 22)}
    assert len(said) == 3
    words.use("ar")
    assert len({words.count_of(count, "{} thing", "{} things") for count in (0, 1, 2, 3, 11, 100)}) == 6


def test_what_there_is_no_catalogue_of_is_english() -> None:
    for unknown in ("xx", "", "../../etc/passwd", "en"):
        words.use(unknown)
        assert words.language() == words.ENGLISH
        assert words._("Home") == "Home"


def test_each_thread_may_speak_a_language_of_its_own() -> None:
    words.use("cy")
    inside, outside = Barrier(2, timeout=10), []

    def other() -> None:
        inside.wait()
        outside.append((words.language(), words._("Home")))
        inside.wait()

    thread = Thread(target=other)
    thread.start()
    with words.speaking("ur"):
        inside.wait()
        inside.wait()
        assert (words.language(), words.right_to_left()) == ("ur", True)
        with pytest.raises(ZeroDivisionError), words.speaking("pl"):
            assert words.language() == "pl"
            raise ZeroDivisionError
        assert words.language() == "ur"
        with words.speaking("../../etc/passwd"):
            assert words.language() == words.ENGLISH
    thread.join()
    assert outside == [("cy", "Hafan")]
    assert words.language() == "cy"


def test_days_are_said_as_each_language_says_them() -> None:
    date = dt.date(2026, 11, 23)
    assert days.day(date) == "Monday 23 November"
    assert (days.short(date), days.with_year(date)) == ("Mon 23 Nov", "23 November 2026")
    words.use("pl")
    assert "poniedziałek" in days.day(date)
    assert "listopada" in days.with_year(date)


def test_facts_beside_each_other_stand_in_the_order_they_are_read_in() -> None:
    assert words.joined(["Mill Lane", "", "open"]) == "Mill Lane · open"
    words.use("ur")
    line = words.joined(["Mill Lane", "17:30"])
    assert words.apart(line) == ["Mill Lane", "17:30"]
    assert scripts.right_to_left(RLM + line)
    assert [run.text.strip() for run in scripts.runs(line, rtl=True) if run.text.strip()] == ["17:30", "·", "Mill Lane"]
