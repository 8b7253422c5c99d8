"""Publishing: packs what changed and signs the set. What takes long is left to `compaction`."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection

from sync.client.down.published import Pack
from sync.hub import locks, ownership
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder
from sync.hub.publishing import packing, plan, signing
from sync.hub.publishing.signing import SignedSet
from sync.hub.store import catalogue, facts, revisions
from sync.hub.store.database import Database
from sync.packs import Digest
from sync.records import OLDEST_CLIENT, State

SIGN_ANEW_AFTER: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Published:
    """What a publication did: `revision` it brings kiosks to, and the packs it added.

    `empties`: kiosks refuse it, as it leaves less than half of what they have.
    """

    revision: int
    count: int
    new_packs: tuple[str, ...]
    new_bytes: int
    empties: bool


class Publisher:
    """Publishes one hub's catalogue. Safe against other publishers and against being killed at any moment."""

    def __init__(self, folder: HubFolder, database: Database) -> None:
        self.folder = folder
        self.database = database

    def published(self) -> SignedSet | None:
        """The set that is published now; None before the first publication."""
        return signing.read(self.folder)

    def state(self) -> State | None:
        """What the hub signed of it as a whole."""
        published = self.published()
        return published.state if published else None

    def publish(self, *, base_url: str = "", allow_shrink: bool = False) -> Published | None:
        """Publish what changed since the last time; None when nothing did.

        With `allow_shrink` kiosks take it even if it empties more than half of their shelves.

        Raises:
            HubError: the database is older than what is published.
        """
        with self.alone(), self.database.reading() as db:
            before = self.published()
            revision = catalogue.last_revision(db)
            allow_shrink_to = revision if allow_shrink else 0
            if before and not _changed(before.state, revision, base_url, allow_shrink_to):
                return None
            digest = self._digest(db, before, revision)
            there = before.packs if before else ()
            added = self._deltas(db, before, revision)
            added += self._base_at_once([*there, *added], revision, digest.count)
            state = State(
                revision=revision,
                count=digest.count,
                digest=digest.hex(),
                published_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                base_url=base_url,
                min_client=OLDEST_CLIENT,
                allow_shrink_to=allow_shrink_to,
            )
            state = _still_allowed(before, state)
            self.sign(state, [*there, *added])
        return Published(
            revision=revision,
            count=digest.count,
            new_packs=tuple(pack.path for pack in added),
            new_bytes=sum(pack.length for pack in added),
            empties=bool(before and state.empties(before.state.count)),
        )

    def sign_anew_if_due(self) -> bool:
        """Sign timestamp and snapshot again when they are a day old, so that they never expire while the hub runs."""
        with self.alone():
            published = self.published()
            if published is None:
                return False
            if published.expires - dt.datetime.now(dt.UTC) > signing.LIFETIME["timestamp"] - SIGN_ANEW_AFTER:
                return False
            self.sign(published.state, published.packs)
            return True

    def sign_anew(self) -> None:
        """Sign what is published again."""
        with self.alone():
            if published := self.published():
                self.sign(published.state, published.packs)

    def sign(self, state: State, packs: Sequence[Pack]) -> SignedSet:
        """Sign what of these packs stays; whoever calls this is `alone`."""
        with self.database.reading() as db:
            least_version = int(facts.get(db, facts.LEAST_VERSION) or 1)
        signed = signing.write(self.folder, state, plan.settled(packs, state.revision), least_version=least_version)
        ownership.note_published(self.database, signed.version)
        return signed

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While inside, no other process or thread changes the set; one waits for the other.

        Raises:
            HubError: another folder holds what this hub published last.
        """
        with locks.held(self.folder, locks.PUBLISHING):
            ownership.check_newest(self.database, self.folder)
            yield

    # -- inner

    def _digest(self, db: Connection, before: SignedSet | None, revision: int) -> Digest:
        """The digest at `revision`: the signed one carried on; every new base checks it in full."""
        if before is None:
            return revisions.digest(db, revision)
        signed = Digest(int(before.state.digest, 16), before.state.count)
        return revisions.digest_onwards(db, signed, before.state.revision, revision)

    def _deltas(self, db: Connection, before: SignedSet | None, revision: int) -> list[Pack]:
        """What a kiosk at the last publication lacks, and the merged tail of the chain where that is due and cheap."""
        if before is None or before.state.revision == revision:
            return []
        added = [packing.delta(db, self.folder.packs, before.state.revision, revision)]
        merge = plan.merge_due([*before.packs, *added])
        if merge and merge.length <= plan.MERGE_AT_ONCE_BYTES:
            added.append(packing.delta(db, self.folder.packs, merge.from_, revision))
        return added

    def _base_at_once(self, there: Sequence[Pack], revision: int, count: int) -> list[Pack]:
        """A base, where a publication cannot or need not go without: the first in haste, a small one whenever due."""
        small = count <= plan.SMALL_RECORDS
        if plan.base(there) and not (small and plan.base_due(there)):
            return []
        return packing.base(self.database, self.folder.packs, revision, quick=not small).pieces


def _still_allowed(before: SignedSet | None, state: State) -> State:
    """A kiosk that was away when the shelves were emptied on purpose may take what follows."""
    allowed = before is not None and before.state.allow_shrink_to == before.state.revision
    if before is None or not allowed or state.empties(before.state.count):
        return state
    return msgspec.structs.replace(state, allow_shrink_to=state.revision)


def _changed(published: State, revision: int, base_url: str, allow_shrink_to: int) -> bool:
    """Whether there is something to publish.

    Raises:
        HubError: the database is older than what is published.
    """
    if revision < published.revision:
        raise HubError(
            f"the database stands at revision {revision}, but {published.revision} was published: was an old copy put "
            "in its place? Bring it back with `touchpoint-hub backup` and `restore`, which kiosks follow"
        )
    if (published.revision, published.base_url) != (revision, base_url):
        return True
    return allow_shrink_to not in (0, published.allow_shrink_to)
