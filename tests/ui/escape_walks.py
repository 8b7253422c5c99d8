"""Walks of somebody who tries to get out of the kiosk, or behind the staff's door."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

from tests.ui.keypad_walks import a_moment
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]
FUNCTIONS = [f"F{number}" for number in range(1, 13)]
ALONE = [
    *"abcdefghijklmnopqrstuvwxyz0123456789",
    *FUNCTIONS,
    *("Escape", "Super_L", "Super_R", "Print", "Pause", "Menu", "Scroll_Lock", "Num_Lock", "Num_Lock", "Insert"),
    *("Delete", "Home", "End", "Page_Up", "Page_Down", "BackSpace", "space", "grave", "slash", "KP_Enter"),
    *("XF86Back", "XF86HomePage", "XF86Search", "XF86WWW", "XF86Mail", "XF86PowerOff", "XF86Sleep"),
]
HELD = [
    *(f"alt+{key}" for key in (*FUNCTIONS, "Tab", "space", "Return", "Escape", "Left", "Home", *"qwxe")),
    *(f"ctrl+{key}" for key in (*FUNCTIONS, "Tab", "Escape", "Return", "BackSpace", *"cdeinoqrswxyz")),
    *(f"shift+{key}" for key in (*FUNCTIONS, "Escape", "Return", "Print")),
    *(f"super+{key}" for key in ("Tab", "Return", *"delrx")),
    *(f"ctrl+alt+{key}" for key in ("Tab", "Delete", "BackSpace", "Escape", *"etd")),
    *("ctrl+shift+Escape", "ctrl+shift+i", "ctrl+shift+q", "alt+shift+Tab", "alt+super+s", "ctrl+alt+shift+e"),
]
CLOSED_TO_VISITORS = ("Settings", "Inspector", "TextInput", "Console", "FileChooser")


def keys_out(w: Walker) -> Walk:
    """Every key there is, alone and with others held, from a real keyboard as far as the X server is concerned."""
    from kivy.core.window import Window

    came: list[int] = []
    Window.bind(on_key_down=lambda _window, key, *_more: came.append(key))
    yield lambda: w.reads("Touch to start")
    _x("windowfocus", _window())
    yield a_moment()
    wrong: list[str] = []
    for key in (*ALONE, *HELD):
        if w.page.name != "home":
            w.app.context.go.home()
        before = len(came)
        _x("key", "--clearmodifiers", key)
        yield lambda before=before: len(came) > before
        wrong += _got_out(w, key)
    w.found["tried"] = len(ALONE) + len(HELD)
    w.found["wrong"] = wrong
    assert _window()  # it is still there to be seen


def fingers_out(w: Walker) -> Walk:
    """A long touch everywhere, ten fingers at once, drags from every edge, and many taps in every corner."""
    from kivy.tests.common import UnitTestTouch

    theme = w.app.context.theme
    width, height = theme.width_px, theme.height_px
    yield lambda: w.reads("Touch to start")
    wrong: list[str] = []
    edges = [(3, 3), (width - 3, 3), (3, height - 3), (width - 3, height - 3), (width / 2, height / 2)]

    def home() -> None:
        if w.page.name != "home":
            w.app.context.go.home()

    for x, y in edges:
        home()
        touch = UnitTestTouch(x, y)
        touch.touch_down()
        yield a_moment(1.2)
        wrong += _got_out(w, f"a long touch at {x}, {y}")
        touch.touch_up()
        wrong += _got_out(w, f"the end of a long touch at {x}, {y}")
        for _tap in range(12):
            home()
            tap = UnitTestTouch(x, y)
            tap.touch_down()
            tap.touch_up()
        wrong += _got_out(w, f"twelve taps at {x}, {y}")
        drag = UnitTestTouch(x, y)
        drag.touch_down()
        for share in (0.2, 0.5, 0.8):
            drag.touch_move(x + (width / 2 - x) * share, y + (height / 2 - y) * share)
        drag.touch_up()
        wrong += _got_out(w, f"a drag from {x}, {y}")
    home()
    fingers = [UnitTestTouch(width * (at + 0.5) / 10, height * (0.2 + 0.06 * at)) for at in range(10)]
    for finger in fingers:
        finger.touch_down()
    yield a_moment(1.0)
    wrong += _got_out(w, "ten fingers")
    for finger in fingers:
        finger.touch_up()
    yield a_moment()
    wrong += _got_out(w, "ten fingers, let go")
    w.found["wrong"] = wrong


def staff_without_pin(w: Walker) -> Walk:
    """The staff's screens cannot be gone to from the door by any key."""
    yield lambda: w.reads("Touch to start")
    _x("windowfocus", _window())
    yield a_moment()
    wrong: list[str] = []
    for key in ("Return", "Escape", "Tab", "space", "F1", "F5", "ctrl+Return", "alt+Left", *"0123456789"):
        w.app.context.go.door()
        _x("key", "--clearmodifiers", key, key, key)
        yield a_moment()
        wrong += _got_out(w, f"{key} at the door")
    w.found["wrong"] = wrong


def _got_out(w: Walker, how: str) -> list[str]:
    """What is open now that must not be."""
    from kivy.core.window import Window

    found = []
    if w.app.context.shift.open or w.page.staff_only:
        found.append(f"{how}: the staff's screens are open")
    strange = {kind for widget in Window.children for kind in _kinds(widget)} & set(CLOSED_TO_VISITORS)
    if strange or Window.children != [w.app.root]:
        found.append(f"{how}: the window shows {sorted(strange) or Window.children}")
    return found


def _kinds(widget: Any) -> Iterator[str]:
    yield from (base.__name__ for base in type(widget).__mro__)
    for child in widget.children:
        yield from _kinds(child)


def _window() -> str:
    """The X server's name for our window."""
    return _x("search", "--onlyvisible", "--pid", str(os.getpid())).split()[-1]


def _x(*what: str) -> str:
    """A command of xdotool; what it answers."""
    return subprocess.run(["xdotool", *what], capture_output=True, text=True, timeout=10, check=True).stdout
