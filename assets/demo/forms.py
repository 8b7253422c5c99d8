"""The blocks of a sheet that people fill in with a pen: checklists, tables, lines and cards to cut out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bodies import to_markup
from looks import BOLD, REGULAR, Look
from palette import QUIET
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

FormBlock = dict[str, Any]
RULE = HexColor("#B9B2A6")
_ANY_HEIGHT = 10_000
_CELL_SIDE = 6
"""Points at the left and right of what stands in a table, which are reportlab's own."""


class Tick(Flowable):
    """A square to tick."""

    def __init__(self, look: Look) -> None:
        """A square in the theme's strong colour."""
        super().__init__()
        self.colour, self.side = look.strong, 4.2 * mm * look.scale

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 (the names are reportlab's)
        """The room that the square takes."""
        return self.side, self.side

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(self.colour)
        self.canv.setLineWidth(1.3)
        self.canv.roundRect(0, -0.6, self.side, self.side, 1.6, stroke=1, fill=0)


def lay_out_form(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    """One block of a sheet as flowables, with its own small heading when it has one."""
    made = LAYOUTS[block["type"]](block, look, width)
    if "heading" in block:
        made = [
            Paragraph(to_markup(block["heading"]), look.heading(13, 17, before=6, after=4)),
            *made,
        ]
        made = [KeepTogether(made)] if block["type"] != "cards" else made
    return [*made, Spacer(1, 9)]


def _text(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    """Plain paragraphs."""
    return [Paragraph(to_markup(line), look.style(11, 16, after=5)) for line in block["lines"]]


def _big(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    """A few very large lines, for a fridge door or a window."""
    size = block.get("size", 26)
    return [Paragraph(to_markup(line), look.style(size, size * 1.3, after=size * 0.3)) for line in block["lines"]]


def _checklist(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    """Squares to tick with words beside them, in one or two columns."""
    across = 1 if look.large else block.get("across", 1)
    entries: list[list[Flowable]] = [
        [Tick(look), Paragraph(to_markup(line), look.style(11, 15))] for line in block["items"]
    ]
    per_column = -(-len(entries) // across)
    rows: list[list[Any]] = []
    for row in range(per_column):
        cells: list[Any] = []
        for column in range(across):
            index = column * per_column + row
            cells += entries[index] if index < len(entries) else ["", ""]
        rows.append(cells)
    tick_width = 8 * mm * look.scale
    table = Table(rows, colWidths=[tick_width, width / across - tick_width] * across)
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return [table]


def _table(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    """A ruled table: given rows first, then blank ones to write in."""
    shares = block.get("widths", [1] * len(block["columns"]))
    widths = [width * share / sum(shares) for share in shares]
    head_style = look.style(10, 13, "#FFFFFF", bold=True)
    for name, wide in zip(block["columns"], widths, strict=True):
        _shrink(head_style, name, wide)
    head = [Paragraph(to_markup(name), head_style) for name in block["columns"]]
    given = [
        [_cell(words, wide, look) for words, wide in zip(row, widths, strict=True)] for row in block.get("rows", [])
    ]
    blank: list[list[Any]] = [[""] * len(head) for _ in range(block.get("blank", 0))]
    row_height = block.get("row_mm", 9) * mm * look.scale
    table = Table(
        [head, *given, *blank],
        colWidths=widths,
        rowHeights=[None, *[None] * len(given), *[row_height] * len(blank)],
        repeatRows=1,
    )
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), look.strong),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [HexColor("#FFFFFF"), HexColor(look.shades.tint)]),
                ("LINEBELOW", (0, 1), (-1, -1), 0.6, RULE),
                ("LINEAFTER", (0, 1), (-2, -1), 0.6, RULE),
                ("BOX", (0, 0), (-1, -1), 0.8, RULE),
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ]
        )
    )
    return [table]


def _cell(words: str, width: float, look: Look) -> Flowable:
    """Words of a table."""
    style = look.style(10.5, 14)
    _shrink(style, words, width)
    return Paragraph(to_markup(words), style)


def _shrink(style: ParagraphStyle, words: str, width: float) -> None:
    """Make the letters smaller where the longest of the words is wider than its column."""
    shown = words.replace("**", "").split()
    longest = max((stringWidth(word, BOLD, style.fontSize) for word in shown), default=0)
    if longest > (room := width - 2 * _CELL_SIDE - 1):
        style.fontSize, style.leading = style.fontSize * room / longest, style.leading * room / longest


def _lines(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    """Labels with a line to write on after each; a label may ask for more room with ``|3``."""
    rows: list[list[Any]] = []
    for entry in block["labels"]:
        label, _, count = entry.partition("|")
        rows.append([Paragraph(to_markup(label), look.style(10.5, 14, bold=True)), ""])
        rows += [["", ""] for _ in range(int(count or 1) - 1)]
    beside = width * (0.36 if look.large else 0.3)
    row_height = block.get("row_mm", 10) * mm * look.scale
    table = Table(rows, colWidths=[beside, width - beside], rowHeights=[row_height] * len(rows))
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (1, 0), (1, -1), 0.8, RULE),
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return [table]


def _cards(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    """The same card many times over, with dashed lines to cut along."""
    across, count = block.get("across", 2), block["count"]
    across = max(1, across // 2) if look.large else across
    wide = width / across
    held = sum(part.wrap(wide - 15, _ANY_HEIGHT)[1] + part.getSpaceAfter() for part in _card(block, look, wide - 12))
    high = max(block.get("card_mm", 52) * mm, held + 14)
    rows = [[_card(block, look, wide - 12) for _ in range(across)] for _ in range(count // across)]
    table = Table(rows, colWidths=[wide] * across, rowHeights=[high] * len(rows))
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.7, HexColor(QUIET), "butt", (3, 3)),
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ]
        )
    )
    return [table]


def _card(block: FormBlock, look: Look, width: float) -> list[Flowable]:
    title = Paragraph(to_markup(block["title"]), look.heading(13, 16, after=2))
    rows = [[Paragraph(to_markup(label), look.style(9, 11, QUIET)), ""] for label in block.get("fields", [])]
    words: list[Flowable] = [
        Paragraph(to_markup(line), look.style(9.5, 12.5, after=2)) for line in block.get("lines", [])
    ]
    if not rows:
        return [title, *words]
    label_width = block.get("label_mm", 24) * mm * look.scale
    field_mm = block.get("field_mm", 7.2) * look.scale
    table = Table(rows, colWidths=[label_width, width - label_width - 6], rowHeights=[field_mm * mm] * len(rows))
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (1, 0), (1, -1), 0.6, RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return [title, *words, table]


LAYOUTS: dict[str, Callable[[FormBlock, Look, float], list[Flowable]]] = {
    "text": _text,
    "big": _big,
    "checklist": _checklist,
    "table": _table,
    "lines": _lines,
    "cards": _cards,
}
