"""How a kiosk is, in words, and when one that is not heard of should be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sync.hub.fleet import quiet, signs
from sync.hub.fleet.signs import BAD, LOOK, WELL, Hub, Kiosk
from sync.messages import Heartbeat
from sync.records import Shop

MONDAY = dt.datetime(2026, 11, 30, 14, 0, tzinfo=dt.UTC)
ALWAYS = Shop(id="s", name="Mill Lane")
DAYS = Shop(id="s", name="Mill Lane", hours="Mo-Fr 09:30-17:00; Sa 22:00-24:00; Su 00:00-02:00")
HUB = Hub(now=MONDAY, revision=40, published_at=(MONDAY - dt.timedelta(days=1)).isoformat(), program="0.2.0")


def at(text: str, zone: str = "Europe/London") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=quiet.zone_of(Shop(id="", name="", timezone=zone)))


def ago(**time: float) -> str:
    return (MONDAY - dt.timedelta(**time)).isoformat()


def kiosk(*, shop: Shop | None = ALWAYS, seen: float = 1, beat: dict[str, Any] | None = None, **more: Any) -> Kiosk:
    well: dict[str, Any] = {
        "at": ago(minutes=seen),
        "drawn_at": ago(minutes=seen, seconds=5),
        "checked_at": ago(minutes=seen, seconds=50),
        "outcome": "current",
        "revision": 40,
        "printers": ["ready"],
        "free_bytes": 10**10,
        "program": "0.2.0",
    }
    when = ago(minutes=seen)
    made = {"seen_at": when, "heartbeat_at": when, "beat": Heartbeat(**well | (beat or {})), **more}
    return Kiosk("0189-kiosk", "window", "s", shop, ago(days=9), **made)


@pytest.mark.parametrize(
    ("moment", "since"),
    [
        ("2026-11-30T09:29:59", None),
        ("2026-11-30T09:30", "2026-11-30T09:30"),
        ("2026-11-30T16:59:59", "2026-11-30T09:30"),
        ("2026-11-30T17:00", None),
        ("2026-12-05T23:30", "2026-12-05T22:00"),
        ("2026-12-06T01:30", "2026-12-05T22:00"),  # it does not close at midnight
        ("2026-12-06T02:00", None),
    ],
)
def test_since_when_a_shop_is_open(moment: str, since: str | None) -> None:
    assert quiet.open_since(DAYS, at(moment)) == (at(since) if since else None)


def test_hours_are_the_shops_own_and_last_as_long_as_they_do_when_clocks_change() -> None:
    new_york = Shop(id="s", name="S", hours="Mo-Su 09:00-17:00", timezone="America/New_York")
    assert quiet.open_since(new_york, MONDAY) == dt.datetime(2026, 11, 30, 14, 0, tzinfo=dt.UTC)
    assert quiet.open_since(new_york, MONDAY - dt.timedelta(seconds=1)) is None
    night = Shop(id="s", name="S", hours="Sa 23:00-24:00; Su 00:00-05:00")
    before, after = at("2026-10-24T23:00").astimezone(dt.UTC), dt.datetime(2026, 10, 25, 3, 0, tzinfo=dt.UTC)
    assert quiet.open_since(night, after) == before
    assert not quiet.is_quiet(before, night, after, 5 * 3600 + 1) and quiet.is_quiet(before, night, after, 5 * 3600)


@pytest.mark.parametrize("hours", ["", "24/7", "Mo-Su 00:00-24:00", "nobody knows"])
def test_a_shop_without_hours_or_that_never_closes_is_always_open(hours: str) -> None:
    shop = Shop(id="s", name="S", hours=hours)
    assert quiet.open_since(shop, MONDAY) == quiet.ALWAYS
    assert quiet.is_quiet(MONDAY - dt.timedelta(minutes=30), shop, MONDAY, 1800)
    assert quiet.open_since(None, MONDAY) == quiet.ALWAYS


def test_silence_counts_from_opening_and_heartbeats_may_be_rare() -> None:
    evening = at("2026-11-29T16:59")
    assert not quiet.is_quiet(evening, DAYS, at("2026-11-30T09:59"), 1800)
    assert quiet.is_quiet(evening, DAYS, at("2026-11-30T10:00"), 1800)
    assert not quiet.is_quiet(evening, DAYS, at("2026-11-30T17:01"), 1800)
    assert quiet.after_s(30) == 1800 and quiet.after_s(5) == 750 and quiet.after_s(30, 3600) == 9000


@pytest.mark.parametrize(
    ("there", "level", "words"),
    [
        (kiosk(), WELL, []),
        (kiosk(seen=31), BAD, ["Quiet for 31 minutes"]),
        (kiosk(seen=29), WELL, []),
        (kiosk(seen=60 * 20, shop=DAYS), BAD, ["Quiet for 20 hours"]),
        (
            kiosk(seen=60 * 20, shop=Shop(id="s", name="S", hours="Tu 10:00-12:00")),
            WELL,
            ["Off for 20 hours; the shop is closed or has just opened"],
        ),
        (kiosk(seen=60 * 24 * 5, by_stick=True), WELL, ["Served by stick; the last came 5 days ago"]),
        (kiosk(seen=60 * 24 * 40, by_stick=True), LOOK, ["Served by stick; the last came 40 days ago"]),
        (kiosk(seen_at=None, beat={}), LOOK, ["Not heard of yet; it was let in 9 days ago"]),
        (kiosk(beat={"drawn_at": ago(minutes=15)}), BAD, ["The screen stands still: nothing new on it for 14 minutes"]),
        (kiosk(beat={"drawn_at": ""}), LOOK, ["No screen has shown anything since it was started"]),
        (kiosk(beat={"drawn_at": "never", "at": "x"}), LOOK, ["No screen has shown anything since it was started"]),
        (kiosk(beat={"printers": ["paper_out"]}), BAD, ["Printer: out of paper"]),
        (kiosk(beat={"printers": ["ready paper_low"]}), LOOK, ["Printer: ready, paper runs low"]),
        (kiosk(beat={"printers": ["offline", "unknown"]}), LOOK, ["Printer 1: not reached"]),
        (kiosk(beat={"printers": ["offline", "fault"]}), BAD, ["Printer 1: not reached", "Printer 2: faulty"]),
        (kiosk(beat={"printers": ["on_fire"]}), LOOK, ["Printer: on fire"]),
        (kiosk(beat={"free_bytes": 640_000_000}), LOOK, ["There is little room on the disk: 640.0 MB left"]),
        (kiosk(beat={"free_bytes": 90_000_000}), BAD, ["The disk is nearly full: 90.0 MB left"]),
        (kiosk(beat={"outcome": "unreachable"}), LOOK, ["It does not reach the catalogue"]),
        (kiosk(beat={"revision": 28}), LOOK, ["Its catalogue is 12 changes behind"]),
        (kiosk(beat={"checked_at": ago(days=3)}), LOOK, ["It had no word of the catalogue for 2 days"]),
        (kiosk(beat={"waiting": 1_234}), LOOK, ["1,234 records wait to be sent"]),
        (kiosk(beat={"waiting": 3}), WELL, []),
        (kiosk(beat={"rejected": 1}), LOOK, ["1 record was refused"]),
        (kiosk(refused=2), LOOK, ["2 records were refused"]),
        (kiosk(beat={"program": "0.1.9"}), WELL, ["Its program is older than the hub’s: 0.1.9"]),
        (kiosk(seen=99, revoked_at=ago(days=1)), WELL, ["Revoked"]),
        (kiosk(seen=99, succeeded=True), WELL, ["Another came after it"]),
    ],
)
def test_what_is_wrong_is_said_in_words(there: Kiosk, level: int, words: list[str]) -> None:
    found = signs.of(there, HUB)
    assert ([sign.words for sign in found], signs.level(found)) == (words, level)


def test_what_was_published_just_now_is_nobodys_fault_yet() -> None:
    fresh = Hub(now=MONDAY, revision=41, published_at=ago(minutes=20))
    assert signs.of(kiosk(beat={"revision": 40}), fresh) == []


def test_the_worst_comes_first() -> None:
    found = signs.of(kiosk(seen=50, beat={"waiting": 40, "printers": ["cover_open"], "program": "0.1"}), HUB)
    assert [sign.level for sign in found] == [BAD, BAD, LOOK, WELL] and found[0].words == "Quiet for 50 minutes"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-9, "just now"),
        (89, "just now"),
        (90, "1 minute ago"),
        (3_599, "59 minutes ago"),
        (3_600, "1 hour ago"),
        (172_799, "47 hours ago"),
        (172_800, "2 days ago"),
    ],
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert signs.ago(MONDAY - dt.timedelta(seconds=seconds), MONDAY) == words
