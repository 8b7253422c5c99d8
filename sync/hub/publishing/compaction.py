"""What is done behind publications because it takes long: a new base, and large merges.

It is made for the revision that was published last when it began; publications made meanwhile stay as they are, and the
finished packs join whatever the set is by then. Breaking it off at any moment costs nothing but the work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from sync.client.down.published import Pack
from sync.hub import locks
from sync.hub.publishing import packing, plan
from sync.hub.publishing.publisher import Publisher
from sync.hub.publishing.signing import SignedSet
from sync.hub.store import revisions
from sync.packs import Digest
from sync.records import State

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Compacted:
    """What a compaction added to the set."""

    new_packs: tuple[str, ...]
    new_bytes: int


def due(published: SignedSet | None) -> bool:
    """Whether there is something to do."""
    return published is not None and (plan.base_due(published.packs) or plan.merge_due(published.packs) is not None)


def compact(publisher: Publisher, progress: Progress | None = None) -> Compacted | None:
    """Make what is due; None when nothing is, or when another process is at it."""
    with locks.held_if_free(publisher.folder, locks.COMPACTING) as alone:
        published = publisher.published()
        if not alone or published is None:
            return None
        added: list[Pack] = []
        if plan.base_due(published.packs):
            added += _new_base(publisher, published, progress)
        added += _merged(publisher)
    return Compacted(tuple(pack.path for pack in added), sum(pack.length for pack in added)) if added else None


# -- inner -----------------------------------------------------------------------------------------------------


def _new_base(publisher: Publisher, began_at: SignedSet, progress: Progress | None) -> list[Pack]:
    state = began_at.state
    base = packing.base(publisher.database, publisher.folder.packs, state.revision, progress=progress)
    sound = (base.digest.count, base.digest.hex()) == (state.count, state.digest)
    with publisher.alone():
        published = publisher.published() or began_at
        after = published.state if sound else _counted_anew(publisher, published.state)
        publisher.sign(after, [*published.packs, *base.pieces])
    return base.pieces


def _counted_anew(publisher: Publisher, state: State) -> State:
    """The state with a digest over every record, where the one that was carried on from change to change is wrong."""
    with publisher.database.reading() as db:
        digest: Digest = revisions.digest(db, state.revision)
    log.error(
        "the signed digest of revision %d was not that of the database, whose history somebody must have changed by "
        "hand; it was counted anew, and kiosks build their catalogue again",
        state.revision,
    )
    return msgspec.structs.replace(state, count=digest.count, digest=digest.hex())


def _merged(publisher: Publisher) -> list[Pack]:
    published = publisher.published()
    if published is None or not (merge := plan.merge_due(published.packs)):
        return []
    with publisher.database.reading() as db:
        merged = packing.delta(db, publisher.folder.packs, merge.from_, published.state.revision)
    with publisher.alone():
        now = publisher.published() or published
        publisher.sign(now.state, [*now.packs, merged])
    return [merged]
