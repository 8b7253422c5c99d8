"""Many items at once: an upload is looked at, its report read, and then taken in."""

from __future__ import annotations

import io
from typing import Final

from starlette.responses import Response

from sync.hub.admin.door import ROOT, Visit, Way, csv, go
from sync.hub.admin.lists import unpublished
from sync.hub.errors import HubError
from sync.hub.importing import LEFT_OUT, Told, table
from sync.hub.importing.waiting import LOOKED, TAKEN, Imports
from sync.hub.reports import spreadsheet
from sync.hub.store import catalogue
from sync.hub.store.accounts import PUBLISHERS

_SHOWN: Final = {LEFT_OUT: 200, catalogue.CHANGED: 100, catalogue.ADDED: 100, catalogue.UNCHANGED: 20}
"""So many lines of each outcome stand on the page; all of them are in the CSV."""


def begin(visit: Visit) -> Response:
    """`/admin/import`: choose a file."""
    return visit.page("import.html", wrong="", columns=table.COLUMNS)


def upload(visit: Visit) -> Response:
    """A file was sent: it is kept for an hour, and looked at."""
    try:
        if not (sent := visit.uploads("file")):
            raise HubError("Choose a file first.")
        made = _desk(visit).begin(sent[0].file, sent[0].filename or "")
    except HubError as error:
        return visit.page("import.html", status=400, wrong=str(error), columns=table.COLUMNS)
    return go(f"{ROOT}/import/{made}")


def template(_visit: Visit) -> Response:
    """`/admin/import/template.csv`: a table to fill in."""
    return csv(table.template(), "items.csv")


def status(visit: Visit) -> Response:
    """`/admin/import/{name}`: how far it got, and what became of each line, or would."""
    name = _name(visit)
    state = _desk(visit).state(name)
    told: dict[str, list[Told]] = {outcome: [] for outcome in _SHOWN}
    if not state.is_running:
        for one in _desk(visit).told(name):
            if len(rows := told[one.outcome]) < _SHOWN[one.outcome]:
                rows.append(one)
    return visit.page(
        "import_part.html" if visit.is_part else "import_status.html",
        name=name,
        state=state,
        told=told,
        looked=state.stage == LOOKED,
        taken=state.stage == TAKEN,
        unpublished=unpublished(visit) if state.stage == TAKEN else 0,
    )


def take(visit: Visit) -> Response:
    """It was read, and is to be taken in; or it is not wanted."""
    name = _name(visit)
    if visit.typed("do") == "drop":
        _desk(visit).drop(name)
        return go(f"{ROOT}/import")
    _desk(visit).take(name, visit.me.id)
    return go(f"{ROOT}/import/{name}")


def report(visit: Visit) -> Response:
    """`/admin/import/{name}/report.csv`: every line."""
    file = io.StringIO()
    rows = ((one.where, one.outcome, one.title, one.why) for one in _desk(visit).told(_name(visit)))
    spreadsheet.write(file, ("line", "outcome", "title", "why"), rows)
    return csv(file.getvalue(), "import.csv")


_HERE: Final = "/import/{name}"
ROWS: Final[list[Way]] = [
    ("GET", "/import", begin, PUBLISHERS),
    ("POST", "/import", upload, PUBLISHERS),
    ("GET", "/import/template.csv", template, PUBLISHERS),
    ("GET", _HERE, status, PUBLISHERS),
    ("POST", _HERE, take, PUBLISHERS),
    ("GET", f"{_HERE}/report.csv", report, PUBLISHERS),
]


# -- inner


def _desk(visit: Visit) -> Imports:
    return Imports(visit.hub.folder, visit.hub.database)


def _name(visit: Visit) -> str:
    return str(visit.request.path_params["name"])
