"""What can be set, by name: of what sort, within which bounds, and what it is for.

Here stand those that the hub's people may set for kiosks; the hub's own are beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sync import hours
from sync.errors import RecordError

Value = str | int | float


@dataclass(frozen=True)
class Key:
    """One setting. `sort` is `number`, `whole`, `url`, `window` (such as 22:00-06:00) or `text`."""

    name: str
    sort: str
    meaning: str
    least: float = 0.0
    most: float = 0.0

    def read(self, text: object) -> Value:
        """The value that somebody wrote.

        Raises:
            RecordError: saying what it must be.
        """
        if self.sort in ("number", "whole"):
            return self._number(text)
        if not isinstance(text, str):
            raise self._wrong(text, "text")
        if self.sort == "url":
            parts = urlsplit(text)
            if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
                raise self._wrong(text, "an address such as https://goodstuff.example.org")
            return text.rstrip("/")
        if self.sort == "window" and text:
            hours.parse_span(text)
        return text

    def _number(self, text: object) -> int | float:
        bounds = f"a{' whole' if self.sort == 'whole' else ''} number from {self.least:g} to {self.most:g}"
        try:
            value = int(str(text)) if self.sort == "whole" else float(str(text))
        except ValueError as error:
            raise self._wrong(text, bounds) from error
        if not self.least <= value <= self.most:
            raise self._wrong(text, bounds)
        return value

    def _wrong(self, text: object, must: str) -> RecordError:
        return RecordError(f"the setting {self.name} is {text!r}; it must be {must}")


def table(*keys: Key) -> dict[str, Key]:
    """Keys by their names."""
    return {key.name: key for key in keys}


DEVICE: Final = table(
    Key("poll_s", "number", "Seconds between two looks for news.", 1, 86_400),
    Key("heartbeat_s", "number", "Seconds between two heartbeats.", 1, 86_400),
    Key("blob_budget_bytes", "whole", "Room for pictures and files in a kiosk.", 0, 1e15),
    Key("bandwidth_bytes_per_s", "whole", "Most that pictures and files may take of the line; 0 is all.", 0, 1e12),
    Key("fetch_window", "window", "When pictures and files are fetched, local time; empty is always."),
    Key("catalogue_url", "url", "Where the catalogue is fetched from, if not from the hub."),
    Key("hub_url", "url", "Where the hub is now; a kiosk takes it once the hub answers there."),
)
"""Those that reach kiosks by `GET /v1/device`."""
