"""What works in this unit and what does not, in plain words."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import features
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from kiosk.devices import bell, speech
from kiosk.devices.printers.printer import PICTURES
from kiosk.lettering import fonts
from sync import outbox
from sync.client.carriers import HttpCarrier
from sync.client.clock import Clock
from sync.client.down import trust
from sync.client.down.pull import verify_replica
from sync.errors import NOT_JSON, ReplicaError, SyncError

if TYPE_CHECKING:
    from kiosk.services.services import Services

_LEAST_FREE_BYTES: Final = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `state` is `good`, `note` (works, but worth knowing) or `fault`."""

    state: str
    what: str
    said: str


def examine(unit: Services) -> Iterator[Finding]:
    """Look at everything, one finding each, in the order a person would ask."""
    checks: list[Callable[[Services], Finding]] = [
        _shop,
        _catalogue,
        _files,
        _hub,
        _last_pass,
        _sending,
        _records,
        _agent,
        _printer,
        _lettering,
        _speech,
        _clock,
        _disk,
    ]
    for check in checks:
        yield check(unit)


def _shop(unit: Services) -> Finding:
    mine = unit.unit.identity
    if mine is None and (asking := unit.unit.enrolment()) and asking.user_code:
        where = f"at the hub ({asking.verification_url})"
        return Finding(
            "fault", "Shop", f"none yet: approve the code {asking.user_code} {where}. {asking.message}".strip()
        )
    if mine is None:
        return Finding("fault", "Shop", "this unit belongs to no shop yet: run `touchpoint-kiosk enrol`")
    if mine.pending:
        return Finding("note", "Shop", f"{mine.shop_name}; the hub has yet to hear of it, by a stick or a connection")
    if not mine.hub_url:
        return Finding("good", "Shop", f"{mine.shop_name}; what it has to say goes by stick")
    return Finding("good", "Shop", f"{mine.shop_name}, with the hub {mine.hub_url}")


def _catalogue(unit: Services) -> Finding:
    path = unit.replicas.current()
    if path is None:
        return Finding("fault", "Catalogue", "there is none here yet: the first sync has not ended")
    try:
        verify_replica(path)
        replica = unit.current.reading()
        items, revision = replica.count(), replica.revision
    except SyncError as error:
        return Finding("fault", "Catalogue", f"damaged; the agent will build it again ({error})")
    fresh, words = unit.unit.freshness()
    return Finding("good" if fresh else "note", "Catalogue", f"{items:,} items at revision {revision}. {words}")


def _files(unit: Services) -> Finding:
    if unit.replicas.current() is None:
        return Finding("note", "Files", "none wanted yet")
    try:
        wanted = {one.file.sha256: one.file for one in unit.current.reading().wanted()}
    except (ReplicaError, *NOT_JSON):
        return Finding("note", "Files", "nobody knows which are wanted while the catalogue is damaged")
    missing = [file for file in wanted.values() if unit.blobs.find(file.sha256) is None]
    if missing:
        return Finding("note", "Files", f"{len(missing)} of {len(wanted)} pictures and files are not here yet")
    return Finding("good", "Files", f"all {len(wanted)} pictures and files are here")


def _hub(unit: Services) -> Finding:
    mine = unit.unit.identity
    if mine is None:
        return Finding("note", "Hub", "not known before enrolment")
    mirror = unit.settings_now().catalogue_url or mine.catalogue_url
    clock = Clock(unit.settings.data / "sync" / "hub-time")
    no_hub = _trouble_at(f"{mine.hub_url}/v1/catalogue", clock) if mine.hub_url else "it has no address here"
    no_mirror = _trouble_at(mirror, clock) if mirror else ""
    if mirror and no_mirror and not no_hub:
        return Finding("note", "Hub", f"answers, and stands in for the mirror, which cannot be asked ({no_mirror})")
    if mirror and not no_mirror and no_hub:
        return Finding("fault", "Hub", f"cannot be asked, so records wait ({no_hub}); the mirror {mirror} answers")
    if not (mirror or mine.hub_url):
        return Finding(
            "note", "Hub", "has no address here; a stick brings the catalogue: `touchpoint-kiosk carry in DIR`"
        )
    if no_hub:
        return Finding("fault", "Hub", f"cannot be asked; the screen goes on with what it has ({no_hub})")
    return Finding("good", "Hub", f"answers, and so does the mirror {mirror}" if mirror else "answers")


def _trouble_at(url: str, clock: Clock) -> str:
    """Why no catalogue can be had there, or nothing."""
    try:
        answer = HttpCarrier(url, clock).read_if_changed("metadata/timestamp.json", "")
    except SyncError as error:
        return str(error)
    if answer is None or not trust.is_timestamp(answer[0]):
        return "something answers, but it is no hub; is this a Wi-Fi sign-in page?"
    return ""


