"""What somebody types, as it grows: its end can always be seen, in whichever direction it runs."""

from __future__ import annotations

from typing import Any, Final

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.keyboard import typed
from kiosk.ui.look.letters import width_of
from kiosk.ui.widgets.basics import Panel

kv.load(__file__)

_BEFORE: Final = "…"


class QueryField(Panel):
    """A field; what is added to it stands at its right end."""

    text = StringProperty()
    hint = StringProperty()
    """What it says while it is empty."""
    typing = BooleanProperty(True)
    """Whether it shows where the next letter goes."""
    slow = BooleanProperty(False)
    """Whether it says that the answer takes its time."""
    tail = StringProperty()
    """As much of the text's end as there is room for."""
    backwards = BooleanProperty(False)
    """Whether the text runs from right to left: it stands at the right then, with the caret at its left."""
    caret_room = NumericProperty(0)
    share = NumericProperty(0)
    """How much of the field is for what is added to it, in shares of what is for the text."""
    act: Any = ObjectProperty(None, allownone=True)
    """Called when it is touched; none while it is typed into."""

    def on_touch_down(self, touch: Any) -> bool:
        """What is in it comes first; then a touch anywhere in it does what there is to do, as a button beside it does.

        It is no button itself, so that it stands in nobody's way from button to button.
        """
        if super().on_touch_down(touch):
            return True
        if self.act is None or not self.collide_point(*touch.pos):
            return False
        self.act()
        return True

    def on_text(self, *_args: Any) -> None:
        self.fit()

    def fit(self) -> None:
        """Show the text's end, if not all of it."""
        size, room = int(self.ids.words.font_size), self.ids.room.width - self.caret_room
        self.tail = ending(self.text, "semibold", size, room)


def ending(text: str, role: str, size_px: int, room: float) -> str:
    """As much of the end of a text as fits into `room` pixels, after dots where something is left out."""
    if width_of(text, role, size_px) <= room:
        return text
    rest = text
    while rest and width_of(_BEFORE + rest, role, size_px) > room:
        rest = typed.without_first(rest)
    return _BEFORE + rest if rest else ""
