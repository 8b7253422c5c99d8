"""Figures of a surgery's log: a visit safe on disk, a session looked at, a PIN that is right or wrong."""

from __future__ import annotations

import functools
import random
from pathlib import Path

from kiosk.services.services import Services
from kiosk.services.staff import StaffDoor
from kiosk.store.pins import PinStore
from sync import pins
from sync.attendance import TOPICS
from sync.messages import DeviceInfo, StaffMember
from tests.bench.rig import median, percentile, row, timed_s
from tests.support.surgery import SURGERY, Surgery

SIZES = (300, 2_000)
STAFF = 10
TRIES = 25


def figures(folder: Path) -> None:
    """All of them, in a unit of their own."""
    unit = Surgery(folder / "surgery")
    unit.belongs()
    events = ({"id": f"01890000-0000-7000-8000-{n:012x}", "title": f"{SURGERY['title']} {n}"} for n in range(1, 20))
    unit.diary({}, *({**event, "r": 3} for event in events))
    dice, session = random.Random(8), unit.session()
    adds: list[float] = []
    for size in SIZES:
        while len(adds) < size:
            topics = dice.sample(TOPICS, 2)
            adds.append(timed_s(functools.partial(unit.log.add, session, topics=topics)) * 1000)
        views = [timed_s(functools.partial(unit.log.view, session)) * 1000 for _ in range(TRIES)]
        row(f"a session of {size:,} looked at", f"p50 {median(views):.1f} ms", f"worst {max(views):.1f} ms")
    row("a visit logged, safe on disk", f"p50 {median(adds):.2f}, p99 {percentile(adds, 0.99):.2f} ms")
    meant = [timed_s(functools.partial(unit.log.session_at, unit.now)) * 1000 for _ in range(TRIES)]
    row("which of 20 sessions is meant", f"p50 {median(meant):.1f} ms")
    signing_in(unit.services)
    unit.close()


def signing_in(unit: Services) -> None:
    """PINs of the first and the last of all staff, and a wrong one, in turn: how long each takes."""
    secret = "5e" * 32
    salts = [pins.new_salt() for _ in range(STAFF)]
    right = [pins.make() for _ in range(STAFF)]
    people = [
        StaffMember(id=str(number), salt=salt, verifier=pins.verifier(pins.stretch(pin, salt), secret))
        for number, (salt, pin) in enumerate(zip(salts, right, strict=True))
    ]
    info = DeviceInfo(device_id="d", shop_id="s", pin_secret=secret, staff=people)
    door = StaffDoor(PinStore(unit.records), lambda: info)
    tried = {"right, first": right[0], "right, last": right[-1], "wrong": pins.make(right)}
    times: dict[str, list[float]] = {name: [] for name in tried}
    for _ in range(TRIES):
        for name in ("wrong", "right, last", "wrong", "right, first"):
            times[name].append(timed_s(functools.partial(door.sign_in, tried[name])) * 1000)
    for name, of in times.items():
        row(f"PIN of {STAFF} staff, {name}", f"p50 {median(of):.1f} ms", f"p10 {percentile(of, 0.1):.1f} ms")
