"""What of the screen is seen: the layer on top, what can be touched there, in reading order, and what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from kivy.core.window import Window
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from kiosk.ui.access import boxes
from kiosk.ui.access.boxes import Box, Part
from kiosk.ui.idle import StillThere
from kiosk.ui.look.text import Drawn
from kiosk.ui.widgets.basics import Quiet
from kiosk.ui.widgets.frame import Corner
from kiosk.ui.widgets.sheet import Sheet

QUIET: Final = (Quiet, Corner)
"""What is there for few people comes after everything else."""
_LEAST_PX: Final = 8
"""What is smaller than this has been laid out as not there."""


def box_of(widget: Any) -> Box:
    """Where a widget is."""
    x, y = widget.to_window(*widget.pos)
    return Box(x, y, x + widget.width, y + widget.height)


# -- layers


def layer(frame: Any) -> Any:
    """What is on top: the last question or sheet that lies over the rest, or the frame itself."""
    return next((widget for widget in _from_the_top(frame) if isinstance(widget, (Sheet, StillThere))), frame)


def _from_the_top(widget: Any) -> Iterator[Any]:
    """Everything that is seen, what lies on top first."""
    if not widget.opacity:
        return
    for child in widget.children:
        yield from _from_the_top(child)
    yield widget


def inside(widget: Any, over: Any) -> bool:
    """Whether a widget is seen, and within `over`."""
    while widget is not None and widget.opacity:
        if widget is over:
            return True
        if widget.parent is widget or widget.parent is Window:
            return False
        widget = widget.parent
    return False


# -- things to touch


def to_touch(over: Any, rtl: bool = False) -> list[Any]:
    """Everything within `over` that can be touched, in reading order; what is `QUIET` comes last.

    Rows go from the top down, and within a row from the left, or from the right with `rtl`; what stands in a column of
    its own is read together.
    """
    part = _gathered(over, rtl, _can_be_touched)
    found = [each for widget in (part.things if part else ()) for each in (widget, *_on(widget, rtl))]
    return sorted(
        found, key=lambda widget: next((at for at, kind in enumerate(QUIET, 1) if isinstance(widget, kind)), 0)
    )


def _on(button: Any, rtl: bool) -> tuple[Any, ...]:
    """The buttons that stand on another."""
    part = _within(button, rtl, _can_be_touched)
    return tuple(part.things) if part else ()


def _can_be_touched(widget: Any) -> bool:
    return isinstance(widget, ButtonBehavior)


def _gathered(widget: Any, rtl: bool, wanted: Callable[[Any], bool]) -> Part[Any] | None:
    if not widget.opacity:
        return None
    if wanted(widget):
        return Part(box_of(widget), (widget,)) if _is_there(widget) else None
    return _within(widget, rtl, wanted)


def _within(widget: Any, rtl: bool, wanted: Callable[[Any], bool]) -> Part[Any] | None:
    """What of the wanted stands on a widget, whether or not that is wanted itself."""
    parts = (_gathered(child, rtl, wanted) for child in reversed(widget.children))
    return boxes.in_order([part for part in parts if part], rtl)


def _is_there(widget: Any) -> bool:
    """Whether it has a size, and is in the window or can be scrolled into it."""
    if min(widget.size) < _LEAST_PX or (isinstance(widget, ButtonBehavior) and widget.disabled):
        return False
    x, y = box_of(widget).middle
    return scroller(widget) is not None or (0 <= x <= Window.width and 0 <= y <= Window.height)


def scroller(widget: Any) -> Any:
    """What scrolls a widget, or None."""
    parent = widget.parent
    while parent is not None and parent is not Window and parent.parent is not parent:
        if isinstance(parent, ScrollView):
            return parent
        parent = parent.parent
    return None


def nearest(here: Box, others: Iterable[Any], way: tuple[int, int]) -> Any:
    """The nearest of these widgets to the `way`, see `boxes.nearest`."""
    return boxes.nearest(here, [(box_of(other), other) for other in others], way)


# -- what is written


class Text(NamedTuple):
    """What is written in one place; `language` is the code of its language, where that is not the screen's."""

    words: str
    heading: bool = False
    language: str = ""


def written(over: Any, rtl: bool = False) -> list[Text]:
    """What is written within `over` on no button, in reading order.

    What has words of its own for the ear, `spoken`, is one text.
    """
    part = _gathered(over, rtl, lambda widget: isinstance(widget, (Drawn, ButtonBehavior)) or _has_own(widget))
    texts = [thing for thing in (part.things if part else ()) if not isinstance(thing, ButtonBehavior)]
    return [
        Text(spoken(thing)) if _has_own(thing) else _text(thing, heading=thing.font_name == "display")
        for thing in texts
        if _has_own(thing) or _says_something(thing)
    ]


def _has_own(widget: Any) -> bool:
    return getattr(widget, "spoken", None) is not None


def _words_on(widget: Any, rtl: bool) -> list[Text]:
    """The texts on a widget, in reading order; not those of a button that stands on it."""
    part = _within(widget, rtl, lambda part: isinstance(part, (Drawn, ButtonBehavior)))
    return [_text(text) for text in (part.things if part else ()) if _says_something(text)]


def _text(drawn: Any, *, heading: bool = False) -> Text:
    return Text(drawn.text.strip(), heading, drawn.language)


def _says_something(text: Any) -> bool:
    """Whether there are words in it; not a drawing, or the mark of a list."""
    return isinstance(text, Drawn) and text.font_name != "icon" and any(each.isalnum() for each in text.text)


def name(widget: Widget, rtl: bool = False) -> list[Text]:
    """What a thing to touch is called: its own `spoken` words, or those that stand on it, its title first.

    Then comes what it stands `under`, if it says so.
    """
    own = getattr(widget, "spoken", None)
    if own is not None:
        return [Text(str(own() if callable(own) else own))]
    title = getattr(widget, "title", "")
    texts = sorted(_words_on(widget, rtl), key=lambda text: not title or text.words != title)
    if under := getattr(widget, "under", ""):
        texts.insert(1, Text(under))
    return [*(text._replace(words=text.words.rstrip(".")) for text in texts[:-1]), *texts[-1:]]


def spoken(widget: Widget, rtl: bool = False) -> str:
    """The same in one line."""
    return ", ".join(text.words for text in name(widget, rtl))
