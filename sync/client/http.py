"""Speaking with the hub as a device: enrolment and posts. The catalogue itself comes by `carriers`."""

from __future__ import annotations

import gzip
from typing import Any, Final, TypeVar

import msgspec
import requests

from sync.client.carriers import TIMEOUT_S, bounded, reason
from sync.client.clock import Clock, open_session
from sync.errors import HubAnsweredRubbishError, HubRejectedError, HubUnreachableError

Answer = TypeVar("Answer", bound=msgspec.Struct)

_MAX_ANSWER_BYTES: Final = 4_000_000


class HubClient:
    """One hub's API.

    Args:
        url: the hub's address.
        token: the device's own; sent with posts only.
        clock: this unit's; see `clock.open_session`.
    """

    def __init__(self, url: str, token: str = "", clock: Clock | None = None) -> None:
        self.url = url.rstrip("/")
        self._session = open_session(clock)
        self._token = token

    def post(self, path: str, body: msgspec.Struct, kind: type[Answer]) -> Answer:
        """Post a body as gzipped JSON and return the answer.

        Raises:
            HubUnreachableError, HubAnsweredRubbishError: it is not known whether the hub took it; post it again.
            HubRejectedError: the hub said no.
        """
        url = f"{self.url}{path}"
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        packed = gzip.compress(msgspec.json.encode(body), compresslevel=6)
        try:
            answer = self._session.post(
                url, data=packed, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            raise HubUnreachableError(f"{url}: {reason(error)}") from error
        with answer:
            return _read(url, answer, kind)


def _read(url: str, answer: requests.Response, kind: type[Answer]) -> Answer:
    content = b"".join(bounded(answer, _MAX_ANSWER_BYTES))
    try:
        said: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HubAnsweredRubbishError(f"{url} answered {answer.status_code} with something that is no hub's") from error
    if answer.status_code >= 400:
        why = said.get("error", "") if isinstance(said, dict) else ""
        raise HubRejectedError(f"the hub says no ({answer.status_code}): {why}", answer.status_code)
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        raise HubAnsweredRubbishError(f"{url} answered with something that is no hub's: {error}") from error
