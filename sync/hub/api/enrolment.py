"""How a kiosk comes to belong: by a provisioning file, by a code on its screen, by the key of its former self."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.errors import HubRejectedError
from sync.hub.api.endpoints import Desk, Endpoint, address_of, body, no, yes
from sync.limits import Limits
from sync.messages import AgainRequest, CodeIssued, CodePoll, CodeRequest, CodeState, Enrolled, EnrolRequest

Asked = TypeVar("Asked", bound=msgspec.Struct)

_BAD: Final = {400: "It was not understood.", 413: "It is too large.", 503: "The hub is busy."}
_MANY: Final = {429: "Too many asked from there; Retry-After says when to come back."}


class EnrolmentApi:
    """Enrolment, each of its ways."""

    def __init__(self, desk: Desk) -> None:
        self._hub = desk.hub
        self._codes = desk.limits(each=10, each_per_s=1 / 30, all_=300, all_per_s=5)
        self._polls = desk.limits(each=60, each_per_s=1, all_=600, all_per_s=50)
        self._others = desk.limits(each=60, each_per_s=1, all_=600, all_per_s=20)

    def endpoints(self) -> list[Endpoint]:
        """What there is."""
        return [
            Endpoint(
                "POST",
                "/v1/enrol",
                self.enrol,
                "Become a device by a provisioning file",
                EnrolRequest,
                Enrolled,
                refusals=_BAD
                | _MANY
                | {403: "The secret or a proof is not right.", 404: "It is not known.", 409: "The file was used."},
            ),
            Endpoint(
                "POST",
                "/v1/enrol/code",
                self.code,
                "Get a code to show, for staff to type at the hub",
                CodeRequest,
                CodeIssued,
                refusals=_BAD | _MANY | {403: "A proof is not right."},
            ),
            Endpoint(
                "POST",
                "/v1/enrol/poll",
                self.poll,
                "Ask what became of a code",
                CodePoll,
                CodeState,
                refusals=_BAD | _MANY | {403: "It was revoked since."},
            ),
            Endpoint(
                "POST",
                "/v1/enrol/again",
                self.again,
                "A copy of a device becomes a device of its own",
                AgainRequest,
                Enrolled,
                refusals=_BAD | _MANY | {403: "The proof is not right, or it was revoked.", 404: "It is not known."},
            ),
        ]

    async def enrol(self, request: Request) -> Response:
        """A kiosk with a provisioning file becomes a device of its shop."""
        return await self._limited(request, self._others, EnrolRequest, self._hub.enrol)

    async def code(self, request: Request) -> Response:
        """A kiosk without one gets a code."""
        address = self._hub.base_url or str(request.base_url).rstrip("/")
        issue = self._hub.kiosks.issue_code
        return await self._limited(request, self._codes, CodeRequest, lambda asked: issue(asked, address))

    async def poll(self, request: Request) -> Response:
        """What became of it; how often this may be asked is in the answer."""
        poll = self._hub.kiosks.poll_code
        return await self._limited(request, self._polls, CodePoll, lambda asked: poll(asked.device_code))

    async def again(self, request: Request) -> Response:
        """A copy becomes a device of its own."""
        return await self._limited(request, self._others, AgainRequest, self._hub.kiosks.enrol_again)

    async def _limited(
        self, request: Request, limits: Limits, kind: type[Asked], answer: Callable[[Asked], msgspec.Struct]
    ) -> Response:
        if wait_s := limits.wait_s(address_of(request)):
            return no(429, f"too many ask from there; come back in {wait_s} seconds", retry_after_s=wait_s)
        asked = await body(request, kind)
        try:
            return yes(await run_in_threadpool(answer, asked))
        except HubRejectedError as error:
            return no(error.status, str(error), retry_after_s=60 if error.status == 503 else 0)
