"""What shops have logged and visitors have taken, for those who look after them: pages, tables as CSV, and paper.

Editors and administrators see all shops; a coordinator sees their own.
"""

from __future__ import annotations

import calendar
import datetime as dt
import io
import re
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from sync.hub.admin.door import HEADERS, RefusedError, Visit, Way, csv
from sync.hub.reports import counting, entries, page, sheet, spreadsheet, usage
from sync.hub.reports.attendance import BYS, Scope
from sync.hub.reports.tables import words_for
from sync.hub.reports.whole import whole
from sync.hub.store import catalogue
from sync.hub.store.accounts import COORDINATOR, ROLES
from sync.hub.store.attendance import HOME_ZONE, zone_of

MONTHS: Final = 12
"""So many are shown where nobody asks for others."""
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_MOST_SESSIONS: Final = 60
_ON_ITS_OWN: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For a page to be kept or printed: it has its style in itself, and nothing else."""


@dataclass(frozen=True)
class Asked:
    """Which shop (None: all) and which months (`YYYY-MM`, both included) somebody wants to see, and may."""

    shop_id: str | None
    shops: dict[str, str]
    first: str
    last: str

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day."""
        year, month = int(self.last[:4]), int(self.last[5:])
        last = dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date.fromisoformat(f"{self.first}-01"), last

    @property
    def shop(self) -> str:
        """What the shop is called; empty for all."""
        return self.shops.get(self.shop_id, "") if self.shop_id else ""

    @property
    def query(self) -> str:
        """The same for another address."""
        return f"shop={self.shop_id or ''}&from={self.first}&to={self.last}"


def attendance(visit: Visit) -> Response:
    """`/admin/reports`: who came, and what about."""
    asked = _asked(visit)
    with visit.hub.database.reading() as db:
        scope = _scope(visit, asked)
        found = whole(db, scope)
        held = counting.sessions(db, scope)[-_MOST_SESSIONS:]
    return _page(
        visit,
        asked,
        "attendance",
        glance=page.glance(found),
        parts=page.parts(found),
        notes=found.notes,
        sessions=[(one, found.words.shop(one.shop_id)) for one in reversed(held) if one.id],
        downloads={"By month": "month", "By shop": "shop", "By topic": "topic", "By session": "session"}
        | {"Every record": "records"},
        empty=not found.tables["month"].lines and not held,
    )


def attendance_csv(visit: Visit) -> Response:
    """`/admin/reports/attendance.csv?by=`: the figures, or every record."""
    asked, by = _asked(visit), visit.asked("by")
    file = io.StringIO()
    with visit.hub.database.reading() as db:
        scope = _scope(visit, asked)
        if by == "records":
            spreadsheet.write(file, entries.COLUMNS, entries.in_force(db, scope, dict(words_for(db).shops)))
        else:
            by = by if by in BYS else "month"
            spreadsheet.write_table(file, whole(db, scope, [by]).tables[by])
    return csv(file.getvalue(), f"attendance-{by}.csv")


def attendance_page(visit: Visit) -> Response:
    """`/admin/reports/attendance.html`: all figures as one page to print or keep."""
    asked = _asked(visit)
    with visit.hub.database.reading() as db:
        scope = _scope(visit, asked)
        found = whole(db, scope)
    body = page.page(found, asked.shop, dt.datetime.now(scope.zone).date())
    headers = {**HEADERS, "Content-Security-Policy": _ON_ITS_OWN, "Content-Type": "text/html; charset=utf-8"}
    return Response(body, headers=headers)


def session_pdf(visit: Visit) -> Response:
    """`/admin/reports/sessions/{id}.pdf`: one session on one page of paper."""
    with visit.hub.database.reading() as db:
        said = sheet.content(db, str(visit.request.path_params["session"]))
    if said.session.shop_id not in _shops(visit) and visit.me.role == COORDINATOR:
        raise RefusedError(403, "This session was in another shop.")
    kept = {"Content-Type": "application/pdf", "Content-Disposition": 'inline; filename="session.pdf"'}
    return Response(sheet.draw(said), headers={**HEADERS, **kept})


def used(visit: Visit) -> Response:
    """`/admin/reports/usage`: what was looked at, taken, and searched for in vain."""
    asked = _asked(visit)
    with visit.hub.database.reading() as db:
        found = usage.tables(db, usage.Scope(asked.first, asked.last, asked.shop_id))
    return _page(
        visit,
        asked,
        "usage",
        glance=usage.glance(found),
        parts=usage.parts(found),
        notes=[
            "These are daily totals that the kiosks send. Nobody knows who did what, or whether one did it twice.",
            "“Opened by a code” counts how often a phone opened a page; it is known for all shops together only.",
        ],
        sessions=[],
        downloads={
            "By month": "month",
            "By shop": "shop",
            "By thing": "item",
            "By language": "language",
            "Searched in vain": "term",
        },
        empty=not found["month"].lines,
    )


def usage_csv(visit: Visit) -> Response:
    """`/admin/reports/usage.csv?by=`: the figures."""
    asked, by = _asked(visit), visit.asked("by")
    by = by if by in usage.BYS else "month"
    file = io.StringIO()
    with visit.hub.database.reading() as db:
        found = usage.tables(db, usage.Scope(asked.first, asked.last, asked.shop_id), [by])
    spreadsheet.write_table(file, found[by])
    return csv(file.getvalue(), f"usage-{by}.csv")


ROWS: Final[list[Way]] = [
    ("GET", "/reports", attendance, ROLES),
    ("GET", "/reports/attendance.csv", attendance_csv, ROLES),
    ("GET", "/reports/attendance.html", attendance_page, ROLES),
    ("GET", "/reports/sessions/{session:uuid}.pdf", session_pdf, ROLES),
    ("GET", "/reports/usage", used, ROLES),
    ("GET", "/reports/usage.csv", usage_csv, ROLES),
]


# -- inner


def _shops(visit: Visit) -> dict[str, str]:
    """The shops that somebody may look at, by their ids, in the order of their names."""
    with visit.hub.database.reading() as db:
        there = catalogue.shop_names(db)
    if visit.me.role == COORDINATOR:
        there = {shop_id: there.get(shop_id, shop_id) for shop_id in visit.me.shops}
    return dict(sorted(there.items(), key=lambda one: one[1].casefold()))


def _asked(visit: Visit) -> Asked:
    """What was asked for, as far as it may be seen.

    Raises:
        RefusedError: it is another's shop.
    """
    shops, wanted = _shops(visit), visit.asked("shop")
    if wanted and wanted not in shops:
        raise RefusedError(403, "This shop is not among those that you look after.")
    if visit.me.role == COORDINATOR:
        if not shops:
            raise RefusedError(403, "You look after no shop yet. Ask an administrator.")
        wanted = wanted or next(iter(shops))
    today = dt.datetime.now(dt.UTC).date()
    year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
    first, last = (
        asked if _MONTH.fullmatch(asked := visit.asked(name, 7)) else default
        for name, default in (("from", f"{year:04}-{month + 1:02}"), ("to", f"{today:%Y-%m}"))
    )
    return Asked(wanted or None, shops, min(first, last), max(first, last))


def _scope(visit: Visit, asked: Asked) -> Scope:
    with visit.hub.database.reading() as db:
        zone = zone_of(db, asked.shop_id) if asked.shop_id else HOME_ZONE
    return Scope(*asked.days, asked.shop_id, zone)


def _page(visit: Visit, asked: Asked, about: str, **values: Any) -> Response:
    return visit.page("reports.html", about=about, asked=asked, all_shops=visit.me.role != COORDINATOR, **values)
