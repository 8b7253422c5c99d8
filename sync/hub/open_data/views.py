"""`/open-data`: the public figures as a page, CSV and JSON, made once an hour at most."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from importlib import resources
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sync import wording
from sync.hub import public
from sync.hub.hub import Hub
from sync.hub.open_data.figures import Grid, OpenData, gather
from sync.hub.reports.page import Part, charted
from sync.hub.reports.usage import ACTIONS, TAKEN
from sync.pages.frame import Frame
from sync.pages.responses import A_MINUTE, answer
from sync.words import N_, _

KEPT: Final = dt.timedelta(hours=1)
AN_HOUR: Final = "public, max-age=3600"
TITLES: Final = {
    "attendance-by-month": N_("Who came, by month"),
    "attendance-by-shop": N_("Who came, by shop"),
    "attendance-by-topic": N_("What people came about"),
    "usage": N_("What was taken, by month and shop"),
    "items": N_("What there is, by language and kind"),
    "shops": N_("Our shops"),
}
_FOR_ALL: Final = {"Access-Control-Allow-Origin": "*"}
_STYLE: Final = resources.files("sync.pages").joinpath("static/open_data.css").read_bytes()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Views:
    """The page and its downloads.

    Args:
        frame: lays the page out.
        now: tells the time, aware (injectable for tests).
    """

    def __init__(self, hub: Hub, frame: Frame, now: Callable[[], dt.datetime] = _now) -> None:
        self._hub = hub
        self._frame = frame
        self._now = now
        self._lock = threading.Lock()
        self._made: tuple[dt.datetime, OpenData] | None = None

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        addresses = [
            ("/open-data", self.page),
            ("/open-data.json", self.json),
            ("/open-data.css", self.style),
            *((f"/open-data/{name}.csv", self._table(name)) for name in TITLES),
        ]
        return [Route(path, public.endpoint(view), methods=["GET"]) for path, view in addresses]

    def page(self, request: Request) -> Response:
        """`/open-data`: what there is, with a few charts."""
        found = self._figures()
        return self._frame.page(
            request,
            "open_data.html",
            cache=AN_HOUR,
            data=found,
            titles=TITLES,
            parts=[part for part in _parts(found) if part.grid.rows],
        )

    def json(self, request: Request) -> Response:
        """`/open-data.json`: all of it."""
        return answer(
            request, self._figures().json(), media_type="application/json", cache=AN_HOUR, headers=dict(_FOR_ALL)
        )

    def style(self, request: Request) -> Response:
        """`/open-data.css`."""
        return answer(request, _STYLE, media_type="text/css; charset=utf-8", cache=A_MINUTE)

    # -- inner

    def _table(self, name: str) -> Callable[[Request], Response]:
        """`/open-data/{name}.csv`."""

        def csv(request: Request) -> Response:
            headers = {**_FOR_ALL, "Content-Disposition": f'attachment; filename="{name}.csv"'}
            body = self._figures().tables[name].csv()
            return answer(request, body, media_type="text/csv; charset=utf-8", cache=AN_HOUR, headers=headers)

        return csv

    def _figures(self) -> OpenData:
        """What was gathered within the last hour, or is now; by one thread, while others wait for it."""
        with self._lock:
            at = self._now()
            if self._made is None or at - self._made[0] >= KEPT:
                self._made = (at, self._gather(at.date()))
            return self._made[1]

    def _gather(self, today: dt.date) -> OpenData:
        with self._hub.database.reading() as db:
            return gather(db, today)


def routes(hub: Hub, frame: Frame) -> list[BaseRoute]:
    """The addresses, to stand before those of the public pages."""
    return Views(hub, frame).routes()


def _parts(found: OpenData) -> list[Part]:
    """Charts of what is told; what is hidden has no bar."""
    month = found.attendance["month"]
    visits = [(line.cells["month"], line.cells["visits"]) for line in month.lines]
    topics = [(line.cells["topic"], line.cells["visits"]) for line in found.attendance["topic"].lines]
    by_topic = [row for row in topics if row[1] != 0]
    taken, kinds = _taken(found.tables["usage"]), _kinds(found.tables["items"])
    told = _("By slip, phone or file, without numbers that are too small.")
    twice = _("Who came about two things is in both.")
    english = _("Things to read in English.")
    return [
        charted("visits", _("Who came, by month"), _("Visits in each month."), _("Month"), visits, _("Visits")),
        charted("topics", _("What people came about"), twice, _("About"), by_topic, _("Visits")),
        charted("taken", _("What was taken, by month"), told, _("Month"), taken, _("Times")),
        charted("kinds", _("What there is"), english, _("Kind"), kinds, _("Things")),
    ]


def _taken(usage: Grid) -> list[tuple[str, int]]:
    """What was taken in each month, as far as it is told."""
    taken = {ACTIONS[action] for action in TAKEN}
    sums: dict[str, int] = {}
    for month, _shop, what, times in usage.rows:
        if what in taken and isinstance(times, int):
            sums[str(month)] = sums.get(str(month), 0) + times
    return list(sums.items())


def _kinds(items: Grid) -> list[tuple[str, int]]:
    rows = [(wording.kinds(str(kind)), count) for language, kind, count in items.rows if language == "en"]
    return sorted(((kind, count) for kind, count in rows if isinstance(count, int)), key=lambda row: -row[1])
