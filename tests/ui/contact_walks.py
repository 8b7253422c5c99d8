"""Walks through what is told of privacy, somebody's contact, and how the unit is."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from kiosk.devices.bell import Bell
from kiosk.devices.printers.finding import Found
from kiosk.devices.printers.printer import PAPER_OUT, Status
from kiosk.services.services import bell_path
from kiosk.ui.look import languages
from sync import notices
from sync.client.identity import load, save
from sync.messages import HubKeys
from tests.ui.staff_walks import a_moment, come_in, to_the_log
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]
NAME_BACKWARDS = "nrozralliuQ-aynaT"
CONTACT_BACKWARDS = "elpmaxe.oetsop@7+nroz_rod.aynat"
"""Backwards, so that what is looked for in the memory is not found in the test itself."""
MOST_STEPS = 60


class _Look:
    """Looks at the layout of a state, and takes a picture of it."""

    def __init__(self, w: Walker) -> None:
        self._w = w
        w.found["wrong"] = []

    def __call__(self, name: str) -> None:
        self._w.found["wrong"] += self._w.layout(name)
        for press in self._w.widgets("ButtonBehavior"):
            over = [words.text for words in press.walk(restrict=True) if _stands_over(words, press)]
            self._w.found["wrong"] += [f"{name}: {text!r} stands over its button" for text in over]
        self._w.picture(name)


def _stands_over(words: Any, press: Any) -> bool:
    """Whether words reach beyond what is to be touched, beside or above and below."""
    if not getattr(words, "text", "") or not hasattr(words, "texture_size") or words.opacity == 0:
        return False
    x, y = words.to_window(*words.center)
    left, bottom = press.to_window(*press.pos)
    ink = words.font_size * 0.36  # half of a capital: how high the letters are, whatever the line's height
    beside = x - words.texture_size[0] / 2 < left - 1 or x + words.texture_size[0] / 2 > left + press.width + 1
    return beside or y - ink < bottom - 1 or y + ink > bottom + press.height + 1


def _to_the_end(w: Walker, further: str) -> Walk:
    """Through all of a long text, by its button."""
    for _step in range(MOST_STEPS):
        if w.page.ids.reel.at_end:
            return
        w.tap(further)
        yield a_moment(0.3)
    raise AssertionError(f"{w.page.name} has no end")


def privacy(w: Walker) -> Walk:
    """One touch from the first screen and from home: the privacy page, read in every language to its end."""
    look = _Look(w)
    drawn: dict[str, list[str]] = {}
    at_the_right: dict[str, bool] = {}
    yield lambda: w.reads("Touch to start")
    yield a_moment()
    look("attract")
    w.tap("Privacy")
    yield lambda: w.page.name == "privacy" and w.page.language == "en"
    w.tap("Back")
    yield lambda: w.page.name == "home"
    yield a_moment()
    look("home")
    w.tap("Privacy")
    yield lambda: w.page.name == "privacy" and w.page.language == "en"
    yield a_moment()
    for code in notices.languages():
        w.tap(languages.name(code))
        yield lambda code=code: w.page.language == code
        yield a_moment()
        look(f"privacy-{code}")
        drawn[code] = w.texts()
        at_the_right[code] = all(
            words.halign == "right" for words in w.page.ids.text.walk(restrict=True) if _is_prose(words)
        )
        if code == "ur":
            yield from _to_the_end(w, "Read on")
    w.found["drawn"], w.found["at_the_right"] = drawn, at_the_right
    w.tap("Finish")
    yield lambda: w.page.name == "attract"
    w.found["left_over"] = [w.app.context.go._manager.get_screen("privacy").language, w.visit.language]


def _is_prose(widget: Any) -> bool:
    return type(widget).__name__ in ("Words", "Heading") and len(widget.text) > 2


def _to_the_notice(w: Walker) -> Walk:
    yield a_moment()
    w.tap("Ring back")
    yield lambda: w.page.name == "follow_up" and w.page.step == "notice"
    yield a_moment()


def _type(w: Walker, words: str) -> Walk:
    """Touch the keys for these letters, whatever page of the keyboard they are on."""
    for letter in ("space" if letter == " " else letter for letter in words):
        for turn in ("", "123", "abc", "ABC"):
            if turn and any(cap.text == turn for cap in w.widgets("KeyCap")):
                _key(w, turn)
                yield a_moment(0.1)
            if any(cap.text == letter for cap in w.widgets("KeyCap")):
                break
        _key(w, letter)


def _key(w: Walker, name: str) -> None:
    """Touch a key of the keyboard."""
    w.touch(next(cap for cap in w.widgets("KeyCap") if cap.text == name))


def _field(w: Walker, name: str) -> Any:
    """The field of that name: the second is for the contact."""
    fields = sorted(w.widgets("Field"), key=lambda field: (-field.y, field.x))
    return fields[("first_name", "contact").index(name)]


def _fill_in(w: Walker) -> Walk:
    """From the notice to what is read over, by touches."""
    w.tap("I agree")
    yield lambda: w.page.step == "who"
    yield a_moment()
    yield from _type(w, NAME_BACKWARDS[::-1])
    w.touch(_field(w, "contact"))
    yield a_moment()
    yield from _type(w, CONTACT_BACKWARDS[::-1])
    w.app.context.go.choose(
        replace(w.visit.access, still=not w.visit.access.still)
    )  # in another look all is there still
    yield lambda: w.page.step == "who"
    yield a_moment()
    assert (w.page.first_name, w.page.contact) == (NAME_BACKWARDS[::-1], CONTACT_BACKWARDS[::-1])
    w.tap("Next")
    yield lambda: w.page.step == "about"
    yield a_moment()
    w.tap("Passwords")
    yield lambda: w.page.step == "read"
    yield a_moment()


def follow_up(w: Walker) -> Walk:
    """Every step of a contact, looked at: the notice in every language, what is missing, strange, sent, taken back."""
    look = _Look(w)
    drawn: dict[str, list[str]] = {}
    yield from to_the_log(w)
    yield from _to_the_notice(w)
    for code in notices.languages():
        if w.app.context.theme.tiny:
            w.tap(w.page._panes["notice"].own_name)
            yield a_moment()
            look("languages")
        w.touch(next(chip for chip in w.widgets("LanguageChip") if chip.text == languages.name(code)))
        yield lambda code=code: w.page._panes["notice"].language == code
        yield a_moment()
        look(f"notice-{code}")
        drawn[code] = w.texts()
    w.found["drawn"] = drawn
    w.page.read_in("en")
    yield lambda: w.page._panes["notice"].language == "en"
    yield a_moment()
    w.tap("I agree")
    yield lambda: w.page.step == "who"
    yield a_moment()
    look("who")
    w.tap("Next")
    yield lambda: w.page.missing == "first_name"
    yield a_moment()
    look("missing")
    yield from _type(w, "Anna-Lee O")
    w.tap("Next")
    yield lambda: w.page.missing == "contact" and w.page.active == "contact"
    yield from _type(w, "01214960")
    yield a_moment()
    look("typed")
    _key(w, "delete")
    _key(w, "delete")
    w.tap("Next")
    yield lambda: w.page.step == "about"
    yield a_moment()
    look("about")
    w.tap("Passwords")
    yield lambda: w.page.step == "read" and w.reads("This looks neither like")
    yield a_moment()
    look("strange")
    w.touch(next(row.children[0] for row in w.widgets("ReadRow") if row.label.startswith("Phone")))
    yield lambda: w.page.step == "who" and w.page.active == "contact"
    yield a_moment()
    _key(w, "clear")
    yield from _type(w, "anna.longname-of-somebody+surgery@mail.example.org")
    yield a_moment()
    look("long")
    w.tap("Next")
    yield lambda: w.page.step == "read" and not w.page.strange
    yield a_moment()
    look("read")
    identity = w.unit.settings.data / "identity.json"
    mine = load(identity)
    assert mine
    save(identity, msgspec.structs.replace(mine, hub_keys=HubKeys()))
    w.tap("Send it locked")
    yield lambda: w.reads("It was NOT sent. Nothing was kept: This screen cannot lock")
    yield a_moment()
    look("not-sent")
    save(identity, mine)
    w.tap("Send it locked")
    yield lambda: w.page.step == "kept"
    yield a_moment()
    look("kept")
    w.tap("Take it back")
    yield lambda: w.reads("It is taken back")
    yield a_moment()
    look("taken-back")
    w.tap("Done")
    yield lambda: w.page.name == "staff_log"
    w.found["kinds"] = _kinds(w)


def no_key(w: Walker) -> Walk:
    """There is nothing to lock a contact with: it is said, and nothing is asked."""
    look = _Look(w)
    yield from to_the_log(w)
    w.tap("Ring back")
    yield lambda: w.reads("This screen cannot lock anything yet")
    yield a_moment()
    look("cannot")
    assert not w.widgets("Field")
    w.touch(next(tap for tap in w.widgets("Tap") if tap.text == "This screen"))
    yield lambda: w.page.name == "unit_status"


def forgotten(w: Walker) -> Walk:
    """A contact is typed and the screen locks; typed again and the screen is left; typed again and sent."""
    yield from to_the_log(w)
    yield from _to_the_notice(w)
    w.tap("No, thank you")
    yield lambda: w.page.name == "staff_log"
    w.found["refused"] = _kinds(w)
    yield from _to_the_notice(w)
    yield from _fill_in(w)
    w.found["while_typed"] = _left_over(w)
    w.tap("Lock")
    yield lambda: w.page.name == "attract"
    yield a_moment()
    w.found["locked"] = _left_over(w)
    yield from come_in(w)
    yield lambda: w.page.name == "follow_up" and w.page.step == "notice"
    yield a_moment()
    w.found["again"] = _left_over(w)
    yield from _fill_in(w)
    for step in ("about", "who", "notice"):
        w.tap("Back")
        yield lambda step=step: w.page.step == step
        yield a_moment()
    w.tap("Back")
    yield lambda: w.page.name == "staff_log"
    yield a_moment()
    w.found["left"] = _left_over(w)
    yield from _to_the_notice(w)
    yield from _fill_in(w)
    w.tap("Send it locked")
    yield lambda: w.page.step == "kept"
    yield a_moment()
    w.found["sent"] = _left_over(w)
    w.tap("Take it back")
    yield lambda: w.reads("It is taken back")
    w.tap("Done")
    yield lambda: w.page.name == "staff_log"
    w.found["kinds"] = _kinds(w)


def _left_over(w: Walker) -> list[str]:
    """Where what was typed still is: widgets by their words, and anything at all that this process can reach."""
    found = []
    needles = (NAME_BACKWARDS[::-1][:9], CONTACT_BACKWARDS[::-1][:9])  # what was typed so far is in it, too
    page = w.app.context.go._manager.get_screen("follow_up")
    roots = [w.app.root, page, *page._panes.values()]
    for widget in (widget for root in roots for widget in root.walk(restrict=True)):
        found += [type(widget).__name__ for needle in needles if needle in str(getattr(widget, "text", ""))]
    gc.collect()
    for holder in gc.get_objects():
        for held in gc.get_referents(holder):
            if type(held) is str and held not in needles and any(needle in held for needle in needles):
                found.append(f"in {type(holder).__name__}")
    return found


def _kinds(w: Walker) -> list[str]:
    """Of what kinds the records are that were made, in order."""
    with w.unit.records.reading() as db:
        return list(db.exec_driver_sql("SELECT kind FROM outbox ORDER BY seq").scalars())


def unit_status(w: Walker) -> Walk:
    """How the unit is, with nobody to ask, then a sync that is slow to end, and a slip that does not come out."""
    look = _Look(w)
    yield from to_the_log(w)
    w.tap("Email")
    yield lambda: w.reads("Logged: Email")
    w.app.context.staffroom.back()
    yield lambda: w.page.name == "staff_sessions"
    yield a_moment()
    w.tap("This screen")
    yield lambda: w.page.name == "unit_status" and w.reads("Waiting to be sent")
    yield lambda: w.reads("The hub cannot be reached")
    yield a_moment()
    look("faults")
    assert w.reads("1 visit or change")
    w.tap("Send and fetch now")
    yield lambda: w.page.asked and w.page.said.startswith("Nothing is printed, sent or fetched now")
    yield a_moment()
    look("asleep")
    unit = w.unit.unit
    with Bell(bell_path(w.unit.settings.data)) as agent:
        w.tap("Send and fetch now")
        yield lambda: w.reads("Sending and fetching")
        w.found["rung"] = _rings(agent)
        yield a_moment(1.2)
        look("sending")
        unit.note_sending("current", "", heard=True)
        yield lambda: w.reads("Fetching news")
        unit.note_sync("current", "", heard=True)
        yield lambda: w.reads("All is sent")
        yield a_moment()
        look("sent")
        w.tap("Send and fetch now")
        yield lambda: w.reads("Sending and fetching")
        unit.note_sync("unreachable", "no answer", heard=False)
        unit.note_sending("unreachable", "no answer", heard=False)
        yield lambda: w.reads("The hub did not answer")
        yield a_moment()
        look("no-answer")
    w.tap("Print a test slip")
    yield lambda: w.reads("Your slip is printing")
    job = w.unit.queue.next()
    w.found["slip"] = job.slip.items[0].line
    w.unit.queue.end(job.id, "shown")
    yield lambda: w.reads("Nothing came out")
    yield a_moment()
    look("no-slip")
    w.tap("Print a test slip")
    yield lambda: w.reads("Your slip is printing")
    w.unit.queue.end(w.unit.queue.next().id, "printed")
    yield lambda: w.reads("Your slip is ready")
    yield from _to_the_end(w, "More")
    look("end")
    w.found["texts"] = w.texts()


def another_printer(w: Walker) -> Walk:
    """From how the unit is to its printers; one that is found is used, tried, and given up for the one before."""
    look = _Look(w)
    yield from to_the_log(w)
    w.app.context.staffroom.to("unit_status")
    yield lambda: w.reads("Waiting to be sent")
    with Bell(bell_path(w.unit.settings.data)) as agent:
        w.tap("Printers")
        yield lambda: w.page.name == "printers" and w.reads("Looking for printers")
        look("looking")
        printers = w.unit.printers
        printers.note_found([Found("usb:///dev/usb/lp0", "EPSON TM-T20III")])
        yield lambda: w.reads("EPSON TM-T20III") and not w.reads("Looking for printers")
        yield a_moment()
        look("found")
        yield from _to_the_end(w, "More")
        w.tap("Use it")
        yield lambda: w.reads("Your slip is printing")
        w.found["in use"] = printers.in_use
        printers.note({"usb:///dev/usb/lp0": Status(PAPER_OUT)})
        w.unit.queue.end(w.unit.queue.next().id, "shown")
        yield lambda: w.reads("has no paper") and w.reads("Nothing came out")
        yield a_moment()
        look("no-paper")
        w.tap("Use the one before")
        yield lambda: printers.in_use == "png" and w.reads("Your slip is printing")
        w.unit.queue.end(w.unit.queue.next().id, "printed")
        yield lambda: w.reads("Your slip is ready")
        w.found["rung"] = _rings(agent)
    w.page.look()
    yield lambda: w.reads("Nothing is printed, sent or fetched now")
    yield a_moment()
    look("asleep")


def _rings(agent: Bell) -> list[str]:
    """The words that were said to the agent so far."""
    heard = []
    while word := agent.wait(0.05):
        heard.append(word.decode())
    return heard
