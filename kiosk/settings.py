"""Settings of one unit: `DIR/settings.toml`, each also as an environment variable `TOUCHPOINT_NAME`.

An environment variable wins over the file, the file over the default. An unknown or wrong setting is an error that
names it: a unit must not start half-configured.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import platformdirs

from kiosk.errors import SettingsError
from sync import hours
from sync.errors import RecordError

LEAST_BANDWIDTH: Final = 2_000
"""Bytes a second; slower than this the hub takes a unit for gone."""


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default. Sizes are in millimetres, times in seconds."""

    data: Path = field(default_factory=lambda: platformdirs.user_data_path("touchpoint") / "kiosk")
    """Folder of everything this unit keeps."""
    printer: str = "png"
    """`png` writes slips as pictures into `DIR/slips`; `tcp://HOST:9100` is an ESC/POS printer on the network."""
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
    """Room for pictures and files."""
    bandwidth_bytes_per_s: int = 0
    """Pictures and files are fetched no faster than this; 0 is as fast as they come."""
    fetch_window: str = ""
    """Pictures and files are fetched in this part of the day only, such as 22:00-06:00; empty is always."""

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
        known = {f.name for f in fields(cls)}
        for name, value in _read(path).items():
            if name not in known:
                raise SettingsError(
                    f"{path}: there is no setting {name!r}; the settings are {', '.join(sorted(known))}"
                )
            values.setdefault(name, value)
        for name in known - {"data"}:
            if (text := _from_environment(name)) is not None:
                values[name] = text
        return cls(**{name: _convert(name, value) for name, value in values.items()})


def _from_environment(name: str) -> str | None:
    return os.environ.get(f"TOUCHPOINT_{name.upper()}")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from error


def _convert(name: str, value: Any) -> Any:
    kind = _KINDS.get(name, float)
    try:
        return kind(value)
    except (TypeError, ValueError, RecordError) as error:
        wanted = f"it must be a {kind.__name__}" if isinstance(kind, type) else str(error)
        raise SettingsError(f"setting {name!r} is {value!r}; {wanted}") from error


def _bandwidth(value: Any) -> int:
    given = int(value)
    if given and given < LEAST_BANDWIDTH:
        raise ValueError(f"at least {LEAST_BANDWIDTH}, or 0 for no cap")
    return given


def _window(value: Any) -> str:
    if value:
        hours.parse_span(str(value))
    return str(value)


_KINDS: Final[dict[str, Callable[[Any], Any]]] = {
    "data": Path,
    "printer": str,
    "slip_dots": int,
    "blob_budget_bytes": int,
    "bandwidth_bytes_per_s": _bandwidth,
    "fetch_window": _window,
}
