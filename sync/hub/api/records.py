"""Taking in what shops record."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.errors import HubRejectedError
from sync.hub.api.endpoints import Desk, Endpoint, body, yes
from sync.messages import Answers, Batch
from sync.outbox import BATCH


class RecordsApi:
    """Posts of records."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """What there is."""
        refusals = {
            400: "It was not understood.",
            401: "The token is not known; a signature by the device's key brings another.",
            403: "The kiosk was revoked.",
            413: "It is too large.",
            503: "The hub is busy.",
        }
        summary = f"A batch of at most {BATCH} records; the answer names each"
        return [Endpoint("POST", "/v1/records", self.records, summary, Batch, Answers, token=True, refusals=refusals)]

    async def records(self, request: Request) -> Response:
        """A batch of a device's own records, or of those it came after."""
        mine = await self._desk.who(request)
        batch = await body(request, Batch)
        if len(batch.records) > BATCH:
            raise HubRejectedError(f"at most {BATCH} records go in one post", 413)
        return yes(await run_in_threadpool(self._desk.hub.take, mine.id, batch))
