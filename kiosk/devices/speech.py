"""A voice: says texts aloud with espeak-ng, each part of them in a voice that can say it. What is said is never logged.

espeak-ng is a process of its own for every part, which is ended at once when something else is to be said. It is given
the text on its standard input, so that no list of processes shows it.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from kiosk.lettering import scripts

_log = logging.getLogger(__name__)

PROGRAM: Final = "espeak-ng"
SOUND_CARDS: Final = Path("/proc/asound/cards")
VOICES: Final = {"en": "en-gb", "cy": "cy", "pl": "pl", "ur": "ur", "bn": "bn", "pa": "pa", "ar": "ar"}
"""The voice of each of our languages, as `espeak-ng --voices` names it."""
AMPLITUDES: Final = (40, 70, 100, 140, 190)
"""How loud, from volume 1 to 5; espeak-ng's own scale from 0 to 200."""
_SLOWEST, _FASTEST = 80, 450
_OF_SCRIPT: Final = {
    "Latin": ("en", "cy", "pl"),
    "Arabic": ("ur", "ar"),
    "Bengali": ("bn",),
    "Gurmukhi": ("pa",),
}
"""Who can read which writing."""
_ELSEWHERE: Final = {
    "Devanagari": "hi",
    "Gujarati": "gu",
    "Tamil": "ta",
    "Telugu": "te",
    "Sinhala": "si",
    "Georgian": "ka",
    "Ethiopic": "am",
    "Armenian": "hy",
    "Hebrew": "he",
    "Thai": "th",
}
"""The voices for writings that none of our languages is in."""
_URDU_ALONE: Final = frozenset("ٹڈڑںےھہپچگکیژ")
"""Letters that Urdu has and Arabic has not."""
_END_S: Final = 2.0


@dataclass(frozen=True)
class Utterance:
    """Something to say: in a language (its code), at so many words a minute, from volume 1 to 5."""

    text: str
    language: str = "en"
    words_a_minute: int = 160
    volume: int = 3


@dataclass(frozen=True)
class Spoken:
    """A part of a text, for one voice."""

    text: str
    voice: str


class Speaker(Protocol):
    """Says things. Nobody who calls it ever waits."""

    @property
    def audible(self) -> bool:
        """Whether anybody can hear it."""

    @property
    def speaking(self) -> bool:
        """Whether something is being said, or about to be."""

    def say(self, what: Utterance, *, after: bool = False) -> None:
        """Say this now, instead of what is being said; or `after` that."""

    def stop(self) -> None:
        """Be silent at once."""

    def end(self) -> None:
        """Be silent for good."""


class SilentSpeaker:
    """Where there is no voice, or nothing to hear it by: everything has been said as soon as it is asked for."""

    audible = False
    speaking = False

    def say(self, what: Utterance, *, after: bool = False) -> None:
        """See `Speaker`."""

    def stop(self) -> None:
        """See `Speaker`."""

    def end(self) -> None:
        """See `Speaker`."""


