"""Is it well? `/healthz`: this process answers. `/readyz`: so does all that it needs.

Anybody may ask, so an answer names what is wrong and no more; the log has the reason, once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Final

import anyio
import msgspec
from anyio.to_thread import run_sync
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.errors import SyncError
from sync.hub.hub import Hub
from sync.replica.folder import CurrentReplica

log = logging.getLogger(__name__)

ROOM_BYTES: Final = 200_000_000
"""With less than this free, the next publication or replica may not fit on the disk."""
PATIENCE_S: Final = 5.0
_HEADERS: Final = {"Cache-Control": "no-store"}


class NotWellError(SyncError):
    """What is wrong with something that the hub needs."""


class Readiness(msgspec.Struct):
    """Whether the hub can do its work, and each thing that it needs: `ok` or `failing`."""

    ready: bool
    needs: dict[str, str]


class Health:
    """The two addresses.

    Args:
        hub: whose database and disk are looked at.
        current: the replica that the public pages read.
    """

    def __init__(self, hub: Hub, current: CurrentReplica) -> None:
        self._hub = hub
        self._current = current
        self._needs: dict[str, Callable[[], None]] = {
            "database": self._database,
            "catalogue": self._catalogue,
            "disk": self._disk,
        }
        self._turns = {name: anyio.CapacityLimiter(1) for name in self._needs}
        self._said: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """Both, for the hub's application."""
        return [Route("/healthz", self.alive, methods=["GET"]), Route("/readyz", self.ready, methods=["GET"])]

    async def alive(self, _request: Request) -> Response:
        """This process answers."""
        return Response("ok\n", media_type="text/plain", headers=_HEADERS)

    async def ready(self, _request: Request) -> Response:
        """All that it needs answers too."""
        found = {name: "ok" if await self._is_well(name) else "failing" for name in self._needs}
        well = set(found.values()) == {"ok"}
        content = msgspec.json.encode(Readiness(well, found))
        return Response(content, 200 if well else 503, media_type="application/json", headers=_HEADERS)

    async def _is_well(self, name: str) -> bool:
        """Look, one look at a time: a database that hangs must not cost a thread for each who asks."""
        why = f"no answer within {PATIENCE_S:.0f} seconds"
        with anyio.move_on_after(PATIENCE_S):
            why = await run_sync(self._wrong, name, abandon_on_cancel=True, limiter=self._turns[name])
        if why and name not in self._said:
            log.error("the hub is not ready, %s: %s", name, why)
            self._said[name] = why
        if not why and self._said.pop(name, ""):
            log.warning("the hub's %s is well again", name)
        return not why

    def _wrong(self, name: str) -> str:
        try:
            self._needs[name]()
        except (SyncError, SQLAlchemyError, OSError) as error:
            return str(error)
        return ""

    # -- what is needed

    def _database(self) -> None:
        with self._hub.database.reading() as db:
            db.execute(text("SELECT 1 FROM setting")).first()

    def _catalogue(self) -> None:
        if self._current.get() is None:
            raise NotWellError("nothing was published yet (`touchpoint-hub publish`), or its copy here is being made")

    def _disk(self) -> None:
        room = room_bytes(self._hub)
        if room < ROOM_BYTES:
            raise NotWellError(
                f"{room / 1e6:.0f} MB are free in {self._hub.folder.root}, {ROOM_BYTES / 1e6:.0f} needed"
            )


def room_bytes(hub: Hub) -> int:
    """How much can still be written to the disk that the hub's folder is on."""
    disk = os.statvfs(hub.folder.root)
    return disk.f_bavail * disk.f_frsize
