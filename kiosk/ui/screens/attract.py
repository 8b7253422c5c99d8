"""What a passer-by sees: what this is, what is on today, and that it wants to be touched.

Also the calm screen for the first start, and for the minutes in which a damaged catalogue is built again.
"""

from __future__ import annotations

from typing import Any

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty

from kiosk.ui import kv, languages
from kiosk.ui.context import Context
from kiosk.ui.mirror import Box
from kiosk.ui.pulse import Pulse
from kiosk.ui.screens.page import Page
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.basics import Chip
from kiosk.ui.widgets.privacy_link import PrivacyLink
from sync import days, wording
from sync.words import _, count_of

kv.load(__file__)

_MOST_LANGUAGES = 9
_NUDGES = ((0, 0), (10, 6), (-8, 12), (6, -10), (-12, -4))


def _most(theme: Theme) -> int:
    """Lines there is room for."""
    return 1 if theme.tiny else 2 if theme.low else 3 if theme.wide else 4


class OnToday(Box):
    """A line of what is on, or of what is new."""

    time = StringProperty()
    title = StringProperty()
    summary = StringProperty()


class Attract(Page):
    """Touch anywhere starts."""

    ready = BooleanProperty(False)
    where = StringProperty()
    heading = StringProperty()
    calm = StringProperty()
    calm_more = StringProperty()
    sign = StringProperty()
    nudge_x = NumericProperty(0)
    nudge_y = NumericProperty(0)
    drift = NumericProperty(0)
    dots = NumericProperty(0)
    behind = ColorProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._turn = 0
        super().__init__(context, **options)
        self.behind = context.theme.c.brand
        self._move = Clock.schedule_interval(self._drift, context.theme.drift_s)
        self._beat = Clock.schedule_interval(self._count, 0.6)

    def show(self, what: Any) -> None:
        self.ids.corner.act = self.context.go.door
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        pulse = self.context.pulse
        self.ready = not pulse.trouble and pulse.home is not None
        self.where = " · ".join(part for part in (pulse.shop, pulse.opening) if part)
        if self.ready:
            self._rows(pulse)
            self._languages(pulse)
        elif pulse.trouble == "damaged":
            self.sign = "refresh"
            self.calm = _("We are putting the shelves back in order")
            self.calm_more = _("Please come back in a few minutes.")
        else:
            self.sign = "library"
            self.calm = _("The shelves are being filled")
            self.calm_more = _("This takes a minute or two.")

    def on_touch_down(self, touch: Any) -> bool:
        if super().on_touch_down(touch):
            return True
        self.start()
        return True

    def start(self, *_: Any) -> None:
        """A visit begins, when there is something to visit."""
        if self.ready:
            self.context.go.home()

    # -- what it says

    def _rows(self, pulse: Pulse) -> None:
        box = self.ids.rows
        box.clear_widgets()
        assert pulse.home  # noqa: S101 (ready says so)
        if self.context.theme.tiny and self.context.theme.text_scale > 1:
            self.heading = ""  # large words leave no room for it
            return
        today = pulse.home.today
        if today:
            self.heading = _("Today in this shop")
            most = _most(self.context.theme)
            for session in today[:most]:
                words = session.event.in_language("")
                row = OnToday(time=f"{session.starts:%H:%M}", title=words.title, summary=words.summary)
                box.add_widget(row)
            return
        self.heading = count_of(pulse.home.total, "{} thing on the shelves", "{} things on the shelves")
        if pulse.coming:
            low = self.context.theme.low
            self.heading = _("Coming up") if low else _("{things}. Coming up:").format(things=self.heading)
            for session in pulse.coming[: min(3, _most(self.context.theme))]:
                words = session.event.in_language("")
                row = OnToday(
                    time=f"{days.short_weekday(session.starts)} {session.starts:%H:%M}",
                    title=words.title,
                    summary=words.summary,
                )
                box.add_widget(row)
            return
        for card in pulse.news[: min(3, _most(self.context.theme))]:
            row = OnToday(time=wording.kind(card.kind), title=card.title, summary=card.summary)
            box.add_widget(row)

    def _languages(self, pulse: Pulse) -> None:
        box, colours = self.ids.languages, self.context.theme.c
        box.clear_widgets()
        assert pulse.home  # noqa: S101 (ready says so)
        for code in languages.in_order(pulse.home.languages)[:_MOST_LANGUAGES]:
            chip = Chip(text=languages.name(code), act=lambda code=code: self.context.go.language(code))
            chip.fill, chip.ink, chip.line = colours.brand_soft, colours.white, colours.clear
            box.add_widget(chip)
        place = self.ids.privacy if self.context.theme.wide else box
        self.ids.privacy.clear_widgets()
        place.add_widget(PrivacyLink(act=self.context.go.privacy, ink=colours.white))

    # -- how it moves

    def _drift(self, _dt: float) -> None:
        """Everything wanders a little and the colour changes slowly, so that nothing burns in."""
        if self.manager and self.manager.current != self.name:
            return
        self._turn += 1
        unit, colours = self.context.theme.u, self.context.theme.c
        x, y = _NUDGES[self._turn % len(_NUDGES)]
        behind = (colours.brand, colours.evening, colours.brand, colours.plum)[self._turn % 4]
        still = Animation(nudge_x=unit(x), nudge_y=unit(y), drift=self._turn % 4, behind=behind, duration=4.0)
        still.start(self)

    def _count(self, _dt: float) -> None:
        if not self.ready:
            self.dots = (self.dots + 1) % 4
