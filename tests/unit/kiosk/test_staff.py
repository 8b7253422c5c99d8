"""The staff's door: whose PIN opens it, what a wrong one costs, and that no PIN is anywhere afterwards."""

from __future__ import annotations

import logging
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.services.staff import StaffDoor
from kiosk.store.pins import FREE, LONGEST_WAIT_S, PinStore, wait_s
from kiosk.store.records import Records
from sync import pins
from sync.client.up import heard
from sync.client.up.heard import KnownDevice
from sync.messages import DeviceInfo, StaffMember

PINS = [f"{number:06d}" for number in (271828, 314159, 141421, 173205, 223606, 577215, 662607, 602214, 299792, 137035)]
WRONG = "808017"
SECRET = "5e" * 32
SALTS = [f"{number:02x}" * pins.SALT_BYTES for number in range(1, 11)]
STRETCHED = [pins.stretch(pin, salt) for pin, salt in zip(PINS, SALTS, strict=True)]
"""What the hub keeps of them."""


def staff(many: int = 10) -> list[StaffMember]:
    return [
        StaffMember(id=f"staff-{number}", salt=salt, verifier=pins.verifier(stretched, SECRET))
        for number, (salt, stretched) in enumerate(zip(SALTS[:many], STRETCHED[:many], strict=True))
    ]


class Door:
    """A door over a unit's folder, at a time that the test sets; the hub's staff are in the unit's own file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 1_795_000_000.0
        self.identity = folder / "identity.json"
        self._open()

    def _open(self) -> None:
        self.records = Records(self.folder / "records.db")
        self.store = PinStore(self.records, lambda: self.now)
        self.door = StaffDoor(self.store, lambda: heard.load_device(self.identity).info)

    def hub_names(self, people: list[StaffMember]) -> None:
        info = DeviceInfo(device_id="d", shop_id="s", pin_secret=SECRET, staff=people)
        heard.save_device(self.identity, KnownDevice(info=info))

    def restart(self) -> None:
        self.records.close()
        self._open()

    def tries(self, pin: str, times: int = 1) -> list[str]:
        return [self.door.sign_in(pin).outcome for _ in range(times)]

    def lock(self) -> float:
        """So many wrong ones that it is locked; returns for how long."""
        while not self.door.locked_s():
            self.door.sign_in(WRONG)
        return self.door.locked_s()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    made.hub_names(staff(2))
    yield made
    made.records.close()


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The salts that a PIN was stretched with, one for every evaluation of argon2."""
    made: list[str] = []
    stretch = pins.stretch

    def counted(pin: str, salt: str) -> bytes:
        made.append(salt)
        return stretch(pin, salt)

    monkeypatch.setattr(pins, "stretch", counted)
    return made


# -- whose PIN it is


@pytest.mark.parametrize("number", [0, 4, 9])
def test_the_pin_of_any_of_ten_opens_it_as_hers(door: Door, number: int) -> None:
    door.hub_names(staff())
    found = door.door.sign_in(PINS[number])
    assert (found.outcome, found.staff, found.wait_s) == ("welcome", f"staff-{number}", 0.0)


@pytest.mark.parametrize("pin", [WRONG, "", "27182", "2718281", "27182８", "abcdef", " 271828"])
def test_any_other_does_not(door: Door, pin: str) -> None:
    found = door.door.sign_in(pin)
    assert (found.outcome, found.staff, found.left) == ("wrong", "", FREE - 1)


def test_a_pin_of_another_devices_verifiers_does_not(door: Door) -> None:
    others = StaffMember(id="x", salt=SALTS[0], verifier=pins.verifier(STRETCHED[0], "00" * 32))
    door.hub_names([others])
    assert door.tries(PINS[0]) == ["wrong"]


def test_where_nobody_has_a_pin_none_is_tried(door: Door) -> None:
    door.hub_names([])
    assert not door.door.has_keys()
    assert door.tries(WRONG, 9) == ["nobody"] * 9 and door.door.locked_s() == 0


def test_right_first_right_last_and_wrong_take_the_same_work(door: Door, evaluations: list[str]) -> None:
    door.hub_names(staff())
    for pin in (PINS[0], PINS[9], WRONG, ""):
        evaluations.clear()
        door.door.sign_in(pin)
        assert evaluations == SALTS, "how long it takes would tell whose it is"


# -- what a wrong one costs


def test_waits_grow_from_half_a_minute_to_a_quarter_of_an_hour(door: Door) -> None:
    waits, outcomes = [], []
    for _ in range(12):
        found = door.door.sign_in(WRONG)
        outcomes.append((found.outcome, found.left))
        waits.append(found.wait_s)
        door.now += found.wait_s
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert outcomes[:5] == [("wrong", 4), ("wrong", 3), ("wrong", 2), ("wrong", 1), ("locked", 0)]
    assert wait_s(1_000_000) == LONGEST_WAIT_S


