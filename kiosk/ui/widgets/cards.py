"""Items as they stand on a shelf, and theme tiles."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.services.shelves import ThemeTile
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look.letters import height_of, own_line, width_of
from kiosk.ui.look.text import Drawn
from kiosk.ui.look.theme import Theme, look_of
from kiosk.ui.widgets import facts, fitted, picture  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from sync import wording
from sync.replica.read import Card
from sync.sessions import Session
from sync.words import _, apart, count_of, joined

kv.load(__file__)


class ChipMark(Drawn):
    """Kind and price in a line, on the shelf's tint."""

    tint = ColorProperty()


class ItemPress(Press):
    """An item to open; drawn by `fill_in`."""

    title = StringProperty()
    maker = StringProperty()
    summary = StringProperty()
    chip = StringProperty()
    said = StringProperty()
    """Of the chip what there is room for; on a row, how far it is as well, where that is said nowhere else."""
    words_in = StringProperty()
    """The code of the language of its words, where that is not the screen's."""
    about = StringProperty()
    """What is quietly said besides: another language, how far it is, when it was checked."""
    tint = ColorProperty()
    strong = ColorProperty()
    context: Context = ObjectProperty(None)

    def __init__(self, **options: Any) -> None:
        self._item_id = self.far = ""
        super().__init__(**options)

    def fill_in(self, card: Card | None) -> None:
        """Show this card; None empties the place."""
        self.shown(card is not None)
        if card is None:
            self._item_id = self.title = self.maker = self.chip = self.summary = self.about = ""
            return
        context = self.context
        words = card.in_language(context.language)
        look = context.look(card.themes)
        self._item_id, self.far = card.id, facts.distance(card.km)
        self.title, self.summary = words.title, words.summary
        self.words_in = facts.other_language(card, context.language)
        self.maker = card.maker.name if card.maker else ""
        self.chip = joined(apart(wording.chip(card))[:2])  # without the price's note
        self.about = facts.quiet_line(card, context.language, context.pulse.now.date() if context.pulse.now else None)
        self.tint, self.strong = look.tint, look.chip
        self.ids.picture.draw(context, card.kind, look, card.picture)

    def on_release(self) -> None:
        if self._item_id:
            self.context.go.item(self._item_id)


class ItemCard(ItemPress):
    """A card: picture above, title, maker, chip."""

    def fit(self, theme: Theme) -> None:
        """Choose what there is room for."""
        self.said = _last_within(apart(self.chip), theme, self.width - theme.u(40 + 32))

    @staticmethod
    def least(theme: Theme) -> int:
        """Height in pixels under which too little is left of its picture."""
        return theme.u(110) + ItemCard.words_height(theme)

    @staticmethod
    def words_height(theme: Theme) -> int:
        """Height in pixels of its words, the same on every card, so that pictures beside each other are too."""
        return theme.u(48) + 2 * own_line("bold", theme.body) + 2 * own_line("regular", theme.small)


class ItemRow(ItemPress):
    """A row: a small picture at its beginning. As much is said as it is high enough for."""

    titles = NumericProperty(1)
    """How many lines its title may take."""
    says_maker = BooleanProperty(False)
    says_about = BooleanProperty(False)
    beside = BooleanProperty(False)
    """Whether there is room for what is quietly said beside the chip."""

    @staticmethod
    def least(theme: Theme) -> int:
        """Height in pixels of a row that says all, in three lines; on the smallest panels, in two."""
        fine = own_line("semibold", theme.small) * (1 if theme.tiny else 2)
        return theme.u(32 if theme.tiny else 24) + own_line("bold", theme.body) + fine

    def fit(self, theme: Theme) -> None:
        """Choose what there is room for: the whole title first, then who made it or what is quietly said."""
        gap, across = theme.u(8), self.ids.words.width
        line = height_of(self.title, "bold", theme.body)
        fine = max(own_line("regular", theme.small), height_of(self.about, "regular", theme.small)) + gap
        room = self.height - 3 * gap - line - fine  # the title's first line, and the chip
        chip = width_of(self.chip, "semibold", theme.small) + theme.u(32 + 16)
        first = width_of(apart(self.about)[0], "regular", theme.small) + 1
        self.beside = across > theme.u(520) and first <= across - chip
        long = bool(self.title) and width_of(self.title, "bold", int(theme.body)) > across
        self.titles = 2 if long and room >= line else 1
        room -= line * (self.titles - 1)
        self.says_about = not self.beside and room >= fine and first <= across
        room -= fine if self.says_about else 0
        self.says_maker = room >= fine
        parts = apart(self.chip)
        if self.far and not (self.beside or self.says_about):
            parts.append(self.far)
        self.said = _last_within(parts, theme, across - 4 * gap)


def _last_within(parts: list[str], theme: Theme, across: float) -> str:
    """Of what a chip may say as much as there is room for in so many pixels; the last goes last."""
    while len(parts) > 1 and width_of(joined(parts), "semibold", theme.small) > across:
        parts = parts[1:]
    return joined(parts)


class ThemePress(Press):
    """A theme's tile."""

    name = StringProperty()
    count = StringProperty()
    icon = StringProperty()

    def __init__(self, context: Context, tile: ThemeTile, **options: Any) -> None:
        self._given, self._key = context, tile.theme.key
        super().__init__(**options)
        look = look_of(tile.theme, context.theme.c, context.language)
        self.name, self.icon, self.fill = look.name, look.icon, look.strong
        self.count = count_of(tile.count, "{} thing", "{} things")

    def on_release(self) -> None:
        self._given.go.shelf(f"theme:{self._key}")


class OfSession(Press):
    """When a session is and what it is; opens the event. How it is drawn is up to who derives from it."""

    time = StringProperty()
    day = StringProperty()
    under = StringProperty()
    """The day, where it stands over several sessions; for the ear."""
    title = StringProperty()
    summary = StringProperty()
    words_in = StringProperty()
    """The code of the language of its title, where that is not the screen's."""
    strong = ColorProperty()
    context: Context = ObjectProperty(None)

    def __init__(self, **options: Any) -> None:
        self._item_id = ""
        super().__init__(**options)

    def fill_in(self, session: Session | None, day: str = "", under: str = "") -> None:
        """Show this session, with its day or `under` that; None empties the place."""
        self.shown(session is not None)
        if session is None:
            self._item_id = self.time = self.day = self.under = self.title = self.summary = ""
            return
        event = session.event
        words = event.in_language(self.context.language)
        self._item_id, self.title, self.day, self.under = event.id, words.title, day, under
        self.words_in = facts.other_language(event, self.context.language)
        self.time = f"{session.starts:%H:%M}"
        self.summary = _("Until {time}. {summary}").format(time=f"{session.ends:%H:%M}", summary=words.summary)
        self.strong = self.context.look(event.themes).chip

    def on_release(self) -> None:
        if self._item_id:
            self.context.go.item(self._item_id)


class SessionPress(OfSession):
    """One session in a list."""

    @staticmethod
    def needs(theme: Theme) -> int:
        """Its height in pixels."""
        line, fine = own_line("bold", theme.body), own_line("regular", theme.small)
        words = line + fine if theme.tiny else 2 * line if theme.wide else line + 2 * fine
        return max(theme.u(100 if theme.tiny else 124 if theme.wide else 156), theme.u(32) + words)
