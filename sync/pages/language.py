"""Which language a visitor is answered in, told by the address or else by the browser; nothing is kept of it."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from sync import wording, words

OURS: Final = tuple(code for code in wording.LANGUAGES if code in words.languages())
"""The languages of these pages, English first."""
_MOST_NAMED: Final = 20


def chosen(request: Request) -> str:
    """The language that `?lang=` asks for; empty where it asks for none of ours."""
    asked = request.query_params.get("lang", "")
    return asked if asked in OURS else ""


def of(request: Request) -> str:
    """The language to answer in: the one that was chosen, else the one the browser likes best, else English."""
    return chosen(request) or preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The one of our languages that an `Accept-Language` likes best; English where it names none.

    Of a language's varieties (`ur-PK`) we have one. Source: RFC 9110 12.5.4.
    """
    liked: dict[str, float] = {}
    for named in header.split(",")[:_MOST_NAMED]:
        tag, _, quality = named.partition(";")
        code = tag.strip().partition("-")[0].lower()
        if code in OURS:
            liked[code] = max(liked.get(code, 0.0), _weight(quality))
    best = max(liked, key=lambda code: liked[code], default=words.ENGLISH)
    return best if liked.get(best) else words.ENGLISH


def _weight(quality: str) -> float:
    """`q=0.8` as 0.8; 1 where none is given, 0 for what cannot be read."""
    name, _, value = quality.strip().partition("=")
    if not name:
        return 1.0
    digits = value.strip().replace(".", "", 1)
    weight = float(value) if name.strip().lower() == "q" and digits.isascii() and digits.isdigit() else 0.0
    return weight if weight <= 1 else 0.0
