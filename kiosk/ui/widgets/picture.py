"""A picture where there is one; where there is none (yet), the kind's sign with the shelf's as a badge.

The web pages draw the same.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui import kv
from kiosk.ui.background import Desk
from kiosk.ui.context import Context
from kiosk.ui.look import icons
from kiosk.ui.look.pictures import Wish
from kiosk.ui.look.theme import Look
from kiosk.ui.widgets import basics  # noqa: F401 (its classes are used in the .kv file)
from sync.records import File

kv.load(__file__)


class Badge(FloatLayout):
    """A small sign in a disc, set apart from the sign it stands on by a ring of the ground's colour."""

    name = StringProperty()
    tint = ColorProperty()
    strong = ColorProperty()


class Picture(FloatLayout):
    """Set it with `draw`."""

    tint = ColorProperty()
    strong = ColorProperty()
    ink = ColorProperty()
    """The sign is drawn in it."""
    name = StringProperty()
    badge = StringProperty()
    texture = ObjectProperty(None, allownone=True)
    corners = ListProperty([0, 0, 0, 0])
    """How round it is: top left, top right, bottom right, bottom left."""
    lean = NumericProperty(0.5)
    """Where a drawing stands that the place is too wide for: 0 at the left, 1 at the right."""
    sign_share = NumericProperty(0.42)
    shown = BooleanProperty(True)
    """Whether it has a place in this layout at all."""

    def __init__(self, **options: Any) -> None:
        self._file: File | None = None
        self._given: Context | None = None
        self._desk: Desk | None = None
        super().__init__(**options)

    def draw(self, context: Context, kind: str, look: Look, file: File | None) -> None:
        """The drawing is there at once, the picture when it is decoded."""
        self.tint, self.strong, self.ink = look.tint, look.strong, look.chip
        self.name = icons.KIND.get(kind, look.icon or icons.DEFAULT)
        self.badge = look.icon if look.icon in icons.POINTS and look.icon != self.name else ""
        self._given, self._file, self.texture = context, file, None
        self._desk = self._desk or Desk(context.background)
        self._desk.leave()
        self._look_for_it()

    def on_size(self, *_: Any) -> None:
        self._look_for_it()

    def _look_for_it(self) -> None:
        if not (self._file and self._given and self._desk) or min(self.size) < 8:
            return
        context, file, desk = self._given, self._file, self._desk
        size = (round(self.width), round(self.height))
        corners = tuple(round(corner) for corner in self.corners)

        def found(path: Any) -> None:
            if path is None:
                return
            wish = Wish(path, size, corners, lean=self.lean)
            known = context.pictures.known(wish)
            if known is not None:
                self.texture = known
            else:
                context.pictures.bring(desk, "decode", wish, self._show)

        desk.ask("find", lambda: context.services.shelves.file_here(file), found, lambda _error: None)

    def _show(self, texture: Any) -> None:
        self.texture = texture
