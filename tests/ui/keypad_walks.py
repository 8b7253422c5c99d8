"""Walks by keys alone, as an accessible keypad sends them, and walks that know the screen only by what is said."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

from kiosk.ui.access import focus as focusing
from tests.ui import units
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]
UP, DOWN, RIGHT, LEFT = focusing.WAYS
MOST_KEYS = 90


# -- keys


def key(code: int, *held: str) -> None:
    """A key goes down and up, by way of the window, as the window's own loop tells of it."""
    from kivy.core.window import Window

    if not Window.dispatch("on_key_down", code, 0, None, list(held)):
        Window.dispatch("on_keyboard", code, 0, None, list(held))
    Window.dispatch("on_key_up", code, 0)


def tab(back: bool = False) -> None:
    key(focusing.TAB, *(["shift"] if back else []))


def enter() -> None:
    key(focusing.ENTER[0])


def hold_enter(times: int) -> None:
    """Enter is held: it goes down again and again, and is not let go."""
    from kivy.core.window import Window

    for _time in range(times):
        Window.dispatch("on_keyboard", focusing.ENTER[0], 0, None, [])


def escape() -> None:
    key(focusing.ESCAPE)


def type_letter(letter: str) -> None:
    """A letter of a real keyboard: the key, and the text that comes of it."""
    from kivy.core.window import Window

    key(ord(letter))
    Window.dispatch("on_textinput", letter)


def a_moment(seconds: float = 0.2) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


# -- where the focus is


def focus(w: Walker) -> Any:
    return w.app.focus


def called(w: Walker) -> str:
    """What has the focus is called."""
    from kiosk.ui.access import seen

    return seen.spoken(focus(w).widget) if focus(w).widget is not None else ""


def tab_to(w: Walker, words: str, back: bool = False) -> None:
    """Tab until something of that name has the focus."""
    for _turn in range(MOST_KEYS):
        if words in called(w):
            return
        tab(back)
    raise AssertionError(f"Tab does not come to {words!r}; the last was {called(w)!r}")


def arrow_to(w: Walker, name: str) -> None:
    """By arrows alone to the thing of exactly that name."""
    from kiosk.ui.access import seen

    aim = next(widget for widget in focus(w).order() if seen.spoken(widget) == name)
    for _turn in range(MOST_KEYS):
        here, there = seen.box_of(focus(w).widget), seen.box_of(aim)
        if focus(w).widget is aim:
            return
        dx, dy = (to - start for to, start in zip(there.middle, here.middle, strict=True))
        if not here.beside(there):
            key(UP if dy > 0 else DOWN)
        else:
            key(RIGHT if dx > 0 else LEFT)
    raise AssertionError(f"no arrows lead to {name!r}; the last was {called(w)!r}")


def ring_is_round(w: Walker) -> None:
    """The ring is seen, in the window, and round what has the focus."""
    from kiosk.ui.access import seen

    ring, widget = focus(w)._ring, focus(w).widget
    focus(w)._follow()
    assert ring.shown and ring.bright >= 4 and ring.opacity == 1
    box, theme = seen.box_of(widget), w.app.context.theme
    assert ring.x <= max(0, box.x) and ring.y <= max(0, box.y)
    assert ring.right >= min(theme.width_px, box.right) and ring.top >= min(theme.height_px, box.top)
    assert ring.x >= 0 and ring.right <= theme.width_px and ring.y >= 0 and ring.top <= theme.height_px


# -- walks by keys


