"""The display that is drawn on: the one there is, or a virtual one of our own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.errors import DisplayError

_END_S = 10.0


@contextmanager
def a_display() -> Iterator[str]:
    """The name for `DISPLAY`: of the display there is, or of a virtual one that ends with the block.

    Raises:
        DisplayError: there is none, and nothing to make one with.
    """
    if there := os.environ.get("DISPLAY"):
        yield there
    else:
        with virtual_display() as name:
            yield name


@contextmanager
def virtual_display() -> Iterator[str]:
    """An X server that nobody else uses, large enough for every panel.

    Raises:
        DisplayError: there is no Xvfb, or it did not start.
    """
    read, write = os.pipe()
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1920x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        os.close(read)
        raise DisplayError(
            "there is no display here, and no Xvfb to make one: install Debian's package xvfb, or set DISPLAY"
        ) from error
    finally:
        os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    try:
        if not number:
            raise DisplayError("Xvfb ended before it had a display; run `Xvfb -displayfd 1` to see why")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(_END_S)
