"""The hub's web application: the API for kiosks and the public pages over the hub's own replica."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial

from starlette.applications import Starlette

from sync.hub import admin, settings
from sync.hub.api import Api
from sync.hub.hub import Hub
from sync.hub.keeper import Keeper
from sync.pages import app as pages
from sync.replica.folder import CurrentReplica, ReplicaFolder
from sync.settings import Value


def make(hub: Hub) -> Starlette:
    """The application that serves this hub."""
    replicas = ReplicaFolder(hub.folder.replica)
    current = CurrentReplica(replicas)
    public = pages.app(current, hub.folder.blobs, figures=partial(_figures, hub))

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        keeper = Keeper(hub, replicas)
        keeper.start()
        try:
            yield
        finally:
            await asyncio.to_thread(keeper.stop)
            current.close()

    return Starlette(
        routes=[*Api(hub).routes(), *admin.routes(hub, current), *public.routes],
        exception_handlers=public.exception_handlers,
        lifespan=lifespan,
    )


def _figures(hub: Hub) -> dict[str, Value]:
    """What the privacy page says beside its words (`sync.notices.privacy`), as far as it was set for all shops."""
    with hub.database.reading() as db:
        found = {name: settings.get(db, name) for name in ("follow_up_days", "keep_days", "attendance_months")}
        found["contact"] = settings.get(db, "privacy_contact")
    return {name: value for name, value in found.items() if value is not None}