def by_keypad(w: Walker) -> Walk:
    """From the start to a QR symbol, a slip on paper, the slip of several things, and Finish."""
    yield lambda: w.reads("Touch to start")
    assert not focus(w).active
    tab()
    assert called(w) == "Touch to start", called(w)
    ring_is_round(w)
    yield a_moment()
    w.picture("focus-attract")
    enter()
    yield lambda: w.page.name == "home" and focus(w).widget is not None and not focus(w).settling
    w.found["first_at_home"] = called(w)
    tab_to(w, "Food")
    ring_is_round(w)
    yield a_moment()
    w.picture("focus-home")
    enter()
    yield lambda: w.page.name == "shelf" and "Cook for" in called(w) and not focus(w).settling
    yield a_moment()
    w.picture("focus-shelf")
    tab()
    second = called(w)
    enter()
    yield lambda: w.page.name == "item" and w.page.here and focus(w).widget is not None
    escape()
    yield lambda: w.page.name == "shelf" and called(w) == second
    enter()
    yield lambda: w.page.name == "item" and w.page.here and not focus(w).settling
    tab_to(w, "Add to my slip")
    enter()
    yield lambda: w.reads("My slip (1)")
    assert called(w) == "On my slip"
    tab_to(w, "Take it away")
    yield a_moment()
    w.picture("focus-item")
    enter()
    yield lambda: w.page.name == "take_away" and w.page.ready and called(w) == "Print a slip"
    w.found["code"] = w.page.code
    yield a_moment()
    w.picture("focus-take-away")
    enter()
    yield lambda: w.reads("Your slip is printing")
    assert called(w) in ("Print a slip", "Print again")  # it cannot be pressed now, and keeps the focus
    w.unit.queue.end(w.unit.queue.next().id, "printed")
    yield lambda: w.reads("Please take it")
    assert called(w) == "Print again"
    tab_to(w, "My slip (1)")
    enter()
    yield lambda: w.page.name == "slip" and w.widgets("SlipRow") and not focus(w).settling
    tab_to(w, "Remove")
    yield a_moment()
    w.picture("focus-slip")
    enter()
    yield lambda: w.reads("Nothing is on your slip")
    tab_to(w, "Home")
    enter()
    yield lambda: w.page.name == "home" and not focus(w).settling
    tab_to(w, "What's on")
    enter()
    yield lambda: w.page.name == "whats_on" and w.reads("Social media surgery") and not focus(w).settling
    tab_to(w, "Social media surgery")
    before = focus(w).widget
    key(DOWN)
    assert "Social media surgery" in called(w) and focus(w).widget is not before
    ring_is_round(w)
    yield a_moment()
    w.picture("focus-whats-on")
    enter()
    yield lambda: w.page.name == "item" and w.page.title == "Social media surgery"
    tab_to(w, "Finish")
    enter()
    yield lambda: w.page.name == "attract" and called(w) == "Touch to start"
    w.touch(next(words for words in w.widgets("Words") if words.text.startswith("Good stuff")))
    yield lambda: w.page.name == "home"
    assert not focus(w).active and focus(w).widget is None and not focus(w)._ring.shown
    assert focus(w)._spots == [] and focus(w)._spot is None  # nothing of the visit is left in it


def search_by_arrows(w: Walker) -> Walk:
    """Words are typed on the screen's keyboard by arrows and Enter, and on a real keyboard."""
    yield lambda: w.reads("Touch to start")
    enter()
    enter()
    yield lambda: w.page.name == "home" and focus(w).widget is not None and not focus(w).settling
    tab_to(w, "Search")
    enter()
    yield lambda: w.page.name == "search" and not focus(w).settling and focus(w).widget is not None
    tab_to(w, "space")
    for letter in "bi":
        arrow_to(w, letter)
        enter()
        yield lambda: w.app.focus.widget.state == "normal"
    assert w.visit.query == "bi"
    hold_enter(5)
    yield lambda: w.app.focus.widget.state == "normal"
    hold_enter(5)
    assert w.visit.query == "bii"  # a key held down is one press
    key(focusing.ENTER[0])
    yield lambda: w.app.focus.widget.state == "normal"
    key(8)
    assert w.visit.query == "bi"
    yield a_moment()
    w.picture("focus-keyboard")
    type_letter("k")
    type_letter("x")
    key(8)
    type_letter("e")
    assert w.visit.query == "bike"
    assert called(w) == "i"  # letters of a real keyboard leave the focus where it is
    type_letter(" ")
    assert w.visit.query == "bike " and called(w) == "i"
    yield lambda: w.page.state == "found"
    if w.page.switches:
        tab_to(w, "Show", back=True)
        enter()
        yield lambda: not w.page.typing
    tab_to(w, "Child's bike")
    enter()
    yield lambda: w.page.name == "item" and w.page.here
    escape()
    yield lambda: w.page.name == "search" and "Child's bike" in called(w)
    for _back in range(4):
        escape()
    assert w.page.name == "home"


def idle_by_keys(w: Walker) -> Walk:
    """The question whether somebody is there holds the focus, and gives it back."""
    yield lambda: w.reads("Touch to start")
    enter()
    enter()
    yield lambda: w.page.name == "home" and focus(w).widget is not None and not focus(w).settling
    tab_to(w, "Food")
    yield lambda: w.reads("Are you still there?") and called(w) == "Stay"
    names = set()
    for _turn in range(5):
        tab()
        names.add(called(w))
    assert names == {"Stay", "Finish"}
    ring_is_round(w)
    yield a_moment()
    w.picture("focus-idle")
    escape()
    yield lambda: not w.reads("Are you still there?") and "Food" in called(w)
    yield lambda: w.reads("Are you still there?") and called(w) == "Stay"
    tab()
    enter()
    yield lambda: w.page.name == "attract"


