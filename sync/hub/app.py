"""The hub's web application: the API for kiosks and the public pages over the hub's own replica."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator
from typing import Final

from starlette.applications import Starlette

from sync.client.carriers import FolderCarrier
from sync.client.pull import Puller
from sync.hub import publish
from sync.hub.api import Api
from sync.hub.hub import Hub
from sync.pages import app as pages
from sync.replica.folder import CurrentReplica, ReplicaFolder

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
"""How often the hub looks whether something was published, to show it on its own pages."""
SIGN_EVERY_S: Final = 3600.0


def make(hub: Hub) -> Starlette:
    """The application that serves this hub."""
    replicas = ReplicaFolder(hub.folder.replica)
    current = CurrentReplica(replicas)
    public = pages.app(current, hub.folder.blobs)

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
        routes=[*Api(hub).routes(), *public.routes],
        exception_handlers=public.exception_handlers,
        lifespan=lifespan,
    )


class Keeper:
    """Keeps the hub's own replica up to what is published, and its signatures fresh."""

    def __init__(self, hub: Hub, replicas: ReplicaFolder) -> None:
        self._hub = hub
        self._puller = Puller(
            FolderCarrier(hub.folder.catalogue),
            replicas,
            hub.folder.replica / "trust",
            publish.root_of(hub.folder.metadata),
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._failed = ""
        self._sign_at = 0.0

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except Exception as error:
                if str(error) != self._failed:
                    log.exception("the hub's pages or signatures could not be kept fresh; it is tried again")
                self._failed = str(error)
            else:
                self._failed = ""
            self._stopping.wait(LOOK_EVERY_S)

    def _look(self) -> None:
        if not (self._hub.folder.metadata / "timestamp.json").exists():
            return
        self._puller.pull()
        if time.monotonic() >= self._sign_at:
            self._hub.publisher.sign_anew_if_due()
            self._sign_at = time.monotonic() + SIGN_EVERY_S
