"""Every layout of the keyboard on the screen."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.lettering.missing import missing
from kiosk.ui.keyboard import spoken, typed
from kiosk.ui.keyboard.layouts import (
    CLEAR,
    COLUMNS,
    DELETE,
    LANG,
    LANGUAGES,
    LAYOUTS,
    LETTERS,
    MORE,
    SHIFT,
    SPACE,
    Board,
    Key,
    Layout,
    board,
    columns,
)
from sync import wording

BOARDS = [
    pytest.param(board(code, low=low, lang=lang), id=f"{code}{'-low' * low}{'-lang' * lang}")
    for code in LANGUAGES
    for low in (False, True)
    for lang in (False, True)
]
ALPHABETS = {
    "en": string.ascii_lowercase,
    "cy": string.ascii_lowercase + "âêîôûŵŷ",
    "pl": string.ascii_lowercase + "ąćęłńóśźż",
    "ur": "اآبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوؤہھءئی" + "ے",
    "bn": "অআইঈউঊঋএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহৎংঃঁািীুূৃেৈোৌ্",
    "pa": "ਅਆਇਈਉਊਏਐਓਔਸਹਕਖਗਘਙਚਛਜਝਞਟਠਡਢਣਤਥਦਧਨਪਫਬਭਮਯਰਲਵੜਾਿੀੁੂੇੈੋੌੰਂੱ੍",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئةى",
}
WITH_DOTS = {"bn": "ড় ঢ় য়", "pa": "ਸ਼ ਖ਼ ਗ਼ ਜ਼ ਫ਼ ਲ਼"}


def _keys(layout: Layout) -> list[Key]:
    return [key for row in layout for key in row]


def _all(keys: Board) -> list[Key]:
    return [key for page in keys.values() for key in _keys(page.rows)]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_row_of_a_form_has_ten_columns(name: str) -> None:
    assert {columns(row) for row in LAYOUTS[name]} == {COLUMNS}


@pytest.mark.parametrize("keys", BOARDS)
def test_every_row_of_a_board_has_ten_columns(keys: Board) -> None:
    assert {columns(row) for page in keys.values() for row in page.rows} == {COLUMNS}


@pytest.mark.parametrize("keys", BOARDS)
def test_every_page_has_space_delete_and_clear_and_a_way_to_every_other(keys: Board) -> None:
    for name, page in keys.items():
        assert {SPACE, DELETE, CLEAR} <= {key.name for key in _keys(page.rows)}
        assert {key.to for key in _keys(page.rows) if key.name == MORE} == set(keys) - {name}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_of_a_form_has_space_delete_and_clear(name: str) -> None:
    assert {SPACE, DELETE, CLEAR} <= {key.name for key in _keys(LAYOUTS[name])}


def test_no_key_is_narrower_than_a_letter() -> None:
    narrowest = min(key.columns for parameter in BOARDS for key in _all(parameter.values[0]))
    assert narrowest == 1


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("low", [False, True])
def test_every_letter_and_number_of_a_language_can_be_typed(code: str, low: bool) -> None:
    there = [key.types for key in _all(board(code, low=low))]
    dotted = unicodedata.normalize("NFC", WITH_DOTS.get(code, "")).split()
    assert {*ALPHABETS[code], *dotted, *string.digits, " "} <= set(there)
    letters = [letter for letter in there if letter.isalpha()]
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_key_types_is_written_as_texts_are(code: str) -> None:
    for key in _all(board(code, low=False)):
        assert unicodedata.normalize("NFC", key.types) == key.types


@pytest.mark.parametrize("keys", BOARDS)
def test_the_fonts_have_every_letter(keys: Board) -> None:
    faces = [key.types for key in _all(keys)] + [page.sign for page in keys.values()]
    assert [face for face in faces if missing(face)] == []


def test_there_are_keys_for_every_language_that_has_a_name() -> None:
    assert set(wording.LANGUAGES) <= set(LANGUAGES)
    assert board("xx", low=False) == board("en", low=False) == board("", low=False)


@pytest.mark.parametrize("keys", BOARDS)
def test_every_key_has_a_name_to_be_called_by(keys: Board) -> None:
    for key in _all(keys):
        name = spoken.name(key, other="en")
        assert name.strip()
        assert not unicodedata.category(name[0]).startswith(("M", "P", "S")), name


def test_keys_are_called_by_words() -> None:
    assert spoken.name(Key(SPACE)) == "space"
    assert spoken.name(Key("-")) == "dash"
    assert spoken.name(Key("q"), capital=True) == "capital q"
    assert spoken.name(Key("\u09bf")) == "ই"
    assert spoken.name(Key(MORE, to=LETTERS)) == "letters"
    assert spoken.name(Key(LANG), other="pl") == "Polski"


def test_a_key_that_does_something_types_nothing() -> None:
    assert (Key(DELETE).types, Key(SPACE).types, Key("q").types, Key("لا").types) == ("", " ", "q", "لا")


@pytest.mark.parametrize("layouts", [["contact"], ["contact-low", "contact-numbers-low"]])
def test_every_sign_of_an_address_can_be_typed(layouts: list[str]) -> None:
    typed_ = {key.types for name in layouts for key in _keys(LAYOUTS[name])}
    assert set(string.ascii_lowercase + string.digits + "@._+-' ") <= typed_
    assert SHIFT in {key.name for key in _keys(LAYOUTS[layouts[0]])}


# -- what was typed


@pytest.mark.parametrize(
    ("text", "less"),
    [
        ("", ""),
        ("bike", "bik"),
        ("tŷ", "t"),
        ("ty\u0302", "t"),
        ("কি", ""),
        ("সময়", "সম"),
        ("স্ত", "স"),
        ("স্", ""),
        ("ਪੰਜਾਬੀ", "ਪੰਜਾ"),
        ("كتابٌ", "كتا"),
        ("a👩🏽\u200d🦽", "a"),
        ("two ", "two"),
    ],
)
def test_delete_takes_a_letter_with_its_marks(text: str, less: str) -> None:
    assert typed.without_last(text) == less


WRITTEN = st.text(st.sampled_from("ab কসত্ািੰਪ਼ਸ \u200d\u0301بٌ"), max_size=12)


@given(WRITTEN)
def test_delete_ends_with_nothing_and_never_leaves_half_a_letter(text: str) -> None:
    for _touch in range(len(text)):
        shorter = typed.without_last(text)
        assert text.startswith(shorter)
        assert len(shorter) < len(text) or not text
        text = shorter
    assert text == ""


@given(WRITTEN, st.integers(0, 12))
def test_a_text_is_cut_between_letters(text: str, longest: int) -> None:
    short = typed.cut(text, longest)
    assert text.startswith(short)
    assert len(short) <= longest
    rest = text[len(short) :]
    assert not rest or not short or unicodedata.category(rest[0])[0] != "M"


def test_a_word_takes_the_place_of_the_one_begun() -> None:
    assert typed.with_last_word("chi", "child") == "child "
    assert typed.with_last_word("child's bi", "bike") == "child's bike "
    assert typed.with_last_word("child ", "bike") == "child bike "
    assert typed.with_last_word("", "bike") == "bike "
