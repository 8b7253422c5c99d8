"""The hub's web application: the API for kiosks and the public pages over the hub's own replica."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware

from sync.hub import admin, open_data, settings, suggesting
from sync.hub.api import Api
from sync.hub.hub import Hub
from sync.hub.keeper import Keeper
from sync.hub.operating.figures import Figures
from sync.hub.operating.health import Health
from sync.hub.operating.watching import Watching
from sync.hub.scans import Scans
from sync.pages import app as pages
from sync.pages.catalogue import Catalogue
from sync.pages.frame import Frame
from sync.replica.folder import CurrentReplica, ReplicaFolder
from sync.settings import Value

LOOK_EVERY_S: Final = 5.0
"""How often each process looks what the others, and people at the hub, have set."""


def make(hub: Hub, *, processes: int = 1, at_end: Callable[[], None] = lambda: None) -> Starlette:
    """The application that serves this hub.

    Args:
        processes: how many serve beside each other, this one included.
        at_end: what is done when it has ended.
    """
    replicas = ReplicaFolder(hub.folder.replica)
    current = CurrentReplica(replicas)
    api, figures, health = Api(hub, processes), Figures(hub), Health(hub, current)
    hub.on_taken = figures.taken
    scans = Scans(hub.database)
    public = pages.app(current, hub.folder.blobs, figures=partial(_figures, hub), opened=scans.opened)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        keeper = Keeper(hub, replicas)
        keeper.start()
        looking = asyncio.create_task(_look(api, figures))
        scans.start()
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.to_thread(keeper.stop)
            await asyncio.to_thread(scans.stop)
            current.close()
            at_end()

    frame = Frame(Catalogue(current, hub.folder.blobs, lambda: dt.datetime.now(dt.UTC)))
    own = [*admin.routes(hub, current), *suggesting.routes(hub, frame, processes), *open_data.routes(hub, frame)]
    routes = [*api.routes(), *own, *health.routes(), *figures.routes(), *public.routes]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Watching, figures=figures, routes=routes)],
        exception_handlers=public.exception_handlers,
        lifespan=lifespan,
    )


async def _look(api: Api, figures: Figures) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        figures.note_memory()
        await asyncio.to_thread(api.look)


def _figures(hub: Hub) -> dict[str, Value]:
    """What the privacy page says beside its words (`sync.notices.privacy`), as far as it was set for all shops."""
    with hub.database.reading() as db:
        found = {name: settings.get(db, name) for name in ("follow_up_days", "keep_days", "attendance_months")}
        found["contact"] = settings.get(db, "privacy_contact")
    return {name: value for name, value in found.items() if value is not None}
