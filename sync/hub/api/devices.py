"""What a device tells of itself and may know of itself, and how it gets its token back."""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.hub.api.endpoints import JSON, Desk, Endpoint, address_of, body, no, yes
from sync.hub.kiosks import mark_of
from sync.messages import Challenge, DeviceInfo, Heartbeat, HeartbeatAnswer, TokenGiven, TokenRequest

_SPEAKING: Final = {
    401: "The token is not known; a signature by the device's key brings another.",
    403: "The kiosk was revoked.",
    503: "The hub is busy.",
}
_PROVING: Final = {
    403: "The kiosk was revoked, or the proof is not right.",
    404: "The kiosk is not known.",
    429: "Too many asked from there; Retry-After says when to come back.",
    503: "The hub is busy.",
}


class DevicesApi:
    """A device and its hub."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kiosks = desk.hub.kiosks
        self._proofs = desk.limits(each=60, each_per_s=1, all_=600, all_per_s=50)

    def endpoints(self) -> list[Endpoint]:
        """What there is."""
        return [
            Endpoint(
                "GET",
                "/v1/device",
                self.device,
                "What a device may know of itself",
                gives=DeviceInfo,
                token=True,
                conditional=True,
                refusals=_SPEAKING,
            ),
            Endpoint(
                "POST",
                "/v1/heartbeat",
                self.heartbeat,
                "How a kiosk is; the answer says what it should know",
                Heartbeat,
                HeartbeatAnswer,
                token=True,
                refusals=_SPEAKING | {400: "It was not understood.", 413: "It is too large."},
            ),
            Endpoint(
                "GET",
                "/v1/token",
                self.challenge,
                "Something to sign, for a device that lost its token",
                gives=Challenge,
                query=("device",),
                refusals=_PROVING,
            ),
            Endpoint(
                "POST",
                "/v1/token",
                self.token,
                "A new token, by the device's signature",
                TokenRequest,
                TokenGiven,
                refusals=_PROVING | {400: "It was not understood.", 413: "It is too large."},
            ),
        ]

    async def device(self, request: Request) -> Response:
        """What a device may know of itself."""
        mine = await self._desk.who(request)
        info = await run_in_threadpool(self._kiosks.device_info, mine.id)
        headers = {"ETag": f'"{mark_of(info)}"', "Cache-Control": "no-store"}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(msgspec.json.encode(info), media_type=JSON, headers=headers)

    async def heartbeat(self, request: Request) -> Response:
        """How a kiosk is."""
        mine = await self._desk.who(request)
        beat = await body(request, Heartbeat)
        return yes(await run_in_threadpool(self._desk.hub.heartbeat, mine.id, beat))

    async def challenge(self, request: Request) -> Response:
        """Something to sign."""
        if wait_s := self._proofs.wait_s(address_of(request)):
            return no(429, f"too many ask from there; come back in {wait_s} seconds", retry_after_s=wait_s)
        return yes(await run_in_threadpool(self._kiosks.challenge, request.query_params.get("device", "")))

    async def token(self, request: Request) -> Response:
        """A new token."""
        if wait_s := self._proofs.wait_s(address_of(request)):
            return no(429, f"too many ask from there; come back in {wait_s} seconds", retry_after_s=wait_s)
        asked = await body(request, TokenRequest)
        return yes(await run_in_threadpool(self._kiosks.new_token, asked))
