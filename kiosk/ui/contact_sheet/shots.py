"""What was drawn: one scene in one look, with what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.ui.contact_sheet.pairs import Panel, Row


class Shot(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`picture` is the file's name in the sheet's folder, `thumb` a small JPEG in base64; `seconds` it took.

    `faults` are pairs: the rule that is broken, and what is wrong in words.
    """

    panel: str
    theme: str
    text: str
    language: str
    screen: str
    state: str
    faults: list[tuple[str, str]] = []
    picture: str = ""
    thumb: str = ""
    seconds: float = 0.0

    @property
    def look(self) -> tuple[str, str, str, str]:
        """Panel, theme, size of the text and language."""
        return self.panel, self.theme, self.text, self.language


class Job(msgspec.Struct, kw_only=True):
    """What one process draws: the scenes of these names (all, where there are none) in looks of one panel.

    `data` is the folder of the unit whose catalogue is shown, empty for the demo one; `out` the folder for the
    pictures, empty to look at the layout alone.
    """

    panel: Panel
    rows: list[Row]
    scenes: list[str] = []
    data: str = ""
    out: str = ""

    @property
    def source(self) -> Path | None:
        return Path(self.data) if self.data else None
