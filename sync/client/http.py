"""Speaking with the hub as a device. The catalogue itself comes by `carriers`, and no token is ever sent for that."""

from __future__ import annotations

import gzip
from typing import Any, Final, TypeVar

import msgspec
import requests

from sync.client import pauses
from sync.client.carriers import TIMEOUT_S, bounded, reason
from sync.client.clock import Clock
from sync.client.sessions import open_session
from sync.errors import NOT_JSON, HubAnsweredRubbishError, HubRejectedError, HubUnreachableError

Answer = TypeVar("Answer", bound=msgspec.Struct)

BYTES: Final = "application/octet-stream"
_MAX_ANSWER_BYTES: Final = 4_000_000
_AWAY: Final = (502, 503, 504)


class HubClient:
    """One hub's API.

    Args:
        url: the hub's address.
        token: the device's own; it may be changed as the hub gives another.
        clock: this unit's; see `sessions.open_session`.
    """

    def __init__(self, url: str, token: str = "", clock: Clock | None = None) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.pause_s = 0.0
        """How long the last answer asks us to stay away."""
        self._session = open_session(clock)

    def post(self, path: str, body: msgspec.Struct, kind: type[Answer]) -> Answer:
        """Post a body as gzipped JSON and return the answer.

        Raises:
            HubUnreachableError, HubAnsweredRubbishError: it is not known whether the hub took it; post it again.
            HubRejectedError: the hub said no.
        """
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        packed = gzip.compress(msgspec.json.encode(body), compresslevel=6)
        with self._ask("POST", path, headers, data=packed) as answer:
            return _read(answer, kind)

    def post_bytes(self, path: str, content: bytes) -> bytes:
        """Post bytes as they are and return the answer's; no token goes with them.

        Raises:
            HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: as `post`.
        """
        with self._ask("POST", path, {"Content-Type": BYTES}, data=content) as answer:
            if answer.status_code >= 400 or answer.headers.get("Content-Type") != BYTES:
                _read(answer, msgspec.Struct)
                raise HubAnsweredRubbishError(f"{answer.url} answered with something that is no hub's")
            return b"".join(bounded(answer, _MAX_ANSWER_BYTES))

    def get(self, path: str, kind: type[Answer], *, mark: str = "", **params: str) -> tuple[Answer, str] | None:
        """Ask for something private, with its new mark; None while it is what `mark` stands for.

        Raises:
            HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: as `post`.
        """
        headers = {"If-None-Match": f'"{mark}"'} if mark else {}
        with self._ask("GET", path, headers, params=params) as answer:
            if answer.status_code == 304 and mark:
                return None
            return _read(answer, kind), answer.headers.get("ETag", "").strip('"')

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _ask(self, method: str, path: str, headers: dict[str, str], **more: Any) -> requests.Response:
        url = f"{self.url}{path}"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        self.pause_s = 0.0
        try:
            answer = self._session.request(
                method, url, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, stream=True, **more
            )
        except requests.RequestException as error:
            raise HubUnreachableError(f"{url}: {reason(error)}") from error
        self.pause_s = pauses.asked_s(answer.status_code, answer.headers)
        if answer.status_code in _AWAY:
            answer.close()
            raise HubUnreachableError(f"{url} answered {answer.status_code}: the hub is busy or away")
        return answer


def _read(answer: requests.Response, kind: type[Answer]) -> Answer:
    content = b"".join(bounded(answer, _MAX_ANSWER_BYTES))
    url, status = answer.url.partition("?")[0], answer.status_code
    try:
        said: Any = msgspec.json.decode(content)
    except NOT_JSON as error:
        if status == 413:  # from a proxy in front of the hub, in its own words
            raise HubRejectedError(f"{url} answered 413: it is too large", status) from error
        raise HubAnsweredRubbishError(f"{url} answered {status} with something that is no hub's") from error
    if status >= 400:
        why = said.get("error", "") if isinstance(said, dict) else ""
        raise HubRejectedError(f"the hub says no ({status}): {why}", status)
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        raise HubAnsweredRubbishError(f"{url} answered with something that is no hub's: {error}") from error
