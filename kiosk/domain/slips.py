"""What a visitor takes away: one or more items, each with its QR address and short code."""

from __future__ import annotations

import msgspec


class SlipItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item on a slip, in the words it is printed in."""

    item_id: str
    code: str
    title: str
    line: str
    """One line about it: kind, price, maker."""
    address: str
    """What the QR symbol says."""


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """A whole slip, in the language of whoever takes it."""

    shop: str
    hours: str
    next_session: str
    """The next drop-in session in words, or empty."""
    items: list[SlipItem]
    how: str = ""
    """What to do with a symbol, in words."""
    by_hand: str = ""
    """What to type where there is no camera, in words; the code stands below."""
    language: str = ""
    rtl: bool = False
    large: bool = False
    """Whether it is for somebody who wants large print."""
