"""Bringing a database to this version's schema."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, text

from sync.hub.errors import HubError
from sync.hub.store.database import be_the_writer

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0008"


def upgrade(engine: Engine, to: str = HEAD) -> None:
    """Bring the database to a schema revision; does nothing when it is there."""
    with engine.begin() as db:
        be_the_writer(db)
        upgrade_within(db, to)


def upgrade_within(db: Connection, to: str = HEAD) -> None:
    """The same, within the caller's writing transaction.

    Raises:
        HubError: the database is newer than this program.
    """
    from alembic import command  # slow to import, and seldom needed
    from alembic.runtime.migration import MigrationContext

    _check_known(MigrationContext.configure(db).get_current_revision())
    command.upgrade(_config(db), to)


def upgrade_if_needed(engine: Engine) -> None:
    """Bring the database to this version's schema, without loading Alembic when it is there.

    Raises:
        HubError: the database is newer than this program.
    """
    with engine.connect() as db:
        found = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found == HEAD:
        return
    _check_known(found)
    upgrade(engine)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to an older schema revision (`base`: none)."""
    from alembic import command

    with engine.begin() as db:
        be_the_writer(db)
        command.downgrade(_config(db), to)


def current(engine: Engine) -> str | None:
    """The schema revision that the database has."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as db:
        return MigrationContext.configure(db).get_current_revision()


def _check_known(found: str | None) -> None:
    if found is not None and found > HEAD:
        raise HubError(
            f"the database has schema {found}, this program knows {HEAD}: please update Touchpoint, or restore an "
            "older backup into a new, empty database"
        )


def _config(db: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("sync.hub") / "migrations"))
    config.attributes["connection"] = db
    return config
