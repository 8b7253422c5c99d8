"""An e-mail when a kiosk is quiet in its shop's opening hours, and one when it is back."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Sequence
from typing import Final

from sync import days
from sync.hub import mail, settings
from sync.hub.fleet import fleet, quiet, signs
from sync.hub.fleet.signs import Kiosk
from sync.hub.mail import Mail
from sync.hub.store import alerts as store
from sync.hub.store.alerts import Alert
from sync.hub.store.database import Database

log = logging.getLogger(__name__)

MOST_NAMED: Final = 200
"""So many kiosks at most are named in one mail."""
_WHAT_TO_DO: Final = (
    "Please ring the shop. Is the screen lit? Then only its connection is gone: visitors can go on, and nothing is "
    "lost. If it is dark, ask them to see that it is plugged in and switched on."
)
_WHAT_TO_DO_EACH: Final = (
    "Please ring each shop. Where the screen is lit, only its connection is gone: visitors can go on, and nothing is "
    "lost. Where it is dark, ask them to see that it is plugged in and switched on."
)


class Alerts:
    """Notices which kiosks are quiet or back, and tells whoever `alert_to` names.

    Args:
        listening_since: since when this hub can have heard of kiosks: its own absence is not theirs.
    """

    def __init__(self, database: Database, listening_since: dt.datetime | None = None) -> None:
        self._database = database
        self._since = listening_since or dt.datetime.now(dt.UTC)

    def run(self) -> int:
        """Look once, and tell what is to be told, all in one mail; returns of how many kiosks.

        Raises:
            MailError: the mail could not be sent; the next run tries again.
        """
        with self._database.reading() as db:
            said = {name: str(settings.get(db, name) or "") for name in ("alert_to", "alert_from", "smtp_url")}
            if not (said["alert_to"] and said["smtp_url"]):
                return 0
            there = {kiosk.id: kiosk for kiosk in fleet.kiosks(db)}
            now_quiet = self._quiet(there.values(), fleet.silences(db))
            if not now_quiet and not store.any_there(db):
                return 0
        heard = {one: kiosk.seen_at for one, kiosk in there.items() if kiosk.seen_at and one not in now_quiet}
        with self._database.writing() as db:
            store.notice(db, now_quiet, heard, [one for one, kiosk in there.items() if not _is_expected(kiosk)])
            taken = store.take(db)
            base_url = str(settings.get(db, "base_url") or "")
        if taken:
            self._tell(taken, there, said, base_url)
        return len(taken)

    def _quiet(self, kiosks: Iterable[Kiosk], silence: dict[str, float]) -> dict[str, str]:
        now, found = dt.datetime.now(dt.UTC), {}
        for kiosk in kiosks:
            heard = signs.moment(kiosk.seen_at or "")
            if heard is None or not _is_expected(kiosk):
                continue
            silence_s = silence.get(kiosk.shop_id, silence[""])
            if quiet.is_quiet(max(heard, self._since), kiosk.shop, now, silence_s):
                found[kiosk.id] = str(kiosk.seen_at)
        return found

    def _tell(self, taken: Sequence[Alert], there: dict[str, Kiosk], said: dict[str, str], base_url: str) -> None:
        done = False
        try:
            to = said["alert_to"].split()
            living = sum(_is_expected(kiosk) and bool(kiosk.seen_at) for kiosk in there.values())
            message = written(taken, there, dt.datetime.now(dt.UTC), base_url, living)
            missed = mail.send(mail.server(said["smtp_url"]), said["alert_from"] or to[0], to, message)
            done = True
        finally:
            with self._database.writing() as db:
                store.told(db, taken) if done else store.give_back(db, taken)
        if missed:
            log.warning("a mail about kiosks could not go to %d of the %d addresses in alert_to", missed, len(to))


def written(taken: Sequence[Alert], there: dict[str, Kiosk], now: dt.datetime, base_url: str, living: int) -> Mail:
    """One mail that says all of it; `living` is how many kiosks are heard of at all."""
    gone, back = [one for one in taken if not one.back_at], [one for one in taken if one.back_at]
    parts = []
    if gone:
        parts.append("\n".join([f"{_many(gone)} quiet while the shop is open:", "", *_lines(gone, there, now)]))
        if len(gone) == living > 2:
            parts.append("These are all there are, so look first whether this hub itself can be reached from outside.")
        parts.append(_WHAT_TO_DO if len(gone) == 1 else _WHAT_TO_DO_EACH)
    if back:
        parts.append("\n".join([f"{_many(back)} back:", "", *_lines(back, there, now)]))
    if base_url:
        parts.append(f"How all kiosks are: {base_url.rstrip('/')}/admin/kiosks")
    parts.append("You get this because the hub's setting alert_to names this address.")
    marks = sorted(f"{one.device_id} {one.since} {one.back_at or ''}" for one in taken)
    key = hashlib.sha256("\n".join(marks).encode()).hexdigest()[:32]
    return Mail(f"touchpoint-{key}", _subject(gone, back, there), "\n\n".join(parts) + "\n")


def _is_expected(kiosk: Kiosk) -> bool:
    """Whether it should be heard of every few minutes."""
    return not kiosk.is_gone and not kiosk.by_stick


def _subject(gone: Sequence[Alert], back: Sequence[Alert], there: dict[str, Kiosk]) -> str:
    if len(gone) + len(back) == 1:
        return f"{'Quiet' if gone else 'Back'}: {_called([*gone, *back][0], there)}"
    words = [f"{signs.counted(len(gone), 'kiosk is', 'kiosks are')} quiet"] if gone else []
    if back:
        words.append(f"{signs.counted(len(back), 'kiosk is', 'kiosks are')} back")
    return ", ".join(words)


def _many(some: Sequence[Alert]) -> str:
    return "This kiosk is" if len(some) == 1 else f"These {len(some)} kiosks are"


def _lines(some: Sequence[Alert], there: dict[str, Kiosk], now: dt.datetime) -> list[str]:
    lines = []
    for one in some[:MOST_NAMED]:
        since = _local(one.since, there.get(one.device_id))
        until = signs.moment(one.back_at or "") or now
        lasting = signs.spell(until - (signs.moment(one.since) or until)) or "a minute"
        lines.append(
            f"- {_called(one, there)}: "
            + (f"quiet for {lasting}, from {since}" if one.back_at else f"last heard of {lasting} ago, on {since}")
        )
    return [*lines, *([f"- and {len(some) - MOST_NAMED} more"] if len(some) > MOST_NAMED else [])]


def _called(one: Alert, there: dict[str, Kiosk]) -> str:
    kiosk = there.get(one.device_id)
    return " ".join(f"{kiosk.called} at {kiosk.at}".split()) if kiosk else "a kiosk that is gone"


def _local(at: str, kiosk: Kiosk | None) -> str:
    there = signs.moment(at)
    if there is None:
        return at
    local = there.astimezone(quiet.zone_of(kiosk.shop if kiosk else None))
    return f"{days.day(local)} at {local:%H:%M}"
