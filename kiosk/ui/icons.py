"""Which character of the icon font draws what.

Source: the style sheet of Material Design Icons 1.6.50, as Debian's fonts-materialdesignicons-webfont has it.
"""

from __future__ import annotations

from typing import Final

POINTS: Final = {
    "account": 0xF004,
    "account-multiple": 0xF00E,
    "account-outline": 0xF013,
    "alert-circle-outline": 0xF5D6,
    "apps": 0xF03B,
    "arrow-left": 0xF04D,
    "arrow-up": 0xF05D,
    "bank": 0xF070,
    "basket": 0xF076,
    "book-open-variant": 0xF0BE,
    "briefcase": 0xF0D6,
    "bullhorn": 0xF0E6,
    "bulletin-board": 0xF0E5,
    "bus": 0xF0E7,
    "calendar": 0xF0ED,
    "calendar-clock": 0xF0F0,
    "carrot": 0xF10F,
    "cellphone": 0xF11C,
    "check": 0xF12C,
    "check-circle": 0xF5E0,
    "chevron-down": 0xF140,
    "chevron-left": 0xF141,
    "chevron-right": 0xF142,
    "chevron-up": 0xF143,
    "clock": 0xF150,
    "close": 0xF156,
    "cloud-check": 0xF160,
    "cloud-outline-off": 0xF164,
    "earth": 0xF1E7,
    "emoticon-happy": 0xF1F5,
    "file-document": 0xF219,
    "file-pdf": 0xF225,
    "fingerprint": 0xF237,
    "food-apple": 0xF25B,
    "gift": 0xF2A1,
    "heart": 0xF2D1,
    "home": 0xF2DC,
    "human-greeting": 0xF64A,
    "human-handsup": 0xF64C,
    "inbox": 0xF2FB,
    "keyboard-backspace": 0xF30D,
    "key-variant": 0xF30B,
    "leaf": 0xF32A,
    "library": 0xF331,
    "lock": 0xF33E,
    "magnify": 0xF349,
    "map-marker": 0xF34E,
    "newspaper": 0xF395,
    "package-variant": 0xF3D6,
    "playlist-check": 0xF5C7,
    "playlist-plus": 0xF412,
    "printer": 0xF42A,
    "qrcode": 0xF432,
    "receipt": 0xF449,
    "refresh": 0xF450,
    "rocket": 0xF463,
    "scale-balance": 0xF5D1,
    "school": 0xF474,
    "shield": 0xF498,
    "star": 0xF4CE,
    "store": 0xF4DC,
    "tag-outline": 0xF4FC,
    "translate": 0xF5CA,
    "tree": 0xF531,
    "view-grid": 0xF570,
    "walk": 0xF583,
    "web": 0xF59F,
    "wrench": 0xF5B7,
}
KIND: Final = {
    "guide": "book-open-variant",
    "app": "cellphone",
    "toolkit": "briefcase",
    "service": "human-greeting",
    "event": "calendar",
    "offer": "gift",
    "want": "inbox",
    "skill": "human-handsup",
    "project": "rocket",
    "news": "newspaper",
    "space": "store",
}
DEFAULT: Final = "star"


def character(name: str) -> str:
    """The character that draws `name`; a star for what this program does not know, nothing for no name."""
    return chr(POINTS.get(name, POINTS[DEFAULT])) if name else ""
