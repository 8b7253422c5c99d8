"""What is drawn on: the screens in the unit's own look, and beside them those in the look a visitor chose.

A look is a theme and a language; a widget has the one it was built in. The unit's own screens stay, so that Finish is
at once at the start and what staff began is kept; a visitor's are built as they are wanted and gone with the visit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui import kv
from kiosk.ui.access.access import Access
from kiosk.ui.context import Context
from kiosk.ui.look.theme import COLOURS, TEXT_SCALES, Theme
from kiosk.ui.screens import FOR_VISITORS
from sync import words

_PREPARE_S: Final = 0.3
_LOWER: Final = 0.6
"""Share of an upright screen that is in reach."""


@dataclass(frozen=True)
class Style:
    """All that makes two builds of a screen differ."""

    size: tuple[int, int]
    language: str
    text_size: str
    theme: str
    still: bool
    lower: bool


class Stage:
    """Puts the right screens into the window.

    Args:
        frame: the window's root; what lies over every screen is put there too.
    """

    def __init__(self, context: Context, frame: FloatLayout) -> None:
        self._context, self._frame = context, frame
        self._shells: dict[Style, Any] = {}
        self._own: Style | None = None
        self._now: Style | None = None
        self.worn: Callable[[], Any] = lambda: None
        """Is called when there are other screens: what was put into words before may be in another language."""
        self.prepared = False
        """Whether the screens that a visit begins with are built."""
        self._clock = Clock.schedule_interval(self._prepare, _PREPARE_S)

    @property
    def lowers(self) -> bool:
        """Whether the window is one whose controls can be brought lower."""
        width, height = _window()
        return height * _LOWER > width

    def dress(self) -> None:
        """The screens are those of the window there is and of what the visit chose; where one is, stays."""
        own, wanted = (
            self._style(self._context.visit.start, ""),
            self._style(self._context.visit.access, self._context.visit.language),
        )
        if wanted == self._now or min(wanted.size) < 1:
            return
        if own != self._own:
            self._shells.clear()
            self._own = own
        for style in [style for style in self._shells if style not in (own, wanted)]:
            del self._shells[style]
        go = self._context.go
        begun = go.begun()
        go.leave_screens()  # while words are those of the language it was in
        self._now = wanted
        self._wear(self._shells.get(wanted) or self._build(wanted), begun)

    def end(self) -> None:
        """Prepare nothing more."""
        self._clock.cancel()

    # -- inner

    def _style(self, access: Access, language: str) -> Style:
        language = language or self._context.services.settings.language
        lower = access.lower and self.lowers
        return Style(_window(), language, access.text_size, access.theme, access.still, lower)

    def _build(self, style: Style) -> Any:
        from kiosk.ui.widgets.frame import Shell

        words.use(style.language)
        width, height = style.size
        theme = Theme(
            width,
            round(height * _LOWER) if style.lower else height,
            panel_mm=self._context.services.settings.panel_mm,
            text_scale=TEXT_SCALES[style.text_size],
            rtl=words.right_to_left(),
            still=style.still,
            c=COLOURS[style.theme],
        )
        kv.use(theme)
        shell = self._shells[style] = Shell(self._context.in_look(theme), lower=style.lower)
        return shell

    def _wear(self, shell: Any, begun: dict[str, dict[str, Any]]) -> None:
        go, theme = self._context.go, shell.context.theme
        words.use(self._now.language if self._now else words.ENGLISH)
        kv.use(theme)
        Window.clearcolor = theme.c.paper
        for child in list(self._frame.children):
            if type(child) is type(shell):
                self._frame.remove_widget(child)
        self._frame.add_widget(shell, index=len(self._frame.children))
        go.move_to(shell, begun)
        self.worn()

    def _prepare(self, _dt: float) -> None:
        """While nobody is there the screens that a visit begins with are built, one at a time."""
        if self._now != self._own or self._context.visit.here is not None or self._context.shift.open:
            return
        go = self._context.go
        name = next((name for name in FOR_VISITORS if not go.has(name)), None)
        if name is None:
            self.prepared = True
            self._clock.cancel()
        else:
            go.screen(name)


def _window() -> tuple[int, int]:
    return int(Window.width), int(Window.height)
