"""Ways through what is longer than the screen, all by buttons: pages of a list, and a long text."""

from __future__ import annotations

from typing import Any

from kivy.animation import Animation
from kivy.graphics import Callback, ScissorPop, ScissorPush
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.scrollview import ScrollView

from kiosk.ui import kv
from kiosk.ui.look.mirror import Box
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from sync.words import _

kv.load(__file__)


class Pages(Box):
    """Turns pages: calls `turn` with the page to show, from 0."""

    page = NumericProperty(0)
    pages = NumericProperty(1)
    words = StringProperty()
    turn: Any = ObjectProperty(None, allownone=True)

    def on_page(self, *_args: Any) -> None:
        self.words = _("Page {page} of {pages}").format(page=int(self.page) + 1, pages=int(self.pages))

    def on_pages(self, *_args: Any) -> None:
        self.on_page()

    def to(self, page: float) -> None:
        """Turn to a page that exists."""
        if self.turn and 0 <= page < self.pages:
            self.turn(int(page))


class Pager(Pages):
    """`Back`, `Page 1 of 7`, `More`, under a list."""


class SidePager(Pages):
    """The same beside a list, where height is short; it takes no room while there is but one page."""


class View(ScrollView):
    """Shows a part of its column.

    What sticks out is cut with scissors: Kivy's stencil fills the whole of its place twice to do so in each frame.
    """

    def __init__(self, **options: Any) -> None:
        self._cut = ScissorPush()
        super().__init__(**options)
        self.canvas.before.add(Callback(self._cut_here))
        self.canvas.before.add(self._cut)
        self.canvas.after.add(ScissorPop())

    def update_from_scroll(self, *args: Any) -> None:
        """With every step Kivy binds to the colour of its bar once more, and lets go of one; there is no bar here."""
        super().update_from_scroll(*args)
        self.funbind("bar_color", self._change_bar_color)

    def _cut_here(self, _instruction: Any) -> None:
        """Scissors are told of pixels of the window, and where it stands there is sure as it is drawn."""
        left, low = self.to_window(self.x, self.y)
        right, top = self.to_window(self.right, self.top)
        cut = self._cut
        cut.x, cut.y, cut.width, cut.height = round(left), round(low), round(right - left), round(top - low)


class Reel(Box):
    """A long column, with buttons to go on and back up when it does not fit."""

    long = BooleanProperty(False)
    at_top = BooleanProperty(True)
    at_end = BooleanProperty(False)
    column: Box = ObjectProperty(None)
    gap = NumericProperty(0)
    slide_s = NumericProperty(0)
    further = StringProperty()
    """What the button that goes on says."""
    fade = ColorProperty((1, 1, 1, 0))
    """What stands behind it: where there is more, the column fades into that."""

    def __init__(self, **options: Any) -> None:
        self._kept: float | None = None
        self._felt: Press | None = None
        super().__init__(**options)

    def add_widget(self, widget: Any, *args: Any, **options: Any) -> None:
        """What is added goes into the column."""
        if self.column is None:
            super().add_widget(widget, *args, **options)
        else:
            self.column.add_widget(widget, *args, **options)

    def measure(self, *_args: Any) -> None:
        """Whether there is more, and where."""
        view = self.ids.view
        over = self.column.height - view.height
        self.long = self.column.height - self.height > 8  # without the buttons, which take of the view's height
        self.at_top = not self.long or (1 - view.scroll_y) * over < 8
        self.at_end = not self.long or view.scroll_y * over < 8

    def keep(self, *_args: Any) -> None:
        """Where somebody comes back to, that is shown, also while the column is still being laid out."""
        if self._kept is not None and self.column.height > self.ids.view.height:
            self.ids.view.scroll_y = 1 - self._kept
        self.measure()

    @property
    def read(self) -> float:
        """How far it was gone through, from 0 to 1."""
        return 0.0 if self.at_top else min(1.0, max(0.0, 1 - self.ids.view.scroll_y))

    def back_to(self, read: float) -> None:
        """Show what was shown when it was gone through so far."""
        self.to_top()
        if read:
            self._kept = read
            self.keep()

    def to_top(self) -> None:
        """Show the beginning, at once."""
        self._kept = None
        Animation.cancel_all(self.ids.view, "scroll_y")
        self.ids.view.scroll_y = 1
        self.measure()

    def on_touch_down(self, touch: Any) -> bool:
        """What is touched shows it at once: the view waits for a moment, in case the finger moves it."""
        self._kept = None
        view = self.ids.view
        if view.collide_point(*touch.pos) and not self.disabled:
            self._feel(touch, view.to_local(*touch.pos))
        return bool(super().on_touch_down(touch))

    def on_touch_move(self, touch: Any) -> bool:
        if touch.grab_current is self:
            if abs(touch.y - touch.oy) > self.ids.view.scroll_distance:
                self._let_go()
            return True
        return bool(super().on_touch_move(touch))

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is self:
            touch.ungrab(self)
            self._let_go()
            return True
        return bool(super().on_touch_up(touch))

    def _feel(self, touch: Any, place: tuple[float, float]) -> None:
        """The innermost thing at that place in the column is felt."""
        self._let_go()
        for one in self.column.walk(restrict=True):
            if isinstance(one, Press) and one.takes(place):
                self._felt = one.__self__
        if self._felt:
            touch.grab(self)
            self._felt.felt = True

    def _let_go(self) -> None:
        if self._felt:
            self._felt.felt = False
        self._felt = None

    def step(self, way: int) -> None:
        """Go a good part of a page on (1) or back up (-1)."""
        self._kept = None
        view = self.ids.view
        over = max(1.0, self.column.height - view.height)
        goal = min(1.0, max(0.0, view.scroll_y - way * 0.8 * view.height / over))
        Animation.cancel_all(view, "scroll_y")
        Animation(scroll_y=goal, duration=self.slide_s, t="out_quad").start(view)
