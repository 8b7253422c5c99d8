"""What a passer-by sees: what this is, what is on today, and that it wants to be touched.

Also the calm screen for the first start, and for the minutes in which a damaged catalogue is built again.
"""

from __future__ import annotations

from typing import Any

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import languages
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.theme import Theme, look_of
from kiosk.ui.pulse import Pulse
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import fitted, language_chips  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Quiet
from kiosk.ui.widgets.fitted import keep_alike
from kiosk.ui.widgets.quiet_links import AccessLink, PrivacyLink
from sync import days, wording
from sync.words import _, count_of, joined

kv.load(__file__)

_MOST_LANGUAGES = 6
_MOST_THEMES = 6
_MOVE_S = 8.0
_NUDGES = ((0, 0), (10, 6), (-8, 12), (6, -10), (-12, -4))


def _most(theme: Theme) -> int:
    """Lines there is room for."""
    return 1 if theme.tiny else 2 if theme.low else 3


class OnToday(Box):
    """A line of what is on, or of what is new."""

    time = StringProperty()
    title = StringProperty()
    summary = StringProperty()


class ThemeDisc(Quiet):
    """A theme's drawing in its colour: the straight way to that shelf."""

    name = StringProperty()
    icon = StringProperty()
    ink = ColorProperty()

    def spoken(self) -> str:
        """What it is called."""
        return str(self.name)


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
    hero = StringProperty()
    hero_more = StringProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._turn = 0
        super().__init__(context, **options)
        self.behind = context.theme.c.brand
        self.hero, self.hero_more = _("Good stuff."), _("Take it away.")
        keep_alike([self.ids.hero, self.ids.hero_more])
        links = self.ids.links_wide if context.theme.wide else self.ids.links
        for link in (AccessLink(act=lambda: context.go.open("access")), PrivacyLink(act=context.go.privacy)):
            links.add_widget(link)
        keep_alike([link.ids.words for link in links.children])
        self.begin_with = self.ids.start.__self__
        self._trimmed = Clock.create_trigger(self._trim)
        self.ids.rows.bind(height=self._trimmed)
        self.ids.space.bind(height=Clock.create_trigger(self._begin_anew, -1))
        self._move = Clock.schedule_interval(self._drift, context.theme.drift_s)
        self._beat = Clock.schedule_interval(self._count, 0.6)

    def show(self, what: Any) -> None:
        self.ids.corner.act = self.context.go.door
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        pulse = self.context.pulse
        self.ready = not pulse.trouble and pulse.home is not None
        self.ids.calm_link.shown(not self.ready)
        self.where = joined((pulse.shop, pulse.opening))
        if self.ready:
            self._rows(pulse)
            self._themes(pulse)
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
        self._trimmed()
        assert pulse.home  # noqa: S101 (ready says so)
        today = pulse.home.today
        if today:
            self.heading = _("Today in this shop")
            most = _most(self.context.theme)
            for session in today[:most]:
                words = session.event.in_language(self.context.language)
                row = OnToday(time=f"{session.starts:%H:%M}", title=words.title, summary=words.summary)
                box.add_widget(row)
            return
        self.heading = count_of(pulse.home.total, "{} thing on the shelves", "{} things on the shelves")
        if pulse.coming:
            low = self.context.theme.low
            self.heading = _("Coming up") if low else _("{things}. Coming up:").format(things=self.heading)
            for session in pulse.coming[: min(3, _most(self.context.theme))]:
                words = session.event.in_language(self.context.language)
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

    def _begin_anew(self, _dt: float) -> None:
        """There may be room for more now; the shelves may have gone since it was told of them."""
        pulse = self.context.pulse
        if self.ready and pulse.home is not None:
            self._rows(pulse)

    def _trim(self, _dt: float) -> None:
        """What there is no room for is not begun."""
        space, rows = self.ids.space, self.ids.rows
        needed = self.ids.heading.height + rows.height + space.padding[1] + 3 * space.spacing
        if rows.children and space.height > 1 and needed > space.height + 1:
            rows.remove_widget(rows.children[0])
            if not rows.children:
                self.heading = ""

    def _themes(self, pulse: Pulse) -> None:
        box, theme = self.ids.themes, self.context.theme
        box.clear_widgets()
        assert pulse.home  # noqa: S101 (ready says so)
        for tile in pulse.home.themes[: 0 if theme.tiny else _MOST_THEMES]:
            look = look_of(tile.theme, theme.c)
            disc = ThemeDisc(name=look.name, icon=look.icon, ink=look.strong)
            disc.act = lambda key=tile.theme.key: self._straight_to(key)
            box.add_widget(disc)

    def _straight_to(self, key: str) -> None:
        self.context.go.home()
        self.context.go.shelf(f"theme:{key}")

    def _languages(self, pulse: Pulse) -> None:
        """Those of the whole screen first, then those in which there is something."""
        assert pulse.home  # noqa: S101 (ready says so)
        own = self.context.services.settings.language
        codes = [*languages.of_the_screen(), *languages.in_order(pulse.home.languages)]
        offered = [code for code in dict.fromkeys(codes) if code != own][:_MOST_LANGUAGES]
        chips = self.ids.languages
        if [chip.code for chip in reversed(chips.children)] != offered:
            chips.offer(offered, self.context.go.language)

    # -- how it moves

    def _drift(self, _dt: float) -> None:
        """Everything wanders a little and the colour changes slowly, so that nothing burns in."""
        if self.context.theme.still or (self.manager and self.manager.current != self.name):
            return
        self._turn += 1
        unit, colours = self.context.theme.u, self.context.theme.c
        x, y = _NUDGES[self._turn % len(_NUDGES)]
        behind = (colours.brand, colours.evening, colours.brand, colours.plum)[self._turn % 4]
        to = {"nudge_x": unit(x), "nudge_y": unit(y), "drift": self._turn % 4, "behind": behind}
        Animation(**to, duration=_MOVE_S, t="in_out_sine").start(self)

    def _count(self, _dt: float) -> None:
        if not self.ready:
            self.dots = (self.dots + 1) % 4
