"""Lay out an item as an A4 paper (PDF): coloured title band, body, then pages to fill in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from bodies import Block, read_blocks, to_markup
from catalogue import HERE, Item
from forms import lay_out_form
from palette import INK, QUIET, THEMES, Shades
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
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
from sheets import Sheet

FONTS = Path("/usr/share/fonts/truetype/noto")
REGULAR, BOLD = "NotoSans", "NotoSans-Bold"
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
    _register_fonts()
    shades = THEMES[item["themes"][0]]
    document = BaseDocTemplate(
        str(path),
        pagesize=A4,
        title=sheet.get("title", item["title"]),
        author=item["maker"]["name"],
        subject=item["summary"],
        keywords=item["tags"],
        creator="Touchpoint",
        lang="en-GB",
        invariant=1,
    )
    document.addPageTemplates(_templates(item, sheet, shades))
    document.build(_story(item, sheet, shades))


def _register_fonts() -> None:
    """Embed our fonts, and keep Helvetica, which every new page would name, out of the file."""
    if REGULAR not in pdfmetrics.getRegisteredFontNames():
        for name in (REGULAR, BOLD):
            file = "NotoSans-Regular.ttf" if name == REGULAR else "NotoSans-Bold.ttf"
            pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
        pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
        rl_config.canvas_basefontname = REGULAR


def _templates(item: Item, sheet: Sheet, shades: Shades) -> list[PageTemplate]:
    """A first page with the band, later pages with a thin strip, and a poster page with neither."""

    def first(canvas: Canvas, _: Any) -> None:
        _draw_band(canvas, item, shades)
        _draw_foot(canvas, item)

    def later(canvas: Canvas, _: Any) -> None:
        _draw_strip(canvas, item, shades)
        _draw_foot(canvas, item)

    def poster(canvas: Canvas, _: Any) -> None:
        _draw_poster(canvas, item, sheet, shades)
        _draw_foot(canvas, item)

    def frame(top: float) -> Frame:
        return Frame(MARGIN, FOOT, WIDTH - 2 * MARGIN, HEIGHT - top - FOOT, 0, 0, 0, 0)

    first_page = PageTemplate("first", [frame(BAND + 8 * mm)], onPage=first)
    later_page = PageTemplate("later", [frame(STRIP + 10 * mm)], onPage=later)
    poster_page = PageTemplate("poster", [frame(205 * mm)], onPage=poster)
    return [poster_page] if "poster" in sheet else [first_page, later_page]


def _story(item: Item, sheet: Sheet, shades: Shades) -> list[Flowable]:
    story: list[Flowable] = [NextPageTemplate("later")] if "poster" not in sheet else []
    if sheet.get("body", True):
        story += lay_out_body(item["body"], shades)
    for number, page in enumerate(sheet.get("pages", [])):
        if number or sheet.get("body", True):
            story.append(PageBreak())
        story += _form_page(page, shades)
    return story


def _form_page(page: dict[str, Any], shades: Shades) -> list[Flowable]:
    width = WIDTH - 2 * MARGIN
    flowables: list[Flowable] = []
    if "title" in page:
        flowables.append(Paragraph(to_markup(page["title"]), style("page", 20, 25, shades.strong, bold=True, after=5)))
    if "intro" in page:
        flowables.append(Paragraph(to_markup(page["intro"]), style("intro", 11, 16, after=8)))
    for block in page.get("blocks", []):
        flowables += lay_out_form(block, shades, width)
    return flowables


def style(
    name: str,
    size: float,
    leading: float,
    colour: str = INK,
    *,
    bold: bool = False,
    after: float = 0,
    before: float = 0,
) -> ParagraphStyle:
    """A paragraph style in the paper's font."""
    return ParagraphStyle(
        name,
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=leading,
        textColor=HexColor(colour),
        spaceAfter=after,
        spaceBefore=before,
    )


def lay_out_body(body: str, shades: Shades) -> list[Flowable]:
    """The blocks of a body as flowables; a heading stays with what follows it."""
    story: list[Flowable] = []
    heading: Flowable | None = None
    for block in read_blocks(body):
        flowable = _lay_out_block(block, shades)
        if block.kind == "heading":
            heading = flowable
            continue
        story.append(KeepTogether([heading, flowable]) if heading else flowable)
        story.append(Spacer(1, 2))
        heading = None
    return story


