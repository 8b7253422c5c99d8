"""How a unit is, in a volunteer's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from kiosk.devices.printers.printer import PICTURES
from kiosk.services.attendance import Words
from kiosk.services.doctor import Finding
from kiosk.services.overview import Overview
from kiosk.services.printers import PrinterState
from kiosk.services.unit import SyncStatus
from kiosk.ui.staff import days, telling
from sync import notices
from sync.words import N_of, _, count_of, joined

_HEARD: Final = ("current", "updated")
_DEVICE_LETTERS: Final = 8
"""So much of a device's id tells it from any other at the hub."""


@dataclass(frozen=True)
class Detail:
    """A drawing, what it is about, and what is so."""

    icon: str
    name: str
    value: str


@dataclass(frozen=True)
class Fault:
    """What does not work and what to do, and the same for whoever is rung up about it."""

    said: str
    detail: str


def facts(unit: Overview, words: Words) -> list[Detail]:
    """Everything there is to tell, the most asked for first."""
    found = [Detail("inbox", _("Waiting to be sent"), waiting(unit.waiting, words))]
    if unit.contact:
        found.insert(0, Detail("phone", _("The hub's team"), notices.in_groups(unit.contact)))
    if unit.refused:
        refused = count_of(
            unit.refused,
            "{} record. Please ring the hub: they see why.",
            "{} records. Please ring the hub: they see why.",
        )
        found.append(Detail("alert-circle-outline", _("Refused by the hub"), refused))
    return [
        *found,
        Detail("cloud-upload", _("Last sent to the hub"), _heard(unit.sending, unit)),
        Detail("cloud-check", _("Last news from the hub"), _heard(unit.fetching, unit)),
        Detail("library", _("On the shelves"), _shelves(unit)),
        *(Detail("printer", _("Printer"), _printer(known)) for known in unit.printers),
        Detail("harddisk", _("Room on the disk"), _("{size} GB free").format(size=f"{unit.free_bytes / 1e9:,.1f}")),
        Detail("store", _("Shop"), unit.shop or _("None yet")),
        Detail("information-outline", _("This program"), _program(unit)),
    ]


def waiting(counts: dict[str, int], words: Words) -> str:
    """`3 visits or changes · 1 head count`; says so when nothing waits."""
    if not any(counts.values()):
        return _("Nothing. The hub has it all.")
    return joined(_kind(kind, count, words) for kind, count in sorted(counts.items()) if count)


def faults(findings: Sequence[Finding]) -> list[Fault]:
    """What the doctor found at fault, with what to do; without what only follows from something else."""
    found = {finding.what: finding for finding in findings if finding.state == "fault"}
    causes = [finding for what, finding in found.items() if not found.keys() & _FOLLOWS_FROM.get(what, set())]
    return [_fault(finding) for finding in causes]


def asleep() -> str:
    """The agent does not run."""
    return _FAULTS["Agent"]()


def outcome(sending: SyncStatus, fetching: SyncStatus) -> tuple[bool, str]:
    """How an exchange with the hub went: whether all is well, and in words."""
    if sending.outcome in _HEARD and fetching.outcome in _HEARD:
        return True, _("Done. All is sent, and the shelves are up to date.")
    return False, trouble(fetching.outcome if sending.outcome in _HEARD else sending.outcome)


def trouble(kind: str) -> str:
    """Why the hub was not heard."""
    return _TROUBLES.get(kind, _TROUBLES["failed"])()


def _fault(found: Finding) -> Fault:
    said = _FAULTS.get(found.what, _FAULTS[""])()
    return Fault(said, f"{found.what}: {found.said}".replace("`", ""))


def _heard(status: SyncStatus, unit: Overview) -> str:
    if unit.by_stick and not status.checked_at:
        return _("Not yet. A stick carries everything here.")
    when = _moment(status.checked_at, unit.now) if status.checked_at else _("Not yet")
    if status.outcome in (*_HEARD, "never"):
        return when
    tried = dt.datetime.fromtimestamp(status.tried_at, unit.now.tzinfo)
    return _("{when}. It did not work at {time}.").format(when=when, time=f"{tried:%H:%M}")


def _moment(at: float, now: dt.datetime) -> str:
    then = dt.datetime.fromtimestamp(at, now.tzinfo)
    return _("{day} at {time}").format(day=days.day(then.date(), now.date()), time=f"{then:%H:%M}")


