"""Draws scenes in one window, one look after the other, and tells what is wrong with each.

Importing it opens a window: `kiosk.ui.launch.prepare` comes first.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

from kivy.base import EventLoop, ExceptionHandler, ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from PIL import Image

from kiosk.errors import DisplayError
from kiosk.services.services import Services
from kiosk.ui.access.access import Access
from kiosk.ui.app import TouchpointApp
from kiosk.ui.contact_sheet import checks, interface, shown, unit
from kiosk.ui.contact_sheet.pairs import Row
from kiosk.ui.contact_sheet.scenes import TYPED, Hand, Scene, Wait, chosen
from kiosk.ui.contact_sheet.shots import Job, Shot
from kiosk.ui.visit import Place
from sync import days, licences, notices, wording, words
from sync.licences import Terms

PATIENCE_S: Final = 60.0
"""So long a scene may take to come about."""
_FRAMES: Final = 3
"""So many frames after everything is answered it is laid out."""
NOT_DRAWN: Final = "not drawn"
"""The rule that is broken by a screen which cannot be drawn at all."""
_THUMB_PX: Final = 300
_QUALITY: Final = 72
_NOT_WORDS: Final = ("Touchpoint", "Mill Lane", "WDJB-MJHT", "PDF", "EPUB")

Frames = Iterator[None]
"""Each step is a frame that is waited for."""


class _Troubles(ExceptionHandler):
    """What went wrong outside a scene's own steps: in the answer to something it asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def handle_exception(self, inst: BaseException) -> Any:
        if not isinstance(inst, Exception):
            return ExceptionManager.RAISE
        self.told.append(_line(inst))
        return ExceptionManager.PASS

    def take(self) -> list[str]:
        """What was told since it was asked last."""
        told, self.told = self.told, []
        return told


_troubles = _Troubles()


class Studio(TouchpointApp):
    """The kiosk's screen with nothing in it that moves, asks or wipes by itself.

    Args:
        work: is begun once the screen is built, and goes on at every frame.
    """

    def __init__(self, services: Services, work: Callable[[Studio], Frames]) -> None:
        super().__init__(services)
        self._work = work
        self.offers_speech = True
        self.trouble: Exception | None = None

    def build(self) -> Any:
        frame = super().build()
        for part in self._ends:
            part.end()
        self._ends = []
        frames = self._work(self)
        Clock.schedule_interval(lambda _dt: self._go_on(frames), 0)
        return frame

    def _go_on(self, frames: Frames) -> None:
        try:
            next(frames)
        except StopIteration:
            self.stop()
        except Exception as error:  # noqa: BLE001 (raised again by `draw`, when the window is closed)
            self.trouble = error
            self.stop()


def draw(services: Services, job: Job, tell: Callable[[Shot], None]) -> None:
    """Draw what the job says.

    Args:
        tell: is called with every shot, as soon as it is taken.

    Raises:
        DisplayError: the display has no room for the window.
    """
    studio = Studio(services, lambda app: _shots(app, job, tell))
    ExceptionManager.add_handler(_troubles)
    studio.run()
    ExceptionManager.remove_handler(_troubles)
    if studio.trouble:
        raise studio.trouble


def _shots(studio: Studio, job: Job, tell: Callable[[Shot], None]) -> Frames:
    if not job.out:
        Window.on_draw = Window.on_flip = lambda *_args: None  # nothing is looked at but the widgets
    for _frame in range(_FRAMES):
        yield
    if tuple(Window.size) != (job.panel.width, job.panel.height):
        found = "x".join(str(int(side)) for side in Window.size)
        raise DisplayError(
            f"the display has no room for {job.panel.name}, only for {found}: take DISPLAY out of the environment, "
            "then a virtual display is used"
        )
    context = studio.context
    assert context  # noqa: S101 (built by then)
    hand = Hand(context, studio.root, unit.log_visits(context.services))
    scenes = chosen(job.scenes)
    kinds = sorted({(scene.lower, scene.still) for scene in scenes})
    for row, (lower, still) in product(job.rows, kinds):
        for scene in scenes if context.stage.lowers or not lower else ():
            if (scene.lower, scene.still) == (lower, still):
                yield from _shot(hand, row, scene, job, tell)


