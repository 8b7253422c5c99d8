"""Widgets that break a rule of the contact sheet, each beside one that does not, in a real window.

`python -m tests.ui.samples DATA OUT` draws one after the other and writes what the rules say of each to OUT, as JSON:
the name of the sample with the rules that are broken.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kiosk.ui import launch

SIZE: Final = (1080, 800)
_SENTENCE: Final = "This is a sentence that somebody reads."

SAMPLES: Final = {
    "button": "Tap:\n    text: 'Go on'\n    size_hint_x: None\n    width: t.mm(80)",
    "small button": "Press:\n    size_hint: None, None\n    size: t.mm(10), t.mm(30)",
    "button outside": "Tap:\n    text: 'Go on'\n    size_hint: None, None\n    width: t.mm(80)\n    pos: -t.mm(5), 0",
    "words in a button": "Press:\n    size_hint: None, None\n    size: t.mm(90), t.mm(20)\n"
    "    Phrase:\n        text: 'A short one'",
    "words out of a button": "Press:\n    size_hint: None, None\n    size: t.mm(20), t.mm(20)\n"
    "    Phrase:\n        text: 'Rather a long one'",
    "buttons apart": "Two:\n    spacing: t.mm(3.1)",
    "buttons too close": "Two:\n    spacing: t.mm(1)",
    "words apart": "Over:\n    Phrase:\n        text: 'One'\n        pos: 50, 50\n"
    "    Phrase:\n        text: 'Other'\n        pos: 50, 200",
    "words over each other": "Over:\n    Phrase:\n        text: 'One'\n        pos: 50, 50\n"
    "    Phrase:\n        text: 'Other'\n        pos: 60, 60",
    "whole word": "Words:\n    text: 'Surgeries today'\n    size_hint_x: None\n    width: t.mm(80)",
    "broken word": "Words:\n    text: 'Surgeries today'\n    size_hint_x: None\n    width: t.mm(20)",
    "words with room": "Words:\n    text: 'Take it away'\n    max_lines: 1",
    "words cut short": "Words:\n    text: 'Take it away'\n    max_lines: 1\n    size_hint_x: None\n    width: t.mm(25)",
    "title cut short": "Words:\n    text: 'Soup for a cold day'\n    max_lines: 1\n"
    "    size_hint_x: None\n    width: t.mm(25)",
    "small words": "Words:\n    text: 'Small'\n    font_size: t.mm(4.5)",
    "missing letter": "Words:\n    text: 'Fish \U0001f41f'",
    "faint on the page": "Words:\n    text: 'Pale'\n    color: .7, .7, .7, 1",
    "white on brand": "Panel:\n    fill: t.c.brand\n    Words:\n        text: 'White'\n        color: t.c.white",
    "ink on brand": "Panel:\n    fill: t.c.brand\n    Words:\n        text: 'Ink'\n        color: t.c.ink",
    "quiet name": "Words:\n    text: 'A name'\n    color: t.c.quiet",
    "pale sentence": f"Words:\n    text: '{_SENTENCE}'\n    color: .35, .35, .35, 1",
    "half there": "Words:\n    text: 'Half'\n    opacity: .3",
    "not there": "Words:\n    text: 'Half'\n    opacity: 0",
    "under a sheet": "Over:\n    Words:\n        text: 'Pale'\n        color: .7, .7, .7, 1\n    Sheet:",
    "small print": f"Words:\n    text: '{_SENTENCE}'\n    color: .35, .35, .35, 1\n    font_size: t.small",
    "in a list": "Reel:\n    further: 'More'\n    Words:\n        text: 'Line'\n        height: t.mm(500)\n",
    "on a screen": "Screen:\n    pos: 0, 100\n    Words:\n        text: 'Here'\n        pos: 0, -60",
    "off a screen": "Screen:\n    pos: 0, 100\n    Words:\n        text: 'Gone'\n        pos: 0, -130",
    "ink on a screen's colour": "Dark:\n    Words:\n        text: 'Ink'",
}
WRONG: Final = {
    "small button": ["too small"],
    "button outside": ["outside"],
    "words out of a button": ["out of its button"],
    "buttons too close": ["too close"],
    "words over each other": ["over each other"],
    "broken word": ["broken word"],
    "words cut short": ["cut short"],
    "small words": ["small text"],
    "missing letter": ["missing letter"],
    "faint on the page": ["faint"],
    "ink on brand": ["faint"],
    "pale sentence": ["faint"],
    "half there": ["faint"],
    "off a screen": ["outside"],
    "ink on a screen's colour": ["faint"],
}
"""What is to be found; in the others nothing is."""
_CLASSES: Final = """
<Over@FloatLayout>:

<Dark@Screen>:
    canvas.before:
        Color:
            rgba: t.c.solid
        Rectangle:
            size: self.size

<Two@Box>:
    Tap:
        text: 'One'
        height: t.mm(21)
    Tap:
        text: 'Other'
        height: t.mm(21)
"""


def main() -> None:
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    launch.prepare(data, window=SIZE)
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.lang import Builder
    from kivy.uix.floatlayout import FloatLayout

    from kiosk.ui import kv
    from kiosk.ui.contact_sheet import checks, interface, shown
    from kiosk.ui.look.theme import Theme

    theme = Theme(*SIZE, panel_mm=200.0)
    kv.use(theme)
    from kiosk.ui.widgets import basics, paging, sheet  # noqa: F401 (their classes are used here)

    found: dict[str, list[str]] = {}
    root = FloatLayout()

    def draw() -> Iterator[None]:
        Builder.load_string(_CLASSES)
        Window.clearcolor = theme.c.paper
        for name, kv_text in SAMPLES.items():
            root.clear_widgets()
            root.add_widget(Builder.load_string(kv_text))
            for _frame in range(4):
                yield
            drawn = shown.look(root, theme, Window.size, interface=interface.own_words("en"))
            found[name] = sorted({fault.rule for fault in checks.faults(drawn)})

    class Samples(App):
        def build(self) -> Any:
            steps = draw()
            Clock.schedule_interval(lambda _dt: self._next(steps), 0)
            return root

        def _next(self, steps: Iterator[None]) -> None:
            if next(steps, self) is self:
                self.stop()

    Samples().run()
    out.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
