"""Starts the screen. Nothing of Kivy is imported before its settings are in place."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.ui.memory import keep_apart

if TYPE_CHECKING:
    from kiosk.services.services import Services


def run(services: Services, *, window: tuple[int, int] | None = None, fullscreen: bool = False) -> int:
    """Show the screen until it is ended; returns the process's exit status.

    Args:
        window: size in pixels; 1080 x 1920 when it is neither given nor full screen.
        fullscreen: the kiosk: the whole display, no pointer.
    """
    prepare(services.settings.data, window=window, fullscreen=fullscreen)
    from kiosk.ui.app import TouchpointApp

    TouchpointApp(services).run()
    return 0


def prepare(data: Path, *, window: tuple[int, int] | None = None, fullscreen: bool = False) -> None:
    """Kivy's environment and settings are set; what it writes goes into the unit's folder."""
    keep_apart()
    home = data / "kivy"
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_ENV_CONFIG": "1",
        "KIVY_NO_FILELOG": "1",
        "KIVY_NO_CONSOLELOG": "1",
        "KIVY_LOG_MODE": "PYTHON",
        "KIVY_TEXT": "pil",
        "KIVY_HOME": str(home),
        "KIVY_METRICS_DENSITY": "1",
        "KIVY_DPI": "96",
    }
    logging.getLogger("kivy").setLevel(logging.WARNING)
    from kivy.config import Config

    logging.getLogger("kivy").setLevel(logging.WARNING)
    width, height = window or (1080, 1920)
    for section, name, value in (
        ("kivy", "exit_on_escape", 0),
        ("kivy", "log_level", "warning"),
        ("graphics", "fullscreen", "auto" if fullscreen else 0),
        ("graphics", "width", width),
        ("graphics", "height", height),
        ("graphics", "resizable", 0),
        ("graphics", "borderless", 0),
        ("graphics", "show_cursor", 0 if fullscreen else 1),
        ("graphics", "allow_screensaver", 0),
        ("graphics", "maxfps", 60),
        ("graphics", "multisamples", 0),
        ("graphics", "window_state", "visible"),
    ):
        Config.set(section, name, value)
    _one_touch_provider(Config)


def _one_touch_provider(config: Any) -> None:
    """SDL alone tells of touches; a second provider would tell of each twice."""
    for name, _value in config.items("input"):
        config.remove_option("input", name)
    config.set("input", "mouse", "mouse,disable_multitouch")
    for name, _value in config.items("modules"):
        config.remove_option("modules", name)
