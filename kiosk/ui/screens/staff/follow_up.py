"""Somebody asks to be rung back: he reads the notice, agrees, leaves one way to reach him, and it is locked.

What is typed is in this screen alone, and goes from it when it is left or locked, and as soon as it was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import BooleanProperty, ObjectProperty, OptionProperty, StringProperty

from kiosk.domain import contacts
from kiosk.domain.attendance import LogSession
from kiosk.errors import NoKeyError
from kiosk.services.attendance import Words
from kiosk.services.follow_ups import MOST_CONTACT, MOST_NAME
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.keyboard import keyboard, layouts  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.keyboard.typed import without_last
from kiosk.ui.look import icons, languages, letters, text
from kiosk.ui.look.mirror import Box
from kiosk.ui.screens.staff.page import StaffKey, StaffPage
from kiosk.ui.widgets import (  # noqa: F401 (their classes are used in the .kv file)
    body,
    fitted,
    language_chips,
    paging,
)
from kiosk.ui.widgets.basics import Press
from sync import notices
from sync.notices import Notice
from sync.words import _

kv.load(__file__)

TAKE_BACK_S: Final = 10.0
_STEPS: Final = ("", "cannot", "notice", "who", "about", "read", "kept")
_BEFORE: Final = {"who": "notice", "about": "who", "read": "about"}
_FIELDS: Final = {"first_name": MOST_NAME, "contact": MOST_CONTACT}
_BEGUN: Final = (*_FIELDS, "about", "about_word", "step", "undoable", "withdrawn", "_notice", "_record")
"""What moves with somebody to another look."""
_BEGINS_NAME: Final = " -'"
"""After one of these a part of a name begins, with a capital."""
_BACKSPACE: Final = 8


@dataclass(frozen=True)
class _Begin:
    """What it takes to begin."""

    possible: bool
    notice: Notice
    words: Words


class Field(Press):
    """What was typed so far, its end always in sight; `hint` stands there until then."""

    text = StringProperty()
    hint = StringProperty()
    active = BooleanProperty(False)
    wrong = BooleanProperty(False)
    shown = StringProperty()
    """As much of the end of `text` as there is room for."""
    spoken = StringProperty()
    """What it is called by ear: never what was typed."""

    def fit(self, room: float, role: str, size_px: float) -> None:
        """Show what there is room for."""
        shown = self.text
        while len(shown) > 2 and letters.width_of(shown, role, int(size_px)) > room:
            shown = "…" + shown[2:]
        self.shown = shown


class Answer(Press):
    """Yes or no, in the reader's language, and under it what it means to the volunteer."""

    text = StringProperty()
    meaning = StringProperty()
    icon = StringProperty()
    strong = BooleanProperty(False)


class AboutPress(Press):
    """A topic."""

    icon = StringProperty()
    text = StringProperty()


class Pane(Box):
    """One step; `page` has what was typed."""

    page = ObjectProperty(None)


class CannotPane(Pane):
    """There is no key to lock anything with."""


class NoticePane(Pane):
    """What happens with it, in the reader's language."""

    title = StringProperty()
    language = StringProperty()
    own_name = StringProperty()
    choosing = BooleanProperty(False)
    """Where there is room for either: whether the languages are shown, and not the notice."""
    yes = StringProperty()
    no = StringProperty()

    def draw(self, notice: Notice) -> None:
        """Show it from its beginning."""
        self.title, self.language, self.choosing = notice.title, notice.language, False
        self.own_name = languages.name(notice.language)
        self.yes, self.no = notice.yes, notice.no
        self.ids.text.fill_in(notice.text, self.page.context.theme.c.brand_ink)
        self.ids.reel.to_top()


class WhoPane(Pane):
    """First name and one way to reach him."""


class AboutPane(Pane):
    """One topic."""

    def offer(self, words: Words) -> None:
        """These topics."""
        grid = self.ids.topics
        grid.clear_widgets()
        for topic, word in words.topics.items():
            press = AboutPress(icon=icons.TOPIC.get(topic, icons.DEFAULT), text=word)
            press.act = lambda topic=topic: self.page.choose(topic)
            grid.add_widget(press)


class ReadPane(Pane):
    """All that will be sent, to read it over."""


class KeptPane(Pane):
    """It is locked."""


