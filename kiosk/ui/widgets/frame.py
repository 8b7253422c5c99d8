"""What stands round every screen but the first: the line at the top and the bar at the bottom."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import ScreenManager

from kiosk.ui import kv, panels
from kiosk.ui.context import Context
from kiosk.ui.look.letters import own_line
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.theme import Theme
from kiosk.ui.navigator import RESTING
from kiosk.ui.pulse import Pulse
from kiosk.ui.widgets import staff_frame  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.fitted import keep_alike
from sync import days, wording
from sync.words import _, joined

kv.load(__file__)


class Header(Box):
    """Whose screen it is, how fresh what it shows is, and the time."""

    title = StringProperty()
    sign = StringProperty()
    freshness = StringProperty()
    time = StringProperty()
    knock: Any = ObjectProperty(None, allownone=True)
    """Goes to the staff's door."""


class Corner(Press):
    """The discreet way to the staff's door."""

    ink = ColorProperty()

    def spoken(self) -> str:
        """What it is called, as it bears a drawing alone."""
        return _("Staff")


class BarKey(Press):
    """A drawing over a word; where there is room for the drawing alone, `name` is the word for it."""

    icon = StringProperty()
    text = StringProperty()
    name = StringProperty()
    ink = ColorProperty()

    @staticmethod
    def drawing_px(theme: Theme, words: str) -> int:
        """Size in pixels of the drawing over these words: smaller where their lines are high."""
        if not words:
            return theme.u(52 if theme.low else 48)
        high = own_line("semibold", theme.small) * (1 if theme.wide else 2)
        room = theme.foot_key - theme.u(6 if theme.low else 10) * 2 - theme.u(2) - high
        least, most = (26, 34) if theme.low else (36, 48)
        return max(theme.u(least), min(theme.u(most), room))

    def spoken(self) -> str:
        """What it is called."""
        return str(self.text or self.name)


class Bar(Box):
    """Home, Back, My slip, Language, what the screen is like, Finish.

    Always in the same places, whether or not Back and My slip are there; Finish always in the same corner.
    """

    go = ObjectProperty(None)
    slip_count = NumericProperty(0)
    can_go_back = BooleanProperty(False)

    def on_kv_post(self, base_widget: Any) -> None:
        """All words are of one size: what fits in every key."""
        keep_alike([key.ids.words for key in self.children])


class Above(Box):
    """What is above the reach of somebody who sits: calm, and not to be touched."""

    shop = StringProperty()
    time = StringProperty()
    day = StringProperty()
    when = StringProperty()
    on = StringProperty()

    def fill_in(self, pulse: Pulse, language: str) -> None:
        """The shop, the time, and what is on, called so in that language."""
        self.shop = joined((pulse.shop, pulse.opening))
        self.time = f"{pulse.now:%H:%M}" if pulse.now else ""
        self.day = days.day(pulse.now) if pulse.now else ""
        sessions = (pulse.home.today if pulse.home else []) or pulse.coming
        self.when = wording.when(sessions[0]) if sessions else ""
        self.on = sessions[0].event.in_language(language).title if sessions else ""


class Screens(ScreenManager):
    """One of the screens at a time, in its place."""


class Reach(Box):
    """Header, screens and bars, one below the other."""

    def on_touch_down(self, touch: Any) -> bool:
        """A bar that is not there takes no touch: what stands on it would still, as it reaches over its edge."""
        return any(child.dispatch("on_touch_down", touch) for child in self.children[:] if child.height > 0)


class Shell(FloatLayout):
    """Header, screens and bar, and what lies over them."""

    bare = BooleanProperty(True)
    """Only the screen, as at the start."""
    headless = BooleanProperty(False)
    """Without the header, where height is short."""
    staff = BooleanProperty(False)
    """With the staff's header and bar."""
    manager: Screens = ObjectProperty(None)

    lower = BooleanProperty(False)
    """Only in the lower part of the window, which is in reach of somebody who sits."""

    def __init__(self, context: Context, **options: Any) -> None:
        self.context = context
        self._panel: Any = None
        super().__init__(**options)
        self.ids.bar.go = context.go
        self.ids.header.knock = context.go.door
        self.ids.staff_bar.lock = lambda: context.staffroom.lock()
        self.ids.staff_bar.access = lambda: context.go.open("access")

    def arrange(self) -> None:
        """What stands round the screen fits where the visitor is and how the unit is."""
        pulse, visit = self.context.pulse, self.context.visit
        self.bare = self.manager.current in RESTING
        theme, screen = self.context.theme, self.manager.current
        self.headless = (screen == "search" and theme.low) or (screen != "home" and theme.tiny)
        self.staff = self.manager.current_screen is not None and self.manager.current_screen.staff_only
        header, bar = self.ids.header, self.ids.bar
        header.title = self._title()
        header.sign = "cloud-check" if pulse.fresh else "cloud-outline-off"
        header.freshness = pulse.freshness
        header.time = f"{pulse.now:%H:%M}" if pulse.now else ""
        bar.slip_count = len(visit.basket)
        bar.can_go_back = bool(visit.history)
        if self.lower:
            self.ids.above.fill_in(pulse, self.context.language)
        self._lay_over()
        if self.staff:
            self.ids.staff_header.fill_in(pulse.shop, pulse.waiting, header.time)
            self.ids.staff_bar.fill_in(self.manager.current_screen.bar_keys())

    def _lay_over(self) -> None:
        """The panel that the visitor opened lies over everything that is in reach."""
        wanted = self.context.visit.panels[-1] if self.context.visit.panels else ""
        if self._panel is not None and self._panel.name != wanted:
            self.ids.over.remove_widget(self._panel)
            self._panel = None
        if self._panel is None and wanted:
            self._panel = panels.make(self.context, wanted)
            self.ids.over.add_widget(self._panel)
        if self._panel is not None:
            self._panel.refresh()

    def _title(self) -> str:
        """Whose screen it is; shorter where words about age need the room."""
        pulse, theme = self.context.pulse, self.context.theme
        if pulse.fresh and not theme.tiny and theme.text_scale <= 1:
            return joined((_("Good stuff"), pulse.shop))
        return "" if theme.tiny and not pulse.fresh else pulse.shop
