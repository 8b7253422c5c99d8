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
from typing import Final

from sqlalchemy import Connection

from sync.hub import keys
from sync.hub.publishing.publisher import Publisher
from sync.hub.store import catalogue, facts
from sync.hub.store.database import Database

log = logging.getLogger(__name__)

MARGIN: Final = 1_000_000
"""How far a restored hub rises: ten imports of 100,000 records, or a publication every second for eleven days."""
PER_S: Final = 100
"""Revisions a second that a hub may have given since a backup; publications, one."""
MOST: Final = 20 * MARGIN
"""Kiosks lift a hub by no more than this in all, beyond its backup: honest ones have no reason to."""
_WHO: Final = "restore"


def rise(db: Connection, revision: int, version: int, *, after_s: int) -> None:
    """Rise above a revision and a metadata version by the margin; from now on kiosks may lift this hub further.

    `after_s`, the seconds since that was how far the hub had got, comes on top: a backup may be restored twice, and no
    number that was given between the two may be given once more to something else.
    """
    revision, version = revision + PER_S * after_s, version + after_s
    _rise(db, revision, version)
    facts.put(db, facts.REACH, str(max(catalogue.last_revision(db), version + MARGIN) + MOST))


def lift(database: Database, publisher: Publisher, revision: int, versions: Mapping[str, int]) -> bool:
    """Rise above what a kiosk reports, if it has seen more than this hub published; returns whether the hub rose.

    Only a hub that was restored does so: of any other no honest kiosk can have seen more than it published.

    Args:
        revision: of the kiosk's catalogue.
        versions: the highest version of each role's metadata that it has seen.
    """
    version = max((versions.get(role, 0) for role in keys.ONLINE), default=0)
    published = publisher.published()
    if published and revision <= published.state.revision and version <= published.version:
        return False  # as nearly always: this costs no look into the database
    with database.writing() as db:
        known = max(int(facts.get(db, facts.LEAST_VERSION) or 0), published.version if published else 0)
        if revision <= catalogue.last_revision(db) and version <= known:
            return False
        if max(revision, version) > int(facts.get(db, facts.REACH) or 0):
            _disbelieve(db, revision, version)
            return False
        _rise(db, revision, version)
    publisher.sign_anew()
    log.warning(
        "a kiosk has seen revision %d and version %d of the lost hub; this one rose above it", revision, version
    )
    return True


def _rise(db: Connection, revision: int, version: int) -> None:
    last = catalogue.last_revision(db)
    catalogue.lift(db, max(last, revision) + MARGIN, _WHO)
    least = int(facts.get(db, facts.LEAST_VERSION) or 0)
    facts.put(db, facts.LEAST_VERSION, str(max(least, version + MARGIN)))


def _disbelieve(db: Connection, revision: int, version: int) -> None:
    """Say it once, and again only when more is reported."""
    if max(revision, version) <= int(facts.get(db, facts.REPORTED) or 0):
        return
    facts.put(db, facts.REPORTED, str(max(revision, version)))
    log.warning(
        "a kiosk says that it has seen revision %d and version %d, which this hub never published%s: is it another "
        "hub's, or was this hub's folder put back without `touchpoint-hub restore`?",
        revision,
        version,
        "" if facts.get(db, facts.REACH) else ", and it was not restored from a backup",
    )
