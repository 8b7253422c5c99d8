"""The ways in from home, beside search and themes: what is on next, the visitor's own language, and the kinds."""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, ObjectProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from sync.sessions import Session
from sync.words import _

kv.load(__file__)


class WayPress(Press):
    """A drawing and a name."""

    text = StringProperty()
    icon = StringProperty()


class LanguageWay(Press):
    """All there is in the language that was chosen, with how much that is."""

    text = StringProperty()
    count = StringProperty()


class NextSession(Press):
    """What is on now or next: when, and what; opens it."""

    time = StringProperty()
    day = StringProperty()
    title = StringProperty()
    summary = StringProperty()
    strong = ColorProperty()
    context: Context = ObjectProperty(None)

    def __init__(self, **options: Any) -> None:
        self._item_id = ""
        super().__init__(**options)

    def fill_in(self, session: Session | None, day: str = "") -> None:
        """Show this session; None empties the place."""
        self.shown(session is not None)
        if session is None:
            self._item_id = self.time = self.day = self.title = self.summary = ""
            return
        event = session.event
        words = event.in_language(self.context.language)
        self._item_id, self.title, self.day = event.id, words.title, day
        self.time = f"{session.starts:%H:%M}"
        self.summary = _("Until {time}. {summary}").format(time=f"{session.ends:%H:%M}", summary=words.summary)
        self.strong = self.context.look(event.themes).chip

    def on_release(self) -> None:
        if self._item_id:
            self.context.go.item(self._item_id)
