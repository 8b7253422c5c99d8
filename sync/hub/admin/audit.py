"""Who did what that concerns people, for administrators to look through."""

from __future__ import annotations

import io
from itertools import islice
from typing import Final

from starlette.responses import Response

from sync.hub.admin.door import HEADERS, Visit
from sync.hub.reports import spreadsheet
from sync.hub.store import accounts, audit

_SHOWN: Final = 200
_COLUMNS: Final = ("at", "who", "what", "about")


def latest(visit: Visit) -> Response:
    """`/admin/audit`: the latest."""
    with visit.hub.database.reading() as db:
        rows, names = list(islice(audit.latest(db), _SHOWN)), accounts.names(db)
    return visit.page("audit.html", rows=rows, names=names, most=_SHOWN)


def everything(visit: Visit) -> Response:
    """`/admin/audit.csv`: all of it."""
    file = io.StringIO()
    with visit.hub.database.reading() as db:
        spreadsheet.write(file, _COLUMNS, ([row[name] for name in _COLUMNS] for row in audit.latest(db)))
    kept = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(file.getvalue(), headers=HEADERS | kept)
