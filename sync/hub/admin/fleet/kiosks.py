"""The fleet at a glance, trouble first; one kiosk, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from sync import wording
from sync.hub.admin.door import ROOT, Visit, go
from sync.hub.admin.fleet import scope
from sync.hub.fleet import signs
from sync.hub.fleet.fleet import ASKED, Seen

PAGE: Final = 40
SHOWN: Final = ("all", "trouble", "gone")
_SAID: Final = {
    "joined": "It belongs to the shop now, and goes on by itself within seconds.",
    "renamed": "It has its new name.",
    "moved": "It belongs to its new shop. It shows that one’s shelves a few minutes from now.",
    "asked": "It was asked. It hears of it within five minutes, if it has a connection.",
    "revoked": "It is revoked: the hub takes nothing from it any more.",
}


@dataclass(frozen=True)
class Fact:
    """One thing that a kiosk said: what it is about, and the words; `level` as of signs."""

    name: str
    words: str
    level: int = signs.WELL


def fleet(visit: Visit) -> Response:
    """`/admin/kiosks`: all kiosks, or those of a shop, or those with trouble."""
    show = visit.asked("show") if visit.asked("show") in SHOWN else "all"
    every = scope.fleet(visit).all(scope.shop_ids(visit))
    living, gone = [one for one in every if not one.kiosk.is_gone], [one for one in every if one.kiosk.is_gone]
    trouble = [one for one in living if one.level]
    wanted = {"all": living, "trouble": trouble, "gone": gone}[show]
    if shop := visit.asked("shop"):
        wanted = [one for one in wanted if one.kiosk.shop_id == shop]
    number = visit.number
    asked = {name: value for name, value in {"show": show, "shop": shop}.items() if value}
    return visit.page(
        "fleet/kiosks.html",
        show=show,
        shop=shop,
        shops=scope.shops(visit),
        rows=[(one, facts(one)) for one in wanted[(number - 1) * PAGE : number * PAGE]],
        total=len(wanted),
        counts={"all": len(living), "trouble": len(trouble), "gone": len(gone)},
        number=number,
        pages=max(1, -(-len(wanted) // PAGE)),
        here=urlencode(asked),
        may_manage=scope.may_manage(visit),
    )


def one(visit: Visit) -> Response:
    """`/admin/kiosks/{id}`: how one is, and what can be done with it."""
    seen, asked = scope.kiosk(visit)
    return visit.page(
        "fleet/kiosk.html",
        seen=seen,
        facts=facts(seen),
        waits=[ASKED[command.name] for command in asked if command.name in ASKED],
        said=_SAID.get(visit.asked("said"), ""),
        shops=scope.shops(visit),
        may_manage=scope.may_manage(visit),
    )


def ask(visit: Visit) -> Response:
    """It is to do something."""
    seen, _asked = scope.kiosk(visit)
    scope.fleet(visit).ask(seen.kiosk.id, visit.typed("what"), visit.me.id)
    return _back(seen, "asked")


def rename(visit: Visit) -> Response:
    """Another name."""
    seen, _asked = scope.kiosk(visit)
    scope.fleet(visit).rename(seen.kiosk.id, visit.typed("name"), visit.me.id)
    return _back(seen, "renamed")


def move(visit: Visit) -> Response:
    """To another shop."""
    seen, _asked = scope.kiosk(visit)
    scope.fleet(visit).move(seen.kiosk.id, visit.typed("shop"), visit.me.id)
    return _back(seen, "moved")


def confirm_revoke(visit: Visit) -> Response:
    """`/admin/kiosks/{id}/revoke`: what it means, before it is done."""
    seen, _asked = scope.kiosk(visit)
    if seen.kiosk.revoked_at:
        return _back(seen, "revoked")
    people = scope.fleet(visit).with_pins(seen.kiosk.shop_id)
    return visit.page("fleet/revoke.html", seen=seen, people=people)


def revoke(visit: Visit) -> Response:
    """Nothing is taken from it any more."""
    seen, _asked = scope.kiosk(visit)
    scope.fleet(visit).revoke(seen.kiosk.id, visit.me.id)
    return _back(seen, "revoked")


def facts(seen: Seen) -> list[Fact]:
    """What it last said, one thing a line."""
    kiosk, beat, now = seen.kiosk, seen.kiosk.beat, dt.datetime.now(dt.UTC)
    found = [Fact("Last heard of", signs.ago(kiosk.seen_at, now) if kiosk.seen_at else "never")]
    if beat is None:
        return found
    said = kiosk.heartbeat_at or beat.at
    drawn = signs.moment(beat.drawn_at)
    checked = signs.moment(beat.checked_at)
    states = signs.printers(beat)
    printer = "; ".join(words for words, _level in states) or (beat.printer and "Not tried yet") or "None"
    return [
        *found,
        Fact("Screen drew", signs.ago(drawn, max(now, drawn)) if drawn else "never"),
        Fact("Catalogue", _catalogue(seen, checked, now)),
        Fact("To send", f"{beat.waiting:,}" if beat.waiting else "nothing"),
        Fact("Printer", printer, signs.level([signs.Sign(level, words) for words, level in states])),
        Fact("Free on disk", wording.size(beat.free_bytes) if beat.free_bytes else "not said"),
        Fact("Files to come", f"{beat.files_missing:,}" if beat.files_missing else "none"),
        Fact("Program", beat.program[:20] or "not said"),
        *([Fact("Said so", signs.ago(said, now))] if said != kiosk.seen_at else []),
    ]


def _catalogue(seen: Seen, checked: dt.datetime | None, now: dt.datetime) -> str:
    if not (seen.kiosk.beat and seen.kiosk.beat.revision):
        return "none yet"
    behind = f"{signs.counted(seen.behind, 'change', 'changes')} behind" if seen.behind else "up to date"
    return f"{behind}, checked {signs.ago(checked, now)}" if checked else behind


def _back(seen: Seen, said: str) -> Response:
    return go(f"{ROOT}/kiosks/{seen.kiosk.id}?said={said}")
