"""Ten digits, as on a telephone."""

from __future__ import annotations

from typing import Any, Final

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.lettering import fonts
from kiosk.ui import kv
from kiosk.ui.look import icons
from kiosk.ui.widgets.basics import Panel
from sync.words import _

kv.load(__file__)

DELETE: Final = "delete"
_KEYS: Final = (*"123456789", "", "0", DELETE)


class PadKey(ButtonBehavior, Panel):
    """One key; it shows that it is held."""

    text = StringProperty()
    icon = BooleanProperty(False)

    def spoken(self) -> str:
        """What it is called aloud."""
        return _("delete") if self.icon else self.text


class KeyPad(GridLayout):
    """Binds `on_key` with a digit, or `DELETE`, in the moment it is touched."""

    def __init__(self, **options: Any) -> None:
        self.register_event_type("on_key")
        super().__init__(**options)
        for key in _KEYS:
            self.add_widget(self._pad_key(key) if key else Widget())

    def on_key(self, key: str) -> None:
        """A key was touched."""

    def _pad_key(self, key: str) -> PadKey:
        drawn = key == DELETE and fonts.have_icons()
        text = icons.character("backspace") if drawn else _("delete") if key == DELETE else key
        made = PadKey(text=text, icon=drawn)
        made.bind(on_press=lambda _key: self.dispatch("on_key", key))
        return made
