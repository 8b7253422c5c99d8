"""A text in the little Markdown there is, drawn: headings, paragraphs, lists."""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, StringProperty

from kiosk.lettering.scripts import right_to_left
from kiosk.ui import kv
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.text import Words
from kiosk.ui.widgets import markdown

kv.load(__file__)


class Heading(Words):
    """A heading in a body."""


class Listed(Box):
    """A bullet or step in a body; its mark stands at the right where the words do."""

    mark = StringProperty()
    text = StringProperty()
    language = StringProperty()
    strong = ColorProperty()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if right_to_left(self.text) and not self.mirrored:
            mark = self.ids.mark.__self__
            mark.align = "left"
            self.remove_widget(mark)
            self.add_widget(mark)


class Body(Box):
    """The text, as high as it needs to be."""

    def fill_in(self, text: str, strong: Any, language: str = "") -> None:
        """Show this text, its marks in that colour; its language where that is not the screen's."""
        self.clear_widgets()
        for block in markdown.blocks(text):
            if block.kind == "heading":
                self.add_widget(Heading(text=block.text, language=language))
            elif block.kind == "text":
                self.add_widget(Words(text=block.text, language=language, line_height=1.15))
            else:
                mark = f"{block.number}." if block.number else "•"
                self.add_widget(Listed(mark=mark, text=block.text, language=language, strong=strong))
