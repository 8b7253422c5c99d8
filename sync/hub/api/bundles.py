"""Taking in what a stick brought: bundles of units that have no connection."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.errors import HubRejectedError
from sync.hub import bundles
from sync.hub.api.endpoints import Desk, Endpoint, address_of, no, unpacked

_LETTER: Final = "application/octet-stream"


class BundlesApi:
    """Posts of bundles, by anybody: the signature in each counts, and the answer is sealed to its device."""

    def __init__(self, desk: Desk) -> None:
        self._hub = desk.hub
        self._posts = desk.limits(each=2000, each_per_s=20, all_=10_000, all_per_s=100)

    def endpoints(self) -> list[Endpoint]:
        """What there is."""
        refusals = {
            400: "It is no bundle.",
            403: "It is not from whom it says, or that kiosk was revoked.",
            404: "No kiosk has that id.",
            409: "Its provisioning file was used by another kiosk.",
            413: "It is too large.",
            429: "Too many asked from there; Retry-After says when to come back.",
            503: "The hub is busy.",
        }
        summary = "A bundle from a stick; the answer is the reply to put on it"
        return [
            Endpoint(
                "POST",
                "/v1/bundles",
                self.bundles,
                summary,
                takes=_LETTER,
                media_type=_LETTER,
                refusals=refusals,
            )
        ]

    async def bundles(self, request: Request) -> Response:
        """A bundle, as it lies on a stick."""
        if wait_s := self._posts.wait_s(address_of(request)):
            return no(429, f"too many ask from there; come back in {wait_s} seconds", retry_after_s=wait_s)
        try:
            letter = await unpacked(request)
        except ValueError as error:
            raise HubRejectedError(str(error), 400) from error
        reply = await run_in_threadpool(bundles.answer, self._hub, letter)
        return Response(reply, media_type=_LETTER, headers={"Cache-Control": "no-store"})
