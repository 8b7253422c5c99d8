"""The spooler of a unit in a process of its own, to be killed: `python -m tests.printers.spooling DATA ADDRESS...`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from kiosk.agent import spooler
from kiosk.agent.spooler import Spooler
from kiosk.devices.printers.addresses import open_printers
from kiosk.store.queue import PrintQueue
from kiosk.store.records import Records


def main() -> None:
    data, setting = Path(sys.argv[1]), " ".join(sys.argv[2:])
    logging.basicConfig(level=logging.INFO)
    spooler.LOOK_S = 0.05  # type: ignore[misc]
    spooler._AWAY_LOOK_S = 0.1  # type: ignore[misc]
    records = Records(data / "records.db")
    Spooler(PrintQueue(records), open_printers(setting, data / "slips")).run()


if __name__ == "__main__":
    main()
