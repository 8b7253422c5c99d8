"""How an item will look: the card on the screen in a shop, and the slip that somebody takes away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import qrcode
from markupsafe import Markup

from sync import codes, wording
from sync.pages import render
from sync.records import Item

_QUIET_MODULES: Final = 4


@dataclass(frozen=True)
class Preview:
    """What card, slip and page say of an item, in the language it was written in."""

    item: Item
    title: str
    summary: str
    body: Markup
    line: str
    picture: str
    code: str
    address: str
    typed: str
    symbol: Markup


def of(item: Item, code: str, base: str) -> Preview:
    """The preview of an item whose addresses begin with `base`."""
    address = codes.address(base, code)
    return Preview(
        item=item,
        title=item.title,
        summary=item.summary,
        body=render.markdown(item.body),
        line=wording.one_line(item),
        picture=item.picture.sha256 if item.picture else "",
        code=codes.show(code),
        address=address,
        typed=codes.typed_address(base),
        symbol=symbol(address),
    )


def symbol(address: str) -> Markup:
    """The QR symbol of an address as a drawing, with the quiet room around it that cameras need."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=0)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    side, quiet = len(rows) + 2 * _QUIET_MODULES, -_QUIET_MODULES
    drawing = '<svg viewBox="{} {} {} {}" role="img" aria-label="QR code"><path fill="#000" d="{}"/></svg>'
    return Markup(drawing).format(quiet, quiet, side, side, dots)  # noqa: S704 (our own drawing; values are escaped)
