"""Bringing a database to this version's schema."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, text

from sync.hub.errors import HubError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0005"


def upgrade(engine: Engine, to: str = HEAD) -> None:
    """Bring the database to a schema revision; does nothing when it is there."""
    from alembic import command  # slow to import, and seldom needed

    command.upgrade(_config(engine), to)


def upgrade_if_needed(engine: Engine) -> None:
    """Bring the database to this version's schema, without loading Alembic when it is there.

    Raises:
        HubError: the database is newer than this program.
    """
    with engine.connect() as db:
        found = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise HubError(f"the database has schema {found}, this program knows {HEAD}: please update Touchpoint")
    upgrade(engine)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to an older schema revision (`base`: none)."""
    from alembic import command

    command.downgrade(_config(engine), to)


def current(engine: Engine) -> str | None:
    """The schema revision that the database has."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as db:
        return MigrationContext.configure(db).get_current_revision()


def _config(engine: Engine) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("sync.hub") / "migrations"))
    config.attributes["engine"] = engine
    return config
