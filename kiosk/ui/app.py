"""The app: puts what is drawn, what moves and what watches together, and ends them."""

from __future__ import annotations

from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.floatlayout import FloatLayout

from kiosk.devices import bell
from kiosk.devices.speech import Speaker
from kiosk.services.services import Services
from kiosk.ui import kv
from kiosk.ui.access.access import Access
from kiosk.ui.background import Background, Desk
from kiosk.ui.context import Context
from kiosk.ui.look import texels
from kiosk.ui.look.pictures import Pictures
from kiosk.ui.look.theme import Theme
from kiosk.ui.visit import Visit


class TouchpointApp(App):
    """The kiosk's screen.

    Args:
        services: all that a visitor can do.
    """

    title = "Touchpoint"
    offers_speech = False
    """Whether speech is offered even where nobody would hear it."""

    def __init__(self, services: Services, **options: Any) -> None:
        super().__init__(**options)
        self._services = services
        self._background = Background()
        self._frame = FloatLayout()
        self._ends: list[Any] = []
        self.context: Context | None = None

    def build(self) -> FloatLayout:
        """What is drawn on, what moves and what watches; the screens come with the stage."""
        from kiosk.devices.speech import open_speaker
        from kiosk.ui.beat import Beat
        from kiosk.ui.idle import Idle, Patience
        from kiosk.ui.navigator import Navigator
        from kiosk.ui.pulse import Watch
        from kiosk.ui.staff.staffroom import Staffroom
        from kiosk.ui.stage import Stage
        from kiosk.ui.tidy import Tidy

        settings = self._services.settings
        theme = Theme(int(Window.width), int(Window.height), panel_mm=settings.panel_mm)
        kv.use(theme)
        texels.plain()
        start = Access(text_size=settings.text_size, theme=settings.theme, still=settings.motion == "off")
        visit = Visit(start=start, access=start)
        context = Context(self._services, self._background, Pictures(self._background), theme, visit)
        context.go = go = Navigator(context)
        context.stage = stage = Stage(context, self._frame)
        context.staffroom = room = Staffroom(context, go)
        stage.dress()
        self.context = context
        watch = Watch(self._services, Desk(self._background), go.felt)
        stage.worn = watch.look
        beat = Beat(lambda: self._services.wake_agent(bell.DRAWN))
        speaker = open_speaker(settings.speech)
        staff = Patience(lambda: context.shift.open, room.lock, settings.staff_idle_s)
        visitor = Patience(
            lambda: visit.here is not None,
            go.finish,
            settings.idle_s,
            settings.warn_s,
            slower=lambda: 2.0 if visit.access.patient else 1.0,
            listening=lambda: speaker.speaking,
        )
        idle = Idle(self._frame, [staff, visitor])
        tidy = Tidy(lambda: visit.here is None and not context.shift.open, lambda: stage.prepared)
        self._ends = [stage, room, watch, beat, idle, tidy, *self._without_eyes(context, speaker)]
        again = Clock.create_trigger(lambda _dt: stage.dress(), 0.2)
        Window.bind(size=lambda *_args: again())
        return self._frame

    def open_settings(self, *_: Any) -> bool:
        """Kivy's own settings are not for visitors."""
        return False

    def on_stop(self) -> None:
        """The clocks stop and the workers end."""
        for part in self._ends:
            part.end()
        self._background.end()

    def _without_eyes(self, context: Context, speaker: Speaker) -> list[Any]:
        """What makes the screen work by keys and by ear."""
        from kiosk.ui.access.focus import Focus
        from kiosk.ui.access.narrator import Narrator

        self.focus = Focus(self._frame, context)
        self.narrator = Narrator(self._frame, context, self.focus, speaker)
        if speaker.audible or self.offers_speech:
            context.go.say_again = self.narrator.repeat
        return [self.focus, self.narrator]
