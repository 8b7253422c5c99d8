"""What the C library does with large pieces, told by the C library itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kiosk.ui import memory

ASKED = """
import ctypes
from kiosk.ui import memory

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Info
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
{first}
library.free(library.malloc(20 << 20))
before = library.mallinfo2().hblks
held = library.malloc(2 << 20)
print(library.mallinfo2().hblks - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the C library is not GNU's")
@pytest.mark.parametrize(("first", "apart"), [("", 0), ("memory.keep_apart()", 1)])
def test_a_picture_is_kept_apart_also_after_one_was_freed(first: str, apart: int) -> None:
    done = subprocess.run([sys.executable, "-c", ASKED.format(first=first)], capture_output=True, text=True, check=True)
    assert int(done.stdout) == apart


def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    memory.keep_apart()
    memory.give_back()
