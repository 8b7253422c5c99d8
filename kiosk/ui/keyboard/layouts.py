"""Which keys stand where. A layout is rows of keys; every row is ten columns wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COLUMNS: Final = 10
SPACE, DELETE, CLEAR, MORE = "space", "delete", "clear", "more"
SHIFT: Final = "shift"
"""Makes small letters capital ones, and back."""


@dataclass(frozen=True)
class Key:
    """A key: what it types, or what it does; `columns` wide."""

    name: str
    columns: float = 1.0

    @property
    def types(self) -> str:
        """The letter it types; empty for one that does something."""
        return " " if self.name == SPACE else self.name if len(self.name) == 1 else ""


Row = tuple[Key, ...]
Layout = tuple[Row, ...]


def letters(text: str, *after: Key) -> Row:
    """A row of single keys, then others."""
    return (*(Key(letter) for letter in text), *after)


ENGLISH: Final[Layout] = (
    letters("1234567890"),
    letters("qwertyuiop"),
    letters("asdfghjkl'"),
    letters("zxcvbnm", Key("-"), Key(DELETE, 2)),
    (Key(CLEAR, 2), Key(SPACE, 8)),
)
"""Numbers, then letters as on every keyboard of the country."""

ENGLISH_LOW: Final[Layout] = (
    letters("qwertyuiop"),
    letters("asdfghjkl'"),
    letters("zxcvbnm", Key("-"), Key(DELETE, 2)),
    (Key(MORE, 2), Key(CLEAR, 2), Key(SPACE, 6)),
)
"""Without the row of numbers, for panels with little height; `more` brings the numbers."""

NUMBERS_LOW: Final[Layout] = (
    letters("1234567890"),
    letters("@#&+/().,?"),
    letters('£%!:;"*', Key("-"), Key(DELETE, 2)),
    (Key(MORE, 2), Key(CLEAR, 2), Key(SPACE, 6)),
)

CONTACT: Final[Layout] = (
    letters("1234567890"),
    letters("qwertyuiop"),
    letters("asdfghjkl'"),
    letters("zxcvbnm", Key("-"), Key(DELETE, 2)),
    (Key(SHIFT, 2), *letters("@._+"), Key(SPACE, 2), Key(CLEAR, 2)),
)
"""For a name, a telephone number or an e-mail address."""

CONTACT_LOW: Final[Layout] = (
    letters("qwertyuiop"),
    letters("asdfghjkl'"),
    letters("zxcvbnm", Key("-"), Key(DELETE, 2)),
    (Key(MORE, 2), Key(SHIFT, 2), *letters("@."), Key(SPACE, 2), Key(CLEAR, 2)),
)

CONTACT_NUMBERS_LOW: Final[Layout] = (
    letters("1234567890"),
    letters("@.-_+/&()'"),
    letters("!#$%*=?", Key("~"), Key(DELETE, 2)),
    (Key(MORE, 2), Key(SPACE, 6), Key(CLEAR, 2)),
)
"""Every sign that an address may have is on one of the two."""

LAYOUTS: Final = {
    "english": ENGLISH,
    "english-low": ENGLISH_LOW,
    "numbers-low": NUMBERS_LOW,
    "contact": CONTACT,
    "contact-low": CONTACT_LOW,
    "contact-numbers-low": CONTACT_NUMBERS_LOW,
}


def columns(row: Row) -> float:
    """How wide a row is."""
    return sum(key.columns for key in row)
