"""Which keys stand where. A layout is rows of keys; every row is ten columns wide.

A board is all the layouts of one language: its letters, then what there was no room for. Letters stand where most
people of that language know them from: English, Welsh and Polish as on every keyboard here, with the letters that
have marks on keys of their own; Arabic as on the Arabic 101 keyboard; Urdu by sound, as on the phonetic keyboard that
telephones have. Bengali and Punjabi stand in the order of the alphabet, as on the chart at school: the keyboards of
typists (Probhat, InScript) put two or three letters on a key and have to be learnt, and who never typed knows the
alphabet. There each vowel stands above its sign, and every row of consonants holds two of the alphabet's rows.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = 10
SPACE, DELETE, CLEAR, MORE = "space", "delete", "clear", "more"
SHIFT: Final = "shift"
"""Makes small letters capital ones, and back."""
LANG: Final = "lang"
"""Changes between the visitor's language and English."""
_DOES: Final = frozenset((SPACE, DELETE, CLEAR, MORE, SHIFT, LANG))

LETTERS, OTHERS, NUMBERS = "letters", "others", "numbers"
"""The pages of a board: the letters, letters there was no room for, numbers and signs."""


@dataclass(frozen=True)
class Key:
    """A key: what it types, or what it does; `columns` wide; with `to`, the page of the board that it brings."""

    name: str
    columns: float = 1.0
    to: str = ""

    @property
    def types(self) -> str:
        """The letter it types, which may be of two code points; empty for one that does something."""
        return " " if self.name == SPACE else "" if self.name in _DOES else self.name


Row = tuple[Key, ...]
Layout = tuple[Row, ...]


@dataclass(frozen=True)
class KeyPage:
    """One page of a board; `sign` is what the key that brings it says."""

    sign: str
    rows: Layout


Board = dict[str, KeyPage]


def letters(text: str, *after: Key) -> Row:
    """A row of single keys, then others."""
    return (*(Key(letter) for letter in text), *after)


def apart(text: str, *after: Key) -> Row:
    """The same for letters written with spaces between, as some are of two code points."""
    return (*(Key(unicodedata.normalize("NFC", letter)) for letter in text.split()), *after)


# -- for a name, a telephone number or an e-mail address

CONTACT: Final[Layout] = (
    letters("1234567890"),
    letters("qwertyuiop"),
    letters("asdfghjkl'"),
    letters("zxcvbnm", Key("-"), Key(DELETE, 2)),
    (Key(SHIFT, 2), *letters("@._+"), Key(SPACE, 2), Key(CLEAR, 2)),
)

CONTACT_LOW: Final[Layout] = (
    letters("qwertyuiop"),
    letters("asdfghjkl'"),
    letters("zxcvbnm", Key("-"), Key(DELETE, 2)),
    (Key(MORE, 2), Key(SHIFT, 2), *letters("@."), Key(SPACE, 2), Key(CLEAR, 2)),
)

CONTACT_NUMBERS_LOW: Final[Layout] = (
    letters("1234567890"),
    letters("@.-_+/&()'"),
    letters("!#$%*=?", Key("~"), Key(DELETE, 2)),
    (Key(MORE, 2), Key(SPACE, 6), Key(CLEAR, 2)),
)
"""Every sign that an address may have is on one of the two."""

LAYOUTS: Final = {
    "contact": CONTACT,
    "contact-low": CONTACT_LOW,
    "contact-numbers-low": CONTACT_NUMBERS_LOW,
}


# -- to search with, in every language

_Rows = tuple[Row, ...]
_DELETE: Final = Key(DELETE, 2)
_DIGITS: Final = letters("1234567890")
_QWERTY: Final[_Rows] = (
    letters("qwertyuiop"),
    letters("asdfghjkl'"),
    letters("zxcvbnm-", _DELETE),
)
_SIGNS: Final[_Rows] = (letters("@#&+/().,?"), letters('£%!:;"*-', _DELETE))

_POLISH: Final = letters("ąćęłńóśźż.")
_WELSH: Final = letters("âêîôûŵŷïöá")

_URDU: Final[_Rows] = (
    letters("صثغڑٹڈخضذآ"),
    letters("قوعرتےئیہپ"),
    letters("اسدفگحجکلں"),
    letters("زشچطبنمظھؤ"),
)
"""By sound: what is typed with the shift key elsewhere stands in the first row, near the letter it sounds like."""
_URDU_LOW: Final[_Rows] = (
    letters("قوعرتےئیہپ"),
    letters("اسدفگحجکلں"),
    letters("زشچطبنمھ", _DELETE),
)