def _shelves(unit: Overview) -> str:
    if not unit.revision:
        return _("Nothing yet")
    missing = unit.fetching.files_missing
    files = count_of(missing, "{} file is still to come", "{} files are still to come")
    things = count_of(unit.items, "{} thing", "{} things")
    return joined((things, files if missing else _("every file is here"), _("issue {}").format(unit.revision)))


def printer_in_words(address: str, name: str, state: PrinterState | None) -> tuple[str, str]:
    """What a printer is called, and where and how it is; `state` is that of one in use."""
    if address == PICTURES:
        return _("No printer"), _("Slips are shown as pictures.")
    parts = urlsplit(address)
    place = parts.hostname or parts.path
    return name or place, joined((place if name else "", _how(state) if state else ""))


def _printer(printer: PrinterState) -> str:
    if printer.address == PICTURES:
        return _("None. Slips are shown as pictures.")
    parts = urlsplit(printer.address)
    return joined((parts.hostname or parts.path, _how(printer)))


def _how(printer: PrinterState) -> str:
    state = _PRINTERS[printer.state]() if printer.state in _PRINTERS else printer.state
    return joined((state, _("its paper ends soon") if printer.paper_low else ""))


def _program(unit: Overview) -> str:
    parts = ("Touchpoint", unit.program)
    known = " ".join(part for part in parts if part)
    screen = unit.device_id[:_DEVICE_LETTERS]
    return joined((known, _("screen {}").format(screen) if screen else ""))


def _kind(kind: str, count: int, words: Words) -> str:
    if kind == "session":
        return telling.counted(count, words.session, words.sessions)
    one, many = _KINDS.get(kind, ("{} " + kind.replace("_", " "), "{} × " + kind.replace("_", " ")))
    return count_of(count, one, many)


_KINDS: Final = {
    "attendance": N_of("{} visit or change", "{} visits or changes"),
    "head_count": N_of("{} head count", "{} head counts"),
    "follow_up": N_of("{} locked contact", "{} locked contacts"),
    "usage": N_of("{} daily total", "{} daily totals"),
}
_PRINTERS: Final[dict[str, Callable[[], str]]] = {
    "ready": lambda: _("ready"),
    "unknown": lambda: _("takes slips; it cannot say how it is"),
    "offline": lambda: _("does not answer"),
    "paper_out": lambda: _("has no paper"),
    "cover_open": lambda: _("its lid is open"),
    "busy": lambda: _("is busy"),
    "fault": lambda: _("has a fault"),
}
_FOLLOWS_FROM: Final = {"Last pass": {"Hub", "Disk"}, "Sending": {"Hub"}}
_TROUBLES: Final[dict[str, Callable[[], str]]] = {
    "unreachable": lambda: _("the hub did not answer. All is safe here and goes later."),
    "not_the_hub": lambda: _(
        "something else answered, perhaps a Wi-Fi sign-in page. Ask whoever looks after the Wi-Fi."
    ),
    "rejected": lambda: _("the hub did not let this screen in. Please ring the hub."),
    "refused": lambda: _("what came does not look right, so it was not taken. Please ring the hub."),
    "too_old": lambda: _("this program is too old for the hub. Please ring the hub."),
    "damaged": lambda: _("what came was damaged. It is fetched again by itself."),
    "disk": lambda: _("the disk is full. Please ring the hub."),
    "failed": lambda: _("it did not work. It is tried again by itself."),
}
_FAULTS: Final[dict[str, Callable[[], str]]] = {
    "": lambda: _("Something does not work. Please tell the hub."),
    "Shop": lambda: _("This screen belongs to no shop yet. Please ring the hub."),
    "Catalogue": lambda: _("The shelves are not in order. They are put right by themselves; give it a few minutes."),
    "Hub": lambda: _("The hub cannot be reached. Nothing is lost: all waits here and goes later. Is the internet on?"),
    "Last pass": lambda: _("The last news could not be fetched. The shelves show what there was before."),
    "Sending": lambda: _("The hub does not take anything now. Nothing is lost: all waits here and goes later."),
    "Records": lambda: _("The hub refused something that was logged here. Please ring the hub."),
    "Records file": lambda: _(
        "What was logged here may be damaged. Write on paper now, and ring the hub. Leave this screen on."
    ),
    "Agent": lambda: _("Nothing is printed, sent or fetched now. Switch this screen off and on."),
    "Printer": lambda: _("The printer does not answer. Is it on, is there paper in it, and is its lid shut?"),
    "Letters": lambda: _("Some writing cannot be drawn. Please tell the hub."),
    "Clock": lambda: _("The clock is wrong, so times may be wrong too. Please tell the hub."),
    "Disk": lambda: _("The disk is nearly full. Please tell the hub."),
}
