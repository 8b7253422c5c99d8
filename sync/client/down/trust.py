"""What is to be believed: The Update Framework's client over any carrier.

Source: TUF specification 1.0 section 5, through python-tuf. Traps it has are answered here: the pinned root is handed
over at every start; reference time is never before what is known for certain, as a shop's clock may have no battery.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface

from sync.client.carriers import Carrier
from sync.client.down.published import Pack, Published
from sync.errors import (
    NOT_JSON,
    ClientTooOldError,
    HubAnsweredRubbishError,
    HubRejectedError,
    NotTrustedError,
    StaleError,
    SyncError,
)
from sync.records import PROTOCOL, State

_STATE_FIELD: Final = "x-touchpoint-state"


def verify(carrier: Carrier, folder: Path, root: bytes, timestamp: bytes, now: dt.datetime) -> Published:
    """Check a publication's signatures and return what it says.

    Args:
        folder: where verified metadata is kept from pass to pass.
        root: the pinned first root.
        timestamp: the `timestamp.json` that the poll brought, not fetched again.
        now: the time that expiry is held against.

    Raises:
        NotTrustedError: altered or expired; what was verified before stays.
        StaleError: older than what was verified before.
        HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: the carrier failed.
        ClientTooOldError: it is meant for newer kiosks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fetcher = _Fetcher(carrier, timestamp)
    try:
        updater = Updater(
            metadata_dir=str(folder),
            metadata_base_url="metadata/",
            fetcher=fetcher,
            config=UpdaterConfig(prefix_targets_with_hash=True),
            bootstrap=root,
        )
        updater._trusted_set.reference_time = now  # python-tuf has no public way to say what time it is
        updater.refresh()
    except DownloadError as error:
        raise fetcher.failure or NotTrustedError(f"the hub's metadata: {error}") from error
    except ExpiredMetadataError as error:
        day = f"{now.day} {now:%B %Y, %H:%M}"
        raise NotTrustedError(
            f"the hub's signature has run out ({error}); this unit's clock says {day} UTC: is that right?"
        ) from error
    except BadVersionNumberError as error:
        raise StaleError(f"what {carrier.where} offers is older than what this unit has: {error}") from error
    except (RepositoryError, RecursionError) as error:
        raise NotTrustedError(
            f"what {carrier.where} offers is not signed by this unit's hub, or was altered: {error}"
        ) from error
    return _published(Metadata[Targets].from_file(str(folder / "targets.json")).signed)


def is_timestamp(content: bytes) -> bool:
    """Whether this looks like TUF's timestamp at all, rather than somebody's web page."""
    try:
        found = msgspec.json.decode(content)
    except NOT_JSON:
        return False
    return isinstance(found, dict) and isinstance(found.get("signed"), dict) and "signatures" in found


def _published(targets: Targets) -> Published:
    try:
        state = msgspec.convert(targets.unrecognized_fields[_STATE_FIELD], State)
        packs = tuple(Pack.of(path, target) for path, target in targets.targets.items())
    except (KeyError, msgspec.ValidationError) as error:
        raise NotTrustedError(f"the hub signed something this program cannot read: {error}") from error
    if state.min_client > PROTOCOL:
        raise ClientTooOldError(
            f"the hub publishes for protocol {state.min_client}, this kiosk speaks {PROTOCOL}: please update Touchpoint"
        )
    return Published(state, packs)


class _Fetcher(FetcherInterface):
    """Lets python-tuf read through a carrier, and keeps the carrier's own error."""

    def __init__(self, carrier: Carrier, timestamp: bytes) -> None:
        self._carrier = carrier
        self._timestamp = timestamp
        self.failure: SyncError | None = None

    def _fetch(self, url: str) -> Iterator[bytes]:
        return iter([self._timestamp]) if url == "metadata/timestamp.json" else self._stream(url)

    def _stream(self, url: str) -> Iterator[bytes]:
        try:
            yield from self._carrier.read(url)
        except HubRejectedError as error:
            if error.status not in (403, 404):
                self.failure = error
            raise DownloadHTTPError(str(error), error.status) from error
        except SyncError as error:
            self.failure = error
            raise DownloadError(str(error)) from error


def not_the_hub(what: str) -> HubAnsweredRubbishError:
    """The error for an answer that is no hub's."""
    return HubAnsweredRubbishError(f"{what} is not a Touchpoint catalogue; is this a Wi-Fi sign-in page?")