def staff_by_keys(w: Walker) -> Walk:
    """Staff come in, and write a visit down, by keys."""
    yield lambda: w.reads("Touch to start")
    tab()
    tab_to(w, "Staff")
    enter()
    yield lambda: w.page.name == "door" and focus(w).widget is not None and not focus(w).settling
    for digit in units.PIN:
        arrow_to(w, digit)
        enter()
        yield lambda: focus(w).widget is None or focus(w).widget.state == "normal"
    yield lambda: w.page.name == "staff_sessions" and focus(w).widget is not None and not focus(w).settling
    tab_to(w, "Lock")
    yield a_moment()
    w.picture("focus-staff")
    enter()
    yield lambda: w.page.name == "attract"


def every_thing_is_reached(w: Walker) -> Walk:
    """On every screen Tab comes to each thing that a finger could touch, once, and arrows leave none out."""
    missed: list[str] = []
    go = w.app.context.go
    yield lambda: w.reads("Touch to start")
    tab()
    item = w.unit.shelves.item(item_id=units.records.id_from_key("item", "pot-2"))
    places: list[tuple[str, Callable[[], Any]]] = [
        ("attract", lambda: None),
        ("home", go.home),
        ("shelf", lambda: go.shelf("theme:food")),
        ("whats_on", lambda: go.shelf(kind="event")),
        ("search", go.search),
        ("item", lambda: go.item(item.id)),
        ("take_away", lambda: go.take_away(item)),
        ("slip", go.slip),
        ("privacy", go.privacy),
        ("door", go.door),
    ]
    for name, move in places:
        move()
        yield lambda name=name: w.page.name == name and not focus(w).settling
        yield a_moment(0.6)  # whatever comes late is there
        focus(w).look()
        yield lambda: focus(w).widget is not None
        missed += yield from _missed(w, name)
    w.found["missed"] = missed


def _missed(w: Walker, name: str) -> Generator[Callable[[], Any], None, list[str]]:
    from kiosk.ui.access import seen

    presses = [press for press in w.widgets("ButtonBehavior") if min(press.size) > 8]
    order = focus(w).order()
    wrong = [f"{name}: {seen.spoken(press)!r} is not in the order" for press in presses if press not in order]
    tabbed = []
    for _turn in order:
        tabbed.append(focus(w).widget)
        ring_is_round(w)
        tab()
    tabbed.append(focus(w).widget)
    yield a_moment(0.5)
    there = [one for one in order if one in focus(w).order()]  # a long text is at its end now: no more of it
    wrong += [f"{name}: Tab does not come to {seen.spoken(one)!r}" for one in there if one not in tabbed]
    reached, edge = {id(focus(w).widget)}, [focus(w).widget]
    while edge:
        start = edge.pop()
        for way in focusing.WAYS:
            focus(w)._take(start)
            key(way)
            if id(focus(w).widget) not in reached:
                reached.add(id(focus(w).widget))
                edge.append(focus(w).widget)
    wrong += [f"{name}: no arrow leads to {seen.spoken(one)!r}" for one in there if id(one) not in reached]
    return wrong


# -- walks by ear: they read the transcript and press keys, and look at nothing


def heard(w: Walker) -> str:
    """What was said last."""
    return w.app.narrator.transcript[-1] if w.app.narrator.transcript else ""


def all_heard(w: Walker) -> str:
    return "\n".join(w.app.narrator.transcript)


def speak(w: Walker, **more: Any) -> None:
    from dataclasses import replace

    w.app.context.go.choose(replace(w.visit.access, speech=True, **more))


def tab_until_heard(w: Walker, words: str) -> Walk:
    """Tab, and listen each time, until something of that name is said."""
    for _turn in range(MOST_KEYS):
        if heard(w).startswith(words):
            return
        before = len(w.app.narrator.transcript)
        tab()
        yield lambda before=before: len(w.app.narrator.transcript) > before
    raise AssertionError(f"nothing that was said begins with {words!r}: {list(w.app.narrator.transcript)}")


