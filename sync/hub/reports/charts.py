"""Bars as SVG, drawn here: readable by screen readers, in black and white, and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from rich.cells import cell_len, set_cell_size

BAR: Final = "#1F4E79"
"""On white it has a contrast of 8.6 to 1, and prints as a dark grey."""
INK: Final = "#1B2830"
LINE: Final = "#5C6B75"
_WIDTH_PX: Final = 740
_LABEL_PX: Final = 248
_NUMBER_PX: Final = 86
_ROW_PX: Final = 38
_BAR_PX: Final = 24
_GAP_PX: Final = 10
_LETTER_PX: Final = 11


@dataclass(frozen=True)
class Bar:
    """One bar: its label, how long it is, and what is written at its end. Without a `value` nothing is drawn."""

    label: str
    value: float | None
    shown: str


def bars(
    name: str,
    title: str,
    description: str,
    rows: Sequence[Bar],
    *,
    width_px: int = _WIDTH_PX,
    label_px: int = _LABEL_PX,
) -> str:
    """Horizontal bars, one below the other, as an SVG element.

    Args:
        name: what the element's parts are called in the page it stands in; the same only once.
        description: what a screen reader says besides the title; the numbers stand in a table beside it.
        width_px: of the whole, as it is drawn; it is scaled to the room there is, and its letters with it.
        label_px: of it, for the labels.
    """
    height = _ROW_PX * len(rows) + 2
    longest = max((row.value or 0 for row in rows), default=0) or 1
    drawn = "".join(_bar(row, at * _ROW_PX, longest, width_px, label_px) for at, row in enumerate(rows))
    return (
        f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-about" viewBox="0 0 {width_px} {height}" '
        f'xmlns="http://www.w3.org/2000/svg" font-size="19" font-family="inherit">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(description)}</desc>'
        f'<path d="M{label_px + 0.5} 0V{height}" stroke="{LINE}"/>{drawn}</svg>'
    )


def _bar(row: Bar, top: float, longest: float, width_px: int, label_px: int) -> str:
    room = width_px - label_px - _NUMBER_PX
    width = round(room * (row.value or 0) / longest, 1)
    middle = top + _ROW_PX / 2
    rect = (
        f'<rect x="{label_px}" y="{middle - _BAR_PX / 2}" width="{width}" height="{_BAR_PX}" fill="{BAR}"/>'
        if width
        else ""
    )
    return (
        f'<text x="{label_px - _GAP_PX}" y="{middle}" dy=".35em" text-anchor="end" fill="{INK}" '
        f'unicode-bidi="plaintext">{escape(_short(row.label, label_px // _LETTER_PX))}</text>{rect}'
        f'<text x="{label_px + width + _GAP_PX}" y="{middle}" dy=".35em" font-weight="700" fill="{INK}">'
        f"{escape(row.shown)}</text>"
    )


def _short(label: str, letters: int) -> str:
    if cell_len(label) <= letters:
        return label
    return set_cell_size(label, letters - 1).rstrip() + "…"