def test_locked_it_refuses_even_the_right_one_and_tries_nothing(door: Door, evaluations: list[str]) -> None:
    door.lock()
    evaluations.clear()
    assert door.tries(PINS[0], 3) == ["locked"] * 3 and evaluations == []
    door.now += 29.9
    assert door.door.locked_s() == pytest.approx(0.1, abs=0.01) and door.tries(PINS[0]) == ["locked"]
    door.now += 0.2
    assert door.door.locked_s() == 0 and door.tries(PINS[0]) == ["welcome"]


def test_a_try_while_it_is_locked_does_not_make_the_wait_longer(door: Door) -> None:
    door.lock()
    for _ in range(20):
        door.now += 1
        assert door.tries(WRONG) == ["locked"]
    assert door.door.locked_s() == pytest.approx(10)


def test_the_right_one_makes_the_count_begin_anew(door: Door) -> None:
    assert door.tries(WRONG, 4) == ["wrong"] * 4
    assert door.tries(PINS[1]) == ["welcome"]
    assert [door.door.sign_in(WRONG).left for _ in range(4)] == [4, 3, 2, 1]


def test_counts_and_waits_outlive_a_restart(door: Door) -> None:
    door.tries(WRONG, 3)
    door.restart()
    assert door.door.sign_in(WRONG).left == 1
    assert door.tries(WRONG) == ["locked"]
    door.restart()
    assert door.door.locked_s() == 30 and door.tries(PINS[0]) == ["locked"]


def test_a_clock_that_was_put_back_makes_no_wait_without_an_end(door: Door) -> None:
    """Nor one that is over at once; whoever only looks how long it lasts sees it end."""
    door.lock()
    door.now -= 400 * 86_400
    assert door.door.locked_s() == 30
    door.now += 10
    assert door.door.locked_s() == 20 and door.tries(PINS[0]) == ["locked"]
    door.now += 21
    assert door.door.locked_s() == 0 and door.tries(PINS[0]) == ["welcome"]


def test_a_clock_that_is_put_back_before_the_lock_gives_no_tries(door: Door) -> None:
    for _ in range(FREE):
        door.now -= 3_600
        door.door.sign_in(WRONG)
    assert door.door.locked_s() == 30 and door.tries(WRONG) == ["locked"]


def test_a_clock_that_is_put_forward_ends_the_wait_but_not_the_count(door: Door) -> None:
    door.lock()
    door.now += 3_600
    found = door.door.sign_in(WRONG)
    assert (found.outcome, found.wait_s) == ("locked", 60)


def test_after_a_quiet_day_the_count_begins_anew(door: Door) -> None:
    door.lock()
    door.now += 86_399
    assert door.door.sign_in(WRONG).wait_s == 60
    door.now += 86_401
    assert (door.door.sign_in(WRONG).left, door.door.locked_s()) == (FREE - 1, 0)


KILLED_WHILE_TRYING = """
import os, signal, sys
from pathlib import Path
from kiosk.services.staff import StaffDoor
from kiosk.store.pins import PinStore
from kiosk.store.records import Records
from sync import pins
from sync.client.up import heard
pins.who = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
folder = Path(sys.argv[1])
store = PinStore(Records(folder / "records.db"), lambda: 1_795_000_000.0)
StaffDoor(store, lambda: heard.load_device(folder / "identity.json").info).sign_in(sys.argv[2])
"""


def test_a_kill_between_the_try_and_its_outcome_gives_none_for_free(door: Door) -> None:
    words = [sys.executable, "-c", KILLED_WHILE_TRYING, str(door.folder)]
    for left in range(FREE - 1, 0, -1):
        assert subprocess.run([*words, WRONG], timeout=60).returncode == -signal.SIGKILL
        assert wait_s(FREE - left) == door.door.locked_s() == 0
    assert subprocess.run([*words, PINS[0]], timeout=60).returncode == -signal.SIGKILL
    assert door.door.locked_s() == 30 and door.tries(PINS[0]) == ["locked"], "a pulled plug gave a try for free"
    door.now += 30
    assert door.tries(PINS[0]) == ["welcome"]


# -- the PIN that comes with the provisioning file


def test_the_set_up_pin_is_good_once_and_an_own_one_takes_its_place(door: Door) -> None:
    door.hub_names([])
    door.door.expect(PINS[0])
    assert door.door.has_keys() and door.tries(PINS[0], 3) == ["choose"] * 3, "it opens nothing yet"
    chosen = door.door.choose(PINS[0], PINS[1])
    assert (chosen.outcome, chosen.staff) == ("welcome", "own")
    door.restart()
    assert door.tries(PINS[0]) == ["wrong"]
    assert door.door.choose(PINS[0], PINS[2]).outcome == "wrong"
    assert (door.door.sign_in(PINS[1]).outcome, door.door.sign_in(PINS[1]).staff) == ("welcome", "own")


