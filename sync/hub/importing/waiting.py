"""Uploads that are taken in: first only looked at, then on somebody's word, each in a thread.

DIR/imports/NAME/ holds one for an hour: `upload` as it came, `inside/` what a ZIP held, `state.json` how far it got,
and `report.ndjson` what became of each line, or would. All that a page says is read from there, so that any of several
server processes can say it. NAME is random; who does not know it finds nothing. Whoever is at work holds a lock, which
tells one that is alive but quiet, as while it unpacks, from one that was cut short.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from sync.errors import NOT_JSON, SyncError
from sync.hub import importing, locks
from sync.hub.errors import HubError, UnknownError
from sync.hub.folder import HubFolder
from sync.hub.importing import LEFT_OUT, Found, Report, Skipped, Told, uploaded
from sync.hub.store import audit
from sync.hub.store.database import Database
from sync.replica.folder import write_in_one_step

log = logging.getLogger(__name__)

MOST_BYTES: Final = 200_000_000
KEPT_S: Final = 3_600.0
_TOLD_EVERY_S: Final = 0.5
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{22}")

LOOKING: Final = "looking"
LOOKED: Final = "looked"
TAKING: Final = "taking"
TAKEN: Final = "taken"
FAILED: Final = "failed"


class State(msgspec.Struct, kw_only=True):
    """How far one got; `at_s` is when that was so, in seconds since 1970.

    `is_lost`: it was cut short, as by a server that was stopped; whoever reads it finds that out.
    """

    name: str
    stage: str
    at_s: float
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    themes: list[str] = []
    trouble: str = ""
    is_lost: bool = False

    @property
    def is_running(self) -> bool:
        """Whether somebody is at it."""
        return self.stage in (LOOKING, TAKING) and not self.is_lost

    @property
    def takes(self) -> int:
        """How many entries it takes, or took."""
        return self.added + self.changed


class Imports:
    """The desk at which uploads are taken in."""

    def __init__(self, folder: HubFolder, database: Database) -> None:
        self._folder = folder
        self._database = database

    def begin(self, source: BinaryIO, name: str) -> str:
        """Keep an upload and begin to look at it; returns under which name.

        Raises:
            HubError: it is empty or too large, or another one is being worked on.
        """
        sweep(self._folder)
        size_bytes = source.seek(0, os.SEEK_END)
        source.seek(0)
        if not 0 < size_bytes <= MOST_BYTES:
            raise HubError(f"Choose a file that is not empty, and not over {MOST_BYTES // 1_000_000} MB.")
        made = secrets.token_urlsafe(16)
        here = self._folder.imports / made
        shown = "".join(letter for letter in name if letter.isprintable())[:80] or "the file"
        with self._at_work() as work:
            self._folder.imports.mkdir(mode=0o700, exist_ok=True)
            here.mkdir(mode=0o700)
            state = State(name=shown, stage=LOOKING, at_s=time.time())
            _write(here, state)
            with (here / "upload").open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            self._start(here, state, self._look, work.pop_all())
        return made

    def take(self, name: str, who: str) -> None:
        """Begin to take in what was looked at.

        Raises:
            UnknownError: it is not kept, or no longer. HubError: it cannot be taken in now.
        """
        here = self._find(name)
        with self._at_work() as work:
            state = _read(here)
            if state is None or state.stage not in (LOOKED, TAKING):
                raise HubError("This was taken in already, or cannot be.")
            fresh = State(name=state.name, stage=TAKING, at_s=time.time())
            _write(here, fresh)
            self._start(here, fresh, lambda at, told: self._take(at, told, who), work.pop_all())

    def drop(self, name: str) -> None:
        """Forget it.

        Raises:
            UnknownError: it is not kept, or no longer. HubError: somebody is at it.
        """
        if self.state(name).is_running:
            raise HubError("It is at work. Wait until it is done.")
        shutil.rmtree(self._find(name), ignore_errors=True)

    def state(self, name: str) -> State:
        """How far it got.

        Raises:
            UnknownError: it is not kept, or no longer.
        """
        state = _seen(self._folder, self._find(name))
        if state is None:
            raise UnknownError("This import is not kept any more. Send the file again.")
        return state

    def told(self, name: str) -> Iterator[Told]:
        """What became of each line, or would.

        Raises:
            UnknownError: it is not kept, or no longer.
        """
        path = self._find(name) / "report.ndjson"
        decode = msgspec.json.Decoder(Told).decode
        with contextlib.suppress(FileNotFoundError), path.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):  # the last may still be being written
                    yield decode(line)

    # -- inner

    def _find(self, name: str) -> Path:
        here = self._folder.imports / name
        if not _NAME.fullmatch(name) or not here.is_dir():
            raise UnknownError("This import is not kept any more. Send the file again.")
        return here

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[contextlib.ExitStack]:
        """Be the one at work, until whoever takes the lock over lets it go.

        Raises:
            HubError: another one is at work.
        """
        if any(state and state.is_running for state in (_seen(self._folder, here) for here in _folders(self._folder))):
            raise HubError("Another import is at work. Wait until it is done, then try again.")
        with contextlib.ExitStack() as work:  # who holds the lock now only looks, or is about to let it go
            work.enter_context(locks.held(self._folder, locks.IMPORTING))
            yield work

    def _start(self, here: Path, state: State, do: _Work, work: contextlib.ExitStack) -> None:
        threading.Thread(target=self._run, args=(here, state, do, work), name="import", daemon=True).start()

    def _run(self, here: Path, state: State, do: _Work, work: contextlib.ExitStack) -> None:
        with work:
            self._work(here, state, do)

    def _work(self, here: Path, state: State, do: _Work) -> None:
        done = {LOOKING: LOOKED, TAKING: TAKEN}[state.stage]
        try:
            with (here / "report.ndjson").open("wb") as lines:
                report = do(here, _Teller(here, state, lines))
        except (SyncError, OSError, SQLAlchemyError) as error:
            log.error("an import ended early: %s", error)
            state.stage, state.trouble = FAILED, str(error)
        else:
            state.stage, state.themes = done, sorted(report.themes)
            if done == TAKEN:
                (here / "upload").unlink(missing_ok=True)
                shutil.rmtree(here / "inside", ignore_errors=True)
        state.at_s = time.time()
        if here.is_dir():
            _write(here, state)

    def _look(self, here: Path, told: _Teller) -> Report:
        return importing.look(self._entries(here, told), self._database, progress=told.progress, tell=told.tell)

    def _take(self, here: Path, told: _Teller, who: str) -> Report:
        report = importing.take_in(
            self._entries(here, told),
            self._database,
            self._folder.blobs,
            who=who,
            progress=told.progress,
            tell=told.tell,
        )
        with self._database.writing() as db:
            audit.note(db, who, "items imported", f"{report.taken} taken, {len(report.skipped)} left out")
        return report

    def _entries(self, here: Path, told: _Teller) -> Iterator[Found | Skipped]:
        return uploaded.entries(here / "upload", told.state.name, here / "inside")


def sweep(folder: HubFolder) -> int:
    """Delete what was kept for its hour and nobody is at; returns how many there were.

    Raises:
        HubError: the database's server does not answer.
    """
    gone = 0
    for here in _folders(folder):
        state = _seen(folder, here)
        at_s = state.at_s if state else here.stat().st_mtime
        if time.time() - at_s > KEPT_S and not (state and state.is_running):
            shutil.rmtree(here, ignore_errors=True)
            gone += 1
    return gone


_Work = Callable[[Path, "_Teller"], Report]


class _Teller:
    """Writes down what becomes of each line, and from time to time how far it got."""

    def __init__(self, here: Path, state: State, lines: BinaryIO) -> None:
        self.state = state
        self._here = here
        self._lines = lines
        self._encode = msgspec.json.Encoder().encode

    def progress(self, count: int) -> None:
        """So many more were read."""
        self.state.read += count
        if time.time() - self.state.at_s > _TOLD_EVERY_S:
            self.state.at_s = time.time()
            self._lines.flush()
            _write(self._here, self.state)

    def tell(self, told: Told) -> None:
        """This became of a line."""
        name = "left_out" if told.outcome == LEFT_OUT else told.outcome
        setattr(self.state, name, getattr(self.state, name) + 1)
        self._lines.write(self._encode(told) + b"\n")


def _folders(folder: HubFolder) -> list[Path]:
    try:
        return [here for here in folder.imports.iterdir() if here.is_dir()]
    except FileNotFoundError:
        return []


def _seen(folder: HubFolder, here: Path) -> State | None:
    """How far it got, and whether it was cut short."""
    state = _read(here)
    if state and state.is_running:
        with locks.held_if_free(folder, locks.IMPORTING) as nobody_is:
            if nobody_is and (state := _read(here)) and state.is_running:
                state.is_lost = True
    return state


def _read(here: Path) -> State | None:
    try:
        return msgspec.json.decode((here / "state.json").read_bytes(), type=State)
    except (FileNotFoundError, *NOT_JSON):
        return None


def _write(here: Path, state: State) -> None:
    write_in_one_step(here / "state.json", msgspec.json.encode(state), mode=0o600)