_ARABIC: Final[_Rows] = (
    apart("آ أ إ ، ؟ - ذ ط د ج"),
    apart("ض ص ث ق ف غ ع ه خ ح"),
    apart("ش س ي ب ل ا ت ن م ك"),
    apart("ئ ء ؤ ر لا ى ة و ز ظ"),
)
"""Where the 101 keyboard has more than ten keys in a row, the last of it stand in the first row, at the same side."""
_ARABIC_LOW: Final[_Rows] = (
    apart("ض ص ث ق ف غ ع ه خ ح"),
    apart("ش س ي ب ل ا ت ن م ك"),
    apart("أ ر ة و ز د ج ط", _DELETE),
)

_BENGALI: Final[_Rows] = (
    apart("অ আ ই ঈ উ ঊ এ ঐ ও ঔ"),
    apart("্ া ি ী ু ূ ে ৈ ো ৌ"),
    apart("ক খ গ ঘ ঙ চ ছ জ ঝ ঞ"),
    apart("ট ঠ ড ঢ ণ ত থ দ ধ ন"),
    apart("প ফ ব ভ ম য র ল শ ষ"),
    apart("স হ ড় য় ৎ ং ঁ ৃ", _DELETE),
)
_BENGALI_LOW: Final[_Rows] = (
    apart("া ি ী ু ে ো ্ ং ক গ"),
    apart("চ ছ জ ট ত দ ন প ব ভ"),
    apart("ম য র ল শ স হ য়", _DELETE),
)
"""What is used most, each kind in the order of the alphabet; the rest is on the next page, in the same order."""

_PUNJABI: Final[_Rows] = (
    apart("ਅ ਆ ਇ ਈ ਉ ਊ ਏ ਐ ਓ ਔ"),
    apart("੍ ਾ ਿ ੀ ੁ ੂ ੇ ੈ ੋ ੌ"),
    apart("ਕ ਖ ਗ ਘ ਙ ਚ ਛ ਜ ਝ ਞ"),
    apart("ਟ ਠ ਡ ਢ ਣ ਤ ਥ ਦ ਧ ਨ"),
    apart("ਪ ਫ ਬ ਭ ਮ ਯ ਰ ਲ ਵ ੜ"),
    apart("ਸ ਹ ਸ਼ ਜ਼ ਫ਼ ੰ ਂ ੱ", _DELETE),
)
_PUNJABI_LOW: Final[_Rows] = (
    apart("ਾ ਿ ੀ ੁ ੇ ੋ ੰ ਂ ਸ ਹ"),
    apart("ਕ ਗ ਚ ਜ ਟ ਡ ਤ ਦ ਨ ਪ"),
    apart("ਬ ਮ ਯ ਰ ਲ ਵ ੜ ੱ", _DELETE),
)


def _bottom(*pages: Key, lang: bool, delete: bool = False) -> Row:
    """The lowest row: keys to other pages, the language, clear, and what is left for space."""
    narrow = lang and (len(pages) > 1 or delete)
    others = (*pages, *((Key(LANG, 2),) if lang else ()), Key(CLEAR, 1.5 if narrow else 2))
    after = (_DELETE,) if delete else ()
    return (*others, Key(SPACE, COLUMNS - columns(others) - columns(after)), *after)


def _to(page: str, wide: float = 2) -> Key:
    return Key(MORE, wide, page)


def _two(sign: str, first: _Rows, second: _Rows, *, lang: bool, others: str = "123") -> Board:
    """Letters, and one page more."""
    delete = not any(key.name == DELETE for row in first for key in row)
    narrow = 1.5 if delete else 2
    return {
        LETTERS: KeyPage(sign, (*first, _bottom(_to(NUMBERS, narrow), lang=lang, delete=delete))),
        NUMBERS: KeyPage(others, (*second, _bottom(_to(LETTERS), lang=lang))),
    }


def _three(signs: tuple[str, str], first: _Rows, second: _Rows, third: _Rows, *, lang: bool) -> Board:
    """Letters, the rest of them, and numbers."""

    def bottom(*pages: str) -> Row:
        return _bottom(*(_to(page, 1.5) for page in pages), lang=lang)

    return {
        LETTERS: KeyPage(signs[0], (*first, bottom(OTHERS, NUMBERS))),
        OTHERS: KeyPage(signs[1], (*second, bottom(LETTERS, NUMBERS))),
        NUMBERS: KeyPage("123", (*third, bottom(LETTERS, OTHERS))),
    }


def _english(low: bool, lang: bool) -> Board:
    if low:
        return _two("abc", _QWERTY, (_DIGITS, *_SIGNS), lang=lang)
    return {LETTERS: KeyPage("abc", (_DIGITS, *_QWERTY, _bottom(lang=lang)))}


