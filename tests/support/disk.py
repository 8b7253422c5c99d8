"""What a disk may hold after a power cut, worked out from the system calls of a real process.

A recorder runs commands under Debian's `strace` and turns what they asked of the kernel into steps; a `Disk` goes
through these steps and keeps apart what was synced and what was only written. A power cut keeps all that was synced and
whatever the drive happened to have written of the rest: nothing, all, the first so many, or any sectors of 512 bytes.

Names are stricter here than on ext4: a file's name is safe only when its folder was synced, as POSIX has it. Source:
Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014; SQLite, "Atomic Commit In SQLite", section 2.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from sync.errors import SyncError

SECTOR: Final = 512
CALLS: Final = (
    "openat,open,creat,close,pwrite64,write,pwritev,writev,lseek,ftruncate,fsync,fdatasync,rename,renameat,renameat2,"
    "unlink,unlinkat,mkdir,rmdir,dup,dup2,dup3,sendto,sendmsg,link,copy_file_range,sendfile,fallocate"
)
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_CALL: Final = re.compile(r"(?P<name>\w+)\((?P<args>.*)\)\s+= (?P<result>-?\d+)")


@dataclass(frozen=True)
class Step:
    """One thing a process did: `what` it was, to which `path` or inode, with what."""

    what: str
    path: str = ""
    inode: int = 0
    offset: int = 0
    data: bytes = b""
    other: str = ""


@dataclass
class _Open:
    path: str
    inode: int
    position: int = 0
    appends: bool = False


class Recorder:
    """Runs commands and records what they did to the files below `root` and what they said to the outside.

    Args:
        root: the folder whose files count; all else is not looked at.
        trace: where strace writes to.
    """

    def __init__(self, root: Path, trace: Path) -> None:
        if shutil.which("strace") is None:
            pytest.skip("needs Debian's strace")
        self.root = str(root)
        self.steps: list[Step] = []
        self.before = {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        self.folders = {self.root, *(str(path) for path in root.rglob("*") if path.is_dir())}
        self._trace = trace
        self._names = {path: number for number, path in enumerate(self.before, start=1)}
        self._sizes = {number: len(self.before[path]) for path, number in self._names.items()}
        self._next = len(self._names) + 1

    @property
    def inodes(self) -> dict[str, int]:
        """The files that were there before the first command, by path."""
        return {path: number for number, path in enumerate(self.before, start=1)}

    def words(self, command: Sequence[str]) -> list[str]:
        """The command line that runs a Python command under strace."""
        traced = ["strace", "-f", "--seccomp-bpf", "-qq", "-xx", "-s", "10000000", "-o", str(self._trace)]
        return [*traced, "-e", f"trace={CALLS}", "-e", "signal=none", sys.executable, "-m", *command]

    def run(self, *command: str, expect: int = 0) -> str:
        """Run a Python command to its end and take up its steps; returns what it printed."""
        done = subprocess.run(self.words(command), capture_output=True, text=True, timeout=100)
        assert done.returncode == expect, done.stderr
        self.take_up()
        return done.stdout

    def children(self, process: subprocess.Popen[str]) -> list[int]:
        """The processes that strace runs: a signal goes to them, as strace itself keeps it back."""
        return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]

    def take_up(self) -> None:
        """Read what strace wrote of a command that has ended."""
        opened: dict[int, _Open] = {}
        for call in _calls(self._trace):
            self._note(opened, *call)

    # -- from calls to steps

    def _note(self, opened: dict[int, _Open], name: str, args: str, result: int) -> None:
        if name in ("open", "openat", "creat"):
            self._open(opened, args, result)
        elif name == "close":
            opened.pop(int(args), None)
        elif name in ("dup", "dup2", "dup3"):
            if there := opened.get(int(args.split(",")[0])):
                opened[result] = there
        elif name in ("write", "pwrite64", "writev", "pwritev", "sendto", "sendmsg", "ftruncate", "lseek", "fallocate"):
            self._on_file(opened, name, args, result)
        elif name in ("fsync", "fdatasync"):
            if (there := opened.get(int(args))) and there.path:
                folder = there.path in self.folders
                self._add(Step("sync names", there.path) if folder else Step("sync", there.path, there.inode))
        elif name in ("link", "copy_file_range", "sendfile"):
            paths = [path for path in _texts(args) if self._ours(path)]
            ours = [there.path for fd in args.split(",") if fd.strip().isdigit() and (there := opened.get(int(fd)))]
            assert not paths and not any(ours), f"{name} is not known here: {args[:200]}"
        else:
            self._on_names(name, args)

    def _open(self, opened: dict[int, _Open], args: str, fd: int) -> None:
        path = _texts(args)[0].decode()
        opened.pop(fd, None)
        if not self._ours(path.encode()):
            opened[fd] = _Open("", 0)  # a file elsewhere, such as what Python compiled: neither kept nor said
            return
        if path in self.folders:
            opened[fd] = _Open(path, 0)
            return
        if path not in self._names:
            if "O_CREAT" not in args and "O_TRUNC" not in args:
                return  # a symbolic link, which is not kept here
            self._names[path], self._next = self._next, self._next + 1
            self._add(Step("create", path, self._names[path]))
            self._sizes[self._names[path]] = 0
        inode = self._names[path]
        if "O_TRUNC" in args and self._sizes[inode]:
            self._add(Step("cut", path, inode, offset=0))
            self._sizes[inode] = 0
        opened[fd] = _Open(path, inode, appends="O_APPEND" in args)

    def _on_file(self, opened: dict[int, _Open], name: str, args: str, result: int) -> None:
        there = opened.get(fd := int(args.split(",")[0]))
        data = b"".join(_texts(args))
        if there is None:
            if fd in (1, 2) or name.startswith("send") or name in ("write", "writev"):
                self._add(Step("say", data=data[:result]))
            return
        if not there.path:
            return
        if name == "lseek":
            there.position = result
        elif name == "ftruncate":
            length = int(args.split(",")[1])
            self._add(Step("cut", there.path, there.inode, offset=length))
            self._sizes[there.inode] = length
        elif name in ("write", "pwrite64"):
            end = self._sizes[there.inode]
            offset = int(args.rsplit(",", 1)[1]) if name == "pwrite64" else end if there.appends else there.position
            self._add(Step("write", there.path, there.inode, offset, data[:result]))
            self._sizes[there.inode] = max(end, offset + result)
            if name == "write":
                there.position = offset + result
        else:
            raise AssertionError(f"{name} on a file is not known here: {args[:200]}")

    def _on_names(self, name: str, args: str) -> None:
        paths = [path.decode() for path in _texts(args) if self._ours(path)]
        if not paths:
            return
        if name == "mkdir":
            self.folders.add(paths[0])
            self._add(Step("make folder", paths[0]))
        elif name.startswith("rename"):
            if paths[0] not in self._names:
                return  # a symbolic link, which is not kept here
            self._names[paths[1]] = self._names.pop(paths[0])
            if Path(paths[0]).parent != Path(paths[1]).parent:
                self._add(Step("name", paths[1], self._names[paths[1]]))
                self._add(Step("unlink", paths[0]))
                return
            self._add(Step("rename", paths[0], self._names[paths[1]], other=paths[1]))
        elif name.startswith("unlink"):
            if self._names.pop(paths[0], None) is not None:
                self._add(Step("unlink", paths[0]))
        else:
            raise AssertionError(f"{name} is not known here: {paths}")

    def _ours(self, path: bytes) -> bool:
        text = path.decode(errors="replace")
        return text == self.root or text.startswith(self.root + "/")

    def _add(self, step: Step) -> None:
        self.steps.append(step)


def _calls(trace: Path) -> Iterator[tuple[str, str, int]]:
    """Every call that succeeded, at the moment it ended: name, arguments, result.

    To close is done when it begins: by the time it has ended another thread may have opened a file of that number.
    """
    begun: dict[str, str] = {}
    for line in trace.read_text().splitlines():
        pid, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            call = call.removesuffix("<unfinished ...>")
            if call.startswith("close("):
                yield "close", call.removeprefix("close(").rstrip(), 0
            else:
                begun[pid] = call
            continue
        if call.startswith("<..."):
            call = begun.pop(pid, "") + call.partition("resumed>")[2]
        if (match := _CALL.match(call)) and int(match["result"]) >= 0:
            yield match["name"], match["args"].rstrip(), int(match["result"])


def _texts(args: str) -> list[bytes]:
    return [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(args)]


Choice = Callable[[int], list[int]]
"""Of so many unsynced writes, those that reached the drive."""


@dataclass
class _File:
    """A file's synced content, and the writes since: (offset, bytes), or (length, None) for a cut."""

    synced: bytes = b""
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        self.synced, self.unsynced = _after(self.synced, self.unsynced), []


