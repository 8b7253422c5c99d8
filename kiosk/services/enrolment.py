"""How far this unit has come in being enrolled: left by the agent for the screen."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sync.errors import NOT_JSON
from sync.replica.folder import write_in_one_step


class EnrolmentState(msgspec.Struct, omit_defaults=True, kw_only=True):
    """`asking` (for a code), `showing` one, `unreachable` (a code that was shown still counts) or `denied`.

    `expires_at` is in seconds since 1970; `message` says what is wrong, for a log or a terminal.
    """

    state: str
    user_code: str = ""
    verification_url: str = ""
    expires_at: float = 0.0
    message: str = ""


def load(data: Path) -> EnrolmentState | None:
    """What the agent left; None while this unit is not being enrolled."""
    try:
        return msgspec.json.decode(_path(data).read_bytes(), type=EnrolmentState)
    except (FileNotFoundError, *NOT_JSON):
        return None


def note(data: Path, state: EnrolmentState | None) -> None:
    """Leave word for the screen; None: it is over. Nothing is written where nothing changed."""
    if state == load(data):
        return
    if state is None:
        _path(data).unlink(missing_ok=True)
    else:
        write_in_one_step(_path(data), msgspec.json.encode(state), mode=0o600)


def _path(data: Path) -> Path:
    return data / "enrolment.json"
