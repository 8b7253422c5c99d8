"""Languages by their own names, where there is a font to write them with."""

from __future__ import annotations

from kiosk.lettering import fonts, scripts
from sync import wording, words


def name(code: str) -> str:
    """`اردو`, or `Urdu` when that could not be drawn; an unknown language's code in capitals."""
    own = wording.LANGUAGES.get(code or "en", code.upper())
    script = scripts.rarest(own)
    drawn = script == "Latin" or script in fonts.path("regular", script).name
    return own if drawn else _in_english(code)


def in_order(codes: dict[str, int]) -> list[str]:
    """Those of `codes` that are not English, the ones we know first."""
    known = [code for code in wording.LANGUAGES if code in codes]
    return [code for code in (*known, *(code for code in codes if code not in known)) if code != "en"]


def of_the_screen() -> list[str]:
    """Those that the whole screen can be in, English too."""
    return [code for code in wording.LANGUAGES if code in words.languages()]


def _in_english(code: str) -> str:
    from babel import Locale  # only where a font is missing

    return Locale.parse(code).english_name or code.upper()