def _shot(hand: Hand, row: Row, scene: Scene, job: Job, tell: Callable[[Shot], None]) -> Frames:
    began = time.monotonic()
    shot = Shot(
        panel=row.panel.name,
        theme=row.theme,
        text=row.text,
        language=row.language,
        screen=scene.screen,
        state=scene.state,
    )
    try:
        _dress(hand, row, scene)
        for wait in scene.steps(hand):
            yield from _until(hand, wait)
        shot.faults += _faults(hand, row, scene)
        if job.out:
            _picture(shot, Path(job.out), f"{row.name}-{scene.name}.png")
    except Exception as error:  # noqa: BLE001 (a screen that cannot be drawn is a fault of it, told with the others)
        shot.faults.append((NOT_DRAWN, _line(error)))
    shot.faults += [(NOT_DRAWN, said) for said in _troubles.take()]
    _leave(hand)
    shot.seconds = round(time.monotonic() - began, 3)
    tell(shot)


def _line(error: Exception) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def _dress(hand: Hand, row: Row, scene: Scene) -> None:
    """Nobody is there; the screens are in the scene's look, as if somebody had chosen it before."""
    visit, access = hand.context.visit, Access(row.text, row.theme, lower=scene.lower, still=scene.still)
    if (visit.access, visit.language) != (access, row.language):
        hand.go.show(Place("attract"))
        visit.access, visit.language = access, row.language
        hand.context.stage.dress()
    hand.wake()


def _leave(hand: Hand) -> None:
    """Nothing is left of the scene but its look."""
    visit, shift = hand.context.visit, hand.context.shift
    hand.page.left()
    hand.page.wipe()
    hand.clear_up()
    access, language = visit.access, visit.language
    visit.wipe()
    visit.access, visit.language = access, language
    shift.forget()


def _until(hand: Hand, wait: Wait) -> Frames:
    """Wait until it is so, everything that was asked is answered, and that is laid out."""
    end, quiet = time.monotonic() + PATIENCE_S, 0
    while quiet < _FRAMES:
        if time.monotonic() > end:
            raise TimeoutError(f"it did not come about within {PATIENCE_S:.0f} s")
        quiet = quiet + 1 if not hand.context.background.busy and wait() else 0
        yield


# -- what is wrong


def _faults(hand: Hand, row: Row, scene: Scene) -> list[tuple[str, str]]:
    theme = hand.page.context.theme
    rules: tuple[str, ...] = tuple(checks.RULES)
    own = interface.own_words(row.language)
    if row.language == words.MARKED:
        rules, own = (*rules, checks.NOT_TRANSLATED), interface.marked(_as_they_are(hand), unit.MARK)
    drawn = shown.look(hand.root, theme, Window.size, lower=scene.lower, interface=own)
    return [(fault.rule, fault.said) for fault in checks.faults(drawn, rules)]


def _as_they_are(hand: Hand) -> set[str]:
    """Words that are of no language or of their own: names, what was typed, and texts translated as a whole."""
    privacy = hand.unit.privacy
    pages = [notice(language) for notice in (privacy.page, privacy.follow_up) for language in notices.languages()]
    lines = {line for page in pages for line in (page.title, page.yes, page.no, *page.text.splitlines())}
    known = {line.replace("**", "").lstrip("#- ").strip() for line in lines}
    week = {name(dt.date(2026, 11, day)) for day in range(1, 8) for name in (days.weekday, days.short_weekday)}
    details = {getattr(part, "detail", "") for part in shown.seen(hand.root) if shown.is_a(part, "FaultPanel")}
    tiles = [part for part in shown.seen(hand.root) if shown.is_a(part, "FactTile") or shown.is_a(part, "FactLine")]
    facts = {tile.more for tile in tiles}
    ids = {name for name in facts if name and Terms.UNKNOWN not in licences.terms(name)}
    typed = {hand.context.visit.query, *TYPED}
    return {*known, *week, *details, *ids, *typed, *wording.LANGUAGES.values(), *_NOT_WORDS}


# -- pictures


def _picture(shot: Shot, out: Path, name: str) -> None:
    """What the window shows, as a file, and small."""
    EventLoop.window.dispatch("on_draw")
    width, height = (int(side) for side in Window.size)
    pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    picture = Image.frombytes("RGB", (width, height), bytes(pixels)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    folder = out / shot.panel
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(folder / name, compress_level=3)
    shot.picture = f"{shot.panel}/{name}"
    small = io.BytesIO()
    picture.thumbnail((_THUMB_PX, _THUMB_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture.save(small, "JPEG", quality=_QUALITY)
    shot.thumb = base64.b64encode(small.getvalue()).decode()
