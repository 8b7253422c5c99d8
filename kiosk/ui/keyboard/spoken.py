"""What each key is called aloud."""

from __future__ import annotations

from typing import Final

from kiosk.ui.keyboard import layouts
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.look import languages
from sync.words import _

_VOWELS: Final = (
    ("আইঈউঊঋএঐওঔ", "\u09be\u09bf\u09c0\u09c1\u09c2\u09c3\u09c7\u09c8\u09cb\u09cc"),
    ("ਆਇਈਉਊਏਐਓਔ", "\u0a3e\u0a3f\u0a40\u0a41\u0a42\u0a47\u0a48\u0a4b\u0a4c"),
)
"""Vowels, each with its sign: the sign is called what the vowel is."""
_MARKS: Final = {
    "\u0981": "চন্দ্রবিন্দু",
    "\u0982": "অনুস্বার",
    "\u0983": "বিসর্গ",
    "\u09cd": "হসন্ত",
    "\u0a02": "ਬਿੰਦੀ",
    "\u0a4d": "ਹਲੰਤ",
    "\u0a70": "ਟਿੱਪੀ",
    "\u0a71": "ਅੱਧਕ",
}
"""Marks that stand for no letter of their own, by the names they have at school."""


def name(key: Key, *, capital: bool = False, other: str = "") -> str:
    """The words for a key.

    Args:
        key: the key.
        capital: whether it types a capital letter now.
        other: the code of the language that the key for the language changes to.
    """
    if key.name == layouts.LANG:
        return languages.name(other)
    if not key.types or key.types == " ":
        return _doing(key)
    if capital and key.types.isalpha():
        return _("capital {}").format(key.types)
    return _signs().get(key.types) or _MARKS.get(key.types) or _sign_of_vowel(key.types) or key.types


def _doing(key: Key) -> str:
    pages = {layouts.LETTERS: _("letters"), layouts.OTHERS: _("more letters"), layouts.NUMBERS: _("numbers and signs")}
    return {
        layouts.SPACE: _("space"),
        layouts.DELETE: _("delete"),
        layouts.CLEAR: _("clear"),
        layouts.MORE: pages.get(key.to, _("more keys")),
        layouts.SHIFT: _("capital letters"),
    }[key.name]


def _sign_of_vowel(letter: str) -> str:
    for vowels, signs in _VOWELS:
        if letter in signs:
            return vowels[signs.index(letter)]
    return ""


def _signs() -> dict[str, str]:
    return {
        "-": _("dash"),
        "'": _("apostrophe"),
        ".": _("dot"),
        ",": _("comma"),
        "،": _("comma"),
        "۔": _("full stop"),
        "।": _("full stop"),
        "?": _("question mark"),
        "؟": _("question mark"),
        "!": _("exclamation mark"),
        "@": _("at"),
        "#": _("hash"),
        "&": _("and"),
        "+": _("plus"),
        "/": _("slash"),
        "(": _("open bracket"),
        ")": _("close bracket"),
        "£": _("pound"),
        "%": _("per cent"),
        ":": _("colon"),
        ";": _("semicolon"),
        '"': _("quotation mark"),
        "*": _("star"),
        "_": _("underscore"),
        "~": _("tilde"),
        "=": _("equals"),
        "$": _("dollar"),
    }
