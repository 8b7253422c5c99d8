"""How the screen is: larger or smaller, its colours, within reach, still, read aloud. Every choice holds at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.access.access import LOUDEST, SPEEDS, Access
from kiosk.ui.context import Context
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.theme import COLOURS, TEXT_SCALES
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.fitted import keep_alike
from kiosk.ui.widgets.sheet import Sheet
from sync.words import N_, _

kv.load(__file__)

SIZES: Final = {"small": N_("Small words"), "normal": N_("Normal words"), "large": N_("Large words")} | {
    "largest": N_("Largest words")
}
THEMES: Final = {
    "light": (N_("Light"), "weather-sunny"),
    "dark": (N_("Dark"), "weather-night"),
    "contrast": (N_("High contrast"), "brightness-6"),
}
_SPEEDS: Final = {
    "slow": (N_("Slower"), "walk"),
    "normal": (N_("Normal"), "speedometer"),
    "fast": (N_("Faster"), "run"),
}
_HIGH_STEPS: Final = 1500
"""So high is a screen that has room for all of it on one page."""
PAGES: Final = ("see", "hear")


class PanelKey(Press):
    """Something that is so or not."""

    text = StringProperty()
    icon = StringProperty()
    chosen = BooleanProperty(False)
    ink = ColorProperty()

    def spoken(self) -> str:
        """What it is called."""
        return str(self.text)


class LetterKey(PanelKey):
    """A size of the words, shown by a letter of that size; the words are for who cannot see it."""

    scale = NumericProperty(1)


class Swatch(PanelKey):
    """Colours, shown in themselves."""

    paper = ColorProperty()
    brink = ColorProperty()


class SpeedKey(PanelKey):
    """One way of several."""


class OnOff(PanelKey):
    """On or off."""


class PageKey(PanelKey):
    """One page of the panel."""


class Loudness(Box):
    """Softer and louder, and how loud it is."""

    level = NumericProperty(0)
    most = NumericProperty(LOUDEST)
    change: Any = ObjectProperty(None, allownone=True)


class ChoiceRow(Box):
    """What is chosen here, over the choices; where height is short, the choices alone."""

    heading = StringProperty()
    choices: Box = ObjectProperty(None)

    def add_widget(self, widget: Any, *args: Any, **options: Any) -> None:
        """What is added stands beside what is there."""
        if self.choices is None:
            super().add_widget(widget, *args, **options)
        else:
            self.choices.add_widget(widget, *args, **options)

    def even(self) -> None:
        """Words beside each other are of one size, from now on."""
        keep_alike([pick.ids.words for pick in self.choices.children if "words" in pick.ids])


class AccessPanel(Sheet):
    """Two pages, what is seen and what is heard; one below the other where there is room for both.

    What is heard is left out on a unit that has no voice.
    """

    name = "access"
    paged = BooleanProperty(False)
    page = StringProperty(PAGES[0])
    speaks = BooleanProperty(False)
    level = NumericProperty(0)

    def __init__(self, context: Context) -> None:
        self._given = context
        self.sizes: dict[str, LetterKey] = {}
        self.colours: dict[str, Swatch] = {}
        self.speeds: dict[str, SpeedKey] = {}
        theme = context.theme
        self._hears = context.go.say_again is not None
        super().__init__(paged=theme.wide or theme.height < _HIGH_STEPS)
        self._fill()
        self._place_rows()
        ids = self.ids
        ids.lower.act = lambda: self._turn_over("lower")
        ids.still.act = lambda: self._turn_over("still")
        ids.speech.act = lambda: self._turn_over("speech")
        ids.dark.act = lambda: self._turn_over("dark")
        ids.again.act = lambda: context.go.say_again and context.go.say_again()
        ids.loudness.change = self._louder
        ids.language.act = lambda: context.go.open("language")
        ids.normal.act = lambda: self._choose(context.visit.start)
        ids.done.act = context.go.close

    def _fill(self) -> None:
        for key, words in SIZES.items():
            letter = LetterKey(text=_(words), scale=TEXT_SCALES[key], act=lambda key=key: self._set(text_size=key))
            self.sizes[key] = letter
            self.ids.sizes.add_widget(letter)
        for key, (words, icon) in THEMES.items():
            own = COLOURS[key]
            swatch = Swatch(text=_(words), icon=icon, act=lambda key=key: self._set(theme=key))
            swatch.paper, swatch.ink, swatch.brink = own.paper, own.ink, own.brand_ink
            self.colours[key] = swatch
            self.ids.colours.add_widget(swatch)
        for key in SPEEDS:
            words, icon = _SPEEDS[key]
            speed = SpeedKey(text=_(words), icon=icon, act=lambda key=key: self._set(speed=key))
            self.speeds[key] = speed
            self.ids.speeds.add_widget(speed)

    def _place_rows(self) -> None:
        """Only what there is on this screen; the rows are kept here, as not all of them are shown."""
        ids, row = self.ids, self.ids.hearing
        self._kept = ids.lower.__self__
        if not self._given.stage.lowers:
            ids.reach.choices.remove_widget(ids.lower)
        if self._given.theme.tiny:  # one row fewer
            for key in reversed(ids.more.choices.children[:]):
                ids.more.choices.remove_widget(key)
                row.add_widget(key)
        self._rows = [child.__self__ for child in reversed(self.panel.children)]
        for shown in self._rows:
            if isinstance(shown, ChoiceRow):
                shown.even()

    def _show_rows(self) -> None:
        ids, tiny = self.ids, self._given.theme.tiny
        two = self.paged and self._hears
        hidden = [ids.heading] if two else [ids.tabs]
        if not self._hears:
            hidden += [ids.hearing]
        elif two:
            hidden += [ids.hearing] if self.page == "see" else [ids.sizes, ids.colours, ids.reach]
        if not self.speaks or (self.paged and self.page == "see"):
            hidden += [ids.speeds, ids.volume, ids.more]
        elif tiny:
            hidden += [ids.more]
        if self.speaks or not two or self.page == "see":
            hidden += [ids.hint]
        away = {row.__self__ for row in hidden}
        wanted = [row for row in self._rows if row not in away]
        if wanted != list(reversed(self.panel.children)):
            self.panel.clear_widgets()
            for row in wanted:
                self.panel.add_widget(row)

    def refresh(self) -> None:
        """It shows what holds."""
        access: Access = self._given.visit.access
        for key, letter in self.sizes.items():
            letter.chosen = key == access.text_size
        for key, swatch in self.colours.items():
            swatch.chosen = key == access.theme
        for key, speed in self.speeds.items():
            speed.chosen = key == access.speed
        for key in ("lower", "still", "speech", "dark"):
            self.ids[key].chosen = getattr(access, key)
        self.level, self.speaks = access.volume, access.speech
        self.page = PAGES[self._given.visit.pages.get(self.name, 0)]
        for key in (self.ids.again, self.ids.dark):
            key.shown(self.speaks)
        self._show_rows()

    def turn(self, page: str) -> None:
        """To that page; it is the same one in another look."""
        self._given.visit.pages[self.name] = PAGES.index(page)
        self.refresh()

    # -- choosing

    def _set(self, **what: Any) -> None:
        self._choose(replace(self._given.visit.access, **what))

    def _turn_over(self, what: str) -> None:
        self._set(**{what: not getattr(self._given.visit.access, what)})

    def _louder(self, by: int) -> None:
        self._set(volume=min(LOUDEST, max(1, self._given.visit.access.volume + by)))

    def _choose(self, access: Access) -> None:
        """The screens are built anew where it makes them look different, and this panel with them."""
        self._given.go.choose(access)
        self._given.go.frame_changed()
