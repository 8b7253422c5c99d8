"""What travels: the catalogue's records on their way down, a shop's records on their way up.

What hub and kiosk say to each other about them is in `sync.messages`.

Every struct here is part of the wire contract (`sync/PROTOCOL.md`): fields are only ever added, always with a
default, and a reader keeps what it does not know. Dates are ISO 8601 text, `YYYY-MM-DD`; `starts` and `ends` are
local date-times `YYYY-MM-DDTHH:MM:SS` in `timezone`. Ids are UUIDs as lower-case text.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

PROTOCOL: Final = 1
"""Version of the wire contract this program speaks; the signed metadata names the oldest that may still read."""

OLDEST_CLIENT: Final = 1
"""The oldest version that may still read what this program publishes."""

KINDS: Final = (
    "guide",
    "app",
    "toolkit",
    "service",
    "event",
    "offer",
    "want",
    "skill",
    "project",
    "news",
    "space",
)
NAMESPACE: Final = UUID("6f1c2f0e-5a54-5c86-9d3c-7a1d0c2b9a11")
"""Root of every id that is made from a name (UUIDv5)."""


class Translation(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An item's words in another language."""

    title: str = ""
    summary: str = ""
    body: str = ""
    unchecked: bool = False
    """Nobody whose language it is has read it over yet."""


