"""The app: builds every screen once for the window there is, and starts the clocks."""

from __future__ import annotations

from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.floatlayout import FloatLayout

from kiosk.devices import bell
from kiosk.services.services import Services
from kiosk.ui import kv, text
from kiosk.ui.background import Background, Desk
from kiosk.ui.context import Context
from kiosk.ui.pictures import Pictures
from kiosk.ui.theme import COLOURS, TEXT_SCALES, Theme


class TouchpointApp(App):
    """The kiosk's screen.

    Args:
        services: all that a visitor can do.
    """

    title = "Touchpoint"

    def __init__(self, services: Services, **options: Any) -> None:
        super().__init__(**options)
        self._services = services
        self._background = Background()
        self._frame = FloatLayout()
        self._size: tuple[int, int] = (0, 0)
        self.context: Context | None = None

    def build(self) -> FloatLayout:
        """Everything is built for the window's size, and anew should that change."""
        Window.clearcolor = COLOURS[self._services.settings.theme].paper
        self._build()
        again = Clock.create_trigger(self._build, 0.2)
        Window.bind(size=lambda *_args: again())
        return self._frame

    def open_settings(self, *_: Any) -> bool:
        """Kivy's own settings are not for visitors."""
        return False

    def on_stop(self) -> None:
        """The clocks stop and the workers end."""
        self._stop_clocks()
        self._background.end()

    # -- inner

    def _build(self, *_: Any) -> None:
        size = (int(Window.width), int(Window.height))
        if size == self._size or min(size) < 1:
            return
        self._size = size
        self._stop_clocks()
        settings = self._services.settings
        scale, colours = TEXT_SCALES[settings.text_size], COLOURS[settings.theme]
        theme = Theme(*size, panel_mm=settings.panel_mm, text_scale=scale, c=colours)
        kv.use(theme)
        kv.load(text.__file__)
        self._put_together(Context(self._services, self._background, Pictures(self._background), theme))

    def _put_together(self, context: Context) -> None:
        from kiosk.ui.beat import Beat
        from kiosk.ui.idle import Idle, Patience
        from kiosk.ui.navigator import Navigator
        from kiosk.ui.pulse import Watch
        from kiosk.ui.screens import build
        from kiosk.ui.screens.staff.page import StaffPage
        from kiosk.ui.staffroom import Staffroom
        from kiosk.ui.widgets.frame import Shell

        self.context = context
        shell = Shell(context)
        screens = build(context)
        for screen in screens:
            shell.manager.add_widget(screen)
        context.go = Navigator(context, shell)
        pages = [screen for screen in screens if isinstance(screen, StaffPage)]
        context.staffroom = self._staffroom = Staffroom(context, context.go, pages)
        shell.begin()
        self._frame.clear_widgets()
        self._frame.add_widget(shell)
        context.go.finish()
        settings = self._services.settings
        self._watch = Watch(self._services, Desk(self._background), context.go.felt)
        self._beat = Beat(lambda: self._services.wake_agent(bell.DRAWN))
        self._idle = Idle(
            self._frame,
            [
                Patience(lambda: context.shift.open, context.staffroom.lock, settings.staff_idle_s),
                Patience(lambda: context.visit.here is not None, context.go.finish, settings.idle_s, settings.warn_s),
            ],
        )
        from kiosk.ui.focus import Focus

        self._focus = Focus(self._frame, context)

    def _stop_clocks(self) -> None:
        for clock in (getattr(self, name, None) for name in ("_watch", "_beat", "_idle", "_staffroom", "_focus")):
            if clock:
                clock.end()
