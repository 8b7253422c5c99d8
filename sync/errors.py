"""What can go wrong between a shop and the hub, one class a kind of trouble.

The message of each says what happened, where, and what to do; it is written for the person who reads a log
or a terminal. Words for visitors live with the screens.
"""

from __future__ import annotations

from typing import Final

import msgspec

NOT_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises of bytes that are not the JSON they should be; two of them are Python's own."""


class SyncError(Exception):
    """Base of every error of this package."""


class RecordError(SyncError):
    """A record, pack or import line does not have the shape it must have."""


class CodeError(SyncError):
    """What was typed is not a short code (wrong length, letter or check character)."""


class ReplicaError(SyncError):
    """The local read copy of the catalogue is missing or damaged; it can be built again."""


class CheckFailedError(ReplicaError):
    """Count or digest of the replica differ from what the hub signed for that revision."""


class StorageError(SyncError):
    """This machine's disk is full, or cannot be read or written."""


class HubUnreachableError(SyncError):
    """Nothing answered at the hub's address (no network, hub down, timed out)."""


class HubAnsweredRubbishError(SyncError):
    """Something answered that is not the hub, such as the sign-in page of a Wi-Fi hotspot."""


class HubRejectedError(SyncError):
    """The hub understood and said no; `status` is the HTTP status it gave."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class NotTrustedError(SyncError):
    """What arrived is not what the hub signed (altered, replayed or expired); nothing of it was used."""


class StaleError(NotTrustedError):
    """What answered is older than what this unit has: a mirror that lags, or yesterday's stick. Try another."""


class ShrinkRefusedError(SyncError):
    """A publication would empty more than half of the shelves; the old catalogue was kept."""


class ClientTooOldError(SyncError):
    """The hub publishes for newer kiosks than this one; what is here goes on being shown."""
