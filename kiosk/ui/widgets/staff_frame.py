"""What stands round the staff's screens: whose shop it is and what waits, and a bar with Lock in its corner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kivy.factory import Factory
from kivy.properties import ObjectProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.look.letters import width_of
from kiosk.ui.look.mirror import Box
from kiosk.ui.widgets.basics import Tap
from sync.words import _, count_of, joined

if TYPE_CHECKING:
    from kiosk.ui.screens.staff.page import StaffKey

kv.load(__file__)

_FEW: Final = 2
"""So many keys share the bar evenly."""
_STRONGER: Final = 1.15


class StaffHeader(Box):
    """Dark, so that everybody sees whose screen it is now."""

    title = StringProperty()
    waiting = StringProperty()
    time = StringProperty()

    def fill_in(self, shop: str, waiting: int, time: str) -> None:
        """Show this; `waiting` counts the records that the hub does not have yet."""
        self.title = joined((_("Staff"), shop))
        self.waiting = count_of(waiting, "{} waiting to send", "{} waiting to send") if waiting else _("All sent")
        self.time = time


class AccessKey(Tap):
    """To what the screen can be like; a drawing alone."""

    def spoken(self) -> str:
        """What it is called."""
        return _("Bigger, louder")


class StaffBar(Box):
    """The screen's own keys, and Lock, always in the same corner."""

    lock: Any = ObjectProperty(None, allownone=True)
    access: Any = ObjectProperty(None, allownone=True)

    def __init__(self, **options: Any) -> None:
        self._shown: list[tuple[str, str, bool]] = []
        super().__init__(**options)

    def fill_in(self, keys: list[StaffKey]) -> None:
        """Show these; a bar that stays the same is not built anew under somebody's finger."""
        row = self.ids.own
        if self._shown != (said := [(key.icon, key.text, key.strong) for key in keys]):
            self._shown = said
            row.clear_widgets()
            for key in keys:
                sort = Factory.StrongKey if key.strong else Factory.StaffKey
                tap = sort(icon=key.icon, text=key.text)
                if len(keys) > _FEW:  # every word of them is wanted, so that a longer one needs more room
                    room = width_of(key.text, "semibold", int(tap.font_size)) + tap.font_size
                    tap.size_hint_x = room * (_STRONGER if key.strong else 1)
                row.add_widget(tap)
        for tap, key in zip(reversed(row.children), keys, strict=True):
            tap.act = key.act
