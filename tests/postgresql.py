"""A PostgreSQL server of our own: Debian's programs, on loopback, in a folder in memory, with nothing in it to keep."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from sync.hub.store import migrate
from sync.hub.store.database import Database
from tests.support.surgery import MEMORY

_TEMPLATE = "at_head"
_ORDER = ["--locale=C", "--locale-provider=icu", "--icu-locale=en-u-ka-shifted"]
"""An order of texts that passes over signs, as some towns' databases have it: nothing may rest on the plain one."""


class PostgreSQL:
    """The server, and new databases in it."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._numbers = itertools.count(1)
        self._made_template = False

    def empty(self, encoding: str = "UTF8") -> str:
        """The address of a new database without any table."""
        plain = "" if encoding == "UTF8" else f" ENCODING {encoding} LOCALE_PROVIDER libc LOCALE 'C'"
        return self._made("template0", plain)

    def at_head(self) -> str:
        """The address of a new database with this version's tables and nothing in them."""
        if not self._made_template:
            self._made_template = True
            self._say(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
            with contextlib.closing(Database(self._address(_TEMPLATE))) as template:
                migrate.upgrade(template.engine)
        return self._made(_TEMPLATE)

    def copy(self, name: str) -> str:
        """The address of a new database that is as that one is; nobody may be connected to that."""
        return self._made(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._say(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def _made(self, template: str, more: str = "") -> str:
        name = f"t{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY{more}")
        return self._address(name)

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _say(self, words: str) -> None:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.exec_driver_sql(words)


@contextlib.contextmanager
def running() -> Iterator[PostgreSQL]:
    """A server that runs as user postgres where we are root, as it does not as root."""
    programs = programs_folder()
    if programs is None:
        pytest.skip("needs Debian's postgresql")
    folder = Path(tempfile.mkdtemp(prefix="touchpoint-postgresql", dir=MEMORY))
    as_user: list[str] = []
    if os.getuid() == 0:
        postgres = pwd.getpwnam("postgres")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    data = ["-D", str(folder / "data")]
    words = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=200 -c max_wal_size=256MB"
    try:
        _done([*as_user, f"{programs}/initdb", *data, "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8", *_ORDER])
        start = ["-w", "-t", "60", "-l", str(folder / "log"), "-o", words, "start"]
        _done([*as_user, f"{programs}/pg_ctl", *data, *start])
        yield PostgreSQL(f"postgresql+psycopg://postgres@/postgres?host={folder}")
    finally:
        subprocess.run([*as_user, f"{programs}/pg_ctl", *data, "-m", "immediate", "stop"], capture_output=True, cwd="/")
        shutil.rmtree(folder)


def programs_folder() -> Path | None:
    """Where the server's programs are; they stand on no PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found else None


def _done(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