def _lay_out_block(block: Block, shades: Shades) -> Flowable:
    text = style("text", 11.6, 16.6, after=5)
    if block.kind == "heading":
        return Paragraph(
            to_markup(block.lines[0]), style("heading", 14, 18, shades.strong, bold=True, before=7, after=3)
        )
    if block.kind == "paragraph":
        return Paragraph(to_markup(block.lines[0]), text)
    entry = style("entry", 11.6, 16, after=2.5)
    entries: list[Any] = [ListItem(Paragraph(to_markup(line), entry)) for line in block.lines]
    return ListFlowable(
        entries,
        bulletType="1" if block.kind == "steps" else "bullet",
        start=None if block.kind == "steps" else "•",
        bulletFontName=BOLD,
        bulletFontSize=11.6,
        bulletColor=HexColor(shades.strong),
        leftIndent=18,
        bulletDedent=18,
        spaceAfter=4,
    )


def _draw_band(canvas: Canvas, item: Item, shades: Shades) -> None:
    canvas.saveState()
    canvas.setFillColor(HexColor(shades.strong))
    canvas.rect(0, HEIGHT - BAND, WIDTH, BAND, stroke=0, fill=1)
    _draw_picture(canvas, item, WIDTH - MARGIN - PICTURE_WIDTH, HEIGHT - BAND + 11 * mm, PICTURE_WIDTH)
    room = WIDTH - 2 * MARGIN - PICTURE_WIDTH - 8 * mm
    top = HEIGHT - 12 * mm
    label = f"{item['kind'].capitalize()} · {item['maker']['name']}"
    for words, look in (
        (label, style("label", 10, 15, "#FFFFFF", after=0)),
        (item["title"], style("title", 25, 30, "#FFFFFF", bold=True)),
        (item["summary"], style("summary", 11, 15, "#FFFFFF")),
    ):
        paragraph = Paragraph(to_markup(words), look)
        _, height = paragraph.wrap(room, BAND)
        top -= height
        paragraph.drawOn(canvas, MARGIN, top)
        top -= 5
    canvas.restoreState()


def _draw_picture(canvas: Canvas, item: Item, left: float, bottom: float, width: float, radius: float = 4 * mm) -> None:
    height = width * 9 / 16
    canvas.saveState()
    shape = canvas.beginPath()
    shape.roundRect(left, bottom, width, height, radius)
    canvas.clipPath(shape, stroke=0, fill=0)
    picture = ImageReader(io.BytesIO((HERE / item["picture"]).read_bytes()))
    canvas.drawImage(picture, left, bottom, width, height)
    canvas.restoreState()


def _draw_strip(canvas: Canvas, item: Item, shades: Shades) -> None:
    canvas.saveState()
    canvas.setFillColor(HexColor(shades.strong))
    canvas.rect(0, HEIGHT - STRIP, WIDTH, STRIP, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#FFFFFF"))
    canvas.setFont(BOLD, 10.5)
    canvas.drawString(MARGIN, HEIGHT - STRIP + 4.8 * mm, item["title"])
    canvas.setFont(REGULAR, 10)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - STRIP + 4.8 * mm, item["maker"]["name"])
    canvas.restoreState()


def _draw_poster(canvas: Canvas, item: Item, sheet: Sheet, shades: Shades) -> None:
    """A window poster: a big picture, then very large words; what follows goes below them."""
    canvas.saveState()
    canvas.setFillColor(HexColor(shades.strong))
    canvas.rect(0, HEIGHT - 198 * mm, WIDTH, 198 * mm, stroke=0, fill=1)
    _draw_picture(canvas, item, MARGIN, HEIGHT - MARGIN - 95 * mm, WIDTH - 2 * MARGIN, 8 * mm)
    top = HEIGHT - MARGIN - 102 * mm
    for words, look in (
        (sheet["poster"]["title"], style("huge", 50, 55, "#FFFFFF", bold=True)),
        (sheet["poster"]["line"], style("large", 22, 29, "#FFFFFF")),
    ):
        paragraph = Paragraph(to_markup(words), look)
        _, height = paragraph.wrap(WIDTH - 2 * MARGIN, 120 * mm)
        top -= height
        paragraph.drawOn(canvas, MARGIN, top)
        top -= 16
    canvas.restoreState()


def _draw_foot(canvas: Canvas, item: Item) -> None:
    canvas.saveState()
    canvas.setFont(REGULAR, 8.5)
    canvas.setFillColor(HexColor(QUIET))
    licence = LICENCES.get(item["licence"], item["licence"])
    canvas.drawString(MARGIN, 10 * mm, f"Mill Lane · Touchpoint demo catalogue · {licence}")
    canvas.drawRightString(WIDTH - MARGIN, 10 * mm, f"{item['checked_on']:%d.%m.%Y} · page {canvas.getPageNumber()}")
    canvas.restoreState()
