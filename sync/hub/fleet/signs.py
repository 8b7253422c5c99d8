"""How a kiosk is, in words: from what it last said of itself, and from how long ago that was."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sync import wording
from sync.hub.fleet import quiet
from sync.messages import Heartbeat
from sync.records import Shop

WELL, LOOK, BAD = 0, 1, 2
"""All is well or as it should be; somebody should look at it soon; it is broken for whoever stands before it."""

STANDS_AFTER: Final = dt.timedelta(minutes=2)
"""A screen that draws says so every ten seconds."""
OLD_AFTER: Final = dt.timedelta(days=1)
SPREADS: Final = dt.timedelta(hours=1)
"""So long a publication may take to every kiosk."""
STICK_AFTER: Final = dt.timedelta(days=31)
MANY_WAITING: Final = 20
LITTLE_BYTES: Final = 1_000_000_000
LEAST_BYTES: Final = 200_000_000

OUTCOMES: Final = {
    "never": "It has not asked for news yet",
    "unreachable": "It does not reach the catalogue",
    "not_the_hub": "Something else answers in the hub’s place, such as a hotspot’s sign-in page",
    "refused": "What it was sent was not what the hub signed, so it kept what it had",
    "rejected": "The hub refused it",
    "too_old": "Its program is too old for what is published",
    "damaged": "Its copy of the catalogue was damaged; it builds another",
    "disk": "Its disk cannot be written",
    "failed": "Something went wrong when it asked for news",
}
PRINTERS: Final = {
    "ready": ("Ready", WELL),
    "unknown": ("Takes slips", WELL),
    "busy": ("Busy", WELL),
    "offline": ("Not reached", BAD),
    "paper_out": ("Out of paper", BAD),
    "cover_open": ("Cover open", BAD),
    "fault": ("Faulty", BAD),
}


@dataclass(frozen=True)
class Sign:
    """Something worth saying of a kiosk."""

    level: int
    words: str


@dataclass(frozen=True)
class Hub:
    """What signs are held against: the time, what is published (since when), and how much silence is too much."""

    now: dt.datetime
    revision: int = 0
    published_at: str = ""
    program: str = ""
    silence_s: Callable[[str], float] = lambda _shop_id: quiet.after_s(30)


@dataclass(frozen=True)
class Kiosk:
    """A kiosk as the hub knows it; times are ISO 8601, aware UTC."""

    id: str
    name: str
    shop_id: str
    shop: Shop | None
    enrolled_at: str
    seen_at: str | None = None
    revoked_at: str | None = None
    succeeded: bool = False
    by_stick: bool = False
    refused: int = 0
    heartbeat_at: str | None = None
    beat: Heartbeat | None = None

    @property
    def called(self) -> str:
        """Its name, or something in place of one."""
        return self.name or f"Kiosk {self.id[-6:]}"

    @property
    def at(self) -> str:
        """Its shop's name."""
        return self.shop.name if self.shop else "a shop that is gone"

    @property
    def is_gone(self) -> bool:
        """Whether nothing is expected of it any more."""
        return bool(self.revoked_at) or self.succeeded


def of(kiosk: Kiosk, hub: Hub) -> list[Sign]:
    """Everything worth saying, what is worst first."""
    if kiosk.revoked_at:
        return [Sign(WELL, "Revoked")]
    if kiosk.succeeded:
        return [Sign(WELL, "Another came after it")]
    found = [*_silence(kiosk, hub)]
    if kiosk.beat:
        found += [*_screen(kiosk.beat), *_printers(kiosk.beat), *_disk(kiosk.beat)]
        found += [*_catalogue(kiosk, kiosk.beat, hub), *_records(kiosk, kiosk.beat), *_program(kiosk.beat, hub)]
    return sorted(found, key=lambda sign: -sign.level)


def level(signs: list[Sign]) -> int:
    """The worst of them."""
    return max((sign.level for sign in signs), default=WELL)


def ago(at: str | dt.datetime, now: dt.datetime) -> str:
    """`just now`, `4 minutes ago`, `3 hours ago`, `5 days ago`."""
    lasting = spell(now - (moment(at) or now))
    return f"{lasting} ago" if lasting else "just now"


