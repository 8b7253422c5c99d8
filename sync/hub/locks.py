"""Which locks the hub's processes have between them.

Each is a file in the hub's folder. Where the database is on a server it is a lock there as well, so that it holds for
every machine that has the folder, whatever kind of network disk that lies on. The system frees the one and the server
the other when a process ends, in any way.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import make_url

from sync import locks
from sync.hub import where
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder

if TYPE_CHECKING:
    from psycopg import Connection

PUBLISHING: Final = "publish.lock"
"""Held for short times, by whoever changes the published set."""
MAKING: Final = "make.lock"
"""Held while a hub is made or restored."""
COMPACTING: Final = "compact.lock"
FORGETTING: Final = "forgotten.lock"
"""Held while the list of what was deleted on request is written."""
IMPORTING: Final = "import.lock"
"""Held by whoever looks at an upload or takes it in, until that is done."""
MIRRORING: Final = "mirror.lock"
KEEPING: Final = "keeper.lock"
"""Held by a server for as long as it looks after this folder."""
_CONNECTION: Final[dict[str, Any]] = {"connect_timeout": 10, "keepalives_idle": 60}
_HOLDER: Final = """
    SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid::bigint << 32 | l.objid::bigint = %s
"""


@contextlib.contextmanager
def held(folder: HubFolder, name: str) -> Iterator[None]:
    """Wait for the lock and hold it.

    Raises:
        HubError: the database's server does not answer.
    """
    with locks.held(folder.root / name):
        if folder.is_alone:
            yield
            return
        with _connected(folder.database_url) as db:
            db.execute("SELECT pg_advisory_lock(%s)", (_key(name),))
            yield


@contextlib.contextmanager
def held_if_free(folder: HubFolder, name: str) -> Iterator[bool]:
    """Hold the lock unless somebody else does; says which.

    Raises:
        HubError: the database's server does not answer.
    """
    with locks.held_if_free(folder.root / name) as free:
        if folder.is_alone or not free:
            yield free
            return
        with _held_at_server(folder.database_url, name) as free_there:
            yield free_there


@contextlib.contextmanager
def unkept(database_url: str) -> Iterator[bool]:
    """Whether no server looks after the hub whose database this is; while inside, none begins to.

    Raises:
        HubError: the database's server does not answer.
    """
    if not database_url.startswith("sqlite"):
        with _held_at_server(database_url, KEEPING) as free:
            yield free
        return
    lock = Path(where.show(database_url)).with_name(KEEPING)
    with locks.held_if_free(lock) if lock.exists() else contextlib.nullcontext(True) as free:
        yield free


def check_machine(folder: HubFolder) -> None:
    """Make sure that servers on several machines do not share one replica, which is an SQLite file.

    Raises:
        HubError: another machine serves this hub, and this one has no replica of its own.
    """
    if folder.is_alone or folder.where.replica_folder:
        return
    with _connected(folder.database_url) as db:
        row = db.execute(_HOLDER, (_key(KEEPING),)).fetchone()
    if row and row[0] != machine():
        raise HubError(
            f"another machine serves this hub already ({row[0]}): let each have a `replica_folder` on its own disk, in "
            f"the environment as {where.ENVIRONMENT['replica_folder']}"
        )


def machine() -> str:
    """How the database's server knows this machine."""
    return f"touchpoint on {socket.gethostname()}"[:63]


# -- inner -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _held_at_server(database_url: str, name: str) -> Iterator[bool]:
    with _connected(database_url) as db:
        row = db.execute("SELECT pg_try_advisory_lock(%s)", (_key(name),)).fetchone()
        yield bool(row and row[0])


@contextlib.contextmanager
def _connected(database_url: str) -> Iterator[Connection]:
    """A connection of its own, as a lock lasts as long as that: none out of a pool, and outside any transaction."""
    import psycopg  # only where there is a server

    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        db = psycopg.connect(address, autocommit=True, application_name=machine(), **_CONNECTION)
    except psycopg.Error as error:
        said = str(error).partition("\n")[0]
        raise HubError(f"the database {where.show(database_url)} does not answer: {said}") from error
    with contextlib.closing(db):
        yield db


def _key(name: str) -> int:
    """The number that stands for a lock, out of all 64-bit numbers."""
    return int.from_bytes(hashlib.sha256(f"touchpoint {name}".encode()).digest()[:8], signed=True)
