"""Settings of one unit: `DIR/settings.toml`, each also as an environment variable `TOUCHPOINT_NAME`.

An environment variable wins over the file, the file over what the hub says (`sync.settings.DEVICE`), that over the
default. An unknown or wrong setting of the unit's own is an error that names it: a unit must not start half-configured.
One from the hub is logged once and left out: a mistake there must not stop a shop.
"""

from __future__ import annotations

import logging
import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import platformdirs

from kiosk.errors import SettingsError
from sync import attendance
from sync.errors import RecordError
from sync.settings import DEVICE, is_word, key

log = logging.getLogger(__name__)

_KINDS: Final[dict[str, type]] = {
    "data": Path,
    "printer": str,
    "slip_dots": int,
    "blob_budget_bytes": int,
    "bandwidth_bytes_per_s": int,
    "fetch_window": str,
    "catalogue_url": str,
    "hub_url": str,
    "serial": str,
    "topics": str,
    "outcomes": str,
    "stock_themes": str,
    "stock_kinds": str,
    "stock_languages": str,
    "keep_days": int,
    "attendance_months": int,
    "follow_up_days": int,
    "privacy_contact": str,
    "help_contact": str,
    "text_size": str,
    "theme": str,
    "language": str,
    "speech": str,
    "motion": str,
}
"""All others are numbers of seconds or millimetres."""
_NOT_SET: Final = ("data", "words", "own")
"""Those that are no settings of their own."""
CHOICES: Final = {
    "text_size": ("small", "normal", "large", "largest"),
    "theme": ("light", "dark", "contrast"),
    "motion": ("on", "off"),
}
_SPEECH: Final = re.compile("auto|off|espeak|file:.+")
_WORDS: Final[dict[type, str]] = {Path: "a path", str: "text", int: "a whole number from 0", float: "a number from 0"}


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default. Sizes are in millimetres, times in seconds."""

    data: Path = field(default_factory=lambda: platformdirs.user_data_path("touchpoint") / "kiosk")
    """Folder of everything this unit keeps."""
    printer: str = "png"
    """`png` writes slips as pictures into `DIR/slips`; else one or more addresses: the README's chapter Printers says
    which there can be, and `touchpoint-kiosk printers find` which are near."""
    slip_dots: int = 576
    """Width of a slip in dots of 1/8 mm: 576 on 80 mm paper, 384 on 58 mm."""
    panel_mm: float = 268.0
    """Shorter side of the panel's picture; 268 is a 21.5 inch full-HD panel."""
    poll_s: float = 60.0
    """How often the agent asks the hub for news."""
    idle_s: float = 90.0
    """After how long without a touch the screen asks whether somebody is still there."""
    warn_s: float = 30.0
    """How long that question stands before the screen goes back to the start."""
    blob_budget_bytes: int = 2_000_000_000
    """Room for pictures and files; a tenth of the disk, at most 1 GB, stays free of them all the same."""
    heartbeat_s: float = 300.0
    """How often the agent tells the hub how this unit is."""
    bandwidth_bytes_per_s: int = 0
    """Most that pictures and files may take of the line; 0 is all."""
    fetch_window: str = ""
    """When pictures and files are fetched, local time, such as `22:00-06:00`; empty is always."""
    catalogue_url: str = ""
    """Where the catalogue is fetched from, if not from the hub."""
    hub_url: str = ""
    """The hub that a unit which belongs to no shop yet asks for a code. Afterwards its identity knows the hub."""
    serial: str = ""
    """Stands for the machine's serial number where it has none that can be read."""
    topics: str = " ".join(attendance.TOPICS)
    """What visitors come about: the buttons that log a visit, as ids with spaces between them."""
    outcomes: str = " ".join(attendance.OUTCOMES)
    """What came of a visit."""
    stock_themes: str = ""
    """Themes that this shop stocks, as keys with spaces between them; empty is all."""
    stock_kinds: str = ""
    """Kinds that this shop stocks, such as `guide app`; empty is all."""
    stock_languages: str = ""
    """Languages of what this shop stocks, such as `en cy`; empty is all."""
    keep_days: int = 7
    """Days that a record is kept here after the hub has it."""
    attendance_months: int = 13
    """Months that the hub keeps attendance record by record; stands on the privacy page."""
    follow_up_days: int = 90
    """Days that the hub keeps a contact; stands on the privacy page."""
    privacy_contact: str = ""
    """Whom people ask about what is kept of them; stands on the privacy page."""
    help_contact: str = ""
    """Whom staff ring about this screen, if not `privacy_contact`; stands on their screen about it."""
    staff_idle_s: float = 60.0
    """After how long without a touch the staff's screens lock."""
    staff_draft_s: float = 600.0
    """How long what was begun is kept behind the lock."""
    text_size: str = "normal"
    """`small`, `normal`, `large` or `largest`."""
    theme: str = "light"
    """`light`, `dark`, or `contrast` for black on white."""
    motion: str = "on"
    """`on`, or `off` for a screen on which nothing moves by itself."""
    language: str = "en"
    """The language of the screen until a visitor chooses one; what there are no words in is English."""
    speech: str = "auto"
    """`auto` speaks where there are espeak-ng and a sound card, `espeak` without looking for a card, `off` never;
    `file:DIR` writes what is said into DIR as WAV files, which is for trying voices alone: it keeps every word."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the hub calls things in the surgery: `word.NAME` and `word.NAME.LANGUAGE`."""
    own: frozenset[str] | None = None
    """The names of those that were set in this unit, which the hub's do not change; worked out where not given."""

    def __post_init__(self) -> None:
        if self.own is None:
            given = {f.name for f in fields(self) if f.name not in _NOT_SET and getattr(self, f.name) != f.default}
            object.__setattr__(self, "own", frozenset(given))

    def with_hub(self, given: Mapping[str, Any]) -> Settings:
        """These settings with what the hub says of those that were not set in this unit."""
        said = {name: value for name, text in given.items() if (value := _from_hub(name, text)) is not None}
        defaults = {f.name: f.default for f in fields(self) if f.name in DEVICE}
        values = {name: said.get(name, default) for name, default in defaults.items() if name not in (self.own or ())}
        return replace(self, **values, words={name: str(text) for name, text in said.items() if is_word(name)})

    @classmethod
    def load(cls, data: Path | None = None) -> Settings:
        """The settings of the unit whose folder is `data`.

        Raises:
            SettingsError: naming the setting that is unknown or cannot be understood.
        """
        values: dict[str, Any] = {}
        if folder := data or _from_environment("data"):
            values["data"] = Path(folder)
        path = Path(values.get("data", cls().data)) / "settings.toml"
        known = {f.name for f in fields(cls)} - {"own", "words"}
        for name, value in _read(path).items():
            if name not in known:
                raise SettingsError(
                    f"{path}: there is no setting {name!r}; the settings are {', '.join(sorted(known))}"
                )
            values.setdefault(name, value)
        for name in known - {"data"}:
            if (text := _from_environment(name)) is not None:
                values[name] = text
        return cls(**{name: _convert(name, value) for name, value in values.items()}, own=frozenset(values))