def welcomed(w: Walker) -> Walk:
    """The first key of a keypad begins a visit that is read aloud; the next visit, by touch, is not."""
    yield lambda: w.reads("Touch to start")
    tab()
    yield lambda: w.page.name == "home" and "What are you looking for?" in all_heard(w)
    assert all_heard(w).startswith("Speech is on")
    w.app.context.go.finish()
    yield lambda: w.page.name == "attract" and not w.app.narrator.transcript
    w.tap("Touch to start")
    yield lambda: w.page.name == "home"
    w.found["heard"] = all_heard(w)


def by_ear(w: Walker) -> Walk:
    """Somebody who sees nothing finds Food, opens something, hears what it is, its code, and finishes."""
    yield lambda: w.reads("Touch to start")
    assert heard(w) == ""
    speak(w, dark=True)
    yield lambda: "Speech is on" in all_heard(w) and "things to choose. Tab goes on" in all_heard(w)
    assert "Social media surgery" in all_heard(w)
    yield from tab_until_heard(w, "Touch to start")
    enter()
    yield lambda: "What are you looking for?" in all_heard(w)
    yield from tab_until_heard(w, "Food")
    w.found["food"] = heard(w)
    enter()
    yield lambda: "Page 1 of" in all_heard(w)
    yield from tab_until_heard(w, "Cook for 3 on £10")
    w.found["card"] = heard(w)
    enter()
    yield lambda: "Cook for 3 on £10. " in all_heard(w) and "A long text that goes on" in all_heard(w)
    w.found["item"] = next(said for said in w.app.narrator.transcript if "A long text" in said)
    yield from tab_until_heard(w, "Take it away")
    enter()
    yield lambda: "No camera? Type" in all_heard(w)
    w.found["take"] = next(said for said in w.app.narrator.transcript if "No camera?" in said)
    yield from tab_until_heard(w, "Print a slip")
    enter()
    yield lambda: "Your slip is printing" in all_heard(w)
    w.unit.queue.end(w.unit.queue.next().id, "printed")
    yield lambda: "Please take it" in all_heard(w)
    assert all_heard(w).count("Please take it") == 1
    w.found["code_shown"] = w.page.code
    yield a_moment()
    w.picture("dark")
    yield from tab_until_heard(w, "Finish")
    w.found["said"] = list(w.app.narrator.transcript)
    enter()
    yield lambda: w.page.name == "attract" and not w.visit.access.speech
    yield lambda: not w.app.narrator.transcript
    assert not w.widgets("Dark")


def spoken_keys(w: Walker) -> Walk:
    """What is typed is said letter by letter, and the word after a space; a PIN never is."""
    yield lambda: w.reads("Touch to start")
    speak(w)
    yield lambda: "things to choose" in heard(w)
    yield from tab_until_heard(w, "Touch to start")
    enter()
    yield lambda: "What are you looking for?" in all_heard(w)
    yield from tab_until_heard(w, "Search")
    enter()
    yield lambda: w.page.name == "search" and not focus(w).settling and heard(w).startswith(called(w))
    for letter in "bike":
        type_letter(letter)
        yield lambda letter=letter: letter in list(w.app.narrator.transcript)[-2:]
    yield lambda: "1 thing." in all_heard(w)
    type_letter(" ")
    yield lambda: "bike" in list(w.app.narrator.transcript)[-2:]
    key(8)
    yield lambda: "space deleted" in list(w.app.narrator.transcript)[-2:]
    w.app.narrator.repeat()
    w.found["repeated"] = heard(w)
    for letter in "zzq":
        type_letter(letter)
    yield lambda: "Nothing fits" in heard(w)
    w.app.context.go.door()
    yield lambda: "Nothing of it is spoken" in all_heard(w)
    yield lambda: not focus(w).settling
    before = len(w.app.narrator.transcript)
    for digit in units.PIN[:4]:
        w.tap(digit)
        yield a_moment()
    w.found["at_the_door"] = list(w.app.narrator.transcript)[before:]