class FollowUp(StaffPage):
    """`what` is the session."""

    says_slow = True
    step = OptionProperty("", options=_STEPS)
    first_name = StringProperty()
    contact = StringProperty()
    about = StringProperty()
    """The topic's id."""
    about_word = StringProperty()
    active = OptionProperty("first_name", options=tuple(_FIELDS))
    missing = StringProperty()
    """The field that must not be empty."""
    strange = BooleanProperty(False)
    """Whether what was typed looks neither like a number nor like an address."""
    trouble = StringProperty()
    busy = BooleanProperty(False)
    undoable = BooleanProperty(False)
    withdrawn = BooleanProperty(False)

    def __init__(self, context: Context, **options: Any) -> None:
        self._session: LogSession | None = None
        self._notice: Notice | None = None
        self._record = ""
        self._going_on: dict[str, Any] = {}
        super().__init__(context, **options)
        kinds = (CannotPane, NoticePane, WhoPane, AboutPane, ReadPane, KeptPane)
        self._panes: dict[str, Any] = {step: kind(page=self) for step, kind in zip(_STEPS[1:], kinds, strict=True)}
        for chips in (self._panes["notice"].ids.languages, self._panes["notice"].ids.languages_instead):
            chips.offer(notices.languages(), self.read_in)
        self._keys = self._panes["who"].ids.keyboard
        self._keys.bind(on_key=lambda _keys, key: self.touched(key))
        self._late = Clock.create_trigger(lambda _dt: self._too_late(), TAKE_BACK_S)

    @property
    def private(self) -> bool:
        """While it is typed, and read once more."""
        return self.step in ("who", "read")

    # -- for the staffroom

    def bar_keys(self) -> list[StaffKey]:
        return [StaffKey("arrow-left", _("Back"), self.back)]

    def show(self, what: Any) -> None:
        going_on = self._going_on
        self.wipe()
        self._session, self._going_on = what, going_on
        Window.bind(on_key_down=self._hardware_key, on_textinput=self._hardware_text)
        services = self.context.services

        def begin() -> _Begin:
            return _Begin(services.follow_ups.possible, services.privacy.follow_up(""), self.find_words())

        self.ask("begin", begin, self._begin)

    def begun(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _BEGUN} if self.step not in ("", "cannot", "notice") else {}

    def resume(self, begun: dict[str, Any]) -> None:
        self._going_on = begun

    def left(self) -> None:
        super().left()
        Window.unbind(on_key_down=self._hardware_key, on_textinput=self._hardware_text)
        self.wipe()

    def locked(self) -> None:
        self.wipe()

    def wipe(self) -> None:
        self._late.cancel()
        self._forget_typed()
        self._record, self._notice, self._session, self._going_on = "", None, None, {}
        self.trouble, self.busy, self.undoable, self.withdrawn = "", False, False, False
        self._to("")

    def sorry(self, error: Exception) -> None:
        self.trouble = _("That does not work just now. Nothing was kept. Please try again in a minute.")
        self.busy = False

    def back(self) -> None:
        """To the step before, or out; nothing is kept."""
        if self.busy:
            return
        if before := _BEFORE.get(self.step):
            self._to(before)
        else:
            self.context.staffroom.back()

    # -- the notice

    def read_in(self, language: str) -> None:
        """The notice in this language."""
        privacy = self.context.services.privacy
        self.ask("notice", lambda: privacy.follow_up(language), self._read)

    def agree(self) -> None:
        """He has read it, and wants to be rung back."""
        self._to("who")

    def refuse(self) -> None:
        """He does not: nothing has changed."""
        self.context.staffroom.back()

    def _begin(self, found: _Begin) -> None:
        self.context.shift.words = found.words
        self._panes["about"].offer(found.words)
        self._read(found.notice)
        if self._going_on:
            self._resume()
        else:
            self._to("notice" if found.possible else "cannot")

    def _resume(self) -> None:
        """With what was begun in another look."""
        moved, self._going_on = self._going_on, {}
        for name, value in moved.items():
            if name != "step":
                setattr(self, name, value)
        self._read(moved["_notice"])
        self._to(moved["step"])
        if self._record:
            self._late()

    def _read(self, notice: Notice) -> None:
        self._notice = notice
        self._panes["notice"].draw(notice)

    # -- typing

    def choose_field(self, name: str) -> None:
        """Type into this one."""
        self.active = name
        low = self.context.theme.low
        first = "contact" if not low else "contact-low" if name == "first_name" else "contact-numbers-low"
        self._keys.layout = first
        self._capitals()

    def touched(self, key: Key) -> None:
        """A key on the screen was touched."""
        if key.name == layouts.MORE:
            low = "contact-low"
            self._keys.layout = "contact-numbers-low" if self._keys.layout == low else low
            self._capitals()
        elif key.name == layouts.SHIFT:
            self._keys.capitals = not self._keys.capitals
        elif key.name == layouts.DELETE:
            self._type(without_last(self._typed()))
        elif key.name == layouts.CLEAR:
            self._type("")
        else:
            self._type(self._typed() + key.types)

    def next(self) -> None:
        """On, if both are there."""
        self.missing = next((name for name in _FIELDS if not contacts.is_given(getattr(self, name))), "")
        if self.missing:
            self.choose_field(self.missing)
            return
        self.strange = not contacts.looks_right(self.contact)
        self._to("read" if self.about else "about")

    def change(self, name: str) -> None:
        """Put one of them right."""
        if name == "about":
            self._to("about")
        else:
            self._to("who")
            self.choose_field(name)

    def choose(self, topic: str) -> None:
        """It is about this."""
        self.about, self.about_word = topic, self.words.topic(topic)
        self._to("read")

    def _typed(self) -> str:
        return str(getattr(self, self.active))

    def _type(self, typed: str) -> None:
        setattr(self, self.active, typed.lstrip()[: _FIELDS[self.active]])
        self.missing = ""
        self._capitals()

    def _capitals(self) -> None:
        begins = not self.first_name or self.first_name[-1] in _BEGINS_NAME
        self._keys.capitals = self.active == "first_name" and begins

    def _hardware_text(self, _window: Any, typed: str) -> None:
        if self.step == "who" and typed.isprintable():
            self._type(self._typed() + typed)

    def _hardware_key(self, _window: Any, key: int, *_args: Any) -> None:
        """Text and Backspace; all other keys are for the focus."""
        if self.step == "who" and key == _BACKSPACE:
            self._type(without_last(self._typed()))

    @property
    def takes_text(self) -> bool:
        """Whether what is typed goes into a field."""
        return self.step == "who"

    @property
    def typed_keys(self) -> int:
        """How many letters stand in the fields."""
        return len(self.first_name) + len(self.contact)

    def entered(self) -> bool:
        """Enter, with nothing in focus: on; returns whether that was all it was for."""
        if self.step != "who":
            return False
        self.next()
        return True

    # -- sending

    def send(self) -> None:
        """Lock it, and let it go."""
        if self.busy or self._notice is None:
            return
        self.busy, self.trouble = True, ""
        notice, session, staff = self._notice, self._session, self.context.shift.staff
        self.ask("keep", self._keeping(notice, session.id if session else "", staff), self._kept, self._not_kept)

    def _keeping(self, notice: Notice, session: str, staff: str) -> Callable[[], str]:
        keep, who, contact, about = self.context.services.follow_ups.keep, self.first_name, self.contact, self.about
        return lambda: keep(
            who, contact, about, notice=notice.version, language=notice.language, session=session, staff=staff
        )

    def take_back(self) -> None:
        """He has thought better of it."""
        if self.busy or not self._record:
            return
        self.busy, record = True, self._record
        self._late.cancel()
        self.ask("back", lambda: self.context.services.follow_ups.withdraw(record), self._taken_back, self._not_back)

    def _kept(self, record: str) -> None:
        self._record = record
        self._forget_typed()
        self.busy, self.undoable = False, True
        self._to("kept")
        self._late()

    def _not_kept(self, error: Exception) -> None:
        self.busy = False
        locked_out = isinstance(error, NoKeyError)
        why = _("This screen cannot lock anything yet") if locked_out else _("it could not be written down")
        self.trouble = _("It was NOT sent. Nothing was kept: {why}.").format(why=why)

    def _taken_back(self, _nothing: None) -> None:
        self.busy, self.undoable, self.withdrawn = False, False, True
        self._record = ""

    def _not_back(self, _error: Exception) -> None:
        self.busy = False
        self.trouble = _("It could not be taken back. Please try again.")
        self._late()

    def _too_late(self) -> None:
        self.undoable, self._record = False, ""

    # -- inner

    def _to(self, step: str) -> None:
        self.step, self.trouble = step, ""
        place = self.ids.place
        place.clear_widgets()
        if step:
            place.add_widget(self._panes[step])
        if step == "who":
            self.choose_field(self.active)
        elif step == "read":
            self._panes["read"].ids.reel.to_top()

    def _forget_typed(self) -> None:
        self.first_name = self.contact = self.about = self.about_word = ""
        self.missing, self.strange, self.active = "", False, "first_name"
        text.forget()
