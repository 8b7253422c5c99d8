"""Loads the `.kv` file that stands beside a module."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.lang.parser import global_idmap

from kiosk.ui.look.theme import Theme
from sync.words import _

_loaded: set[str] = set()


def load(module: str) -> None:
    """The look of a module's classes is known; `module` is its `__file__`."""
    path = str(Path(module).with_suffix(".kv"))
    if path not in _loaded:
        _loaded.add(path)
        Builder.load_file(path, rulesonly=True)


def use(theme: Theme) -> None:
    """What is built from now on has this theme: `.kv` files call it `t`, and `_` translates there."""
    global_idmap["t"] = theme
    global_idmap["_"] = _