def test_without_the_set_up_pin_none_can_be_chosen(door: Door) -> None:
    door.hub_names([])
    door.door.expect(PINS[0])
    for _ in range(FREE):
        assert door.door.choose(WRONG, PINS[1]).outcome in ("wrong", "locked")
    assert door.door.choose(PINS[0], PINS[1]).outcome == "locked", "choosing was a way around the lock"
    door.now += 30
    with pytest.raises(ValueError, match="a PIN has 6 digits"):
        door.door.choose(PINS[0], "12345")
    assert door.door.choose(PINS[0], PINS[1]).outcome == "welcome"


@pytest.mark.parametrize("no_pin", ["", "12345", "１２３４５６", "abcdef"])
def test_what_is_no_pin_opens_nothing(door: Door, no_pin: str) -> None:
    door.hub_names([])
    door.door.expect(no_pin)
    assert not door.door.has_keys()


def test_once_the_hub_names_its_staff_no_other_pin_counts_ever_again(door: Door) -> None:
    door.hub_names([])
    door.door.expect(PINS[0])
    door.door.choose(PINS[0], PINS[1])
    door.hub_names([StaffMember(id="x", salt=SALTS[2], verifier=pins.verifier(STRETCHED[2], SECRET))])
    assert door.tries(PINS[1]) == ["wrong"] and door.tries(PINS[0]) == ["wrong"]
    assert door.tries(PINS[2]) == ["welcome"]
    door.hub_names([])
    assert door.tries(PINS[1]) == ["nobody"], "it came back"


def test_a_damaged_file_of_staff_opens_nothing(door: Door) -> None:
    heard.device_path(door.identity).write_bytes(b"{half a")
    assert door.tries(PINS[0]) == ["nobody"]


# -- a thousand wrong ones


def test_a_thousand_wrong_pins_get_nowhere_and_leave_no_pin_anywhere(
    door: Door, evaluations: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """One every second, as a machine would; a few hundred of them are near the right one."""
    caplog.set_level(logging.DEBUG)
    dice = random.Random(9)
    guesses = [f"{(int(PINS[0]) + step) % 10**6:06d}" for step in range(1, 500)]
    guesses += [pin for pin in (f"{dice.randrange(10**6):06d}" for _ in range(501)) if pin not in PINS]
    outcomes = []
    for pin in guesses:
        outcomes.append(door.door.sign_in(pin).outcome)
        door.now += 1
    tried = len(evaluations) // 2
    assert "welcome" not in outcomes and outcomes.count("wrong") == FREE - 1
    assert FREE <= tried <= 10, f"{tried} were looked at in {len(guesses)} s"
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert warnings == ["5 wrong PINs in a row were tried at the staff's door; it is locked for a while"]
    door.now += 900
    assert door.tries(PINS[0]) == ["welcome"]
    door.lock()
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 2, "one for each time"
    assert_no_pin(door.folder, caplog.text, [*guesses, *PINS[:2]])


def test_no_pin_of_the_units_own_is_anywhere(
    door: Door, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    monkeypatch.setattr("secrets.token_hex", lambda size: chance.randbytes(size).hex())  # six digits may come by chance
    caplog.set_level(logging.DEBUG)
    door.hub_names([])
    door.door.expect(PINS[0])
    door.door.choose(PINS[0], PINS[1])
    door.tries(PINS[1], 2)
    door.tries(WRONG, 2)
    assert_no_pin(door.folder, caplog.text, [PINS[0], PINS[1], WRONG])
    own = door.store.own()
    assert len(own) == 1
    stretched = pins.stretch(PINS[1], own[0][0].salt)
    for content in contents(door.folder).values():
        assert stretched not in content and stretched.hex().encode() not in content


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the unit with what is in it, its databases' logs among them."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {"records.db", "records.db-wal", "records.db-shm"} <= found.keys() and len(found["records.db-wal"]) > 0
    return found


def assert_no_pin(folder: Path, log: str, tried: list[str]) -> None:
    """None in any file or log; nor what the hub keeps of those that are right."""
    for name, content in contents(folder).items():
        there = [pin for pin in {*tried, *PINS} if pin.encode() in content]
        assert not there, f"a PIN is on the disk, in {name}"
        for stretched in STRETCHED:
            assert stretched not in content and stretched.hex().encode() not in content, "what the hub keeps is here"
    assert not set(re.findall(r"\d{6}", log)) & {*tried, *PINS}, "a PIN is in the log"


def test_this_would_notice_a_pin_on_the_disk(door: Door) -> None:
    door.lock()
    (door.folder / "notes").write_text(f"tried {PINS[0]}")
    with pytest.raises(AssertionError, match="a PIN is on the disk"):
        assert_no_pin(door.folder, "", PINS)


def test_the_files_are_for_the_units_user_alone(door: Door) -> None:
    door.lock()
    for name in ("records.db", "records.db-wal", "device.json"):
        assert (door.folder / name).stat().st_mode & 0o077 == 0, name
