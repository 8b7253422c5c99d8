"""What the hub must remember of itself: a name and a value each, beside the settings that its people make."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select, update

from sync.hub.store.schema import setting

LEAST_VERSION: Final = "least_version"
"""The next metadata has at least this version: a hub that was restored rises above what it cannot remember."""
HUB: Final = "hub"
"""Whose database this is, where it is on a server: the SHA-256 of that hub's first root metadata."""
SCRUBBED: Final = "scrubbed"
"""Since when nothing that was deleted before is left in the database's files."""
PUBLISHED: Final = "published"
"""The version of the metadata that was published last, where the database is on a server."""
REACH: Final = "reach"
"""So far at most kiosks lift this hub, if it was made from a backup."""
REPORTED: Final = "reported"
"""The highest that a kiosk said to have seen and that was not believed."""
TAKEN_UP: Final = "taken_up"
"""Since when this hub counts what it had kept of a newer kiosk's without knowing what it says."""
APPEARED: Final = "appeared"
"""The revision with which the last of what was to appear on its day came: so far the hub publishes by itself."""
USAGE_TAKEN_UP: Final = "usage_taken_up"
"""Since when this hub counts what visitors took and looked for."""
TERMS_FORGOTTEN: Final = "terms_forgotten"
"""Up to when what came has been emptied of terms that were looked for in vain."""


def get(db: Connection, name: str) -> str:
    """What is remembered under that name; empty when nothing is."""
    return db.execute(select(setting.c.value).where(setting.c.key == name)).scalar() or ""


def put(db: Connection, name: str, value: str) -> None:
    """Remember it, within the caller's writing transaction."""
    if not db.execute(update(setting).where(setting.c.key == name).values(value=value)).rowcount:
        db.execute(insert(setting).values(key=name, value=value))
