"""Codes that were tried and lead nowhere: whoever tries many has to wait, so that codes are not found by trying."""

from __future__ import annotations

import math
from typing import Final

from starlette.requests import Request

from sync.limits import Limits, network

_AT_ONCE: Final = 30
_BACK_PER_S: Final = 0.1


class TriedTooOftenError(Exception):
    """Too many codes that lead nowhere came from there; `wait_s` is how many seconds that is so."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"codes may be tried again in {wait_s} s")
        self.wait_s = wait_s


class Tried:
    """Counts, by address and in this process's memory, codes that lead nowhere."""

    def __init__(self) -> None:
        self._limits = Limits(each=_AT_ONCE, each_per_s=_BACK_PER_S, all_=math.inf, all_per_s=0)

    def check(self, request: Request) -> None:
        """Make sure that codes may be tried from there.

        Raises:
            TriedTooOftenError: not for a while.
        """
        if wait_s := self._limits.spent_s(_from(request)):
            raise TriedTooOftenError(wait_s)

    def in_vain(self, request: Request) -> None:
        """A code led nowhere."""
        self._limits.wait_s(_from(request))


def _from(request: Request) -> str:
    return network(request.client.host if request.client else "")
