"""One session on one A4 page: what was counted, and room for what was not."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import Connection

from sync.hub.errors import UnknownError
from sync.hub.reports import lettering
from sync.hub.reports.attendance import Scope, Session, Sums
from sync.hub.reports.counting import figures
from sync.hub.reports.tables import Words, hours, long_day, ordered, words_for

_INK: Final = HexColor("#1B2830")
_QUIET: Final = HexColor("#3D4C56")
_BAR: Final = HexColor("#1F4E79")
_LINE: Final = HexColor("#8A959C")
_WIDTH_PT: Final = float(A4[0])
_HEIGHT_PT: Final = float(A4[1])
_EDGE_PT: Final = 42.0
_ROOM_PT: Final = _WIDTH_PT - 2 * _EDGE_PT
_GUTTER_PT: Final = 26.0
_COLUMN_PT: Final = (_ROOM_PT - _GUTTER_PT) / 2
_WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MOST_BARS: Final = 12
"""More topics than this do not fit; the least ones go into one line."""


@dataclass(frozen=True)
class Content:
    """What stands on a sheet."""

    session: Session
    sums: Sums
    words: Words


def content(db: Connection, session_id: str) -> Content:
    """What is known of a session.

    Raises:
        UnknownError: nothing is.
    """
    found = figures(db, "session", Scope(session=session_id)).rows
    if not found or found[0].session is None:
        raise UnknownError(
            f"nothing is known of a session {session_id!r}; `touchpoint-hub attendance --csv` lists their ids"
        )
    return Content(found[0].session, found[0].sums, words_for(db, found[0].session.shop_id))


def draw(said: Content) -> bytes:
    """The page as PDF."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setTitle(f"{_title(said)}, {_when(said.session)}")
    top = _head(canvas, said)
    top = _figures(canvas, said, top)
    left = _bars(canvas, _EDGE_PT, top, "What people came about", _topics(said))
    right = _bars(canvas, _EDGE_PT + _COLUMN_PT + _GUTTER_PT, top, "What came of it", _outcomes(said))
    right = _unmet(canvas, _EDGE_PT + _COLUMN_PT + _GUTTER_PT, right, said)
    _by_hand(canvas, min(left, right))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


# -- from the top down; each takes where it begins and returns where it ends


def _head(canvas: Canvas, said: Content) -> float:
    y = _HEIGHT_PT - _EDGE_PT - 14
    canvas.setFillColor(_QUIET)
    shop = said.words.shop(said.session.shop_id)
    lettering.write(canvas, _EDGE_PT, y, lettering.fitted(f"{_when(said.session)}, {shop}", 13, _ROOM_PT), 13)
    canvas.setFillColor(_INK)
    for line in _wrapped(_title(said), 27, _ROOM_PT):
        y -= 35
        lettering.write(canvas, _EDGE_PT, y, line, 27, "bold")
    return y - 20


def _figures(canvas: Canvas, said: Content, top: float) -> float:
    sums, words = said.sums, said.words
    big = [
        ("Visits", f"{sums.visits:,}"),
        ("First time", f"{sums.first_time:,}"),
        ("Been before", f"{sums.again:,}"),
        (words("helpers"), f"{sums.helpers:,}"),
        (f"{words('helpers')}' hours", hours(sums.helper_minutes)),
        ("Head count", "\N{EN DASH}" if sums.head_count is None else f"{sums.head_count:,}"),
    ]
    height, gap = 58.0, 8.0
    width = (_ROOM_PT - gap * (len(big) - 1)) / len(big)
    for at, (label, number) in enumerate(big):
        x = _EDGE_PT + at * (width + gap)
        canvas.setStrokeColor(_BAR)
        canvas.setLineWidth(1.2)
        canvas.roundRect(x, top - height, width, height, 6)
        canvas.setFillColor(_INK)
        size = 25 if lettering.width(number, 25, "bold") <= width - 16 else 15
        lettering.write(canvas, x + 8, top - 30, number, size, "bold")
        canvas.setFillColor(_QUIET)
        lettering.write(canvas, x + 8, top - height + 9, lettering.fitted(label, 9, width - 12), 9)
    unknown = []
    if sums.not_asked:
        unknown.append(f"{sums.not_asked:,} were not asked whether they had been before.")
    if sums.helpers_in:
        unknown.append(f"How long {sums.helpers_in:,} of the {words('helpers').lower()} stayed is not known.")
    if sums.clock_wrong:
        unknown.append(f"The kiosk's clock was wrong for {sums.clock_wrong:,} records.")
    y = top - height - 16
    if unknown:
        lettering.write(canvas, _EDGE_PT, y, lettering.fitted(" ".join(unknown), 9.5, _ROOM_PT), 9.5)
        y -= 14
    return y - 16


