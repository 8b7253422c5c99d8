"""What is kept of anybody and what is not, in every language there is."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import (  # noqa: F401 (their classes are used in the .kv file)
    body,
    fitted,
    language_chips,
    paging,
)
from sync import notices
from sync.notices import Notice
from sync.words import _

kv.load(__file__)


class Privacy(Page):
    """In the visitor's language first; another is a touch away."""

    title = StringProperty()
    language = StringProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.ids.languages.offer(notices.languages(), self.read_in)

    def show(self, what: Any) -> None:
        self.read_in(self.language or self.context.language)

    def wipe(self) -> None:
        self.title = self.language = ""
        self.ids.text.clear_widgets()
        self.ids.reel.to_top()

    def sorry(self, error: Exception) -> None:
        self.title = _("This cannot be opened just now. Please ask at the desk.")

    def read_in(self, language: str) -> None:
        """The page in this language, from its beginning."""
        privacy = self.context.services.privacy
        self.ask("page", lambda: privacy.page(language), self._draw)

    def _draw(self, notice: Notice) -> None:
        self.language, self.title = notice.language, notice.title
        self.ids.text.fill_in(notice.text, self.context.theme.c.brand_ink)
        self.ids.reel.to_top()
