"""A database on a server belongs to one hub: that which has the keys in its folder.

Whatever is published is signed by that folder's keys, so a second hub on the same database would give its kiosks
what the first one's must never believe. A database in the folder itself needs none of this.
"""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection

from sync.hub import where
from sync.hub.errors import HubError, NotInitialisedError
from sync.hub.folder import HubFolder
from sync.hub.publishing import signing
from sync.hub.store import catalogue, facts
from sync.hub.store.database import Database

_OURS: Final = {"alembic_version", "change", "setting"}
_ENCODING: Final = "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def holds_hub(db: Connection) -> bool:
    """Whether a hub is in this database on a server.

    Raises:
        HubError: something else is, or it cannot keep every letter.
    """
    shown = where.show(db.engine.url)
    if (kept := db.exec_driver_sql(_ENCODING).scalar_one()) != "UTF8":
        raise HubError(f"{shown} keeps texts as {kept}: make it anew with `createdb --encoding=UTF8`")
    tables = set(db.exec_driver_sql(_TABLES).scalars())
    if tables >= _OURS:
        return catalogue.last_revision(db) > 0
    if tables:
        some = ", ".join(sorted(tables)[:5])
        raise HubError(f"{shown} has tables that are not a hub's ({some}): give the hub a database of its own")
    return False


def check(database: Database, folder: HubFolder) -> None:
    """Make sure that the hub in a database on a server is that of the folder; one that is nobody's becomes its own.

    Raises:
        NotInitialisedError: there is none. HubError: it is another hub's, or no hub.
    """
    if not database.is_server:
        return
    with database.reading() as db:
        if not holds_hub(db):
            raise NotInitialisedError(
                f"there is no hub in {where.show(database.url)} yet: run `touchpoint-hub init --data {folder.root}`, "
                "or bring one there with `touchpoint-hub migrate-db`"
            )
        is_owned = check_owner(db, folder)
    check_newest(database, folder)
    if not is_owned:
        with database.writing() as db:
            own(db, folder)


def check_owner(db: Connection, folder: HubFolder) -> bool:
    """Make sure that the hub in this database is that of the folder; False while it is nobody's, as one just moved.

    Raises:
        HubError: it is another hub's.
    """
    owner, mine = facts.get(db, facts.HUB), _mark(folder)
    if not mine or owner not in ("", mine):
        raise HubError(
            f"the hub in {where.show(db.engine.url)} is not the one whose keys are in {folder.root}. A folder and its "
            "database belong together: give each hub a database of its own; several servers of one hub share both"
        )
    return bool(owner)


def check_newest(database: Database, folder: HubFolder) -> None:
    """Make sure that the folder holds what was published last, wherever its database is on a server.

    A copy of the folder, on another machine or from another day, would publish beside the first one, and kiosks would
    believe neither.

    Raises:
        HubError: it does not.
    """
    if not database.is_server:
        return
    with database.reading() as db:
        last = int(facts.get(db, facts.PUBLISHED) or 0)
    published = signing.read(folder)
    if last > (published.version if published else 0):
        raise HubError(
            f"version {last} of the catalogue was published, and what is in {folder.root} is older: it is a copy of "
            "the hub's folder. Several servers of one hub share one folder, on a network disk; a lost one is brought "
            "back by `touchpoint-hub restore`"
        )


def note_published(database: Database, version: int) -> None:
    """What was published last is of that version."""
    if database.is_server:
        with database.writing() as db:
            facts.put(db, facts.PUBLISHED, str(version))


def own(db: Connection, folder: HubFolder) -> None:
    """From now on the database is this hub's, within the caller's writing transaction."""
    facts.put(db, facts.HUB, _mark(folder))


def _mark(folder: HubFolder) -> str:
    """What tells the folder's hub from all others; empty where there are no keys yet."""
    first = folder.metadata / "1.root.json"
    return hashlib.sha256(first.read_bytes()).hexdigest() if first.exists() else ""
