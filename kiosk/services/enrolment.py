"""How the enrolment by a code on the screen is getting on: the agent asks, the screen shows."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sync.replica.folder import write_in_one_step


class EnrolmentState(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the agent left for the screen.

    `state` is `asking`, `showing` (then there is a code, good until `expires_at`), `unreachable` or `denied`.
    """

    state: str
    user_code: str = ""
    verification_url: str = ""
    expires_at: str = ""
    message: str = ""


def load(path: Path) -> EnrolmentState | None:
    """What was left at `path`; None when nothing was."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=EnrolmentState)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def save(path: Path, state: EnrolmentState) -> None:
    """Leave word for the screen."""
    write_in_one_step(path, msgspec.json.encode(state))
