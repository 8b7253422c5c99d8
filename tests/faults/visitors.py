"""Logs visits into a unit as its screen does, by the real service; tells what it is about to do, and what is confirmed.

`python -m tests.faults.visitors FOLDER SESSION SEED`. Standard output is best a file: lines that were written there
outlive a SIGKILL. Each is one of

    begin WHAT ROOT PEOPLE        add, change or void; of an `add` nobody knows the id yet, so it is `-`
    done WHAT ROOT PEOPLE ID      ROOT counts so many people now; ID is the record that says so
    shown VISITS RECORDS          what a screen that looks at the session would show
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from kiosk import bootstrap
from kiosk.settings import Settings
from sync.attendance import TOPICS, Entry


def tell(*words: object) -> None:
    os.write(1, " ".join(map(str, words)).encode() + b"\n")


def main() -> None:
    folder, session_id, dice = Path(sys.argv[1]), sys.argv[2], random.Random(sys.argv[3])
    log = bootstrap.services(Settings(data=folder)).log
    session = log.session(session_id) or log.new_session(session_id=session_id)
    while True:
        entries = log.view(session).entries
        deed = dice.random()
        people = dice.randint(1, 5)
        entry: Entry
        if deed < 0.7 or not entries:
            tell("begin", "add", "-", people)
            entry = log.add(session, topics=dice.sample(TOPICS, dice.randint(0, 3)), people=people)
            tell("done", "add", entry.id, people, entry.id)
        elif deed < 0.9:
            root = dice.choice(entries).id
            tell("begin", "change", root, people)
            entry = log.change(root, people=people)
            tell("done", "change", root, people, entry.last_id)
        else:
            root = dice.choice(entries).id
            tell("begin", "void", root, 0)
            entry = log.void(root)
            tell("done", "void", root, 0, entry.last_id)
        sums = log.view(session).totals
        tell("shown", sums.visits, sums.records)
        time.sleep(dice.uniform(0, 0.005))


if __name__ == "__main__":
    main()
