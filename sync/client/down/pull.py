"""Pull: bring the replica to what the hub published last.

First the needed packs are listed, then they are fetched, then applied: a base into a new file beside the old one, which
takes its place when it passed its check; deltas in one transaction.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from sync import locks, packs
from sync.client import verified
from sync.client.carriers import Carrier
from sync.client.clock import Clock
from sync.client.down.incoming import Incoming, ahead
from sync.client.down.lean import without
from sync.client.down.published import Pack, Published
from sync.errors import NOT_JSON, CheckFailedError, NotTrustedError, RecordError, ReplicaError, ShrinkRefusedError
from sync.records import State
from sync.replica import base, deltas, schema
from sync.replica.folder import ReplicaFolder, write_in_one_step

# python-tuf loads the key store of every cloud whose library is installed, which takes longer than all else here
with without("boto3"):
    from sync.client.down import trust

log = logging.getLogger(__name__)

FULL_CHECK_S: Final = 24 * 3600.0
"""After this long everything is looked at again: the chain of trust, even when nothing changed, and the replica."""


class Mark(msgspec.Struct, kw_only=True):
    """What is kept from pass to pass: the timestamp file's mark, when all was last looked at, and what was taken then.

    A mark means something only to the carrier that gave it (`where`), and all of it only to the hub whose root (its
    SHA-256; empty where an older program kept it) was pinned then. The revision is compared with the replica's own:
    a power cut may have taken a delta that was not yet on disk.
    """

    etag: str = ""
    checked_at: float = 0.0
    revision: int = -1
    count: int = 0
    where: str = ""
    root: str = ""


@dataclass(frozen=True)
class Pulled:
    """What a pull did: `current` (nothing new) or `updated`; `browsable_s` since its start, where it built anew."""

    outcome: str
    state: State | None
    browsable_s: float | None = None


class Puller:
    """Keeps one replica up to date.

    Args:
        carrier: brings the published files.
        replicas: the folder of replicas.
        folder: for verified metadata and packs on their way.
        root: the pinned TUF root.
        clock: this unit's; by default one kept in `folder`.
    """

    def __init__(
        self, carrier: Carrier, replicas: ReplicaFolder, folder: Path, root: bytes, clock: Clock | None = None
    ) -> None:
        self._carrier = carrier
        self._clock = clock or Clock(folder / "hub-time")
        self._replicas = replicas
        self._folder = folder
        self._incoming = Incoming(carrier, folder / "packs")
        self._root = root
        self._root_sha256 = hashlib.sha256(root).hexdigest()

    def pull(self, *, anew: bool = False) -> Pulled:
        """One pull; with `anew` the replica here is not trusted and another is built beside it.

        Raises:
            HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: could not check; what is here stays.
            NotTrustedError, StaleError, ShrinkRefusedError, ClientTooOldError: would not take what was there.
        """
        began = time.monotonic()
        mark = self._mark()
        path = None if anew else self._replicas.current()
        at = _revision(path)
        unchanged = (at, self._carrier.where) == (mark.revision, mark.where)
        unchanged = unchanged and 0 <= time.time() - mark.checked_at < FULL_CHECK_S
        poll = self._carrier.read_if_changed("metadata/timestamp.json", mark.etag if unchanged else "")
        if poll is None:
            self._complete(path)
            return Pulled("current", None)
        timestamp, etag = poll
        if not trust.is_timestamp(timestamp):
            raise trust.not_the_hub("what answered at the hub's address")
        metadata = self._folder / "metadata"
        published = trust.verify(self._carrier, metadata, self._root, timestamp, self._clock.for_signatures)
        self._hear(published.state, metadata)
        _refuse_shrink(mark.count, published.state)
        pulled = self._bring_to(published, path, at, began)
        state = published.state
        self._keep_mark(
            Mark(
                etag=etag,
                checked_at=time.time(),
                revision=state.revision,
                count=state.count,
                where=self._carrier.where,
                root=self._root_sha256,
            )
        )
        return pulled

    def _hear(self, state: State, metadata: Path) -> None:
        """The hub signed when it published, so it is later than that now."""
        until = verified.signed_until(metadata)
        if until:
            self._clock.heard(state.published_at, not_after=until)

    # -- what to do

    def _bring_to(self, published: Published, path: Path | None, at: int | None, began: float) -> Pulled:
        if at == published.state.revision and path and _holds(path, published.state):
            self._complete(path)
            return Pulled("current", published.state)
        if at is not None and path and (needed := published.deltas_from(at)) is not None:
            try:
                return self._apply(path, needed, published.state)
            except sqlite3.OperationalError:
                raise  # the disk is full, or somebody holds the file: another copy would not help
            except (CheckFailedError, sqlite3.DatabaseError) as error:
                log.warning("the replica is rebuilt: %s", error)
        return self._rebuild(published, began)

    def _apply(self, path: Path, needed: Sequence[Pack], state: State) -> Pulled:
        with contextlib.closing(schema.open_for_writing(path)) as db:
            deltas.apply(db, [self._incoming.fetch(pack) for pack in needed], state)
        self._complete(path)
        return Pulled("updated", state)

    def _complete(self, path: Path | None) -> None:
        """Finish what an interrupted pass left: the full-text index, and tidying up."""
        if path is None:
            return
        with contextlib.closing(schema.open_for_writing(path)) as db:
            base.build_text(db)
        self._replicas.sweep()
        self._incoming.clear()

    def _rebuild(self, published: Published, began: float) -> Pulled:
        pieces = published.base()
        after = published.deltas_from(pieces[0].to)
        if after is None:
            raise NotTrustedError("the hub's set of packs does not lead from its base to what it signed")
        path, complete = self._replicas.next(), False
        try:
            fetch = self._incoming.fetch
            base.build(path, map(packs.read_piece, ahead(fetch(pack) for pack in pieces)))
            with contextlib.closing(schema.open_for_writing(path)) as db:
                deltas.apply(db, [fetch(pack) for pack in after], published.state)
            complete = True
        except (RecordError, CheckFailedError) as error:
            raise NotTrustedError(f"the hub's packs do not give what it signed: {error}") from error
        finally:
            if not complete:
                self._replicas.remove(path)
        self._replicas.swap(path)
        browsable_s = time.monotonic() - began
        self._complete(path)
        return Pulled("updated", published.state, browsable_s)

    # -- marks

    def _mark(self) -> Mark:
        try:
            mark = msgspec.json.decode((self._folder / "mark.json").read_bytes(), type=Mark)
        except (FileNotFoundError, *NOT_JSON):
            return Mark()
        return mark if mark.root in ("", self._root_sha256) else Mark()

    def _keep_mark(self, mark: Mark) -> None:
        write_in_one_step(self._folder / "mark.json", msgspec.json.encode(mark))


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Who works with that folder takes turns with others: the agent's passes, commands by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    with locks.held(folder / "lock"):
        yield


def verify_replica(path: Path) -> None:
    """Read the whole replica and compare it with what the hub signed.

    Raises:
        ReplicaError: it is damaged.
    """
    try:
        with contextlib.closing(schema.open_for_reading(path)) as db:
            if (said := db.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise ReplicaError(f"{path} is damaged: {said}")
            digest = packs.Digest()
            for raw, revision in db.execute("SELECT id, revision FROM item"):
                digest.add("item", raw, revision)
            for collection, raw, revision in db.execute("SELECT collection, id, revision FROM record"):
                digest.add(collection, raw, revision)
            state = msgspec.json.decode(schema.meta(db, "state"), type=State)
    except (sqlite3.DatabaseError, TypeError, *NOT_JSON) as error:
        raise ReplicaError(f"{path} is damaged: {error}") from error
    if (digest.count, digest.hex()) != (state.count, state.digest):
        raise CheckFailedError(f"{path} holds {digest.count} records, the hub signed {state.count}, or others")


def _revision(path: Path | None) -> int | None:
    """Where a replica stands; None when there is none that this program can use."""
    if path is None:
        return None
    try:
        with contextlib.closing(schema.open_for_reading(path)) as db:
            return int(schema.meta(db, "revision")) if schema.meta(db, "schema") == schema.SCHEMA else None
    except sqlite3.DatabaseError as error:
        log.warning("the replica %s cannot be read and is rebuilt: %s", path.name, error)
        return None


def _holds(path: Path, state: State) -> bool:
    """Whether the replica was checked against just this: a hub may have lived twice, and given a revision twice."""
    with contextlib.closing(schema.open_for_reading(path)) as db:
        there = msgspec.json.decode(schema.meta(db, "state"), type=State)
    return (there.count, there.digest, there.base_url) == (state.count, state.digest, state.base_url)


def _refuse_shrink(had: int, state: State) -> None:
    if state.empties(had):
        raise ShrinkRefusedError(
            f"revision {state.revision} would leave {state.count} of {had} records; the hub must say "
            f"`touchpoint-hub publish --allow-shrink` if that is meant"
        )
