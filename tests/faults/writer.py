"""Writes records into a unit as its screen does, as fast as they come; tells each once it is confirmed.

`python -m tests.faults.writer FOLDER`. What it tells goes to standard output, which is best a file: lines that were
written there outlive a SIGKILL. Records and counts are told apart by their first word.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

import uuid_utils

from kiosk.store.records import Records
from kiosk.store.usage import UsageCounts
from sync import outbox
from sync.records import Usage
from tests.support.terms import spelled


def main() -> None:
    records = Records(Path(sys.argv[1]) / "records.db")
    usage = UsageCounts(records)
    yesterday = dt.date.today() - dt.timedelta(days=1)
    while True:
        term = spelled(uuid_utils.uuid7())
        with records.writing() as db:
            record_id = outbox.add(db, "usage", Usage(day="2026-11-20", action="search_empty", count=1, term=term))
        os.write(1, f"record {record_id} {term}\n".encode())
        usage.add(yesterday, "open", item="counted")
        os.write(1, b"count 1\n")
        time.sleep(0.004)


if __name__ == "__main__":
    main()
