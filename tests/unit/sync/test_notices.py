"""The words about privacy: whole in every language, the same figures in each, and nothing that a screen cannot show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from importlib.resources import files

import pytest

from sync import attendance, notices, wording
from sync.notices import Notice
from sync.words import speaking

FOLDERS = (notices.PRIVACY, notices.FOLLOW_UP)
EVERY = [(folder, language) for folder in FOLDERS for language in notices.languages()]
FIGURES = {
    notices.PRIVACY: {"follow_up_days", "keep_days", "attendance_months", "contact"},
    notices.FOLLOW_UP: {"follow_up_days", "contact"},
}
SCRIPTS = {"ur": "ARABIC", "ar": "ARABIC", "bn": "BENGALI", "pa": "GURMUKHI"}
PHONE = "0303\u00a0123\u00a01113"


def raw(folder: str, language: str) -> str:
    return (files("assets") / folder / f"{language}.md").read_text(encoding="utf-8")


def words(folder: str, language: str) -> str:
    return re.sub(r"\A<!--.*?-->\s*", "", raw(folder, language), flags=re.DOTALL)


def shape(text: str) -> list[str]:
    """What each line is."""
    kinds = (("## ", "heading"), ("- ", "entry"), ("", "text"))
    return [next(kind for mark, kind in kinds if line.startswith(mark)) if line else "" for line in text.splitlines()]


def test_every_language_of_the_catalogue_has_both_files_and_no_file_is_left_over() -> None:
    assert set(notices.languages()) == set(wording.LANGUAGES) and notices.languages()[0] == "en"
    for folder in FOLDERS:
        there = {path.name for path in (files("assets") / folder).iterdir() if path.is_file()}
        assert there == {f"{language}.md" for language in notices.languages()}


@pytest.mark.parametrize(("folder", "language"), EVERY)
def test_a_translation_is_built_as_the_english_is(folder: str, language: str) -> None:
    text, english = words(folder, language), words(folder, "en")
    assert shape(text) == shape(english)
    assert sorted(re.findall(r"\{(.*?)\}", text)) == sorted(re.findall(r"\{(.*?)\}", english))
    assert set(re.findall(r"\{(.*?)\}", text)) == FIGURES[folder]
    assert text.count("## ") == (9 if folder == notices.PRIVACY else 1)


@pytest.mark.parametrize(("folder", "language"), EVERY)
def test_nothing_is_written_but_headings_lists_paragraphs_and_bold(folder: str, language: str) -> None:
    text = words(folder, language)
    assert text.startswith("## ") and "\r" not in text and text == unicodedata.normalize("NFC", text)
    for line in text.splitlines():
        assert line == line.rstrip() and line.count("**") % 2 == 0
        rest = re.sub(r"\*\*[^*\s](?:[^*]*[^*\s])?\*\*", "", line.removeprefix("## ").removeprefix("- "))
        assert not set(rest) & set("#*_`[]<>|\\~\t"), rest
    assert not [letter for letter in text if unicodedata.category(letter) == "Cf"]


@pytest.mark.parametrize(("folder", "language"), [one for one in EVERY if one[1] != "en"])
def test_a_translation_says_that_a_native_reader_must_see_it(folder: str, language: str) -> None:
    first = raw(folder, language).splitlines()[0]
    assert first.startswith("<!-- A native reader of ") and first.endswith(" -->")


@pytest.mark.parametrize(("folder", "language"), EVERY)
def test_it_is_in_its_own_script(folder: str, language: str) -> None:
    letters = [unicodedata.name(letter).split()[0] for letter in words(folder, language) if letter.isalpha()]
    assert letters.count(SCRIPTS.get(language, "LATIN")) > len(letters) * 0.8


@pytest.mark.parametrize("language", notices.languages())
def test_the_regulator_is_told_in_a_way_that_right_to_left_words_do_not_turn_around(language: str) -> None:
    said = notices.privacy(language).text
    assert PHONE in said and "ico.org.uk" in said and "Information Commissioner's Office" in said


@pytest.mark.parametrize("language", notices.languages())
@pytest.mark.parametrize("told", [notices.privacy, notices.follow_up])
def test_what_is_told_has_its_title_its_figures_and_no_braces(told: Callable[..., Notice], language: str) -> None:
    notice = told(language, follow_up_days=34, contact="Amina,\n 020 7946 0000")
    assert notice.language == language
    assert notice.title and not notice.title.startswith("#") and notice.title not in notice.text
    assert "34" in notice.text and "Amina, 020\u00a07946\u00a00000" in notice.text
    assert "<!--" not in notice.text and not set(notice.text) & set("{}")
    assert notice.text == notice.text.strip() + "\n"


@pytest.mark.parametrize("language", notices.languages())
def test_whoever_reads_it_can_read_the_answers_and_whom_to_ask(language: str) -> None:
    notice, page = notices.follow_up(language), notices.privacy(language)
    whom = next(line for line in page.text.split("## ")[-1].splitlines() if ": " in line).rpartition(": ")[2]
    for said in (notice.yes, notice.no, whom):
        letters = [unicodedata.name(letter).split()[0] for letter in said if letter.isalpha()]
        assert letters and set(letters) == {SCRIPTS.get(language, "LATIN")}
    english = notices.follow_up("en")
    assert language == "en" or {notice.yes, notice.no}.isdisjoint({english.yes, english.no})
    assert (page.yes, page.no) == ("", "")


@pytest.mark.parametrize(("folder", "language"), EVERY)
def test_no_word_is_used_that_the_hub_may_have_another_for(folder: str, language: str) -> None:
    text = words(folder, language).lower()
    for spoken in (language, "en"):
        with speaking(spoken):
            assert not [word for name in ("session", "sessions") if (word := attendance.word({}, name).lower()) in text]


def test_it_is_said_that_a_shops_coordinator_reads_a_contact_too() -> None:
    assert "the person who looks after this shop's visitors, and the people at the hub" in notices.follow_up("en").text


def test_figures_stand_where_they_belong() -> None:
    said = notices.privacy("en", follow_up_days=91, keep_days=8, attendance_months=14, contact="{keep_days} %s").text
    for part in ("after **91 days**", "for **8 days** after", "for **14 months**", "Please ask: {keep_days} %s\n"):
        assert part in said


def test_without_a_contact_it_says_whom_to_ask_all_the_same() -> None:
    for language in notices.languages():
        nobody, blank = notices.privacy(language).text, notices.privacy(language, contact=" \n").text
        assert nobody == blank and not re.search(r": *$", nobody.split("## ")[-1].splitlines()[2])
    assert "Please ask: the people who look after this shop\n" in notices.privacy("en").text


@pytest.mark.parametrize("language", ["", "xx", "../en", "en-GB", "EN", "notice/en", "\0"])
def test_other_languages_are_told_in_english(language: str) -> None:
    assert notices.privacy(language) == notices.privacy("en")
    assert notices.privacy("cy-GB").language == "cy"


def test_a_version_stands_for_words_and_not_for_figures() -> None:
    every = [told(language) for told in (notices.privacy, notices.follow_up) for language in notices.languages()]
    versions = [notice.version for notice in every]
    assert len(set(versions)) == len(versions) and all(re.fullmatch(r"[0-9a-f]{12}", one) for one in versions)
    assert notices.follow_up("en", follow_up_days=1, contact="x").version == notices.follow_up("en").version
