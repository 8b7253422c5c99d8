"""The languages that the screen can be in, each by its own name."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ColorProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import languages
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.fitted import keep_alike
from kiosk.ui.widgets.sheet import Sheet

kv.load(__file__)


class LanguageKey(Press):
    """One language; chosen or not."""

    text = StringProperty()
    chosen = BooleanProperty(False)
    ink = ColorProperty()

    def __init__(self, context: Context, code: str, **options: str) -> None:
        self.code, self._given = code, context
        super().__init__(**options)

    def on_release(self) -> None:
        """The whole screen is in this language, and the panel is gone."""
        own = self._given.services.settings.language
        self._given.go.close()
        self._given.go.language("" if self.code == own else self.code)


class LanguagePanel(Sheet):
    """One touch chooses."""

    name = "language"

    def __init__(self, context: Context) -> None:
        self._given = context
        super().__init__()
        self._choices = [LanguageKey(context, code, text=languages.name(code)) for code in languages.of_the_screen()]
        for key in self._choices:
            self.ids.choices.add_widget(key)
        keep_alike([key.ids.words for key in self._choices])
        self.ids.close.act = context.go.close

    def refresh(self) -> None:
        """The one in use is marked."""
        chosen = self._given.language
        for key in self._choices:
            key.chosen = key.code == chosen
