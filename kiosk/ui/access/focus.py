"""Using the screen by keys alone: which thing has the focus, the ring round it, and what each key does.

A keypad for people who do not see, or do not reach, the screen sends Tab, Shift and Tab, the arrows, Enter and Escape.
Everything that can be touched can be reached with them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui.access import seen
from kiosk.ui.access.boxes import Box
from kiosk.ui.context import Context
from kiosk.ui.idle import StillThere
from kiosk.ui.look.theme import Theme
from kiosk.ui.visit import Place
from kiosk.ui.widgets.ring import Ring

TAB, ENTER, SPACE, ESCAPE = 9, (13, 271), 32, 27
WAYS: Final = {273: (0, 1), 274: (0, -1), 275: (1, 0), 276: (-1, 0)}
"""The arrows: up, down, right, left."""
KEYPAD: Final = (TAB, *ENTER, *WAYS)
"""The keys that a keypad begins with."""
_WAYS_OUT: Final = ("decline", "close", "leave", "done")
"""What a sheet calls the way out of it, where it has one."""
_LOOK_EVERY_S: Final = 0.1
_FOLLOW_EVERY_S: Final = 1 / 30
_SETTLING_S: Final = 0.8
"""So long what a new screen shows may still be coming."""
_COMING_BACK_S: Final = 2.0
"""So long the thing that led away from a screen is waited for on the way back."""
_FILLED_ANEW_S: Final = 0.5
"""So long a thing that went away is waited for, as lists are emptied and filled."""
_HELD_S: Final = 1.0
"""A key that says it was pressed again within this time, without having been let go, is held down."""
_MOST_SPOTS: Final = 40


@dataclass(frozen=True)
class Spot:
    """Where the focus was: what it was called, the how manieth it was, and its place in the window."""

    words: str
    number: int
    box: Box


class Focus:
    """Decides what every key does.

    Args:
        frame: everything on the screen; the ring is laid over it.
        before_back: asked first when Escape is pressed; returns whether that was all it was for.
    """

    def __init__(
        self,
        frame: FloatLayout,
        context: Context,
        before_back: Callable[[], bool] = lambda: False,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.before_back = before_back
        self.active = False
        """Whether somebody uses keys; a touch ends that."""
        self.widget: Any = None
        """What has the focus."""
        self._frame, self._context, self._now = frame, context, now
        theme = context.theme
        self._ring = Ring(edge=max(2, theme.u(3)), bright=max(4, theme.u(7)))
        self._layer: Any = frame
        self._place = self._where()
        self._way_back = 0
        self._spots: list[tuple[object, Spot]] = []
        self._beneath: list[tuple[Any, Spot]] = []
        self._spot: Spot | None = None
        self._wanted: Spot | None = None
        self._wanted_until = float("-inf")
        self._arrived_at = float("-inf")
        self._pressed_at = float("-inf")
        self._clocks = [
            Clock.schedule_interval(self.look, _LOOK_EVERY_S),
            Clock.schedule_interval(self._follow, _FOLLOW_EVERY_S),
        ]
        Window.bind(on_keyboard=self._key, on_key_up=self._let_go, on_touch_down=self._touched)

    def end(self) -> None:
        """Watch no more."""
        for clock in self._clocks:
            clock.cancel()
        Window.unbind(on_keyboard=self._key, on_key_up=self._let_go, on_touch_down=self._touched)
        self._frame.remove_widget(self._ring)
        self.widget, self._spots, self._beneath = None, [], []

    @property
    def rtl(self) -> bool:
        """Whether rows are read from the right."""
        return self._theme.rtl

    @property
    def place(self) -> tuple[str, Place | None]:
        """Which screen is shown, and what it is about."""
        return self._where()

    @property
    def _theme(self) -> Theme:
        """The look of the screen that is shown."""
        theme: Theme = self._context.go.page.context.theme
        return theme

    @property
    def layer(self) -> Any:
        """What is on top now."""
        return seen.layer(self._frame)

    @property
    def settling(self) -> bool:
        """Whether the focus may still move by itself, as what a new screen shows is still coming."""
        return self._where() != self._place or self._now() - self._arrived_at < _SETTLING_S

    def order(self) -> list[Any]:
        """Everything that Tab goes to, in that order."""
        return seen.to_touch(self.layer, self.rtl)

    # -- keys

    def _key(self, _window: Any, key: int, _scan: Any = None, _code: Any = None, held: Any = (), **_more: Any) -> bool:
        """Every key ends here, so that none does anything else."""
        self.look()
        if {"alt", "ctrl", "meta"} & set(held or ()):
            return True
        if key == TAB:
            self.step(-1 if "shift" in (held or ()) else 1)
        elif key in WAYS:
            self.go(WAYS[key])
        elif key == ESCAPE:
            self.back()
        elif key in ENTER or (key == SPACE and not self._takes_text()):
            again = self._now() - self._pressed_at < _HELD_S
            self._pressed_at = self._now()
            if not again:
                self.press()
        return True

    def _let_go(self, _window: Any, key: int, *_more: Any) -> None:
        if key in (*ENTER, SPACE):
            self._pressed_at = float("-inf")

    def _touched(self, *_: Any) -> None:
        """Somebody uses a finger: no ring."""
        self.active, self.widget, self._spot, self._wanted = False, None, None, None
        self._ring.shown = False

    def step(self, by: int) -> None:
        """To the next (1) or the one before (-1); the first key only shows where the focus is."""
        if not self._awake():
            return
        order = self.order()
        if order:
            at = order.index(self.widget) + by if self.widget in order else 0
            self._take(order[at % len(order)])

    def go(self, way: tuple[int, int]) -> None:
        """To the nearest in that direction, if there is one; a list is gone through to its end first."""
        if not self._awake():
            return
        here, mine = seen.box_of(self.widget), seen.scroller(self.widget)
        others = [other for other in self.order() if other is not self.widget]
        beside = [other for other in others if mine is not None and seen.scroller(other) is mine]
        found = seen.nearest(here, beside, way)
        if found is None:
            found = seen.nearest(here, (other for other in others if self._in_view(other)), way)
        if found is not None:
            self._take(found)

    def press(self) -> None:
        """What a touch on the thing in focus would do."""
        if self.widget is None and (entered := getattr(self._context.go.page, "entered", None)) and entered():
            return
        if self._awake() and not self.widget.disabled and self.widget.state == "normal":
            self.widget.trigger_action()

    def back(self) -> None:
        """Out of what lies on top, or to the screen before."""
        if self.before_back():
            return
        top, page, go = self.layer, self._context.go.page, self._context.go
        if isinstance(top, StillThere):
            top.stay()
        elif top is not self._frame:
            if out := next((out for name in _WAYS_OUT if (out := getattr(top, name, None))), None):
                out()
            elif self._context.visit.panels:
                go.close()
        elif page.staff_only:
            if back := next((key.act for key in page.bar_keys() if key.icon == "arrow-left"), None):
                back()
        elif self._context.visit.history:
            go.back()

    def _takes_text(self) -> bool:
        return bool(getattr(self._context.go.page, "takes_text", False))

    def _awake(self) -> bool:
        """Whether there is a thing in focus already; if not, the first of what is new gets it, and that is all."""
        self.active, before = True, self.widget
        self.look()
        if self.widget is None:
            self._settle(at_once=True)
        self._arrived_at, self._wanted = float("-inf"), None
        return before is not None and before is self.widget

    # -- what has the focus

    def look(self, *_: Any) -> None:
        """Follow what happened on the screen since."""
        place = self._where()
        if place != self._place:
            self._moved(place)
        if not self.active:
            return
        top = self.layer
        if top is not self._layer:
            self._changed_layer(top)
        if self.widget is not None and not seen.inside(self.widget, top):
            self._want(self._spot, _FILLED_ANEW_S)
        if self._wanted or self.widget is None or self.settling:
            self._settle()
        elif not self._in_view(self.widget):
            self._bring(self.widget)
        elif self._spot is None or seen.box_of(self.widget) != self._spot.box:
            self._spot = self._spot_of(self.widget)

    def _where(self) -> tuple[str, Place | None]:
        """The place that is shown; nothing of Kivy's is kept in it."""
        context = self._context
        trail = context.shift if context.shift.open else context.visit
        return context.go.page.name, trail.here

    def _moved(self, place: tuple[str, Place | None]) -> None:
        """Another screen: its first thing, or on the way back the thing that led away from it."""
        if self._spot and self._place[1] is not None:
            self._spots = [*self._spots, (self._place, self._spot)][-_MOST_SPOTS:]
        trail = self._context.shift if self._context.shift.open else self._context.visit
        back, self._way_back = len(trail.history) < self._way_back, len(trail.history)
        known = next((spot for where, spot in reversed(self._spots) if where == place), None)
        if place[1] is None:
            self._spots = []  # the visit is over
        self._place, self._beneath = place, []
        self._want(known if back else None, _COMING_BACK_S)
        self._arrived_at = self._now()

    def _changed_layer(self, top: Any) -> None:
        """Something came to lie over the screen, or went again, or is there in another look."""
        if type(top) is type(self._layer) and not seen.inside(self._layer, self._frame):
            self._layer = top
            self._want(self._spot, _FILLED_ANEW_S)
            return
        at = next((at for at, (below, _spot) in enumerate(self._beneath) if below is top), None)
        known = None
        if at is not None:
            known, self._beneath = self._beneath[at][1], self._beneath[:at]
        elif self._spot and self.widget is not None:
            self._beneath.append((self._layer, self._spot))
        if self.widget is not None or known:
            self._want(known, _FILLED_ANEW_S)
            self._arrived_at = self._now()
        self._layer = top

    def _want(self, spot: Spot | None, seconds: float) -> None:
        """Nothing has the focus until what stood there is back; for so long that is waited for."""
        self._wanted, self._wanted_until = spot, self._now() + seconds
        self.widget = self._spot = None

    def _settle(self, *, at_once: bool = False) -> None:
        """Be on what is wanted; on the first thing there is where nothing is, or it does not come."""
        wanted, late = self._wanted, at_once or self._now() > self._wanted_until
        if wanted is None:
            self._take(self._first())
            return
        order = self.order()
        found = self._called(wanted, order)
        if found is None:
            found = next((one for one in order if seen.box_of(one) == wanted.box), None)
        if found is None and late:
            found = self._close_to(wanted, self._own())
        if found is not None or late:
            self._take(found)
            self._wanted, self._arrived_at = None, float("-inf")

    def _own(self) -> list[Any]:
        """The screen's own things in order; those that stand round it when it has none."""
        order, page = self.order(), self._context.go.page
        own = [widget for widget in order if seen.inside(widget, page)] if self.layer is self._frame else order
        return own or order

    def _first(self) -> Any:
        own, wished = self._own(), self._context.go.page.begin_with
        return wished if wished in own else next(iter(own), None)

    def _called(self, spot: Spot, order: list[Any]) -> Any:
        """Of those that are called so, the one whose place in the order is the nearest."""
        same = [(abs(at - spot.number), at) for at, one in enumerate(order) if self._words(one) == spot.words]
        return order[min(same)[1]] if same else None

    def _close_to(self, spot: Spot, order: list[Any]) -> Any:
        x, y = spot.box.middle

        def far(widget: Any) -> float:
            there = seen.box_of(widget).middle
            return (there[0] - x) ** 2 + (there[1] - y) ** 2

        return min(order, key=far, default=None)

    def _words(self, widget: Any) -> str:
        return seen.spoken(widget, self.rtl)

    def _spot_of(self, widget: Any) -> Spot:
        order = self.order()
        number = order.index(widget) if widget in order else 0
        return Spot(self._words(widget), number, seen.box_of(widget))

    def _take(self, widget: Any) -> None:
        """This has the focus, and can be seen."""
        if widget is self.widget:
            return
        self.widget = widget
        self._spot = self._spot_of(widget) if widget is not None else None
        if widget is not None and not self._in_view(widget):
            self._bring(widget)
        self._follow()

    def _bring(self, widget: Any) -> None:
        """Scroll it into view."""
        seen.scroller(widget).scroll_to(widget, padding=self._ring.thick + 4, animate=False)

    def _in_view(self, widget: Any) -> bool:
        view = seen.scroller(widget)
        if view is None:
            return True
        box, window = seen.box_of(widget), seen.box_of(view)
        if box.top - box.y >= window.top - window.y:
            return box.y < window.top and box.top > window.y
        return box.y >= window.y - 1 and box.top <= window.top + 1

    # -- the ring

    def _follow(self, *_: Any) -> None:
        """The ring stands round the thing in focus, wherever that is now."""
        ring = self._ring
        ring.shown = self.active and self.widget is not None and seen.inside(self.widget, self._frame)
        if not ring.shown:
            return
        self._lay()
        colours = self._theme.c
        radius = float(getattr(self.widget, "corner", 0))
        ring.round(seen.box_of(self.widget), radius, colours.focus_edge, colours.focus)

    def _lay(self) -> None:
        """The ring lies over everything but what hides it all."""
        children = self._frame.children
        over = sum(bool(getattr(child, "hides_all", False)) for child in children)
        if self._ring.parent is None or children.index(self._ring) != over:
            self._frame.remove_widget(self._ring)
            self._frame.add_widget(self._ring, index=over)
