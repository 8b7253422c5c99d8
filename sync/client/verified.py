"""What was verified last, as the kept metadata says it: read without the library that verified it, slow to load."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from typing import Final

import msgspec

from sync.errors import NOT_JSON

ROLES: Final = ("root", "timestamp", "snapshot", "targets")


class _Signed(msgspec.Struct):
    version: int
    expires: dt.datetime


class _Metadata(msgspec.Struct):
    signed: _Signed


def versions(folder: Path) -> dict[str, int]:
    """The version of each TUF role that was verified last, as far as metadata is kept in `folder`."""
    return {role: there.version for role in ROLES if (there := _kept(folder, role))}


def signed_until(folder: Path) -> dt.datetime | None:
    """When the timestamp that was verified last runs out; None before the first."""
    there = _kept(folder, "timestamp")
    return there.expires if there else None


def _kept(folder: Path, role: str) -> _Signed | None:
    with contextlib.suppress(FileNotFoundError, *NOT_JSON):
        return msgspec.json.decode((folder / f"{role}.json").read_bytes(), type=_Metadata).signed
    return None