class Maker(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Who made or offers an item."""

    name: str
    url: str = ""


class Price(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What an item costs; an item without one is free. `amount_pence` counts hundredths of `currency`."""

    amount_pence: int
    currency: str = "GBP"
    note: str = ""


class File(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A downloadable: held by the hub (`sha256`, `size_bytes`) or only linked to (`url`)."""

    name: str
    media_type: str = "application/octet-stream"
    sha256: str = ""
    size_bytes: int = 0
    url: str = ""
    platform: str = ""
    language: str = ""


class Place(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Where; `lat` and `lon` are WGS 84 degrees."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None


class Source(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Whom an item was taken from, and under which licence."""

    name: str = ""
    url: str = ""
    licence: str = ""


class Item(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A thing on the shelves."""

    id: str
    kind: str
    title: str
    revision: int = msgspec.field(default=0, name="r")
    code: str = ""
    """Only when it is not the one that `sync.codes.for_id` derives."""
    summary: str = ""
    body: str = ""
    language: str = "en"
    translations: dict[str, Translation] = {}
    themes: list[str] = []
    tags: list[str] = []
    maker: Maker | None = None
    licence: str = ""
    price: Price | None = None
    url: str = ""
    files: list[File] = []
    picture: File | None = None
    place: Place | None = None
    starts: str = ""
    ends: str = ""
    rrule: str = ""
    exdates: list[str] = []
    timezone: str = ""
    shops: list[str] = []
    """Names of the shops that stock it; empty means all."""
    attendance: bool = False
    expires_on: str = ""
    checked_on: str = ""
    source: Source | None = None

    def in_language(self, language: str) -> Translation:
        """Title, summary and body in `language` where they exist, each else as they were written."""
        there = self.translations.get(language)
        if there is None or language == self.language:
            return Translation(title=self.title, summary=self.summary, body=self.body)
        return Translation(
            title=there.title or self.title,
            summary=there.summary or self.summary,
            body=there.body or self.body,
            unchecked=there.unchecked,
        )

    @property
    def languages(self) -> list[str]:
        """The languages it can be read in, the one it was written in first."""
        return [self.language, *(code for code in self.translations if code != self.language)]

    @property
    def blobs(self) -> list[File]:
        """The picture and files that the hub holds, in the order a visitor needs them."""
        held = [self.picture] if self.picture else []
        return [file for file in [*held, *self.files] if file.sha256]


class Theme(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A shelf: Food, Shelter, Getting about, Staying safe, and whatever else the hub adds."""

    id: str
    key: str
    name: str
    revision: int = msgspec.field(default=0, name="r")
    names: dict[str, str] = {}
    icon: str = ""
    strong: str = ""
    tint: str = ""
    position: int = 100


class Shop(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One touch-point. `hours` is an OpenStreetMap opening_hours value such as `Mo-Fr 09:30-17:00`."""

    id: str
    name: str
    revision: int = msgspec.field(default=0, name="r")
    hours: str = ""
    address: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    timezone: str = "Europe/London"


CATALOGUE: Final[dict[str, type[msgspec.Struct]]] = {"item": Item, "theme": Theme, "shop": Shop}
"""The collections that this version shows. Others are kept as they came."""


class Line(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What every record in a pack has, whatever else it holds; read before the rest is."""

    collection: str = msgspec.field(name="c")
    id: str
    revision: int = msgspec.field(name="r")
    gone: bool = False


class State(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What the hub signs of a publication as a whole.

    `digest` is over (collection, id, revision) of every live record, see `sync.packs.Digest`; `base_url` is
    where phones find the items, empty when that is wherever the kiosk was enrolled.
    """

    revision: int
    count: int
    digest: str
    published_at: str = ""
    base_url: str = ""
    min_client: int = 1
    allow_shrink_to: int = 0

    def empties(self, had: int) -> bool:
        """Whether it would empty more than half of shelves that held so many records, and nobody said that it may."""
        return had > 10 and self.count < had / 2 and self.allow_shrink_to != self.revision


class Upward(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One record on its way up. `kind` names the shape of `body`; the hub keeps kinds it does not know.

    `recorded_at` is aware UTC by the shop's clock; `boot` and `offset_s` (seconds since that boot) let the hub
    put right a clock that was wrong. `device` is the device that made it, where that is not the one that sends it.
    """

    id: str
    seq: int
    kind: str
    recorded_at: str
    body: dict[str, Any]
    boot: str = ""
    offset_s: float = 0.0
    device: str = ""


class Usage(msgspec.Struct, omit_defaults=True, kw_only=True):
    """How often something was done on one finished day in a shop; never a visitor's trail.

    `action` is `open`, `qr`, `slip` or `search_empty` (then `term` is what was looked for in vain).
    """

    day: str
    action: str
    count: int
    item: str = ""
    term: str = ""
    language: str = ""


class SessionHeld(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A session in which something was logged: so that those are known that stand in no diary, or no longer do.

    `starts` and `ends` are local, in `timezone`; `event` is the item it is an occurrence of, empty for an ad hoc one.
    """

    session: str
    starts: str
    ends: str
    timezone: str
    event: str = ""
    title: str = ""


class Attendance(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One visit, or that of a small group, or one helper's time; no names and no free text, only ids of fixed lists.

    `at` is when, aware UTC, a visitor's down to the half hour. `role` is `visitor` or `helper`; `first_time` is
    `first`, `again`, or empty when nobody asked. `minutes` is None when it is not known, which for a helper means that
    he is still there. `paper` marks what was written on paper and typed in later. `staff` is the id of who logged it.

    A correction is a new record with everything that is right now, and names the first record of what it corrects, not
    the correction before it; of several the one with the highest `seq` counts. A `void` one takes the record away.
    """

    session: str
    at: str
    role: str = "visitor"
    people: int = 1
    first_time: str = ""
    topics: list[str] = []
    outcome: str = ""
    minutes: int | None = None
    paper: bool = False
    staff: str = ""
    corrects: str = ""
    void: bool = False


class HeadCount(msgspec.Struct, omit_defaults=True, kw_only=True):
    """How many people were counted in a session; a later count of the same device takes the place of an earlier."""

    session: str
    count: int
    paper: bool = False
    staff: str = ""


class FollowUp(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Somebody asks to be rung back. `sealed` is a letter (`sync.seal`, base64) to the hub with a `Contact` in it.

    `withdraws` takes an earlier one back; then nothing is sealed.
    """

    sealed: str = ""
    withdraws: str = ""


class Contact(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Whom to ring or write to, what about (an id of the topics), and what was agreed to.

    `notice` is the version of the words that were read, `language` the one they were read in, `agreed_at` aware UTC.
    `padding` hides how long the rest is.
    """

    first_name: str
    contact: str
    about: str
    notice: str
    agreed_at: str
    language: str = "en"
    session: str = ""
    staff: str = ""
    padding: str = ""


UPWARD: Final[dict[str, type[msgspec.Struct]]] = {
    "usage": Usage,
    "session": SessionHeld,
    "attendance": Attendance,
    "head_count": HeadCount,
    "follow_up": FollowUp,
}
"""The kinds of records that this version knows on their way up."""


def id_from_key(collection: str, key: str) -> str:
    """The id of a record that its maker knows by a stable key rather than by a UUID."""
    return str(uuid5(NAMESPACE, f"{collection}:{key}"))