def _last_pass(unit: Services) -> Finding:
    status = unit.unit.sync_status()
    if status.outcome == "never":
        return Finding("note", "Last pass", "none yet")
    if status.outcome in ("current", "updated"):
        return Finding("note" if status.message else "good", "Last pass", status.message or "all is as the hub has it")
    return Finding("fault", "Last pass", f"{status.outcome.replace('_', ' ')}: {status.message}")


def _sending(unit: Services) -> Finding:
    if (mine := unit.unit.identity) and not mine.hub_url:
        return Finding("note", "Sending", "goes by stick: `touchpoint-kiosk carry in DIR` puts what waits on it")
    status = unit.unit.sending_status()
    if status.outcome == "never":
        return Finding("note", "Sending", "the agent has said nothing to the hub yet")
    if status.outcome in ("current", "updated"):
        return Finding("good", "Sending", "the hub takes what this unit sends")
    at = dt.datetime.fromtimestamp(status.tried_at, unit.unit.now().tzinfo)
    return Finding("fault", "Sending", f"{status.outcome.replace('_', ' ')} at {at:%H:%M}: {status.message}")


def _records(unit: Services) -> Finding:
    with unit.records.reading() as db:
        if said := _damage(db):  # then nothing more can be asked of it
            words = f"records.db is damaged: {said}. Keep the file and ask the hub's team"
            return Finding("fault", "Records file", words)
        waiting, rejected = outbox.count_waiting(db), outbox.count(db, "rejected")
    words = f"safe; {waiting} waiting to be sent"
    if rejected:
        more = f"{rejected} refused by the hub: `touchpoint-kiosk records --rejected` lists them"
        return Finding("fault", "Records", f"{words}; {more}")
    status = unit.unit.sending_status()
    if waiting and status.outcome not in ("never", "current", "updated"):
        return Finding("note", "Records", f"{words}; the hub does not take them now ({status.message})")
    return Finding("good", "Records", words)


def _damage(db: Connection) -> str:
    """What is wrong with the file, or nothing."""
    try:
        said = str(db.exec_driver_sql("PRAGMA quick_check").scalars().first())
    except OperationalError:
        raise  # somebody holds the file
    except DatabaseError as error:
        return str(error.orig)
    return "" if said == "ok" else said


def _agent(unit: Services) -> Finding:
    if unit.wake_agent(bell.SLIP):
        return Finding("good", "Agent", "is running")
    return Finding("fault", "Agent", "is not running, so nothing is printed or fetched: start `touchpoint-kiosk agent`")


def _printer(unit: Services) -> Finding:
    if unit.printers.in_use == PICTURES:
        return Finding("note", "Printer", f"none; slips are written as pictures into {unit.settings.data / 'slips'}")
    states = unit.printers.states()
    words = "; ".join(
        f"{known.address}: {known.state or 'the agent has not tried it yet'}{' (paper low)' * known.paper_low}"
        for known in states
    )
    if not any(known.well for known in states):
        return Finding("fault", "Printer", words)
    return Finding("good" if all(known.well and not known.paper_low for known in states) else "note", "Printer", words)


def _lettering(_unit: Services) -> Finding:
    if not features.check("raqm"):
        return Finding("fault", "Letters", "Arabic, Urdu and Bengali would be drawn wrong: install libfribidi0")
    scripts = ("Latin", "Arabic", "Bengali", "Gurmukhi")
    missing = [script for script in scripts if "Roboto" in fonts.path("regular", script).name]
    if missing:
        named = ", ".join(missing)
        return Finding("fault", "Letters", f"no font for {named}: install fonts-inter and fonts-noto-core")
    if not fonts.have_icons():
        return Finding("note", "Letters", "no icons, words stand in: install fonts-materialdesignicons-webfont")
    return Finding("good", "Letters", "fonts and icons are all here")


def _speech(unit: Services) -> Finding:
    setting = unit.settings.speech
    if setting == "off":
        return Finding("note", "Voice", "switched off by the setting `speech`: people who cannot see get no help")
    if not speech.has_program():
        return Finding("fault", "Voice", "there is none, so the screen cannot be heard: install espeak-ng")
    if setting.startswith("file:"):
        return Finding("fault", "Voice", f"writes every word into {setting[5:]}: for trying only; set speech to auto")
    if not speech.has_sound_card():
        state = "note" if setting == "auto" else "fault"
        return Finding(state, "Voice", "espeak-ng is here, but no sound card: nothing is heard")
    return Finding("good", "Voice", "espeak-ng and a sound card are here")


def _clock(unit: Services) -> Finding:
    clock = Clock(unit.settings.data / "sync" / "hub-time")
    now = unit.unit.now()
    if clock.behind:
        return Finding(
            "fault", "Clock", f"says {now:%-d %B %Y, %H:%M}, but it is after {clock.floor:%-d %B %Y}: set it"
        )
    return Finding("good", "Clock", f"says {now:%-d %B %Y, %H:%M}")


def _disk(unit: Services) -> Finding:
    free = shutil.disk_usage(_existing(unit.settings.data)).free
    words = f"{free / 1e9:.1f} GB free"
    return Finding("good" if free > _LEAST_FREE_BYTES else "fault", "Disk", words)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)
