"""The page of the contact sheet: one file that needs nothing but the pictures beside it, and no script."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from kiosk.ui.contact_sheet.shots import Shot

_STYLE: Final = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 24px; color: #1b2830; background: #fbf8f3; }
nav a { display: inline-block; margin: 2px 12px 2px 0; }
h2 { margin: 40px 0 8px; border-top: 2px solid #e8e1d6; padding-top: 16px; }
h3 { margin: 20px 0 8px; }
.shots { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
figure { margin: 0; max-width: 300px; }
figure img { display: block; border: 1px solid #b9b1a4; }
figure.wrong img { outline: 4px solid #b4232a; }
figcaption { font-size: 13px; }
figcaption ul { margin: 4px 0; padding-left: 18px; color: #8c1a20; overflow-wrap: anywhere; }
table { border-collapse: collapse; }
td { padding: 2px 16px 2px 0; vertical-align: top; overflow-wrap: anywhere; }
"""
_KINDS: Final = ("panel", "theme", "text", "language")


def made(shots: Sequence[Shot]) -> str:
    """The page. Thumbnails are in it; the pictures they lead to stand beside it."""
    filters = list(_filters(shots))
    style = _STYLE + "".join(_rule(name) for name in filters)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    faults = sum(len(shot.faults) for shot in shots)
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; ',
            f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Touchpoint: every screen</title><style>{style}</style></head><body>",
            *(f'<span id="{name}"></span>' for name in filters),
            f"<header><h1>Every screen of Touchpoint</h1><p>{len(shots):,} pictures, {faults:,} faults.</p>",
            _navigation(shots, filters),
            _summary(shots),
            "</header><main>",
            *_sections(shots),
            "</main></body></html>\n",
        )
    )


# -- inner


def _filters(shots: Sequence[Shot]) -> Iterator[str]:
    """What can be looked at alone: the names of classes that figures have."""
    yield "wrong"
    for kind in _KINDS:
        yield from dict.fromkeys(f"{kind}-{getattr(shot, kind)}" for shot in shots)


def _rule(name: str) -> str:
    return f"#{name}:target ~ main figure:not(.{name}) {{ display: none; }}\n"


def _navigation(shots: Sequence[Shot], filters: Iterable[str]) -> str:
    shown = [("", "everything"), *((name, _plain(name)) for name in filters)]
    only = "".join(f'<a href="#{name}">{escape(text)}</a>' for name, text in shown)
    faults = Counter(shot.screen for shot in shots for _fault in shot.faults)
    screens = "".join(
        f'<a href="#screen-{escape(screen)}">{escape(screen)}{f" ({faults[screen]})" if faults[screen] else ""}</a>'
        for screen in dict.fromkeys(shot.screen for shot in shots)
    )
    return f"<nav><p>Show only: {only}</p><p>Screens, with their faults: {screens}</p></nav>"


def _plain(name: str) -> str:
    return "with faults" if name == "wrong" else name.partition("-")[2]


def _summary(shots: Sequence[Shot]) -> str:
    rules = Counter(rule for shot in shots for rule, _said in shot.faults)
    rows = "".join(f"<tr><td>{escape(rule)}</td><td>{count:,}</td></tr>" for rule, count in rules.most_common())
    return f"<table>{rows}</table>" if rows else "<p>Nothing is wrong.</p>"


def _sections(shots: Sequence[Shot]) -> Iterator[str]:
    for screen in dict.fromkeys(shot.screen for shot in shots):
        yield f'<section><h2 id="screen-{escape(screen)}">{escape(screen)}</h2>'
        there = [shot for shot in shots if shot.screen == screen]
        order = {state: at for at, state in enumerate(dict.fromkeys(shot.state for shot in there))}
        for state, ones in groupby(sorted(there, key=lambda shot: order[shot.state]), key=lambda shot: shot.state):
            yield f'<h3>{escape(state or "as it is")}</h3><div class="shots">'
            yield from map(_figure, ones)
            yield "</div>"
        yield "</section>"


def _figure(shot: Shot) -> str:
    classes = [f"{kind}-{getattr(shot, kind)}" for kind in _KINDS] + ["wrong"] * bool(shot.faults)
    look = escape(" ".join(shot.look))
    image = f'<img loading="lazy" alt="{look}" src="data:image/jpeg;base64,{shot.thumb}">'
    linked = f'<a href="{escape(shot.picture)}">{image}</a>' if shot.picture else ""
    faults = "".join(f"<li>{escape(rule)}: {escape(said)}</li>" for rule, said in shot.faults)
    said = f"<ul>{faults}</ul>" if faults else ""
    return f'<figure class="{escape(" ".join(classes))}">{linked}<figcaption>{look}{said}</figcaption></figure>\n'
