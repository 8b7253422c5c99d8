"""What can be set, by name: of what sort, within which bounds, and what it is for.

Here stand those that the hub's people may set for kiosks; the hub's own are beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sync import hours
from sync.errors import RecordError

Value = str | int | float

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_ID_EXAMPLE: Final = "email phone video_calls"
_MOST_IDS: Final = 12
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MOST_NAMES: Final = 100
_MOST_LETTERS: Final = 40
_WORD: Final = re.compile(
    r"word\.(session|sessions|visitor|visitors|helper|helpers|(topic|outcome)\.[a-z][a-z0-9_]{0,31})(\.[a-z]{2,3})?"
)


@dataclass(frozen=True)
class Key:
    """One setting.

    `sort` is `number`, `whole`, `url`, `window` (such as 22:00-06:00), `ids`, `names` (or none), `label` or `text`.
    """

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
        if self.sort == "ids":
            return self._ids(text)
        if self.sort == "names":
            return self._names(text)
        if self.sort == "label" and not (0 < len(text.strip()) <= _MOST_LETTERS and text.isprintable()):
            raise self._wrong(text, f"1 to {_MOST_LETTERS} letters")
        return text.strip() if self.sort == "label" else text

    def shown(self, value: Value) -> str:
        """A value as it may be shown to people."""
        return str(value)

    def _ids(self, text: str) -> str:
        ids = text.replace(",", " ").split()
        if not 0 < len(set(ids)) == len(ids) <= _MOST_IDS or not all(map(_ID.fullmatch, ids)):
            raise self._wrong(text, f"1 to {_MOST_IDS} different ids such as {_ID_EXAMPLE!r}, with spaces between them")
        return " ".join(ids)

    def _names(self, text: str) -> str:
        names = list(dict.fromkeys(text.replace(",", " ").split()))
        if len(names) > _MOST_NAMES or not all(map(_NAME.fullmatch, names)):
            raise self._wrong(text, f"at most {_MOST_NAMES} keys such as 'food shelter', with spaces between them")
        return " ".join(names)

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
    Key("topics", "ids", "What visitors come about: the buttons that log a visit, in this order."),
    Key("outcomes", "ids", "What came of a visit; one called unmet, or unmet_..., counts as a need nobody could meet."),
    Key("stock_themes", "names", "Themes that a shop stocks, by key; empty is all."),
    Key("stock_kinds", "names", "Kinds that a shop stocks, such as guide; empty is all."),
    Key("stock_languages", "names", "Languages of what a shop stocks, such as en; empty is all."),
    Key("keep_days", "whole", "Days that a kiosk keeps a record after the hub has it.", 1, 365),
    Key("attendance_months", "whole", "Months that the hub keeps attendance record by record; then totals.", 1, 120),
    Key("follow_up_days", "whole", "Days after which whoever asked to be rung back is forgotten.", 1, 365),
    Key("privacy_contact", "text", "Whom people ask about what is kept of them: a name, and how to reach them."),
    Key("help_contact", "text", "Whom staff ring about their screen, if not privacy_contact: a name, a number."),
)
"""Those that reach kiosks by `GET /v1/device`, beside the words (`key`)."""

WORD_NAMES: Final = "word.session, word.visitors, word.topic.email, word.outcome.solved, word.helper.cy"
"""Examples of names of words, for whoever asks which there are."""


def key(name: str) -> Key | None:
    """The setting for kiosks of that name, if there is one; every `word.NAME` and `word.NAME.LANGUAGE` is."""
    if _WORD.fullmatch(name):
        return Key(name, "label", "A word of the surgery, in a language or in all.")
    return DEVICE.get(name)


def is_word(name: str) -> bool:
    """Whether it names a word of the surgery."""
    return _WORD.fullmatch(name) is not None