def spell(time: dt.timedelta) -> str:
    """`4 minutes`, `3 hours`, `5 days`; empty below a minute and a half."""
    seconds = time.total_seconds()
    if seconds < 90:
        return ""
    for size_s, one, many in ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes")):
        if seconds >= (2 * size_s if size_s == 86_400 else size_s):
            count = int(seconds // size_s)
            return f"{count} {one if count == 1 else many}"
    return ""


def moment(text: str | dt.datetime) -> dt.datetime | None:
    """A moment that somebody wrote; None where it is none, or says no time zone."""
    try:
        found = text if isinstance(text, dt.datetime) else dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def printers(beat: Heartbeat) -> list[tuple[str, int]]:
    """What each printer is like, and how bad that is: where another takes slips, it only wants looking at."""
    found = []
    for said in beat.printers:
        state, _, more = said.partition(" ")
        words, bad = PRINTERS.get(state, (state.replace("_", " ").capitalize()[:40], LOOK))
        low = more == "paper_low"
        found.append((f"{words}, paper runs low" if low else words, max(bad, LOOK) if low else bad))
    works = any(bad < BAD for _words, bad in found)
    return [(words, min(bad, LOOK) if works else bad) for words, bad in found]


# -- what may be wrong


def _silence(kiosk: Kiosk, hub: Hub) -> Iterator[Sign]:
    heard = moment(kiosk.seen_at or "")
    if heard is None:
        yield Sign(LOOK, f"Not heard of yet; it was let in {ago(kiosk.enrolled_at, hub.now)}")
        return
    lasting = hub.now - heard
    if kiosk.by_stick:
        late = lasting > STICK_AFTER
        yield Sign(LOOK if late else WELL, f"Served by stick; the last came {ago(heard, hub.now)}")
    elif quiet.is_quiet(heard, kiosk.shop, hub.now, hub.silence_s(kiosk.shop_id)):
        yield Sign(BAD, f"Quiet for {spell(lasting)}")
    elif lasting.total_seconds() >= hub.silence_s(kiosk.shop_id):
        yield Sign(WELL, f"Off for {spell(lasting)}; the shop is closed or has just opened")


def _screen(beat: Heartbeat) -> Iterator[Sign]:
    said, drawn = moment(beat.at), moment(beat.drawn_at)
    if drawn is None:
        yield Sign(LOOK, "No screen has shown anything since it was started")
    elif said and said - drawn > STANDS_AFTER:
        yield Sign(BAD, f"The screen stands still: nothing new on it for {spell(said - drawn)}")


def _printers(beat: Heartbeat) -> Iterator[Sign]:
    states = printers(beat)
    for number, (words, bad) in enumerate(states, start=1):
        if bad:
            which = "Printer" if len(states) == 1 else f"Printer {number}"
            yield Sign(bad, f"{which}: {words[:1].lower()}{words[1:]}")


def _disk(beat: Heartbeat) -> Iterator[Sign]:
    if 0 < beat.free_bytes < LITTLE_BYTES:
        least = beat.free_bytes < LEAST_BYTES
        words = "The disk is nearly full" if least else "There is little room on the disk"
        yield Sign(BAD if least else LOOK, f"{words}: {wording.size(beat.free_bytes)} left")


def _catalogue(kiosk: Kiosk, beat: Heartbeat, hub: Hub) -> Iterator[Sign]:
    if beat.outcome in OUTCOMES:
        yield Sign(LOOK, OUTCOMES[beat.outcome])
    said, checked = moment(beat.at) or moment(kiosk.heartbeat_at or ""), moment(beat.checked_at)
    if said and checked and said - checked > OLD_AFTER and not kiosk.by_stick:
        yield Sign(LOOK, f"It had no word of the catalogue for {spell(said - checked)}")
    behind, published = hub.revision - beat.revision, moment(hub.published_at)
    heard = moment(kiosk.heartbeat_at or "")
    if behind > 0 and published and heard and heard - published > SPREADS and not kiosk.by_stick:
        yield Sign(LOOK, f"Its catalogue is {counted(behind, 'change', 'changes')} behind")


def _records(kiosk: Kiosk, beat: Heartbeat) -> Iterator[Sign]:
    if beat.waiting >= MANY_WAITING:
        yield Sign(LOOK, f"{counted(beat.waiting, 'record waits', 'records wait')} to be sent")
    if refused := max(beat.rejected, kiosk.refused):
        yield Sign(LOOK, f"{counted(refused, 'record was', 'records were')} refused")


def _program(beat: Heartbeat, hub: Hub) -> Iterator[Sign]:
    if beat.program and hub.program and _version(beat.program) < _version(hub.program):
        yield Sign(WELL, f"Its program is older than the hub’s: {beat.program[:20]}")


def counted(count: int, one: str, many: str) -> str:
    """`1 record was`, `1,200 records were`."""
    return f"{count:,} {one if count == 1 else many}"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", text)[:4])
