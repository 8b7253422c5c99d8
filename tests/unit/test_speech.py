"""The voice, with the real espeak-ng: every language, several writings in one text, silence at once."""

from __future__ import annotations

import array
import logging
import os
import time
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.devices import speech
from kiosk.devices.speech import EspeakSpeaker, SilentSpeaker, Utterance, open_speaker, parts
from kiosk.errors import SettingsError
from kiosk.settings import Settings
from sync import wording

needs_espeak = pytest.mark.skipif(not speech.has_program(), reason="needs Debian's espeak-ng")
GREETINGS = {
    "en": "Good morning, what are you looking for?",
    "cy": "Bore da, beth ydych chi'n chwilio amdano?",
    "pl": "Dzień dobry, czego szukasz?",
    "ur": "صبح بخیر، آپ کیا تلاش کر رہے ہیں؟",
    "bn": "সুপ্রভাত, আপনি কী খুঁজছেন?",
    "pa": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ, ਤੁਸੀਂ ਕੀ ਲੱਭ ਰਹੇ ਹੋ?",
    "ar": "صباح الخير، ماذا تبحث عنه؟",
}


def until(what: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def heard(path: Path) -> tuple[float, int]:
    """How long a file sounds, in seconds, and how loud its loudest moment is, to 32767."""
    with wave.open(str(path)) as file:
        samples = array.array("h", file.readframes(file.getnframes()))
        return file.getnframes() / file.getframerate(), max(map(abs, samples), default=0)


def spoken(folder: Path, *what: Utterance) -> list[Path]:
    """The files of all of these, one after the other."""
    speaker = EspeakSpeaker(folder)
    for one in what:
        speaker.say(one, after=True)
    until(lambda: not speaker.speaking)
    speaker.end()
    return sorted(folder.glob("*.wav"))


@needs_espeak
@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_there_is_a_voice_for_every_language(tmp_path: Path, language: str) -> None:
    (file,) = spoken(tmp_path, Utterance(GREETINGS[language], language))
    assert file.name == f"00001-{speech.VOICES[language]}.wav"
    seconds, loudest = heard(file)
    assert seconds > 0.3
    assert loudest > 1000


@needs_espeak
def test_speed_and_volume_are_heard(tmp_path: Path) -> None:
    text = GREETINGS["en"]
    slow, fast, loud = spoken(
        tmp_path, Utterance(text, words_a_minute=110), Utterance(text, words_a_minute=230), Utterance(text, volume=5)
    )
    assert heard(slow)[0] > 1.3 * heard(fast)[0]
    assert heard(loud)[1] > heard(slow)[1]


@needs_espeak
def test_a_text_of_several_writings_is_said_in_several_voices(tmp_path: Path) -> None:
    files = spoken(tmp_path, Utterance("Child's bike, بچے کی سائیکل, £3.50", "en"))
    assert [file.stem.partition("-")[2] for file in files] == ["en-gb", "ur", "en-gb"]
    assert all(heard(file)[1] > 1000 for file in files)


def test_the_parts_of_a_text_lose_no_word() -> None:
    text = "Cook for 2 on £10 - سستا کھانا! (Free) রান্না"
    assert " ".join("".join(part.text for part in parts(text, "en")).split()) == text
    assert [part.voice for part in parts(text, "en")] == ["en-gb", "ur", "en-gb", "bn"]


@pytest.mark.parametrize(
    ("text", "language", "voice"),
    [
        ("Bore da", "cy", "cy"),
        ("Bore da", "ur", "en-gb"),
        ("صباح", "ar", "ar"),
        ("صباح", "en", "ar"),
        ("صبح بخیر کیا", "en", "ur"),
        ("ماذا", "ur", "ur"),
        ("नमस्ते", "en", "hi"),
        ("12:30", "pl", "pl"),
    ],
)
def test_who_says_it(text: str, language: str, voice: str) -> None:
    assert [part.voice for part in parts(text, language)] == [voice]


def test_sounds_instead_of_words_cannot_be_smuggled_in() -> None:
    assert [part.text for part in parts("a [[b]] c", "en")] == ["a [ [b]] c"]


def test_nothing_is_nothing_to_say() -> None:
    assert parts("", "en") == parts(" \n", "en") == []


def slow_voice(folder: Path) -> str:
    """A program in espeak-ng's place that speaks for a minute and writes down its process's id and its arguments."""
    program = folder / "slow-voice"
    program.write_text(f'#!/bin/sh\necho "$$ $@" >> {folder}/started\nexec sleep 60\n')
    program.chmod(0o700)
    return str(program)


def started(folder: Path) -> list[str]:
    path = folder / "started"
    return path.read_text().splitlines() if path.exists() else []


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_next_text_ends_the_one_before_and_nobody_waits(tmp_path: Path) -> None:
    speaker = EspeakSpeaker(program=slow_voice(tmp_path))
    speaker.say(Utterance("one"))
    until(lambda: len(started(tmp_path)) == 1)
    speaker.say(Utterance("never said"), after=True)
    speaker.say(Utterance("two"))
    until(lambda: len(started(tmp_path)) == 2)
    first, second = (int(line.split()[0]) for line in started(tmp_path))
    until(lambda: gone(first))
    assert speaker.speaking and not gone(second)
    speaker.stop()
    until(lambda: not speaker.speaking)
    assert gone(second)
    speaker.say(Utterance("three"))
    until(lambda: len(started(tmp_path)) == 3)
    speaker.end()
    assert gone(int(started(tmp_path)[2].split()[0]))
    speaker.say(Utterance("four"))
    assert not speaker.speaking and len(started(tmp_path)) == 3


def test_no_word_stands_on_a_command_line_or_in_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    speaker = EspeakSpeaker(program=slow_voice(tmp_path))
    speaker.say(Utterance("secret"))
    until(lambda: len(started(tmp_path)) == 1)
    speaker.end()
    missing = EspeakSpeaker(program=str(tmp_path / "not there"))
    missing.say(Utterance("secret"))
    until(lambda: not missing.speaking and bool(caplog.records))
    missing.end()
    assert "secret" not in started(tmp_path)[0]
    assert "secret" not in caplog.text and "not there" in caplog.text


def test_where_there_is_no_card_it_is_silent_and_takes_no_time(tmp_path: Path) -> None:
    none = tmp_path / "cards"
    assert not speech.has_sound_card(none)
    none.write_text("--- no soundcards ---\n")
    assert not speech.has_sound_card(none)
    none.write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      HDA Intel PCH\n")
    assert speech.has_sound_card(none)
    silent = SilentSpeaker()
    silent.say(Utterance("anything"))
    assert not silent.speaking and not silent.audible
    assert isinstance(open_speaker("off"), SilentSpeaker)


@pytest.mark.parametrize("word", ["loud", "file:", ""])
def test_a_wrong_setting_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, word: str) -> None:
    monkeypatch.setenv("TOUCHPOINT_SPEECH", word)
    with pytest.raises(SettingsError, match=r"speech.*auto, off, espeak or file:DIR"):
        Settings.load(tmp_path)
    monkeypatch.setenv("TOUCHPOINT_SPEECH", "file:/tmp/voices")
    assert Settings.load(tmp_path).speech == "file:/tmp/voices"
