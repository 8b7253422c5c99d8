"""A unit that belongs to a shop, or is about to: who it is, what it noted, what of that the hub has."""

from __future__ import annotations

from sync import outbox
from sync.client import identity
from sync.client.enrol_code import CodeEnrolment, Step
from sync.hub.store import inbox
from sync.records import Usage
from tests.conftest import TestHub, TestKiosk


def note(kiosk: TestKiosk, count: int = 1) -> list[str]:
    """Records made in this unit, by their ids."""
    with kiosk.services.records.writing() as db:
        return [outbox.add(db, "usage", Usage(day="2026-11-22", action="qr", count=n + 1)) for n in range(count)]


def waiting(kiosk: TestKiosk) -> int:
    with kiosk.services.records.reading() as db:
        return outbox.count_waiting(db)


def at_the_hub(hub: TestHub) -> dict[str, str]:
    """Every record there by its id, with its origin."""
    with hub.hub.database.reading() as db:
        rows = list(inbox.everything(db))
    assert len(rows) == len({row["id"] for row in rows})
    return {row["id"]: row["device_id"] for row in rows}


def who(kiosk: TestKiosk) -> identity.Identity:
    mine = identity.load(kiosk.folder / "identity.json")
    assert mine
    return mine


def code_of(kiosk: TestKiosk, hub: TestHub, *, again: bool = False) -> CodeEnrolment:
    claim = kiosk.services.records.claim if again else None
    return CodeEnrolment(hub.url, kiosk.folder / "identity.json", name="front window", again=claim)


def shown(step: Step) -> str:
    assert step.state == "showing" and step.begun
    return step.begun.user_code
