"""Lay out an item as an A4 paper (PDF): coloured title band, body, then pages to fill in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from bodies import Block, read_blocks, to_markup
from catalogue import HERE, Item
from forms import lay_out_form
from looks import BOLD, REGULAR, Look, register_fonts
from palette import QUIET, THEMES
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    ListFlowable,
    ListItem,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from sheets import LARGE_PRINT, Sheet

WIDTH, HEIGHT = A4
MARGIN = 20 * mm
BAND = 55 * mm
STRIP = 13 * mm
FOOT = 20 * mm
PICTURE_WIDTH = 58 * mm
LICENCES = {
    "CC-BY-4.0": "CC BY 4.0: share it and change it, and say who made it",
    "CC0-1.0": "CC0: no rights reserved",
}


def make_paper(item: Item, sheet: Sheet, path: Path) -> None:
    """Write one PDF. Its bytes depend on nothing but the item, the sheet and the picture."""
    register_fonts()
    look = Look(THEMES[item["themes"][0]], large="poster" in sheet or path.stem.endswith(LARGE_PRINT))
    paper = Paper(item, sheet, look)
    document = BaseDocTemplate(
        str(path),
        pagesize=A4,
        title=sheet.get("title", item["title"]) + (" (large print)" if path.stem.endswith(LARGE_PRINT) else ""),
        author=item["maker"]["name"],
        subject=item["summary"],
        keywords=item["tags"],
        creator="Touchpoint",
        lang="en-GB",
        displayDocTitle=True,
        invariant=1,
    )
    document.addPageTemplates(paper.templates())
    document.build(paper.story())


class Paper:
    """One paper: what stands round its pages, and what flows through them."""

    def __init__(self, item: Item, sheet: Sheet, look: Look) -> None:
        """A paper of an item and the sheet of the same name."""
        self._item, self._sheet, self._look = item, sheet, look
        self._foot = FOOT * look.scale

    def templates(self) -> list[PageTemplate]:
        """A first page with the band, later pages with a thin strip; or a poster page with neither."""
        if "poster" in self._sheet:
            return [PageTemplate("poster", [self._frame(200 * mm)], onPage=self._poster_page)]
        return [
            PageTemplate("first", [self._frame(self._band_height() + 8 * mm)], onPage=self._first_page),
            PageTemplate("later", [self._frame(self._strip_height() + 10 * mm)], onPage=self._later_page),
        ]

    def story(self) -> list[Flowable]:
        """The body, then each page of the sheet."""
        story: list[Flowable] = [NextPageTemplate("later")] if "poster" not in self._sheet else []
        if self._sheet.get("body", True):
            story += lay_out_body(self._item["body"], self._look)
        for number, page in enumerate(self._sheet.get("pages", [])):
            if number or self._sheet.get("body", True):
                story.append(PageBreak())
            story += self._form_page(page)
        return story

    def _form_page(self, page: dict[str, Any]) -> list[Flowable]:
        flowables: list[Flowable] = []
        if "title" in page:
            flowables.append(Paragraph(to_markup(page["title"]), self._look.heading(20, 25, after=5)))
        if "intro" in page:
            flowables.append(Paragraph(to_markup(page["intro"]), self._look.style(11, 16, after=8)))
        for block in page.get("blocks", []):
            flowables += lay_out_form(block, self._look, WIDTH - 2 * MARGIN)
        return flowables

    def _frame(self, top: float) -> Frame:
        return Frame(MARGIN, self._foot, WIDTH - 2 * MARGIN, HEIGHT - top - self._foot, 0, 0, 0, 0)

    def _first_page(self, canvas: Canvas, _document: Any) -> None:
        band = self._band_height()
        self._ground(canvas, band)
        draw_picture(canvas, self._item, WIDTH - MARGIN - PICTURE_WIDTH, HEIGHT - 44 * mm, PICTURE_WIDTH)
        top = HEIGHT - 12 * mm
        for paragraph, height in self._band():
            top -= height
            paragraph.drawOn(canvas, MARGIN, top)
            top -= 5
        self._draw_foot(canvas)

    def _later_page(self, canvas: Canvas, _document: Any) -> None:
        self._ground(canvas, self._strip_height())
        baseline = HEIGHT - self._strip_height() + 4.8 * mm
        canvas.setFillColor(HexColor("#FFFFFF"))
        canvas.setFont(BOLD, self._look.size(10.5))
        canvas.drawString(MARGIN, baseline, self._item["title"])
        if not self._look.large:
            canvas.setFont(REGULAR, 10)
            canvas.drawRightString(WIDTH - MARGIN, baseline, self._item["maker"]["name"])
        self._draw_foot(canvas)

    def _poster_page(self, canvas: Canvas, _document: Any) -> None:
        """A window poster: a big picture, then very large words; what follows goes below them."""
        self._ground(canvas, 198 * mm)
        draw_picture(canvas, self._item, MARGIN, HEIGHT - MARGIN - 95 * mm, WIDTH - 2 * MARGIN, 8 * mm)
        top = HEIGHT - MARGIN - 102 * mm
        for words, style in (
            (self._sheet["poster"]["title"], self._look.style(50, 55, "#FFFFFF", bold=True)),
            (self._sheet["poster"]["line"], self._look.style(24, 31, "#FFFFFF")),
        ):
            paragraph = Paragraph(to_markup(words), style)
            _, height = paragraph.wrap(WIDTH - 2 * MARGIN, 120 * mm)
            top -= height
            paragraph.drawOn(canvas, MARGIN, top)
            top -= 16
        self._draw_foot(canvas)

    def _band(self) -> list[tuple[Paragraph, float]]:
        """The words in the band with their heights, beside the picture."""
        label = f"{self._item['kind'].capitalize()} · {self._item['maker']['name']}"
        styled = (
            (label, self._look.style(10, 15, "#FFFFFF")),
            (self._item["title"], self._look.style(25, 30, "#FFFFFF", bold=True)),
            (self._item["summary"], self._look.style(11, 15, "#FFFFFF")),
        )
        paragraphs = [Paragraph(to_markup(words), style) for words, style in styled]
        room = WIDTH - 2 * MARGIN - PICTURE_WIDTH - 8 * mm
        return [(paragraph, paragraph.wrap(room, HEIGHT)[1]) for paragraph in paragraphs]

    def _band_height(self) -> float:
        return max(BAND, 12 * mm + sum(height + 5 for _, height in self._band()) + 5 * mm)

    def _strip_height(self) -> float:
        return STRIP * (1.2 if self._look.large else 1)

    def _ground(self, canvas: Canvas, height: float) -> None:
        canvas.setFillColor(self._look.strong)
        canvas.rect(0, HEIGHT - height, WIDTH, height, stroke=0, fill=1)

    def _draw_foot(self, canvas: Canvas) -> None:
        size = 12 if self._look.large else 8.5
        licence = LICENCES.get(self._item["licence"], self._item["licence"])
        lines = ["Mill Lane · Touchpoint demo catalogue", licence]
        canvas.setFont(REGULAR, size)
        canvas.setFillColor(HexColor(QUIET))
        for number, line in enumerate(reversed(lines if self._look.large else [" · ".join(lines)])):
            canvas.drawString(MARGIN, 10 * mm + number * size * 1.4, line)
        page = f"{self._item['checked_on']:%d.%m.%Y} · page {canvas.getPageNumber()}"
        canvas.drawRightString(WIDTH - MARGIN, 10 * mm, page)


def lay_out_body(body: str, look: Look) -> list[Flowable]:
    """The blocks of a body as flowables; a heading stays with what follows it."""
    story: list[Flowable] = []
    heading: Flowable | None = None
    for block in read_blocks(body):
        flowable = _lay_out_block(block, look)
        if block.kind == "heading":
            heading = flowable
            continue
        story.append(KeepTogether([heading, flowable]) if heading else flowable)
        story.append(Spacer(1, 2))
        heading = None
    return story


def _lay_out_block(block: Block, look: Look) -> Flowable:
    if block.kind == "heading":
        return Paragraph(to_markup(block.lines[0]), look.heading(14, 18, before=7, after=3))
    if block.kind == "paragraph":
        return Paragraph(to_markup(block.lines[0]), look.style(11.6, 16.6, after=5))
    entry = look.style(11.6, 16, after=2.5)
    entries: list[Any] = [ListItem(Paragraph(to_markup(line), entry)) for line in block.lines]
    return ListFlowable(
        entries,
        bulletType="1" if block.kind == "steps" else "bullet",
        start=None if block.kind == "steps" else "•",
        bulletFontName=BOLD,
        bulletFontSize=look.size(11.6),
        bulletColor=look.strong,
        leftIndent=18 * look.scale,
        bulletDedent=18 * look.scale,
        spaceAfter=4,
    )


def draw_picture(canvas: Canvas, item: Item, left: float, bottom: float, width: float, radius: float = 4 * mm) -> None:
    """The picture of an item, with round corners."""
    height = width * 9 / 16
    canvas.saveState()
    shape = canvas.beginPath()
    shape.roundRect(left, bottom, width, height, radius)
    canvas.clipPath(shape, stroke=0, fill=0)
    picture = ImageReader(io.BytesIO((HERE / item["picture"]).read_bytes()))
    canvas.drawImage(picture, left, bottom, width, height)
    canvas.restoreState()
