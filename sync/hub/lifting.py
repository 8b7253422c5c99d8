"""How a restored hub gets its kiosks to follow it again.

Kiosks refuse metadata older than what they have seen, for good, and a restored hub does not know how far the lost one
got. So it rises by a wide margin: metadata versions, so that it is believed, and revisions, so that none is ever given
to two different changes. Where even that was not enough a kiosk's heartbeat tells.

One record is stamped with a revision above the margin, not every one: the first publication is a base, and no delta
leads to it from what the lost hub published, so every kiosk builds its catalogue from that base whatever it held.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from sync.hub import keys
from sync.hub.store import catalogue, facts
from sync.hub.store.database import now

if TYPE_CHECKING:
    from sync.hub.hub import Hub

log = logging.getLogger(__name__)

MARGIN: Final = 1_000_000
"""How far a restored hub rises: ten imports of 100,000 records, or a publication every second for eleven days. Two
thousand restores still fit into 31 bits."""
PER_S: Final = 100
"""Revisions a second that a hub may have given since a backup; publications, one."""
MOST: Final = 20 * MARGIN
"""No kiosk lifts a hub by more than this: an honest one has no reason to."""
_WHO: Final = "restore"


def rise(db: Connection, revision: int, version: int, *, after_s: int) -> None:
    """Rise above a revision and a metadata version by the margin; from now on kiosks may lift this hub further.

    `after_s`, the seconds since that was how far the hub had got, comes on top: a backup may be restored twice, and no
    number that was given between the two may be given once more to something else.
    """
    _rise(db, revision + PER_S * after_s, version + after_s)
    facts.put(db, facts.RESTORED_AT, now())


def lift(hub: Hub, revision: int, versions: Mapping[str, int]) -> bool:
    """Rise above what a kiosk reports, if it has seen more than this hub published; returns whether the hub rose.

    Only a hub that was restored does so: of any other no honest kiosk can have seen more than it published.

    Args:
        revision: of the kiosk's catalogue.
        versions: the highest version of each role's metadata that it has seen.
    """
    version = max((versions.get(role, 0) for role in keys.ONLINE), default=0)
    with hub.database.reading() as db:
        last = catalogue.last_revision(db)
        least = int(facts.get(db, facts.LEAST_VERSION) or 0)
        restored = facts.get(db, facts.RESTORED_AT)
        believed = int(facts.get(db, facts.REPORTED) or 0)
    published = hub.publisher.published()
    known = max(least, published.version if published else 0)
    if revision <= last and version <= known:
        return False
    if not restored or revision > last + MOST or version > known + MOST:
        if max(revision, version) > believed:
            _note(hub, revision, version, restored=bool(restored))
        return False
    with hub.database.writing() as db:
        _rise(db, revision, version)
    hub.publisher.sign_anew()
    log.warning(
        "a kiosk has seen revision %d and version %d of the lost hub; this one rose above it", revision, version
    )
    return True


def _rise(db: Connection, revision: int, version: int) -> None:
    last = catalogue.last_revision(db)
    catalogue.lift(db, max(last, revision) + MARGIN, _WHO)
    least = int(facts.get(db, facts.LEAST_VERSION) or 0)
    facts.put(db, facts.LEAST_VERSION, str(max(least, version + MARGIN)))


def _note(hub: Hub, revision: int, version: int, *, restored: bool) -> None:
    """Say it once, and again only when more is reported."""
    with hub.database.writing() as db:
        facts.put(db, facts.REPORTED, str(max(revision, version)))
    log.warning(
        "a kiosk says that it has seen revision %d and version %d, which this hub never published%s: is it another "
        "hub's, or was this hub's folder put back without `touchpoint-hub restore`?",
        revision,
        version,
        "" if restored else ", and it was not restored from a backup",
    )
