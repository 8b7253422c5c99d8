"""What visitors looked at, took and searched for in vain: tables by month, shop, thing, language and term.

The counts are of what was done, not of people: nobody knows who did it, nor whether one did it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from sync import codes, wording
from sync.hub.reports.page import Part, charted
from sync.hub.reports.tables import Cell, Column, Line, Table, shown
from sync.hub.store import catalogue
from sync.hub.store.schema import scan_day, search_month, usage_month
from sync.hub.store.usage import LEAST_SEEN, TERMS, VAIN
from sync.records import Item

OPENED: Final = "open"
SCANNED: Final = "scan"
"""An item's public page was opened by a code of a screen or slip; counted by the pages themselves, at no shop."""
ACTIONS: Final = {
    OPENED: "Looked at",
    "slip": "Taken on a slip",
    "qr": "Taken by phone",
    "file": "Taken as a file",
    SCANNED: "Opened by a code",
    VAIN: "Searched in vain",
}
"""What is counted; whatever else a kiosk sends bears its own name."""
TAKEN: Final = ("slip", "qr", "file")
BYS: Final = ("month", "shop", "item", "language", "term")
MOST_SHOWN: Final = 30


@dataclass(frozen=True)
class Scope:
    """What is counted: these months (`YYYY-MM`, both included), and this shop; empty or None is all."""

    first: str = ""
    last: str = ""
    shop_id: str | None = None


def tables(db: Connection, scope: Scope, bys: Iterable[str] = BYS) -> dict[str, Table]:
    """The reports by these; things and terms with the most frequent first."""
    return {by: _by_term(db, scope) if by == "term" else _counted(db, scope, by) for by in bys}


def glance(found: dict[str, Table]) -> list[tuple[str, str]]:
    """The few numbers to begin with, each with what it is."""
    cells = found["month"].total.cells
    return [(words, shown(cells[action])) for action, words in ACTIONS.items() if action in cells]


def parts(found: dict[str, Table]) -> list[Part]:
    """What there is to tell: charts with their tables."""
    how, often = "By slip, phone or file.", f"Words that were looked for {LEAST_SEEN} times or more."
    vain = f"{often} Others are deleted after {TERMS.days} days."
    months, shops, things = (_rows(found[by], TAKEN) for by in ("month", "shop", "item"))
    looked_at, languages = (_rows(found[by], (OPENED,)) for by in ("item", "language"))
    made = [
        charted("taken", "Taken month by month", how, "Month", months, "Taken"),
        charted("shops", "Taken shop by shop", how, "Shop", shops, "Taken"),
        charted("things", "What was taken most", how, "What", things, "Taken"),
        charted("looked", "What was looked at most", "On the screens.", "What", looked_at, "Times"),
        charted("languages", "In which language", "Things looked at.", "Language", languages, "Times"),
        charted("vain", "Searched for in vain", vain, "Words", _rows(found["term"], ("count",)), "Times"),
    ]
    return [part for part in made if part.grid.rows]


# -- inner


def _rows(table: Table, counts: Sequence[str]) -> list[tuple[str, int]]:
    """Labels and sums of these columns, without those of nothing; months and shops in their order, else by size."""
    label = table.columns[0].key
    rows = [(str(line.cells[label]), sum(int(line.cells.get(one) or 0) for one in counts)) for line in table.lines]
    if table.by in ("month", "shop"):
        return rows if any(count for _label, count in rows) else []
    return sorted(((text, count) for text, count in rows if count), key=lambda row: (-row[1], row[0]))[:MOST_SHOWN]


