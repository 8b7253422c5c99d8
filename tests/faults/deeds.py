"""What is done in a unit, by the real code, one after the other; each is told on standard output once confirmed.

`python -m tests.faults.deeds FOLDER NAME [COUNT]`. A name with `+unsafe` does the same without syncing, to show that
the test which watches would notice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

import sync.replica.folder
from kiosk import bootstrap
from kiosk.domain.slips import Slip
from kiosk.settings import Settings
from kiosk.store.queue import PrintQueue
from kiosk.store.records import Records
from kiosk.store.usage import UsageCounts
from sync import outbox
from sync.client import identity
from sync.client.identity import Identity
from sync.messages import Answer, HubKeys
from sync.records import Usage
from sync.replica.blobs import Blobs

DAY = dt.date(2026, 11, 24)
AN_IDENTITY = Identity(
    hub_url="http://hub.test",
    device_id="d",
    token="t",
    private_key="07" * 32,
    shop_id="s",
    shop_name="Mill Lane",
    root="{}" * 500,
)


def tell(*words: object) -> None:
    os.write(1, " ".join(map(str, words)).encode() + b"\n")


def records_deeds(folder: Path, count: int, *, unsafe: bool) -> None:
    """Records posted and answered, slips asked for, things counted."""
    records = Records(folder / "records.db")
    if unsafe:
        sync_nothing(records)
    queue, usage = PrintQueue(records), UsageCounts(records)
    for number in range(count):
        with records.writing() as db:
            record_id = outbox.add(db, "usage", Usage(day="2026-11-23", action="qr", count=1, term=str(number)))
        tell("record", record_id)
        tell("slip", queue.add(Slip(shop="Mill Lane", hours="", next_session="", items=[])))
        usage.add(DAY, "open", item="x")
        tell("count", number + 1)
        if number % 3 == 0:
            with records.writing() as db:
                outbox.settle(db, [Answer(id=record_id, outcome="accepted")])
            tell("settled", record_id)
    usage.send_finished_days(DAY + dt.timedelta(days=1))
    tell("sent", count)
    records.close()


def sync_nothing(records: Records) -> None:
    from sqlalchemy import event

    records.engine.dispose()
    event.listen(records.engine, "connect", lambda db, _: db.execute("PRAGMA synchronous=OFF"))


def attendance_deeds(folder: Path, count: int, *, unsafe: bool) -> None:
    """A surgery is logged: visits, corrections, what is taken away, head counts, contacts."""
    key = X25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    mine = msgspec.structs.replace(AN_IDENTITY, hub_keys=HubKeys(seal=key))
    identity.save(folder / "identity.json", mine)
    unit = bootstrap.services(Settings(data=folder))
    if unsafe:
        sync_nothing(unit.records)
    session = unit.log.new_session()
    for number in range(count):
        entry = unit.log.add(session, topics=["email"], people=1 + number % 4)
        tell("visit", entry.id, entry.id, entry.body.people)
        if number % 3 == 0:
            changed = unit.log.change(entry.id, people=9)
            tell("changed", changed.last_id, entry.id, 9)
        if number % 4 == 1:
            tell("void", unit.log.void(entry.id).last_id, entry.id, 0)
        unit.log.count_heads(session, number)
        tell("heads", number)
        tell("contact", unit.follow_ups.keep("A", "07700 900461", "email", notice="1"))
        tell("shown", unit.log.view(session).totals.visits)
    unit.close()


def identity_deeds(folder: Path, count: int, *, unsafe: bool) -> None:
    """A new token again and again."""
    for number in range(count):
        mine = msgspec.structs.replace(AN_IDENTITY, token=str(number))
        identity.save(folder / "identity.json", mine)
        tell("identity", number)


def blob_deeds(folder: Path, count: int, *, unsafe: bool) -> None:
    """Files kept under their hash."""
    blobs = Blobs(folder / "blobs")
    for number in range(count):
        content = bytes([number]) * (1000 * number)
        sha256 = hashlib.sha256(content).hexdigest()
        part = blobs.partial(sha256)
        with part.open("ab") as out:
            out.write(content)
        assert blobs.keep(part, sha256)
        tell("blob", sha256)


DEEDS = {"records": records_deeds, "attendance": attendance_deeds, "identity": identity_deeds, "blobs": blob_deeds}


def main() -> None:
    folder, name, count = Path(sys.argv[1]), sys.argv[2], int((sys.argv[3:] or ["10"])[0])
    unsafe = name.endswith("+unsafe")
    if unsafe and not name.startswith(("records", "attendance")):
        os.fsync = lambda _fd: None  # type: ignore[assignment]
        sync.replica.folder.sync_folder = lambda _folder: None
    DEEDS[name.removesuffix("+unsafe")](folder, count, unsafe=unsafe)


if __name__ == "__main__":
    main()
