"""Finds out whether the screen's own thread ever asks a database or the network, which may keep it waiting."""

from __future__ import annotations

import functools
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine, event

from sync.replica.read import Replica

ROOT = Path(__file__).parents[2]


def watch() -> list[str]:
    """From now on every such question is noted: the list that is returned grows."""
    found: list[str] = []

    def note() -> None:
        if threading.current_thread() is threading.main_thread() and (asker := _asker()).startswith("kiosk/ui/"):
            found.append(asker)

    def noting(of: Any, name: str) -> None:
        plain: Callable[..., Any] = getattr(of, name)

        @functools.wraps(plain)
        def asked(*args: Any, **options: Any) -> Any:
            note()
            return plain(*args, **options)

        setattr(of, name, asked)

    noting(Replica, "_rows")
    noting(Replica, "search")
    noting(requests.Session, "send")
    noting(sqlite3, "connect")
    event.listen(Engine, "before_cursor_execute", lambda *_args: note())
    return found


def _asker() -> str:
    """Which file of the screen, or of the tests, asked: the innermost of them, with the line."""
    for frame in _frames():
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith(("kiosk/ui/", "tests/ui/")) and not name.endswith("waits.py"):
                return f"{name}, line {frame.f_lineno}"
    return ""


def _frames() -> Iterator[Any]:
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back  # type: ignore[assignment]