def _bars(canvas: Canvas, x: float, top: float, heading: str, rows: Sequence[tuple[str, int]]) -> float:
    y = _heading(canvas, x, top, heading, _COLUMN_PT)
    if not rows:
        canvas.setFillColor(_QUIET)
        lettering.write(canvas, x, y, "Nothing was said.", 10)
        return y - 24
    longest = max(count for _label_, count in rows) or 1
    label_pt, number_pt, row_pt = 126.0, 30.0, 20.0
    for label, count in rows:
        length = (_COLUMN_PT - label_pt - number_pt) * count / longest
        canvas.setFillColor(_INK)
        lettering.write(canvas, x, y, lettering.fitted(label, 10, label_pt - 8), 10)
        canvas.setFillColor(_BAR)
        canvas.rect(x + label_pt, y - 3.5, length, 13, stroke=0, fill=1)
        canvas.setFillColor(_INK)
        lettering.write(canvas, x + label_pt + length + 5, y, f"{count:,}", 10.5, "bold")
        y -= row_pt
    return y - 10


def _unmet(canvas: Canvas, x: float, top: float, said: Content) -> float:
    y = _heading(canvas, x, top, "What nobody could help with", _COLUMN_PT)
    sums, words = said.sums, said.words
    if not sums.unmet:
        return _paragraph(canvas, x, y, "Nothing that anybody noted.", _COLUMN_PT) - 10
    about = [f"{words.topic(topic)} {count:,}" for topic, count in sums.unmet_topics.most_common()]
    text = f"{sums.unmet:,} visits" + (f": {', '.join(about)}." if about else ".")
    return _paragraph(canvas, x, y, text, _COLUMN_PT) - 10


def _by_hand(canvas: Canvas, top: float) -> None:
    """What is left of the page: a tally for whoever walks in, and lines for notes."""
    y = _heading(canvas, _EDGE_PT, top - 4, "Walk-ins not logged yet: a stroke for each person", _ROOM_PT)
    canvas.setStrokeColor(_LINE)
    canvas.setLineWidth(0.8)
    boxes, gap = ("First time", "Been before", "Not asked"), 10.0
    width, height = (_ROOM_PT - gap * (len(boxes) - 1)) / len(boxes), 62.0
    for at, label in enumerate(boxes):
        x = _EDGE_PT + at * (width + gap)
        canvas.roundRect(x, y - height + 12, width, height, 5)
        canvas.setFillColor(_QUIET)
        lettering.write(canvas, x + 7, y - 2, label, 9.5)
    y = _heading(canvas, _EDGE_PT, y - height - 12, "Notes: no names, please", _ROOM_PT) - 8
    canvas.setLineWidth(0.5)
    while y > _EDGE_PT + 6:
        canvas.line(_EDGE_PT, y, _EDGE_PT + _ROOM_PT, y)
        y -= 24


# -- pieces


def _heading(canvas: Canvas, x: float, y: float, text: str, room: float) -> float:
    canvas.setFillColor(_INK)
    lettering.write(canvas, x, y, lettering.fitted(text, 13, room, "bold"), 13, "bold")
    return y - 23


def _paragraph(canvas: Canvas, x: float, y: float, text: str, room: float) -> float:
    canvas.setFillColor(_INK)
    for line in _wrapped(text, 10.5, room, most=6, weight="regular"):
        lettering.write(canvas, x, y, line, 10.5)
        y -= 15
    return y


def _wrapped(text: str, size: float, room: float, *, most: int = 2, weight: str = "bold") -> list[str]:
    """A text in at most so many lines; what does not fit is cut off."""
    lines: list[str] = []
    left = text.split()
    while left and len(lines) < most:
        count = next(
            (n for n in range(len(left), 1, -1) if lettering.width(" ".join(left[:n]), size, weight) <= room), 1
        )
        if len(lines) == most - 1:
            count = len(left)
        lines.append(lettering.fitted(" ".join(left[:count]), size, room, weight))
        left = left[count:]
    return lines


def _title(said: Content) -> str:
    return said.session.title or said.words("session")


def _when(session: Session) -> str:
    """The day and the hours, as people write them."""
    starts, ends = session.starts[11:16], session.ends[11:16]
    date = dt.date.fromisoformat(session.day)
    day = f"{_WEEKDAYS[date.weekday()]} {long_day(date)}"
    return f"{day}, {starts} to {ends}" if starts else day


def _topics(said: Content) -> list[tuple[str, int]]:
    return _listed(said.sums.topics, said.words.topics, said.words.topic)


def _outcomes(said: Content) -> list[tuple[str, int]]:
    return _listed(said.sums.outcomes, said.words.outcomes, said.words.outcome)


def _listed(counts: Mapping[str, int], known: Sequence[str], name: Callable[[str], str]) -> list[tuple[str, int]]:
    """What was counted and what could have been, in the settings' order; the rarest of very many in one row."""
    rows = [(one, counts.get(one, 0)) for one in ordered(known, counts)]
    if len(rows) > _MOST_BARS:
        kept = {one for one, _count in sorted(rows, key=lambda row: -row[1])[: _MOST_BARS - 1]}
        rest = sum(count for one, count in rows if one not in kept)
        return [*((name(one), count) for one, count in rows if one in kept), ("Everything else", rest)]
    return [(name(one), count) for one, count in rows]
