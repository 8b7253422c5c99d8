"""A slip as a PDF document, for office printers and for files."""

from __future__ import annotations

import io

from PIL import Image

from kiosk.devices.slips.drawing import draw
from kiosk.devices.slips.layouts import Layout
from kiosk.domain.slips import Slip


def pdf(slip: Slip, layout: Layout) -> bytes:
    """The slip as a PDF of pages in their true size; every mark stands on the printer's dots."""
    from reportlab.pdfgen.canvas import Canvas  # slow to import, and only paper in sheets needs it

    pages, content = draw(slip, layout), io.BytesIO()
    document = Canvas(content, pageCompression=1, lang=slip.language or "en", invariant=1)
    document.setTitle(" · ".join(item.title for item in slip.items) or slip.shop)
    document.setAuthor(slip.shop)
    document.setCreator("Touchpoint")
    for page in pages:
        size = tuple(side / layout.dpi * 72 for side in page.size)
        document.setPageSize(size)
        document.drawInlineImage(page, 0, 0, *size)
        document.showPage()
    document.save()
    return content.getvalue()


def png(slip: Slip, layout: Layout) -> bytes:
    """The slip as one picture, its papers below each other."""
    pages, content = draw(slip, layout), io.BytesIO()
    whole = Image.new("1", (layout.width_dots, sum(page.height for page in pages)), 1)
    y = 0
    for page in pages:
        whole.paste(page, (0, y))
        y += page.height
    whole.save(content, "PNG", dpi=(layout.dpi, layout.dpi))
    return content.getvalue()
