"""The log as lines of JSON on standard error, for programs that gather logs.

Each has `at` (UTC), `level`, `logger`, `process` and `message`; a request that was answered has `route` (the address's
template), `method`, `status` and `ms`. Nothing of what was asked or said is in it: no address, code, token or body.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, Final

import msgspec

requests: Final = logging.getLogger("touchpoint.requests")
"""One line for each request; silent unless the log is for programs."""
requests.setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """Makes a line of JSON of each record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        said: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(said).decode()


def start(form: str) -> None:
    """Go on as `json` or as `text`, which is how it began."""
    if form != "json":
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    requests.setLevel(logging.INFO)


def note_request(route: str, method: str, status: int, seconds: float) -> None:
    """A request was answered."""
    if requests.isEnabledFor(logging.INFO):
        fields = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 2)}
        requests.info("answered", extra={"fields": fields})
