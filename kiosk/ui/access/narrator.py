"""The screen by ear: says each screen, what has the focus, what is typed, and what changes, for whoever asked for it.

Nothing that is said is logged or written down; the transcript is in memory alone and gone with the visit.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.floatlayout import FloatLayout

from kiosk.devices.speech import Speaker, Utterance
from kiosk.lettering import scripts
from kiosk.ui import kv
from kiosk.ui.access import seen
from kiosk.ui.access.access import SPEEDS, Access
from kiosk.ui.access.focus import KEYPAD, Focus
from kiosk.ui.access.seen import Text
from kiosk.ui.context import Context
from kiosk.ui.idle import StillThere
from kiosk.ui.keyboard import spoken
from kiosk.ui.keyboard.keyboard import KeyCap
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.widgets.key_pad import PadKey
from sync.words import _, count_of

kv.load(__file__)

MOST_REMEMBERED: Final = 200
_LOOK_EVERY_S: Final = 0.1
_LATEST_S: Final = 1.5
"""So long at most a new screen is waited for before it is told."""
_ANSWER_S: Final = 3.0
"""What changes within this time after a key or a touch is its answer; a number that changes later is a clock."""
_CODE: Final = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
_DIGITS: Final = re.compile(r"\d+")


class Dark(FloatLayout):
    """Covers everything, so that nobody beside can read; a touch takes it away."""

    hides_all = True

    def __init__(self, light: Callable[[], Any], **options: Any) -> None:
        self._light = light
        super().__init__(**options)

    def on_touch_down(self, _touch: Any) -> bool:
        """No touch goes through."""
        self._light()
        return True


class Narrator:
    """Says what is on the screen while the visitor wants speech.

    Args:
        frame: everything on the screen; the dark is laid over it.
        focus: what has the focus.
        speaker: says it.
    """

    def __init__(
        self,
        frame: FloatLayout,
        context: Context,
        focus: Focus,
        speaker: Speaker,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.transcript: deque[str] = deque(maxlen=MOST_REMEMBERED)
        """What was said in this visit, the latest at the end."""
        self._frame, self._context, self._focus, self._speaker, self._now = frame, context, focus, speaker, now
        self._access: Access | None = None
        self._dark: Dark | None = None
        self._last: list[Text] = []
        self._heard_focus: list[Text] | None = None
        self._heard_place = ""
        self._heard_widget: Any = None
        self._felt_at = float("-inf")
        self._forget_screen()
        focus.before_back = self.light
        self._clock = Clock.schedule_interval(self.look, _LOOK_EVERY_S)
        Window.bind(on_key_down=self._felt, on_touch_down=self._felt)

    def end(self) -> None:
        """Be silent for good."""
        self._clock.cancel()
        Window.unbind(on_key_down=self._felt, on_touch_down=self._felt)
        self._speaker.end()

    def repeat(self) -> None:
        """Say again what was said last of the screen itself: not of what lies over it, of the focus or of letters."""
        if self._access and self._last:
            self._say(self._last)

    def light(self) -> bool:
        """Show the screen again; returns whether it was dark."""
        if self._dark is None:
            return False
        self._context.go.choose(replace(self._context.visit.access, dark=False))
        self._cover(dark=False)
        return True

    # -- how the visitor wants it

    def look(self, *_args: Any) -> None:
        """Say what came about since."""
        access = self._context.visit.access
        if not access.speech:
            if self._access:
                self._switch_off(self._access)
            return
        before, self._access = self._access, access
        if before is None:
            self._forget_screen()
            self._say([Text(_("Speech is on. Tab goes on, Enter chooses, Escape goes back."))])
        elif (before.speed, before.volume) != (access.speed, access.volume):
            self._heard_focus = None  # said again, as it sounds now
        self._cover(dark=access.dark)
        self._tell_typed()
        self._tell_screen()
        self._tell_focus()

    def _switch_off(self, access: Access) -> None:
        over = self._context.visit.here is None and not self._context.shift.open
        said = _("Finished. Nothing of your visit is left.") if over else _("Speech is off.")
        self._speaker.say(self._utterance(said, access))
        self.transcript.clear()
        self._access, self._last = None, []
        self._cover(dark=False)
        self._forget_screen()

    def _cover(self, *, dark: bool) -> None:
        if self._dark is not None and not dark:
            self._frame.remove_widget(self._dark)
            self._dark = None
        elif dark and self._dark is None:
            self._dark = Dark(self.light)
            self._frame.add_widget(self._dark)
        elif self._dark is not None and self._frame.children[0] is not self._dark:
            self._frame.remove_widget(self._dark)
            self._frame.add_widget(self._dark)

    def _felt(self, _window: Any, key: Any, *_args: Any) -> None:
        self._felt_at = self._now()
        if key in KEYPAD:
            self._welcome()

    def _welcome(self) -> None:
        """Whoever begins a visit by the keypad may not see the screen: it is read to him from the start."""
        context = self._context
        begins = context.visit.here is None and not context.shift.open and context.go.page.name == "attract"
        if begins and not context.visit.access.speech and self._speaker.audible and context.go.page.ready:
            context.go.choose(replace(context.visit.access, speech=True))
            context.go.home()

    # -- screens

    def _forget_screen(self) -> None:
        """Nothing of what is shown has been told."""
        self._where: Any = None
        self._layer: Any = None
        self._came_at = self._now()
        self._told = False
        self._texts: list[Text] = []
        self._heard: set[str] = set()
        self._heard_focus = self._heard_widget = None
        self._query, self._keys = self._context.visit.query, 0

    def _tell_screen(self) -> None:
        where, layer = (self._focus.place, self._context.language), self._focus.layer
        if where != self._where:
            self._forget_screen()
            self._where, self._layer = where, layer
        elif type(layer) is type(self._layer) and layer is not self._layer:
            self._layer, self._heard = layer, _words(self._read())  # the same in another look
        elif layer is not self._layer:
            back = layer is self._frame
            self._layer, self._came_at, self._heard_focus = layer, self._now(), None
            self._told, self._texts = back, []  # what lies below was told before
            if back:
                self._heard = _words(self._read())
        texts, before = self._read(), self._texts
        self._texts = texts
        if not self._told:
            laid_out = bool(texts) and texts == before
            if laid_out or self._now() - self._came_at > _LATEST_S:
                self._told, self._heard = True, _words(texts)
                self._say(self._whole(texts), after=self._access_is_new)
        elif texts == before and not isinstance(layer, StillThere):
            self._tell_news(texts)

    @property
    def _access_is_new(self) -> bool:
        """Whether the only thing said so far is that speech is on."""
        return len(self.transcript) == 1

    def _whole(self, texts: list[Text]) -> list[Text]:
        """A screen in words: its heading, what is written there, and what there is to choose."""
        count = len(self._focus.order())
        to_choose = count_of(
            count,
            "{} thing to choose. Tab goes on, Enter chooses.",
            "{} things to choose. Tab goes on, Enter chooses.",
        )
        return _sentences([*texts, Text(to_choose)])

    def _read(self) -> list[Text]:
        """What is written on the top of the screen, each once, its heading first."""
        page, over = self._context.go.page, self._focus.layer
        on_page = over is self._frame
        if on_page and page.private:
            return [Text(said) for said in (_("Type here. Nothing of it is spoken."), page.tells()) if said]
        found = seen.written(page if on_page else over, self._focus.rtl)
        found.sort(key=lambda text: not text.heading)
        texts = [_as_heard(text) for text in found if text.words != self._context.visit.query.strip()]
        if on_page:
            if not any(text.heading for text in found):
                texts.insert(0, Text(_name(page.name)))
            texts.append(Text(page.tells()))
        once = {text.words: text for text in reversed(texts) if text.words}
        return [text for text in texts if once.get(text.words) is text]

    def _tell_news(self, texts: list[Text]) -> None:
        """What is new on the screen, once what is being said is over."""
        new = [text for text in texts if text.words not in self._heard]
        answer = self._now() - self._felt_at < _ANSWER_S
        if not answer:
            known = {_DIGITS.sub("0", text) for text in self._heard}
            new = [text for text in new if _DIGITS.sub("0", text.words) not in known]
        self._heard = _words(texts)
        if new:
            self._say(_sentences(new), after=True)

    # -- the focus

    def _tell_focus(self) -> None:
        widget = self._focus.widget
        if widget is None or not self._told or self._focus.settling:
            return
        same, self._heard_widget = widget is self._heard_widget, widget
        is_key, words = isinstance(widget, (KeyCap, PadKey)), self._focus_words(widget)
        if same and (words == self._heard_focus or widget.disabled):
            return  # it was said; or it was pressed, and is at work
        place, before = "" if is_key else self._focus_place(widget), self._heard_place
        self._heard_place = place
        if words == self._heard_focus and place == before and not is_key:
            return  # it was made anew
        first, self._heard_focus = self._heard_focus is None, words
        if words:
            self._say([*words, *([Text(place)] if place else [])], between=", ", after=first, keep=False)

    def _focus_words(self, widget: Any) -> list[Text]:
        """What has the focus: what it is called, and whether it is chosen."""
        if isinstance(widget, (KeyCap, PadKey)):
            return [Text(_("key") if self._context.go.page.private else _key_name(widget))]
        said = [_as_heard(text) for text in seen.name(widget, self._focus.rtl)]
        chosen = getattr(widget, "chosen", None)
        if isinstance(chosen, str):
            chosen = chosen == getattr(widget, "code", None)
        if chosen is not None:
            said.append(Text(_("chosen") if chosen else _("not chosen")))
        if widget.disabled:
            said.append(Text(_("not now")))
        return [text for text in said if text.words]

    def _focus_place(self, widget: Any) -> str:
        """The how manieth it is: `3 of 8`."""
        order = self._focus.order()
        if widget not in order:
            return ""
        return _("{number} of {count}").format(number=order.index(widget) + 1, count=len(order))

    # -- typing

    def _tell_typed(self) -> None:
        page = self._context.go.page
        before, self._query = self._query, self._context.visit.query
        if page.private:
            pressed, self._keys = self._keys, page.typed_keys
            if self._keys not in (0, pressed):
                self._say([Text(_("key"))], keep=False)
        elif page.takes_text and self._query != before:
            self._say([Text(_typed(before, self._query))], keep=False)

    # -- saying it

    def _say(self, texts: list[Text], *, between: str = " ", after: bool = False, keep: bool = True) -> None:
        """Each in a voice of its language."""
        if self._access is None:
            return
        self.transcript.append(between.join(text.words for text in texts))
        if keep and self._focus.layer is self._frame:
            self._last = texts
        for language, alike in groupby(texts, key=lambda text: text.language):
            words = between.join(text.words for text in alike)
            self._speaker.say(self._utterance(words, self._access, language), after=after)
            after = True

    def _utterance(self, words: str, access: Access, language: str = "") -> Utterance:
        return Utterance(words, language or self._context.language, SPEEDS[access.speed], access.volume)


def _as_heard(text: Text) -> Text:
    """A text for the ear: a code letter by letter, a line end as a pause."""
    plain = scripts.plain(text.words).replace(" · ", ", ")
    plain = _CODE.sub(lambda code: ", ".join(" ".join(half) for half in code[0].split("-")), plain)
    return text._replace(words=" ".join(plain.split()))


def _words(texts: list[Text]) -> set[str]:
    return {text.words for text in texts}


def _sentences(texts: list[Text]) -> list[Text]:
    """Texts that have a pause after each."""
    return [text if text.words[-1:] in ".!?:;,…۔।؟" else text._replace(words=f"{text.words}.") for text in texts]


def _name(screen: str) -> str:
    """What a screen is called that has no room for its heading."""
    names = {
        "attract": f"{_('Good stuff.')} {_('Take it away.')}",
        "home": _("What are you looking for?"),
        "shelf": _("Shelf"),
        "whats_on": _("What's on"),
        "search": _("Search"),
        "item": _("About this"),
        "take_away": _("Take it away"),
        "slip": _("My slip"),
        "privacy": _("Privacy"),
    }
    return names.get(screen, "")


def _key_name(cap: Any) -> str:
    """What a key on the screen is called."""
    return seen.spoken(cap) if getattr(cap, "spoken", None) is not None else _letter(cap.text)


def _letter(letter: str) -> str:
    """A letter by its name; a capital says so, and a sign is called what it is."""
    if letter == " ":
        return _("space")
    return spoken.name(Key(letter.lower()), capital=letter.isupper())


def _typed(before: str, now: str) -> str:
    """What was typed, from one look to the next: letters, the word after a space, or what went."""
    if now.startswith(before):
        added = now[len(before) :]
        if added.endswith(" "):
            return now.split()[-1] if now.split() else _("space")
        return added if len(added) > 2 and before == "" else " ".join(_letter(letter) for letter in added)
    if before.startswith(now):
        gone = before[len(now) :]
        return _("{} deleted").format(_letter(gone)) if len(gone) == 1 else _("cleared")
    return now
