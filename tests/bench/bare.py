"""A bare Kivy window, to measure the screen against: `python -m tests.bench.bare LIST WIDTHxHEIGHT DO`.

A list of the titles in a replica, in stock widgets: what anybody would write first. DO is `start`, `change` or
`scroll`; what was found is printed as JSON, times in milliseconds.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from typing import Any

BEGAN = time.perf_counter()
CARDS = 8
os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONFIG": "1"}

KV = """
<Words@Label>:
    text_size: self.width - 40, None
    font_size: 34
    color: 0, 0, 0, 1
<Row@Button>:
    font_size: 34
    background_color: 1, 1, 1, 1
<Card@Button>:
    title: ''
    BoxLayout:
        orientation: 'vertical'
        pos: root.pos
        size: root.size
        Image:
            source: 'atlas://data/images/defaulttheme/audio-volume-high'
        Words:
            text: root.title
        Words:
            text: 'Guide, Free'
<Page@Screen>:
    BoxLayout:
        orientation: 'vertical'
        Words:
            text: 'Good stuff'
            size_hint_y: None
            height: 120
        GridLayout:
            id: cards
            cols: 2
            spacing: 28
        BoxLayout:
            size_hint_y: None
            height: 152
            spacing: 16
            Button:
                text: 'Home'
            Button:
                text: 'Back'
            Button:
                text: 'Language'
            Button:
                text: 'Bigger'
            Button:
                text: 'Finish'
"""


def main() -> None:
    """Entry point."""
    replica, size, do = sys.argv[1:4]
    width, height = map(int, size.split("x"))
    from kivy.config import Config

    for name, value in (("width", width), ("height", height), ("maxfps", 0), ("multisamples", 0), ("vsync", 0)):
        Config.set("graphics", name, value)
    from kivy.app import App
    from kivy.core.window import Window
    from kivy.factory import Factory
    from kivy.lang import Builder
    from kivy.uix.recycleboxlayout import RecycleBoxLayout
    from kivy.uix.recycleview import RecycleView
    from kivy.uix.screenmanager import NoTransition, Screen, ScreenManager

    Builder.load_string(KV)
    db = sqlite3.connect(f"file:{replica}?mode=ro", uri=True)

    class Bare(App):
        def build(self) -> Any:
            Window.clearcolor = 1, 1, 1, 1
            self.manager = ScreenManager(transition=NoTransition())
            titles = [title for (title,) in db.execute("SELECT title FROM item ORDER BY n")]
            view = RecycleView(viewclass="Row")
            column = RecycleBoxLayout(
                orientation="vertical", default_size=(None, 100), default_size_hint=(1, None), size_hint_y=None
            )
            column.bind(minimum_height=column.setter("height"))
            view.add_widget(column)
            view.layout_manager = column
            view.data = [{"text": title} for title in titles]
            first = Screen(name="list")
            first.add_widget(view)
            self.view = view
            self.manager.add_widget(first)
            self.cards = {}
            for name in ("one", "two"):
                screen = Factory.Page(name=name)
                self.cards[name] = [Factory.Card() for _ in range(CARDS)]
                for card in self.cards[name]:
                    screen.ids.cards.add_widget(card)
                self.manager.add_widget(screen)
            return self.manager

    from tests.bench.frames import Frames

    app = Bare()
    frames = Frames(BEGAN)

    def change(turn: int) -> None:
        app.manager.current = name = ("one", "two")[turn % 2]
        rows = db.execute("SELECT title FROM item ORDER BY n LIMIT ? OFFSET ?", (CARDS, turn * CARDS))
        for card, (title,) in zip(app.cards[name], rows, strict=True):
            card.title = title

    def scroll(turn: int) -> None:
        app.view.scroll_y = 1 - (turn % 400) * 1e-4

    acts = {"start": (None, 0), "change": (change, 40), "scroll": (scroll, 300)}
    frames.run(app, *acts[do], ready=lambda: bool(app.root), told=lambda found: print(json.dumps(found)))


if __name__ == "__main__":
    main()
