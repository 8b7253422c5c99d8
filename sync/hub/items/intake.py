"""Taking in the bytes of a file that items may offer."""

from __future__ import annotations

import os
import shutil
from typing import BinaryIO

import msgspec
from sqlalchemy import Connection, insert, select

from sync.hub.blobs import own_part
from sync.hub.errors import HubError
from sync.hub.store.database import Database, now
from sync.hub.store.schema import blob
from sync.records import File
from sync.replica.blobs import Blobs, digest


def keep(source: BinaryIO, file: File, database: Database, blobs: Blobs) -> File:
    """The file as it is offered from here, once its bytes are on disk and it is known to the database.

    Args:
        source: the bytes, from their beginning; must be seekable.
        file: its name and media type.

    Raises:
        HubError: the bytes changed while they were read.
    """
    source.seek(0)
    sha256 = digest(source)
    size_bytes = source.seek(0, os.SEEK_END)
    if not blobs.has(sha256):
        part = own_part(blobs, sha256)
        source.seek(0)
        try:
            with part.open("xb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            if not blobs.keep(part, sha256):
                raise HubError(f"{file.name} changed while it was read")
        finally:
            part.unlink(missing_ok=True)
    with database.writing() as db:
        if db.execute(select(blob.c.sha256).where(blob.c.sha256 == sha256)).first() is None:
            values = {"sha256": sha256, "size_bytes": size_bytes, "media_type": file.media_type, "added_at": now()}
            db.execute(insert(blob).values(values))
    return msgspec.structs.replace(file, sha256=sha256, size_bytes=size_bytes)


def media_type(db: Connection, sha256: str) -> str | None:
    """What the file with that hash was taken in as; None where there is none."""
    return db.execute(select(blob.c.media_type).where(blob.c.sha256 == sha256)).scalar()
