"""What licences ask of whoever uses a thing, read from SPDX licence expressions.

A licence's family is that of ScanCode LicenseDB, which `license-expression` carries; what its families leave open is
told from the licence's own name.
"""

from __future__ import annotations

from enum import Flag, auto
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any, Final

from license_expression import (
    ExpressionError,
    LicenseWithExceptionSymbol,
    Licensing,
    get_license_index,
    get_spdx_licensing,
)


class Terms(Flag):
    """What is asked, the more the further down. Several hold together; nothing is asked of the public domain."""

    FREE = 0
    WORK = auto()
    """It is a text, a picture or data, which is copied, rather than a program, which is used."""
    CREDIT = auto()
    """Say who made it."""
    ALIKE = auto()
    """What is made of it stays as free as it is."""
    NETWORK = auto()
    """The same, when others only use it over a network."""
    UNPAID = auto()
    """Not to be used for money."""
    WHOLE = auto()
    """Not to be changed."""
    UNKNOWN = auto()
    """It has to be read: it is not a free licence, or none that is known."""


_FAMILIES: Final = {
    "Public Domain": Terms.FREE,
    "Permissive": Terms.CREDIT,
    "Copyleft Limited": Terms.CREDIT | Terms.ALIKE,
    "Copyleft": Terms.CREDIT | Terms.ALIKE,
}
_ASKS_NOTHING: Final = ("0BSD", "MIT-0")
_OVER_A_NETWORK: Final = ("AGPL-", "OSL-", "NPOSL-", "CPAL-", "EUPL-", "RPL-", "APSL-")
_OF_WORKS: Final = ("CC-", "CC0-", "OGL-", "ODBL-", "ODC-", "PDDL-", "GFDL-", "CDLA-", "ETALAB-", "DL-DE-", "LAL-")


@lru_cache(256)
def terms(expression: str) -> Terms:
    """What an expression asks; with a choice of licences, what the one asks that asks least.

    What is no expression, or names no known licence, is `UNKNOWN`.
    """
    try:
        parsed = Licensing().parse(expression)
    except ExpressionError:
        return Terms.UNKNOWN
    return Terms.UNKNOWN if parsed is None else _terms(parsed)


def current(expression: str) -> str:
    """The expression with the names that SPDX gives its licences today: `AGPL-3.0` as `AGPL-3.0-only`.

    What cannot be read stays as it is.
    """
    if not expression.strip():
        return expression
    try:
        return str(_spdx().dedup(expression).render())
    except ExpressionError:
        return expression


def _terms(parsed: Any) -> Terms:
    licensing = Licensing()
    if isinstance(parsed, licensing.AND):
        return reduce(or_, map(_terms, parsed.args))
    if isinstance(parsed, licensing.OR):
        return min(map(_terms, parsed.args), key=lambda asked: asked.value)
    if isinstance(parsed, LicenseWithExceptionSymbol):
        return _terms(parsed.license_symbol)  # an exception only ever allows more
    return _of_licence(str(parsed.key).upper())


def _of_licence(name: str) -> Terms:
    there = Terms.WORK if name.startswith(_OF_WORKS) else Terms.FREE
    if name in _ASKS_NOTHING:
        return there
    if name.startswith("CC-BY-N"):
        for part, asked in (("-NC", Terms.UNPAID), ("-ND", Terms.WHOLE), ("-SA", Terms.ALIKE)):
            there |= asked if part in name else Terms.FREE
        return there | Terms.CREDIT
    family = _FAMILIES.get(_families().get(name, ""))
    if family is None:
        return Terms.UNKNOWN
    return there | family | (Terms.NETWORK if name.startswith(_OVER_A_NETWORK) else Terms.FREE)


@cache
def _families() -> dict[str, str]:
    """The family of every licence by its names, in capitals."""
    return {
        name.upper(): entry["category"]
        for entry in get_license_index()
        for name in (entry["spdx_license_key"], *entry["other_spdx_license_keys"])
        if name and not entry["is_exception"]
    }


@cache
def _spdx() -> Licensing:
    return get_spdx_licensing()
