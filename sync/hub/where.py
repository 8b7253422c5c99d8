"""Where a hub's database, the files that items offer and its own replica are, if not in its folder.

`DIR/hub.toml` says so; an environment variable wins over its line:

    database_url = "postgresql://USER:PASSWORD@HOST/NAME"     TOUCHPOINT_DATABASE_URL
    blob_url = "s3://BUCKET/PREFIX"                           TOUCHPOINT_BLOB_URL
    replica_folder = "/var/lib/touchpoint-replica"            TOUCHPOINT_REPLICA_FOLDER

The last is for servers on several machines that share the hub's folder on a network disk: the replica is an SQLite
file, which machines cannot share, so each has its own on its own disk.

An address of a database may hold a password, so none is ever shown as it is: `show` says what may be seen.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from sync.hub.errors import HubError

FILE: Final = "hub.toml"
ENVIRONMENT: Final = {
    "database_url": "TOUCHPOINT_DATABASE_URL",
    "blob_url": "TOUCHPOINT_BLOB_URL",
    "replica_folder": "TOUCHPOINT_REPLICA_FOLDER",
}
HELP: Final = (
    "\b\nThe database is DIR/hub.db and the files that items offer are in DIR/catalogue/blobs, unless "
    "DIR/hub.toml\nor the environment says otherwise:\n"
    '  database_url = "postgresql://USER:PASSWORD@HOST/NAME"   or TOUCHPOINT_DATABASE_URL\n'
    '  blob_url = "s3://BUCKET/PREFIX"                         or TOUCHPOINT_BLOB_URL, and AWS_...'
)
_DRIVER: Final = "postgresql+psycopg"
_POSTGRESQL: Final = ("postgres", "postgresql", _DRIVER)


@dataclass(frozen=True)
class Where:
    """All addresses; empty: in the hub's folder."""

    database_url: str = field(default="", repr=False)
    blob_url: str = ""
    replica_folder: str = ""


def read(folder: Path) -> Where:
    """What the environment and the folder's settings file say.

    Raises:
        HubError: one of them cannot be understood; says which, and nothing of a password.
    """
    path = folder / FILE
    given = {name: (value, str(path)) for name, value in _file(path).items()}
    given |= {name: (os.environ[key], key) for name, key in ENVIRONMENT.items() if key in os.environ}
    database_url, said_by = given.get("database_url", ("", ""))
    blob_url, blobs_said_by = given.get("blob_url", ("", ""))
    return Where(
        database_url=_with_driver(database_url, said_by) if database_url else "",
        blob_url=_checked(blob_url, blobs_said_by) if blob_url else "",
        replica_folder=given.get("replica_folder", ("", ""))[0],
    )


def address(text: str) -> str:
    """The address of a database that somebody named: that of a server, or the path of an SQLite file.

    Raises:
        HubError: it is neither.
    """
    path = text.removeprefix("sqlite:///")
    return _with_driver(text, "the command") if "://" in path else f"sqlite:///{Path(path).absolute()}"


def show(database_url: str | URL) -> str:
    """An address of a database as it may be seen: neither who logs in nor by what."""
    url = make_url(database_url)
    if url.drivername.startswith("sqlite"):
        return url.database or ""
    return URL.create("postgresql", host=url.host, port=url.port, database=url.database).render_as_string()


# -- inner -----------------------------------------------------------------------------------------------------


def _file(path: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HubError(f"{path} cannot be read: {error}") from error
    for name, value in found.items():
        if name not in ENVIRONMENT:
            raise HubError(f"{path}: there is no setting {name!r} here; there are {', '.join(ENVIRONMENT)}")
        if not isinstance(value, str):
            raise HubError(f"{path}: {name} must be a text in quotes")
    return found


def _with_driver(text: str, said_by: str) -> str:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in _POSTGRESQL or not url.database:
        raise HubError(
            f"the address of the database in {said_by} must look like postgresql://USER:PASSWORD@HOST/NAME "
            "(letters such as @ or / in the password as %40 or %2F)"
        )
    return url.set(drivername=_DRIVER).render_as_string(hide_password=False)


def _checked(text: str, said_by: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or parts.query or parts.fragment:
        raise HubError(
            f"the address of the files in {said_by} must look like s3://BUCKET/PREFIX; "
            "keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    return text.rstrip("/")
