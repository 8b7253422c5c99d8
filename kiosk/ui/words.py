"""Every word of the interface goes through `_`, so that it can be translated."""

from __future__ import annotations

import gettext as _gettext

_translation = _gettext.NullTranslations()


def _(text: str) -> str:
    """The words in the interface's language."""
    return _translation.gettext(text)


def count_of(count: int, one: str, many: str) -> str:
    """`1 thing`, `42 things`; `one` and `many` hold the place of the number as `{}`."""
    return _translation.ngettext(one, many, count).format(f"{count:,}")
