"""Which files come first, how fast, when, and for how long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync import hours
from sync.client.down import fetch as fetching
from sync.client.down.fetch import Limits, fetch, in_order_of_need
from sync.errors import HubRejectedError, HubUnreachableError, RecordError
from sync.records import File
from sync.replica.blobs import Blobs
from sync.replica.read import Wanted

ROOM = Limits(budget_bytes=1_000_000)


class Shelf:
    """A carrier that has what it was given, in pieces of 1,000 bytes."""

    where = "a shelf in the test"
    received_bytes = 0

    def __init__(self) -> None:
        self.there: dict[str, bytes] = {}
        self.asked: list[tuple[str, int]] = []
        self.cut_after: int | None = None
        self.says = 404
        self.answered: Callable[[], None] = lambda: None

    def offer(self, content: bytes) -> File:
        sha256 = hashlib.sha256(content).hexdigest()
        self.there[f"blobs/{sha256[:2]}/{sha256}"] = content
        return File(name="f", sha256=sha256, size_bytes=len(content))

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        self.asked.append((path, start))
        self.answered()
        if path not in self.there:
            raise HubRejectedError(f"{path}: {self.says}", self.says)
        content = self.there[path]
        for number, at in enumerate(range(start, len(content), 1000)):
            if self.cut_after is not None and number >= self.cut_after:
                raise HubUnreachableError("cut")
            yield content[at : at + 1000]

    def read_if_changed(self, path: str, mark: str) -> tuple[bytes, str] | None:
        raise NotImplementedError


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path)


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.longest_nap = 0.0
        monkeypatch.setattr(fetching.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(fetching.time, "sleep", self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.longest_nap = max(self.longest_nap, seconds)
        self.now += seconds


def wanted(file: File, item: str, revision: int, *, picture: bool = False) -> Wanted:
    return Wanted(file=file, item=item, revision=revision, picture=picture)


def test_pictures_come_first_then_what_was_asked_for_most_then_the_newest() -> None:
    a, b, c, d = (File(name=name, sha256=name) for name in "abcd")
    all_four = [wanted(a, "old", 1), wanted(b, "new", 9), wanted(c, "asked", 2), wanted(d, "old", 1, picture=True)]
    assert [file.name for file in in_order_of_need(all_four, {"asked": 3})] == ["d", "c", "b", "a"]


def test_a_file_of_two_items_is_wanted_once_and_as_early_as_the_earlier_needs_it() -> None:
    a, b = File(name="a", sha256="a"), File(name="b", sha256="b")
    ordered = in_order_of_need([wanted(a, "old", 1), wanted(b, "mid", 5), wanted(a, "new", 9)], {})
    assert [file.name for file in ordered] == ["a", "b"]


def test_where_there_is_not_room_for_all_the_most_needed_stay_and_the_rest_makes_way(
    shelf: Shelf, blobs: Blobs
) -> None:
    old, new = shelf.offer(b"o" * 6000), shelf.offer(b"n" * 6000)
    little = Limits(budget_bytes=10_000)
    assert fetch([old], shelf, blobs, little).missing == 0
    assert fetch([new, old], shelf, blobs, little) == fetching.Fetched(new=1, missing=1)
    assert blobs.find(new.sha256) and not blobs.find(old.sha256)
    assert blobs.size_bytes() <= 10_000


def test_one_that_is_too_large_does_not_keep_out_a_small_one_after_it(shelf: Shelf, blobs: Blobs) -> None:
    large, small = shelf.offer(b"l" * 20_000), shelf.offer(b"s" * 100)
    assert fetch([large, small], shelf, blobs, Limits(budget_bytes=5_000)) == fetching.Fetched(new=1, missing=1)


def test_a_cut_file_is_gone_on_with_from_where_it_stopped(shelf: Shelf, blobs: Blobs) -> None:
    file = shelf.offer(bytes(range(256)) * 40)
    shelf.cut_after = 3
    with pytest.raises(HubUnreachableError):
        fetch([file], shelf, blobs, ROOM)
    shelf.cut_after = None
    assert fetch([file], shelf, blobs, ROOM).new == 1
    assert [start for _path, start in shelf.asked] == [0, 3000]


def test_files_come_no_faster_than_the_cap(shelf: Shelf, blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time(monkeypatch)
    file = shelf.offer(b"x" * 20_000)
    fetch([file], shelf, blobs, Limits(budget_bytes=1_000_000, bytes_per_s=2_000))
    assert 10.0 <= time.now - 100.0 < 10.6
    assert time.longest_nap <= 0.5


def test_a_slice_ends_in_the_middle_of_a_file_and_the_next_goes_on(
    shelf: Shelf, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    Time(monkeypatch)
    file = shelf.offer(b"x" * 20_000)
    slow = Limits(budget_bytes=1_000_000, bytes_per_s=2_000, slice_s=4.0)
    assert fetch([file], shelf, blobs, slow) == fetching.Fetched(new=0, missing=1, more=True)
    passes = 1
    while fetch([file], shelf, blobs, slow).more:
        passes += 1
        assert passes < 9
    assert blobs.find(file.sha256)
    assert sum(start == 0 for _path, start in shelf.asked) == 1


def test_outside_the_shops_hours_nothing_is_fetched_and_nothing_waits(shelf: Shelf, blobs: Blobs) -> None:
    file = shelf.offer(b"x")
    closed = Limits(budget_bytes=1_000_000, open=lambda: False)
    assert fetch([file], shelf, blobs, closed) == fetching.Fetched(new=0, missing=1, more=False)
    assert shelf.asked == []


def test_the_hours_end_in_the_middle_of_a_file(shelf: Shelf, blobs: Blobs) -> None:
    file = shelf.offer(b"x" * 5000)
    left = iter([True] * 4 + [False] * 99)
    fetched = fetch([file], shelf, blobs, Limits(budget_bytes=1_000_000, open=lambda: next(left)))
    assert (fetched.new, fetched.more) == (0, False)
    assert 0 < blobs.begun_bytes(file.sha256) < 5000


@pytest.mark.parametrize("says", [403, 404, 410, 416, 500])
def test_one_that_is_not_there_stops_no_other(shelf: Shelf, blobs: Blobs, says: int) -> None:
    shelf.says = says
    gone = File(name="gone", sha256="0" * 64, size_bytes=10)
    there = shelf.offer(b"here")
    assert fetch([gone, there], shelf, blobs, ROOM) == fetching.Fetched(new=1, missing=1)


def test_what_a_carrier_lacks_is_told_once_and_holds_up_nothing_behind_it(
    shelf: Shelf, blobs: Blobs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each answer takes a second, and there are three of them in a slice."""
    time, refused = Time(monkeypatch), fetching.Refused()
    shelf.answered = lambda: time._sleep(1.0)
    lacking = [File(name="gone", sha256=f"{number}" * 64, size_bytes=10) for number in range(4)]
    spoilt = File(name="spoilt", sha256="a" * 64, size_bytes=4)
    shelf.there[f"blobs/aa/{spoilt.sha256}"] = b"evil"
    wanted, limits = [*lacking, spoilt, shelf.offer(b"here")], Limits(budget_bytes=1_000_000, slice_s=3.0)

    def a_slice() -> fetching.Fetched:
        return fetch(wanted, shelf, blobs, limits, refused)

    assert a_slice() == fetching.Fetched(new=0, missing=6, more=False), "nothing came, so nobody asks again at once"
    assert a_slice() == fetching.Fetched(new=1, missing=5, more=True)
    assert len(shelf.asked) == 6
    assert a_slice() == fetching.Fetched(new=0, missing=5, more=False)
    assert len(shelf.asked) == 6
    time.now += 601
    a_slice()
    assert len(shelf.asked) == 9
    assert len(caplog.messages) == 5


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [("22:00-06:00", "23:30 00:00 05:59", "06:00 12:00 21:59"), ("09:00-17:00", "09:00 16:59", "08:59 17:00 00:00")],
)
def test_a_part_of_the_day_may_go_over_midnight(span: str, inside: str, outside: str) -> None:
    from datetime import time

    parsed = hours.parse_span(span)
    assert all(parsed.holds(time.fromisoformat(at)) for at in inside.split())
    assert not any(parsed.holds(time.fromisoformat(at)) for at in outside.split())


@pytest.mark.parametrize("text", ["", "night", "22-06", "10:00-10:00", "25:99-06:00"])
def test_what_is_no_part_of_the_day_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match="22:00-06:00"):
        hours.parse_span(text)
