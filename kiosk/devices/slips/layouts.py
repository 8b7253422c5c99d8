"""The papers that slips are printed on, and in what sizes.

Type is in points (1/72 inch), modules of the QR symbols in millimetres. Of the made-up worn prints of
`tests/printers/worn.py`, 9 in 10 were read at the first look with modules of 1 mm, 4 in 10 with modules of 0.5 mm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from kiosk.domain.slips import Slip

Role = Literal["small", "plain", "title", "code"]

MODULE_MM: Final = 1.0
LEAST_MODULE_MM: Final = 0.75
"""Smaller ones are not printed: phones would not read them."""
_MM_PER_INCH: Final = 25.4
_POINTS_PER_INCH: Final = 72
_THERMAL_DPI: Final = 203.2
_OFFICE_DPI: Final = 300


@dataclass(frozen=True)
class Layout:
    """One paper and the sizes on it.

    Attributes:
        width_mm: what can be printed across.
        height_mm: of a sheet; 0 for paper from a roll, which is cut where the slip ends.
        points: size of type by what it is for.
        beside: whether the symbol stands beside its words, not under them.
        alone: whether each item has a paper of its own.
    """

    name: str
    dpi: float
    width_mm: float
    points: Mapping[Role, float]
    height_mm: float = 0.0
    margin_mm: float = 2.0
    beside: bool = False
    alone: bool = False
    bold: bool = False

    @property
    def width_dots(self) -> int:
        """Dots across."""
        return self.dots(self.width_mm)

    @property
    def height_dots(self) -> int:
        """Dots down; 0 for a roll."""
        return self.dots(self.height_mm)

    def dots(self, mm: float) -> int:
        """Millimetres in this printer's dots."""
        return round(mm * self.dpi / _MM_PER_INCH)

    def size(self, role: Role) -> int:
        """The size of type in dots."""
        return round(self.points[role] * self.dpi / _POINTS_PER_INCH)

    def of(self, slip: Slip) -> Layout:
        """The same paper, in large print where the slip is for somebody who wants that."""
        return self.large() if slip.large else self

    def large(self) -> Layout:
        """The same paper in large print: bold, 18 points and more, the symbol under its words."""
        return replace(self, points=_LARGE, beside=False, bold=True)


_ROLL: Final[dict[Role, float]] = {"small": 10, "plain": 11.5, "title": 16, "code": 21}
_SHEET: Final[dict[Role, float]] = {"small": 10, "plain": 12, "title": 18, "code": 22}
_LABEL: Final[dict[Role, float]] = {"small": 8, "plain": 9, "title": 12, "code": 15}
_LARGE: Final[dict[Role, float]] = {"small": 18, "plain": 18, "title": 22, "code": 26}

ROLL_80: Final = Layout("80mm", _THERMAL_DPI, 72, _ROLL)
ROLL_58: Final = Layout("58mm", _THERMAL_DPI, 48, _ROLL)
A6: Final = Layout("a6", _OFFICE_DPI, 105, _SHEET, height_mm=148, margin_mm=8, beside=True)
A4: Final = Layout("a4", _OFFICE_DPI, 210, _SHEET, height_mm=297, margin_mm=18, beside=True)
LABEL_62: Final = Layout("62mm", _OFFICE_DPI, 58.93, _LABEL, margin_mm=1.5, alone=True)
"""696 dots of Brother's endless tape."""
LARGE: Final = replace(ROLL_80.large(), name="large")

LAYOUTS: Final = {layout.name: layout for layout in (ROLL_58, ROLL_80, A6, A4, LABEL_62, LARGE)}
