"""What keeps machines from the form: a field that no person sees, and a stamp that says when the form was asked for.

A stamp is a time and its HMAC under the hub's own key, so that nobody can make one, and nothing has to be kept.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

FIELD: Final = "nickname"
"""Stands outside the page, and bears a name that machines like to fill in."""
LEAST_S: Final = 4.0
"""Nobody fills the form in faster."""
LONGEST_S: Final = 86_400.0


class Stamps:
    """Makes stamps and reads them.

    Args:
        key: a secret of this hub.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, at_s: float) -> str:
        """The stamp of a form that was asked for at that time, in seconds since 1970."""
        text = str(int(at_s))
        return f"{text}.{self._mark(text)}"

    def fits(self, stamp: str, at_s: float) -> bool:
        """Whether a form with this stamp was looked at for as long as people do, and not for days."""
        text, _, mark = stamp.partition(".")
        if not (text.isascii() and text.isdigit() and hmac.compare_digest(mark.encode(), self._mark(text).encode())):
            return False
        return LEAST_S <= at_s - int(text) <= LONGEST_S

    def _mark(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:32]
