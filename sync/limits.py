"""How often something may be asked: a token bucket for each address and one for all, in this process's memory.

Processes that serve beside each other do not know of each other's buckets. Each has its share of what all may ask, so
that the sum holds; one address, whose connections may all end at one process, has its whole bucket at each, and so
may ask at most so many times as often. A proxy in front (`packaging/hub/nginx.conf`) counts addresses exactly.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

REMEMBERED: Final = 10_000
"""Addresses; the one that was not seen for the longest time is forgotten first."""


class Bucket:
    """Holds up to `most` tokens and gains `per_s` of them a second."""

    def __init__(self, most: float, per_s: float, at: float) -> None:
        self._most, self._per_s = most, per_s
        self._there, self._at = most, at

    def wait_s(self, at: float) -> float:
        """Seconds until there is a token; 0 when there is one now."""
        self._there = min(self._most, self._there + (at - self._at) * self._per_s)
        self._at = at
        return 0.0 if self._there >= 1 else (1 - self._there) / self._per_s

    def take(self) -> None:
        """Take one."""
        self._there -= 1


class Limits:
    """A bucket each and one for all.

    Args:
        each, each_per_s: tokens of one address, and how fast they come back.
        all_, all_per_s: the same for all together.
        processes: how many serve beside each other, this one included.
        clock: seconds that only go forward (injectable for tests).
    """

    def __init__(
        self,
        *,
        each: float,
        each_per_s: float,
        all_: float,
        all_per_s: float,
        processes: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._each, self._each_per_s = each, each_per_s
        self._clock = clock
        self._all = Bucket(max(1.0, all_ / processes), all_per_s / processes, clock())
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, address: str) -> int:
        """0 when it may be asked now, which is counted; else the seconds until then."""
        with self._lock:
            at = self._clock()
            mine = self._buckets.setdefault(address, Bucket(self._each, self._each_per_s, at))
            self._buckets.move_to_end(address)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
            if wait_s := max(mine.wait_s(at), self._all.wait_s(at)):
                return math.ceil(wait_s)
            mine.take()
            self._all.take()
            return 0

    def spent_s(self, address: str) -> int:
        """Seconds for which that address has nothing left; 0 when it has, of which nothing is taken."""
        with self._lock:
            mine = self._buckets.get(address)
            return math.ceil(mine.wait_s(self._clock())) if mine else 0


def network(host: str) -> str:
    """Whom to count requests by: an IPv4 address, or the network of an IPv6 one, as a household has all of that.

    A proxy that listens for both kinds at once may say `::ffff:192.0.2.1` for an IPv4 address.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(address.ipv4_mapped or ipaddress.ip_network((address.packed, 64), strict=False))