def _counted(db: Connection, scope: Scope, by: str) -> Table:
    columns: dict[str, Any] = {
        "month": usage_month.c.month,
        "shop": usage_month.c.shop_id,
        "item": usage_month.c.item_id,
        "language": usage_month.c.language,
    }
    key = columns[by]
    query = select(key, usage_month.c.action, func.sum(usage_month.c.count)).group_by(key, usage_month.c.action)
    query = query.where(*_within(scope, usage_month))
    if by in ("item", "language"):
        query = query.where(key != "")
    sums: dict[str, dict[str, int]] = {}
    for one, action, count in db.execute(query):
        sums.setdefault(one, {})[action] = int(count)
    at_no_shop = by != "shop" and scope.shop_id is None
    for one, count in db.execute(_scans(scope, by)) if at_no_shop else ():
        sums.setdefault(one, {})[SCANNED] = int(count)
    actions = list(dict.fromkeys([*ACTIONS, *sorted({action for row in sums.values() for action in row})]))
    if not at_no_shop:
        actions.remove(SCANNED)
    labels, named = _labels(db, by, list(sums))
    counts = [Column(action, ACTIONS.get(action, action)) for action in actions]
    empty = dict.fromkeys(actions, 0)
    cells: dict[str, dict[str, Cell]] = {one: {**named[one], **empty, **row} for one, row in sums.items()}
    lines = [Line(one, row) for one, row in cells.items()]
    lines.sort(key=lambda line: _order(by, line))
    total = {action: sum(row.get(action, 0) for row in sums.values()) for action in actions}
    return Table(by, (*labels, *counts), lines, Line("total", {**{one.key: "" for one in labels}, **total}))


def _scans(scope: Scope, by: str) -> Any:
    """How often pages were opened by a code, by what the report is by."""
    month = func.substr(scan_day.c.day, 1, 7)
    key = {"month": month, "item": scan_day.c.item_id, "language": scan_day.c.language}[by]
    query = select(key, func.sum(scan_day.c.count)).group_by(key)
    if scope.first:
        query = query.where(month >= scope.first)
    return query.where(month <= scope.last) if scope.last else query


def _by_term(db: Connection, scope: Scope) -> Table:
    """The terms that may be shown: within what is asked for, seen often enough."""
    times = func.sum(search_month.c.count)
    query = (
        select(search_month.c.term, times, func.max(search_month.c.last_day))
        .where(*_within(scope, search_month))
        .group_by(search_month.c.term)
        .having(times >= LEAST_SEEN)
        .order_by(times.desc(), search_month.c.term)
    )
    lines = [
        Line(term, {"term": term, "count": int(count), "last_day": last}) for term, count, last in db.execute(query)
    ]
    columns = (Column("term", "Words", False), Column("count", "Times"), Column("last_day", "Last on", False))
    total: dict[str, Cell] = {"term": "", "count": sum(int(line.cells["count"] or 0) for line in lines), "last_day": ""}
    return Table("term", columns, lines, Line("total", total))


def _within(scope: Scope, table: Any) -> list[Any]:
    found = []
    if scope.first:
        found.append(table.c.month >= scope.first)
    if scope.last:
        found.append(table.c.month <= scope.last)
    if scope.shop_id is not None:
        found.append(table.c.shop_id == scope.shop_id)
    return found


def _labels(db: Connection, by: str, keys: list[str]) -> tuple[list[Column], dict[str, dict[str, Any]]]:
    """The columns that name a row, and what stands in them."""
    if by == "month":
        return [Column("month", "Month", False)], {key: {"month": key} for key in keys}
    if by == "language":
        names = {key: {"language": wording.LANGUAGES.get(key, key)} for key in keys}
        return [Column("language", "Language", False)], names
    if by == "shop":
        shops = catalogue.shop_names(db)
        return [Column("shop", "Shop", False)], {key: {"shop": shops.get(key, key)} for key in keys}
    there = {one.id: one for one in catalogue.in_force_now(db, "item", keys) if isinstance(one, Item)}
    columns = [Column("item", "What", False), Column("kind", "Kind", False), Column("code", "Code", False)]
    return columns, {key: _item(key, there.get(key)) for key in keys}


def _item(key: str, item: Item | None) -> dict[str, str]:
    code = codes.show(item.code if item and item.code else codes.for_id(key))
    if item is None:
        return {"item": f"Withdrawn: {code}", "kind": "", "code": code}
    return {"item": item.title, "kind": wording.kind(item.kind), "code": code}


def _order(by: str, line: Line) -> tuple[Any, ...]:
    if by == "month":
        return (line.key,)
    if by == "shop":
        return (str(line.cells["shop"]).casefold(),)
    return (-sum(int(line.cells.get(one) or 0) for one in (*TAKEN, OPENED)), line.key)
