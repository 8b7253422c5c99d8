"""A stick: what lies where, written in one step, and nothing on it followed elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync import seal
from sync.errors import RecordError, StorageError
from sync.stick import Posted, Stick

ONE = "01890000-0000-7000-8000-0123456789ab"
TWO = "01890000-0000-7000-8000-0123456789ac"


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path, make=True)


def letters(stick: Stick) -> list[tuple[str, bytes]]:
    return [(posted.device_id, posted.read()) for posted in stick.bundles()]


def test_an_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere is not a folder: is the stick plugged in"):
        Stick(tmp_path / "nowhere", make=True)


def test_a_folder_that_is_no_stick_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is this the right stick"):
        Stick(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_new_bundles_replace_a_devices_old_ones_and_no_others(stick: Stick) -> None:
    stick.put_bundles(ONE, [b"a", b"b"])
    stick.put_bundles(TWO, [b"c"])
    stick.put_bundles(ONE, [b"b", b"d"])
    assert sorted(letters(stick)) == [(ONE, b"b"), (ONE, b"d"), (TWO, b"c")]


def test_a_reply_takes_the_place_of_its_bundle(stick: Stick) -> None:
    stick.put_bundles(ONE, [b"a"])
    (bundle,) = stick.bundles()
    stick.refuse(bundle, "no")
    assert stick.refusals(ONE) == ["no"]
    stick.put_reply(bundle, b"reply")
    assert letters(stick) == [] and stick.refusals(ONE) == []
    assert [posted.read() for posted in stick.replies(ONE)] == [b"reply"]
    assert stick.replies(TWO) == []


def test_every_name_fits_any_file_system(stick: Stick) -> None:
    stick.put_bundles(ONE, [b"a"])
    stick.refuse(next(iter(stick.bundles())), "no")
    for path in stick.root.rglob("*"):
        assert len(path.name) <= 40 and not set(path.name) & set(':*?"<>|\\')
        assert path.name == path.name.lower()


def test_what_an_interrupted_trip_had_begun_is_removed(stick: Stick, tmp_path: Path) -> None:
    stick.put_bundles(ONE, [b"a"])
    begun = stick.root / "up" / ONE / ".0123.sealed.77.new"
    begun.write_bytes(b"half")
    assert letters(Stick(tmp_path)) == [(ONE, b"a")]
    assert not begun.exists()


@pytest.mark.parametrize("what", ["file link", "folder link", "pipe"])
def test_what_leads_elsewhere_is_refused(stick: Stick, tmp_path: Path, what: str) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "x.sealed").write_bytes(b"x")
    up = stick.root / "up"
    up.mkdir(parents=True)
    if what == "file link":
        (up / "x.sealed").symlink_to(precious / "x.sealed")
    elif what == "folder link":
        (up / ONE).symlink_to(precious)
    else:
        os.mkfifo(up / "pipe")
    with pytest.raises(StorageError, match="a link or no file"):
        Stick(tmp_path)
    assert (precious / "x.sealed").exists()


def test_what_else_lies_on_a_stick_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"sea")
    (tmp_path / "link").symlink_to(tmp_path / "holiday.jpg")
    stick = Stick(tmp_path, make=True)
    stick.put_bundles(ONE, [b"a"])
    (stick.root / "up" / "READ ME").mkdir()
    (stick.root / "up" / "READ ME" / "x.sealed").write_bytes(b"x")
    (stick.root / "up" / "note.txt").write_bytes(b"hello")
    assert letters(stick) == [(ONE, b"a")]


def test_a_file_too_large_for_a_letter_is_not_read(stick: Stick) -> None:
    path = stick.root / "up" / ONE / "big.sealed"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(seal.MAX_LETTER_BYTES + 1)
    with pytest.raises(RecordError, match="at most"):
        next(iter(stick.bundles())).read()


def test_a_stick_that_was_pulled_out_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be used"):
        Posted(ONE, tmp_path / "gone.sealed").read()