def _from_environment(name: str) -> str | None:
    return os.environ.get(f"TOUCHPOINT_{name.upper()}")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _convert(name: str, value: Any) -> Any:
    kind = _KINDS.get(name, float)
    try:
        made = kind(value)
        if kind in (int, float) and not 0 <= made < math.inf:
            raise ValueError
        if name in CHOICES and made not in CHOICES[name]:
            raise SettingsError(f"setting {name!r} is {value!r}; it must be {' or '.join(CHOICES[name])}")
        if name == "speech" and not _SPEECH.fullmatch(made):
            raise SettingsError(f"setting {name!r} is {value!r}; it must be auto, off, espeak or file:DIR")
        return DEVICE[name].read(made) if kind is str and name in DEVICE else made
    except (TypeError, ValueError) as error:
        raise SettingsError(f"setting {name!r} is {value!r}; it must be {_WORDS[kind]}") from error
    except RecordError as error:
        raise SettingsError(str(error)) from error


def _from_hub(name: str, value: Any) -> Any:
    if (known := key(name)) is None:
        _say_once(f"the hub sets {name!r}, which this program does not know; it is left out")
        return None
    try:
        return known.read(value)
    except RecordError as error:
        _say_once(f"the hub's setting is left out: {error}")
        return None


@lru_cache(maxsize=64)
def _say_once(message: str) -> None:
    log.warning("%s", message)
