"""How somebody wants the screen: chosen in the access panel, and gone with the visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SPEEDS: Final = {"slow": 110, "normal": 160, "fast": 230}
"""How fast is spoken, in words a minute."""
LOUDEST: Final = 5


@dataclass(frozen=True)
class Access:
    """Every choice, with what holds before anybody chose.

    The unit's settings `text_size`, `theme` and `motion` say where a visit starts from.
    """

    text_size: str = "normal"
    """`small`, `normal`, `large` or `largest`."""
    theme: str = "light"
    """`light`, `dark` or `contrast`."""
    lower: bool = False
    """Everything to touch is in the lower 60 % of an upright screen."""
    still: bool = False
    """Nothing moves by itself, and screens change at once."""
    speech: bool = False
    """Every screen, focus and key is spoken."""
    speed: str = "normal"
    """One of `SPEEDS`."""
    volume: int = 3
    """From 1 to `LOUDEST`."""
    dark: bool = False
    """The screen shows nothing, so that nobody beside can read; only with speech."""

    @property
    def patient(self) -> bool:
        """Whether more time is given before the visit is thought to be over."""
        return self.speech or self.reads_large

    @property
    def reads_large(self) -> bool:
        """Whether large print is wanted, on paper too."""
        return self.text_size in ("large", "largest")