def _welsh(low: bool, lang: bool) -> Board:
    if low:
        rest = (_WELSH, _DIGITS, letters("&+/().,?", _DELETE))
        return _two("abc", _QWERTY, rest, lang=lang, others="âê 12")
    return _two("abc", (_WELSH, *_QWERTY), (_DIGITS, *_SIGNS), lang=lang)


def _polish(low: bool, lang: bool) -> Board:
    if low:
        rest = (_POLISH, _DIGITS, letters("&+/(),?!", _DELETE))
        return _two("abc", _QWERTY, rest, lang=lang, others="ąę 12")
    return _two("abc", (_POLISH, *_QWERTY), (_DIGITS, *_SIGNS), lang=lang)


def _urdu(low: bool, lang: bool) -> Board:
    if low:
        rest: _Rows = (letters("صثغڑٹڈخضذآ"), _DIGITS, letters("ظژؤءۃ،۔؟", _DELETE))
        return _two("اب پ", _URDU_LOW, rest, lang=lang, others="ٹ 12")
    rest = (_DIGITS, letters("۱۲۳۴۵۶۷۸۹۰"), letters("ژءۃ،۔؟-+&@"), letters('/()!%:£"', _DELETE))
    return _two("اب پ", _URDU, rest, lang=lang)


def _arabic(low: bool, lang: bool) -> Board:
    if low:
        rest: _Rows = (apart("آ إ ء ؤ ئ ى لا ذ ظ -"), _DIGITS, letters("،؟&+/().", _DELETE))
        return _two("ابت", _ARABIC_LOW, rest, lang=lang, others="ئ 12")
    rest = (_DIGITS, letters("١٢٣٤٥٦٧٨٩٠"), *_SIGNS)
    return _two("ابت", _ARABIC, rest, lang=lang)


def _bengali(low: bool, lang: bool) -> Board:
    if low:
        second = (
            apart("অ আ ই ঈ উ ঊ এ ঐ ও ঔ"),
            apart("ূ ৈ ৌ ৃ খ ঘ ঙ ঝ ঞ ঠ"),
            apart("ড ঢ ণ থ ধ ফ ষ ঁ", _DELETE),
        )
        third = (_DIGITS, letters("০১২৩৪৫৬৭৮৯"), apart("ঋ ঃ ড় ঢ় ৎ । ? -", _DELETE))
        return _three(("কখ", "অআ"), _BENGALI_LOW, second, third, lang=lang)
    rest = (_DIGITS, letters("০১২৩৪৫৬৭৮৯"), apart("ঋ ঃ ঢ় । , . ? ! - '"), letters("@#&+/()%", _DELETE))
    return _two("কখগ", _BENGALI, rest, lang=lang)


def _punjabi(low: bool, lang: bool) -> Board:
    if low:
        second = (
            apart("ਅ ਆ ਇ ਈ ਉ ਊ ਏ ਐ ਓ ਔ"),
            apart("ੂ ੈ ੌ ੍ ਖ ਘ ਙ ਛ ਝ ਞ"),
            apart("ਠ ਢ ਣ ਥ ਧ ਫ ਭ ਸ਼", _DELETE),
        )
        third = (_DIGITS, letters("੦੧੨੩੪੫੬੭੮੯"), apart("ਖ਼ ਗ਼ ਜ਼ ਫ਼ ਲ਼ । ? -", _DELETE))
        return _three(("ਕਗ", "ਅਆ"), _PUNJABI_LOW, second, third, lang=lang)
    rest = (_DIGITS, letters("੦੧੨੩੪੫੬੭੮੯"), apart("ਖ਼ ਗ਼ ਲ਼ । , . ? ! - '"), letters("@#&+/()%", _DELETE))
    return _two("ਕਖਗ", _PUNJABI, rest, lang=lang)


_BOARDS: Final = {
    "en": _english,
    "cy": _welsh,
    "pl": _polish,
    "ur": _urdu,
    "bn": _bengali,
    "pa": _punjabi,
    "ar": _arabic,
}
LANGUAGES: Final = tuple(_BOARDS)
"""The languages that there are keys for."""


def board(language: str, *, low: bool, lang: bool = False) -> Board:
    """The keys of a language, English for one that is not known.

    Args:
        language: its code; empty is English.
        low: three rows of letters, for panels with little height.
        lang: with a key that changes between this and another language.
    """
    return _BOARDS.get(language, _english)(low, lang)


def columns(row: Row) -> float:
    """How wide a row is."""
    return sum(key.columns for key in row)