class EspeakSpeaker:
    """Says things with espeak-ng.

    Args:
        folder: where it writes each part as a numbered WAV file instead; nothing is heard then.
        program: what is started.
    """

    audible = True

    def __init__(self, folder: Path | None = None, program: str = PROGRAM) -> None:
        self._folder, self._program = folder, program
        self._waiting: deque[Utterance] = deque()
        self._change = threading.Condition()
        self._turn = 0
        """Counts up whenever all that was asked for before is to be left unsaid."""
        self._busy = self._ended = self._told = False
        self._process: subprocess.Popen[bytes] | None = None
        self._written = 0
        self._thread: threading.Thread | None = None

    @property
    def speaking(self) -> bool:
        """See `Speaker`."""
        with self._change:
            return self._busy or bool(self._waiting)

    def say(self, what: Utterance, *, after: bool = False) -> None:
        """See `Speaker`."""
        with self._change:
            if self._ended:
                return
            if not after:
                self._break_off()
            self._waiting.append(what)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="speech", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def stop(self) -> None:
        """See `Speaker`."""
        with self._change:
            self._break_off()

    def end(self) -> None:
        """See `Speaker`."""
        with self._change:
            self._ended = True
            self._break_off()
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join(_END_S)

    def _break_off(self) -> None:
        self._waiting.clear()
        self._turn += 1
        if self._process is not None:
            self._process.kill()

    # -- the thread

    def _work(self) -> None:
        while True:
            with self._change:
                self._busy = False
                self._change.notify_all()
                self._change.wait_for(lambda: self._ended or self._waiting)
                if self._ended:
                    return
                what, turn = self._waiting.popleft(), self._turn
                self._busy = True
            try:
                for part in parts(what.text, what.language):
                    self._say(part, what, turn)
            except OSError as error:
                self._tell(f"{error.filename or self._program}: {error.strerror}")

    def _say(self, part: Spoken, what: Utterance, turn: int) -> None:
        command = [self._program, "--stdin", "-b", "1", "-v", part.voice]
        command += ["-s", str(max(_SLOWEST, min(_FASTEST, what.words_a_minute)))]
        command += ["-a", str(AMPLITUDES[max(1, min(len(AMPLITUDES), what.volume)) - 1])]
        wave = self._next_file(part.voice)
        if wave is not None:
            command += ["-w", str(wave.with_suffix(".part"))]
        with self._change:
            if turn != self._turn:
                return
            quiet = subprocess.DEVNULL
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
            self._process = process
        try:
            process.communicate(part.text.encode())
        except BrokenPipeError:
            pass  # it was told to be silent, or ended by itself; its status says which
        finally:
            with self._change:
                self._process = None
        if process.returncode > 0:
            self._tell(f"{self._program} ended with status {process.returncode} for the voice {part.voice}")
        elif process.returncode == 0 and wave is not None:
            wave.with_suffix(".part").replace(wave)

    def _next_file(self, voice: str) -> Path | None:
        if self._folder is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        self._written += 1
        return self._folder / f"{self._written:05}-{voice}.wav"

    def _tell(self, trouble: str) -> None:
        """Log the first trouble there is; the words that were to be said are not in it."""
        if not self._told:
            self._told = True
            _log.warning("nothing can be said: %s", trouble)


def parts(text: str, language: str) -> list[Spoken]:
    """A text in parts, each with a voice that can say it; what no voice can say is left out.

    Letters that several of our languages share are read in `language`, if that is one of them.
    """
    found: list[Spoken] = []
    for run in scripts.runs(_plain(text), rtl=False):
        voice = _voice(run.script, run.text, language)
        if not voice:
            continue
        if found and (found[-1].voice == voice or not _to_say(run.text)):
            found[-1] = Spoken(found[-1].text + run.text, found[-1].voice)
        else:
            found.append(Spoken(run.text, voice))
    if len(found) > 1 and not _to_say(found[0].text):
        found[:2] = [Spoken(found[0].text + found[1].text, found[1].voice)]
    return [part for part in found if part.text.strip()]


def _plain(text: str) -> str:
    """Without what espeak-ng would take for orders: `[[` begins sounds instead of words."""
    return " ".join(scripts.plain(text).replace("[[", "[ [").replace("\0", "").split())


def _to_say(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _voice(script: str, text: str, language: str) -> str:
    readers = _OF_SCRIPT.get(script, ())
    if language in readers:
        return VOICES[language]
    if script == "Arabic":
        return VOICES["ur" if _URDU_ALONE & set(text) else "ar"]
    return VOICES[readers[0]] if readers else _ELSEWHERE.get(script, "")


# -- which speaker there is


def has_program() -> bool:
    """Whether espeak-ng is installed."""
    return shutil.which(PROGRAM) is not None


def has_sound_card(cards: Path = SOUND_CARDS) -> bool:
    """Whether the system knows of something to hear by."""
    try:
        return any(line.split("[")[0].strip().isdigit() for line in cards.read_text().splitlines())
    except OSError:
        return False


def open_speaker(setting: str) -> Speaker:
    """The speaker that the setting `speech` names; a silent one where what it needs is not there."""
    if setting.startswith("file:"):
        return EspeakSpeaker(Path(setting.removeprefix("file:"))) if has_program() else SilentSpeaker()
    if setting == "off" or not has_program() or (setting == "auto" and not has_sound_card()):
        return SilentSpeaker()
    return EspeakSpeaker()