def dark_screen(w: Walker) -> Walk:
    """The dark covers everything, keys work beneath it, and Escape or a touch takes it away, and does nothing else."""
    yield lambda: w.reads("Touch to start")
    speak(w, dark=True)
    yield lambda: w.widgets("Dark")
    enter()
    enter()
    yield lambda: w.page.name == "home" and not focus(w).settling and focus(w).widget is not None
    tab_to(w, "Food")
    yield a_moment()
    w.found["dark"] = w.picture("dark")
    escape()
    yield lambda: not w.widgets("Dark")
    assert w.page.name == "home" and not w.visit.access.dark and w.visit.access.speech
    assert "Food" in called(w)
    speak(w, dark=True)
    yield lambda: w.widgets("Dark")
    w.touch(w.app.root)
    yield lambda: not w.widgets("Dark")
    assert w.page.name == "home"
    tab()
    speak(w, dark=True)
    yield lambda: w.widgets("Dark")
    yield lambda: w.reads("Are you still there?") and w.app.root.children[0] is w.widgets("Dark")[0]
    yield lambda: "Are you still there?" in all_heard(w)
    yield a_moment(1.2)
    assert all_heard(w).count("This closes in") == 1
    assert heard(w).startswith("Stay")
    escape()
    escape()
    yield lambda: not w.reads("Are you still there?")
    assert w.page.name == "home"


def in_another_look(w: Walker) -> Walk:
    """A look or a language chosen half-way leaves the focus where it was; from right to left where reading is so."""
    from dataclasses import replace

    from kiosk.ui.access import seen

    yield lambda: w.reads("Touch to start")
    tab()
    enter()
    yield lambda: w.page.name == "home" and not focus(w).settling
    tab_to(w, "Food")
    for look in ("dark", "contrast"):
        w.app.context.go.choose(replace(w.visit.access, theme=look, text_size="largest"))
        yield lambda: w.page.name == "home" and "Food" in called(w)
        yield a_moment()
        yield lambda: focus(w)._ring.shown
        ring_is_round(w)
        w.picture(f"focus-{look}")
    w.app.context.go.language("ur")
    yield lambda: w.page.context.theme.rtl and focus(w).widget is not None and not focus(w).settling
    yield a_moment()
    yield lambda: focus(w)._ring.shown
    ring_is_round(w)
    w.picture("focus-ur")
    tiles = [seen.box_of(tile) for tile in focus(w).order() if type(tile).__name__ == "ThemePress"]
    beside = [(one, other) for one, other in itertools.pairwise(tiles) if one.beside(other)]
    assert beside and all(other.right <= one.x for one, other in beside)
    focus(w)._take(next(tile for tile in focus(w).order() if type(tile).__name__ == "ThemePress"))
    before = seen.box_of(focus(w).widget)
    key(LEFT)
    assert seen.box_of(focus(w).widget).right <= before.x
    speak(w)
    yield lambda: len(w.app.narrator.transcript) >= 2
    w.found["said"] = heard(w)
    w.app.context.go.choose(replace(w.visit.access, speed="fast", volume=5))
    before_said = len(w.app.narrator.transcript)
    yield lambda: len(w.app.narrator.transcript) > before_said  # as it sounds now
    w.found["again"] = heard(w)
    w.app.context.go.finish()
    yield lambda: w.page.name == "attract" and not w.app.narrator.transcript


def choices_by_keys(w: Walker) -> Walk:
    """Text size and speech are chosen by keys; each choice keeps the focus, and Escape goes back to the screen."""
    yield lambda: w.reads("Touch to start")
    tab()
    enter()
    yield lambda: w.page.name == "home" and not focus(w).settling
    tab_to(w, "Bigger, louder")
    enter()
    yield lambda: w.widgets("AccessPanel") and focus(w).layer is w.widgets("AccessPanel")[0]
    yield lambda: focus(w).widget is not None and not focus(w).settling
    sizes = [one for one in focus(w).order() if type(one).__name__ == "LetterKey"]
    name = _name_of(sizes[-1])
    tab_to(w, name)
    enter()
    yield lambda: w.visit.access.text_size == "largest"
    yield lambda: focus(w)._ring.shown and called(w) == name and focus(w).widget.chosen
    ring_is_round(w)
    yield a_moment()
    w.picture("focus-access")
    if w.app.context.theme.tiny or any(_name_of(one) == "Hear" for one in focus(w).order()):
        tab_to(w, "Hear")
        enter()
        yield a_moment(0.4)
    tab_to(w, "Read aloud")
    enter()
    yield lambda: w.visit.access.speech and "Speech is on" in all_heard(w)
    yield a_moment(1.5)
    w.found["said"] = list(w.app.narrator.transcript)
    escape()
    yield lambda: not w.widgets("AccessPanel") and w.page.name == "home"
    yield lambda: "Bigger, louder" in called(w)


def _name_of(widget: Any) -> str:
    from kiosk.ui.access import seen

    return seen.spoken(widget)
