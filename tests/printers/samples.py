"""Slips to print."""

from __future__ import annotations

from typing import Any

from kiosk.domain.slips import Slip, SlipItem
from sync import codes

BASE = "https://goodstuff.example.org"


def an_item(number: int = 1, title: str = "Cook for ten on £10", line: str = "Guide · Free") -> SlipItem:
    """One with a code of its own for every number."""
    code = codes.from_number(number)
    return SlipItem(
        item_id=str(number), code=codes.show(code), title=title, line=line, address=codes.address(BASE, code)
    )


def a_slip(*items: SlipItem, **more: Any) -> Slip:
    words = {
        "shop": "Mill Lane",
        "hours": "Mo-Sa 09:30-17:30",
        "next_session": "Surgery: Monday, 11:00",
        "how": "Point your phone's camera at the square.",
        "by_hand": "No camera? Open goodstuff.example.org/d and type",
    }
    return Slip(items=list(items) or [an_item()], **{**words, **more})
