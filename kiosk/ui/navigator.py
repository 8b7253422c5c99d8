"""From screen to screen, back, home, and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from kivy.uix.screenmanager import NoTransition, ScreenManager

from kiosk.ui import screens
from kiosk.ui.access.access import Access
from kiosk.ui.context import Context
from kiosk.ui.pulse import Pulse
from kiosk.ui.screens.page import Page
from kiosk.ui.visit import Place
from sync.records import Item
from sync.sessions import Session

T = TypeVar("T")
HOME = Place("home")
DOOR = Place("door")
"""Where staff type their PIN."""
RESTING = ("attract", "set_up")
"""The screens that are shown while nobody is there."""


class AtOnce(NoTransition):
    """One screen in place of another within the frame: Kivy's own draws one with both of them."""

    def start(self, manager: ScreenManager) -> None:
        """The one goes as the other comes."""
        super().start(manager)
        self.stop()


class Navigator:
    """Moves a visitor through the screens, each of which was built once.

    The screens stand in a shell, which has `manager`, `context`, and `arrange` to be told where the visitor is.
    """

    say_again: Callable[[], None] | None = None
    """Speaks once more what was spoken last; None where nothing speaks."""
    _shell: Any = None
    _manager: ScreenManager

    def __init__(self, context: Context) -> None:
        self._context = context
        self._visit = context.visit
        self._place: Place | None = None

    @property
    def page(self) -> Page:
        """The screen that is shown."""
        return self._manager.current_screen

    @property
    def place(self) -> Place | None:
        """Which screen is shown, and what it is about."""
        return self._place

    # -- for the stage

    def leave_screens(self) -> None:
        """The screen that is shown goes, and nothing of what was looked at or `begun` stays in any of them."""
        if self._shell is None:
            return
        if self.page is not None:
            self.page.left()
        for page in self.built(Page):
            if not page.writing:
                page.wipe()

    def begun(self) -> dict[str, dict[str, Any]]:
        """What was begun and is not written down, by the name of the screen."""
        pages = self.built(Page) if self._shell is not None else []
        return {page.name: begun for page in pages if (begun := page.begun())}

    def move_to(self, shell: Any, begun: dict[str, dict[str, Any]]) -> None:
        """The screens are those of this shell now; what was shown is shown there, and what was begun goes on."""
        self._shell, self._manager = shell, shell.manager
        self._manager.transition = AtOnce()
        for name, what in begun.items():
            self.screen(name).resume(what)
        self.show(self._place or Place(self._rests_at()))

    def has(self, name: str) -> bool:
        """Whether that screen was built."""
        return bool(self._manager.has_screen(name))

    def screen(self, name: str) -> Page:
        """A screen by its name; built, where it was not wanted before."""
        if not self.has(name):
            self._manager.add_widget(screens.make(self._shell.context, name))
        page: Page = self._manager.get_screen(name)
        return page

    def built(self, kind: type[T]) -> list[T]:
        """The screens of a kind that were built."""
        return [screen for screen in self._manager.screens if isinstance(screen, kind)]

    # -- where a visitor can go

    def home(self, *_: Any) -> None:
        """The themes; the way back ends here."""
        self.page.left()
        self._visit.went_home(HOME)
        self.show(HOME)

    def shelf(self, name: str = "", kind: str = "") -> None:
        """A shelf: `theme:food`, `language:pl`, or everything; of one kind or all."""
        self._to(Place("whats_on") if kind == "event" and not name else Place("shelf", (name, kind)))

    def language(self, code: str) -> None:
        """Everything in this language, as far as there are words in it; empty for the unit's own.

        Somebody who was nowhere yet is home then, all others stay where they are.
        """
        self._somewhere()
        self._visit.language = code
        self._context.stage.dress()

    def choose(self, access: Access) -> None:
        """The screen is as somebody wants it, from now on."""
        self._visit.access = access
        self._context.stage.dress()

    def open(self, panel: str) -> None:
        """What the screen can be like (`access`), or its languages (`language`), over what is shown.

        Somebody who was nowhere yet is home then.
        """
        self._somewhere()
        if panel not in self._visit.panels:
            self._visit.panels.append(panel)
        self._shell.arrange()

    def close(self, *_: Any) -> None:
        """What lies over the screen goes; what lay under it is there again."""
        if self._visit.panels:
            self._visit.panels.pop()
        self._shell.arrange()

    def search(self, *_: Any) -> None:
        self._to(Place("search"))

    def item(self, item_id: str) -> None:
        self._to(Place("item", item_id))

    def take_away(self, item: Item) -> None:
        self._to(Place("take_away", item))

    def calendar(self, session: Session) -> None:
        """What puts a session into a phone's calendar."""
        self._to(Place("calendar", session))

    def slip(self, *_: Any) -> None:
        """The things put together for one slip."""
        self._to(Place("slip"))

    def privacy(self, *_: Any) -> None:
        """What is kept of anybody, in plain words."""
        self._to(Place("privacy"))

    def door(self, *_: Any) -> None:
        """Where staff come in."""
        self._to(DOOR)

    def back(self, *_: Any) -> None:
        self.page.left()
        self.show(self._visit.step_back() or HOME)

    def finish(self, *_: Any) -> None:
        """The visit is over: nothing of it is left."""
        self.page.left()
        self._visit.wipe()
        for screen in self._manager.screens:
            if not screen.staff_only:
                screen.wipe()
        self._place = Place(self._rests_at())
        self._context.stage.dress()
        self._rest()

    # -- what happens by itself

    def felt(self, pulse: Pulse) -> None:
        """A new pulse: what is shown follows the catalogue without a jump; trouble goes to the calm screen."""
        before, self._context.moment.pulse = self._context.pulse, pulse
        self._shell.arrange()
        resting = self._manager.current in RESTING
        if pulse.trouble and not resting and self._visit.here != DOOR and not self._context.shift.open:
            self.finish()
        elif resting and self._manager.current != self._rests_at():
            self._rest()
        elif pulse.home is not before.home and resting:
            if self.has("home"):
                self.screen("home").changed(same=False)  # so that it is there at a touch
            self.page.changed(same=False)
        elif resting and pulse.opening != before.opening:
            self.page.changed(same=False)
        elif _shown(before) != _shown(pulse):
            self.page.changed(same=before.stamp == pulse.stamp)

    def frame_changed(self) -> None:
        """What stands round the screen has something else to say: the slip's count, the bar's keys."""
        self._shell.arrange()

    def now_waiting(self, waiting: int) -> None:
        """So many records wait to be sent, as of this moment."""
        if waiting != self._context.pulse.waiting:
            self._context.moment.pulse = replace(self._context.pulse, waiting=waiting)
            self._shell.arrange()

    # -- inner

    def _somewhere(self) -> None:
        """Somebody is there: at home, if he was nowhere yet; while there is nothing to visit, where he is."""
        if self._visit.here is not None or self._context.shift.open:
            return
        if self._context.pulse.home is None:
            self._visit.here = self._place
        else:
            self.home()

    def _to(self, place: Place) -> None:
        if place == self._visit.here:
            return
        self.page.left()
        if self._visit.here is None:
            self._visit.went_home(HOME)
        self._visit.went_to(place)
        self.show(place)

    def _rests_at(self) -> str:
        return "set_up" if self._context.pulse.trouble == "set_up" else "attract"

    def _rest(self) -> None:
        self.show(Place(self._rests_at()))

    def show(self, place: Place) -> None:
        """The screen of that place is shown, whoever is there."""
        page = self.screen(place.screen)
        self._place = place
        self._manager.current = place.screen
        page.show(place.what)
        self._shell.arrange()


def _shown(pulse: Pulse) -> tuple[object, ...]:
    """All of a pulse that a screen may show."""
    return pulse.stamp, pulse.home, pulse.trouble, pulse.set_up