class Disk:
    """A disk on the way through the steps.

    Args:
        recorder: what was there before, and which folder it is about.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._root = recorder.root
        self._files = {number: _File(recorder.before[path]) for path, number in recorder.inodes.items()}
        self._names: dict[str, int] = dict(recorder.inodes)
        folders = {str(Path(path).parent) for path in recorder.before} | {recorder.root}
        self._folders = {str(each) for path in folders for each in (Path(path), *Path(path).parents)}
        self._changes: dict[str, list[Step]] = {}

    def go(self, step: Step) -> None:
        """Take one step."""
        if step.what in ("create", "name", "rename", "unlink", "make folder"):
            if step.what == "create":
                self._files[step.inode] = _File()
            self._changes.setdefault(str(Path(step.path).parent), []).append(step)
        elif step.what == "write":
            self._files[step.inode].unsynced.append((step.offset, step.data))
        elif step.what == "cut":
            self._files[step.inode].unsynced.append((step.offset, None))
        elif step.what == "sync":
            self._files[step.inode].sync()
        elif step.what == "sync names":
            _rename(self._names, self._folders, self._changes.pop(step.path, []))

    def cut(self, into: Path, how: str, dice: random.Random) -> None:
        """Cut the power now and put what the drive then holds into an empty folder.

        `how` says what became of what was not synced: `nothing`, `everything`, `first` (the first so many writes of
        each file), `any` (any sectors, in any order).
        """
        names, folders = dict(self._names), set(self._folders)
        for changes in self._changes.values():
            kept = {"nothing": 0, "everything": len(changes)}.get(how, dice.randint(0, len(changes)))
            _rename(names, folders, changes[:kept])
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        for path, inode in names.items():
            if not all(str(parent) in folders for parent in Path(path).parents):
                continue
            there = into / os.path.relpath(path, self._root)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(_after(self._files[inode].synced, _reached(self._files[inode].unsynced, how, dice)))
        for folder in folders:
            if folder.startswith(self._root):
                (into / os.path.relpath(folder, self._root)).mkdir(parents=True, exist_ok=True)


def _rename(names: dict[str, int], folders: set[str], changes: list[Step]) -> None:
    for step in changes:
        if step.what == "make folder":
            folders.add(step.path)
        elif step.what == "unlink":
            names.pop(step.path, None)
        elif step.what == "rename":
            names.pop(step.path, None)
            names[step.other] = step.inode
        else:
            names[step.path] = step.inode


def _reached(writes: list[tuple[int, bytes | None]], how: str, dice: random.Random) -> list[tuple[int, bytes | None]]:
    if how == "nothing":
        return []
    if how == "everything":
        return writes
    if how == "first":
        return writes[: dice.randint(0, len(writes))]
    share = dice.random()
    reached: list[tuple[int, bytes | None]] = []
    for offset, data in writes:
        if data is None:
            reached += [(offset, None)] * (dice.random() < share)
            continue
        edges = [0, *range(SECTOR - offset % SECTOR, len(data), SECTOR), len(data)]
        pieces = [(offset + at, data[at:end]) for at, end in pairwise(edges) if end > at]
        reached += [piece for piece in pieces if dice.random() < share]
    return reached


def _after(content: bytes, writes: Sequence[tuple[int, bytes | None]]) -> bytes:
    if not writes:
        return content
    made = bytearray(content)
    for offset, data in writes:
        if len(made) < offset:
            made.extend(bytes(offset - len(made)))
        if data is None:
            del made[offset:]
        else:
            made[offset : offset + len(data)] = data
    return bytes(made)


def would_notice(recorder: Recorder, into: Path, check: Callable[[Path, list[bytes]], None]) -> bool:
    """Whether the same steps without any syncing are found out: a check that never fails proves nothing."""
    kept, recorder.steps = recorder.steps, [step for step in recorder.steps if not step.what.startswith("sync")]
    try:
        power_cuts(recorder, into, check, between=100)
    except (AssertionError, OSError, SyncError, sqlite3.DatabaseError):
        return True
    finally:
        recorder.steps = kept
    return False


HOW: Final = ("nothing", "first", "any", "everything")


def power_cuts(
    recorder: Recorder, into: Path, check: Callable[[Path, list[bytes]], None], *, between: int, seed: int = 7
) -> int:
    """Cut the power in two ways after each thing said to the outside, and at `between` other moments.

    `check` gets the folder as the drive then holds it and all that had been said until then. Returns how many power
    cuts there were.
    """
    dice = random.Random(seed)
    disk, said, cuts = Disk(recorder), list[bytes](), 0
    steps = recorder.steps
    others = set(dice.sample(range(len(steps)), min(between, len(steps))))
    for at, step in enumerate(steps):
        disk.go(step)
        if step.what == "say":
            said.append(step.data)
        ways = ["nothing", dice.choice(HOW[1:])] if step.what == "say" else [dice.choice(HOW)] if at in others else []
        for how in ways:
            disk.cut(into, how, dice)
            try:
                check(into, said)
            except Exception as error:
                error.add_note(f"power cut after step {at} of {len(steps)} ({step.what} {step.path}); kept: {how}")
                raise
            cuts += 1
    return cuts
