"""The hub as one process or several that share one listening socket. Any may be killed at any moment; another is begun.

What a process keeps in its memory, the others do not know: rates are counted by each alone (see `sync.limits`),
and what kiosks are asked to wait is looked up by each. One of them looks after the folder (see `sync.hub.keeper`).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from sync.commands import start_logging
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder
from sync.hub.operating import figures, logs

HERE: Final = ("127.0.0.1", "::1")
KEEP_ALIVE_S: Final = 75
"""An idle connection is kept so long: longer than a kiosk waits between two polls."""
STOP_S: Final = 5
HANGS_S: Final = 20
"""A process that says nothing for so long is taken for one that hangs; on a busy machine it may only be waiting."""


@dataclass(frozen=True)
class Making:
    """Makes the application in the process that serves it; this alone travels there."""

    data: Path
    log: str
    processes: int

    def __call__(self) -> ASGIApp:
        """The application over a hub of its own, closed when it ends."""
        from sync.hub import app
        from sync.hub.hub import Hub

        start_logging()
        logs.start(self.log)
        if parent := multiprocessing.parent_process():
            threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
        hub = Hub(HubFolder(self.data))
        return app.make(hub, processes=self.processes, at_end=hub.close)


def serve(making: Making, listening: Sequence[socket.socket], proxies: Sequence[str] = ()) -> None:
    """Serve until stopped.

    Args:
        listening: sockets, bound and listening already.
        proxies: addresses or networks whose word on who asks (`X-Forwarded-For`, `-Proto`) is believed, beside this
            machine's own.

    Raises:
        HubError: it could not begin.
    """
    several = making.processes > 1
    logs.start(making.log)
    config = uvicorn.Config(
        making,
        factory=True,
        workers=making.processes,
        log_config=None,
        log_level="info" if several else "warning",  # that a process was begun again is worth a line
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_S,
        timeout_worker_healthcheck=HANGS_S,
        proxy_headers=True,
        forwarded_allow_ips=[*HERE, *proxies],
    )
    if not several:
        server = uvicorn.Server(config)
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is ended by hand
            server.run(sockets=[*listening])
        if not server.started:
            raise HubError("the hub could not begin to serve; the lines above say why")
        return
    with tempfile.TemporaryDirectory(prefix="touchpoint-figures") as folder:
        os.environ[figures.FOLDER] = folder
        supervisor = Multiprocess(config, sockets=[*listening])
        supervisor.run()
    if any(one.exitcode == STARTUP_FAILURE for one in supervisor.processes):
        raise HubError("the hub could not begin to serve; the lines above say why")


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    """End in good order when the process that began this one was killed."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
