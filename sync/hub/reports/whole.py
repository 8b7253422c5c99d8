"""Several reports of one range together, and as they may be told in public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from sync.hub import settings
from sync.hub.reports import counting
from sync.hub.reports.attendance import BYS, Scope, Sums
from sync.hub.reports.public import suppress
from sync.hub.reports.tables import Table, Words, table, words_for


@dataclass(frozen=True)
class Whole:
    """Reports of one range, by what they are by; `small` is the number from which on counts are told, 0 for all."""

    scope: Scope
    tables: dict[str, Table]
    words: Words
    notes: list[str]
    small: int = 0


def whole(db: Connection, scope: Scope, bys: Iterable[str] = BYS, *, public: bool = False) -> Whole:
    """The reports `bys`; for the public all are counted in any case, so that none gives away what another hides."""
    words = words_for(db, scope.shop_id)
    wanted = list(bys)
    found = {by: counting.figures(db, by, scope) for by in (BYS if public else wanted)}
    tables = {by: table(figures, words) for by, figures in found.items()}
    small = settings.number(db, "small_cells") if public else 0
    if public:
        shown = suppress(tables, small)
        tables = {by: shown[by] for by in wanted}
    total = found[wanted[0]].total
    notes = list(_public_notes(small)) if public else list(_notes(total))
    return Whole(scope, tables, words, notes, small)


def _notes(total: Sums) -> Iterable[str]:
    if total.clock_wrong:
        yield (
            f"{total.clock_wrong:,} of {total.records:,} records were made by a kiosk whose clock was wrong: "
            "they count for when they came to the hub."
        )
    if total.helpers_in:
        yield f"How long {total.helpers_in:,} helpers stayed is not known; their time is not in the sums."


def _public_notes(small: int) -> Iterable[str]:
    if small < 2:
        yield "No number is too small to be told here: the setting small_cells says so."
        return
    yield f"Numbers from 1 to {small - 1} are shown as <{small}, so that nobody can be recognised by them."
    yield "Some larger ones are hidden as well, as a small one could be worked out from them."
