"""Search terms that the hub keeps: one with a digit in it may be somebody's number, and is not kept."""

from __future__ import annotations

_SPELLED = str.maketrans("0123456789", "ghijklmnop")


def spelled(number: object) -> str:
    """A number, or a UUID, in letters alone; each in its own."""
    return str(number).lower().translate(_SPELLED)
