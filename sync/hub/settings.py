"""The hub's settings: its own, and those that it gives to kiosks, for all shops or for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from sync.errors import RecordError
from sync.hub import mail
from sync.hub.errors import HubError, UnknownError
from sync.hub.store.schema import setting, shop_setting
from sync.settings import DEVICE, WORD_NAMES, Key, Value, key, table


@dataclass(frozen=True)
class AddressesKey(Key):
    """E-mail addresses, with spaces between them; `most` of them at most."""

    def read(self, text: object) -> Value:
        """See `Key.read`."""
        return " ".join(mail.addresses(str(text), int(self.most)))


@dataclass(frozen=True)
class SmtpKey(Key):
    """A mail server's address with what lets us in there, which is never shown again."""

    def read(self, text: object) -> Value:
        """See `Key.read`."""
        return mail.check_url(str(text))

    def shown(self, value: Value) -> str:
        """See `Key.shown`."""
        return mail.without_password(str(value))


HUB: Final = table(
    Key("base_url", "url", "Where phones find the items; empty: wherever each kiosk was enrolled."),
    Key("publish_to", "text", "Where `publish` also puts the files: a folder, or s3://BUCKET/PATH."),
    Key("token_days", "whole", "After so many days a kiosk is offered a new token.", 1, 3_650),
    Key("backoff_s", "whole", "Kiosks are asked to come no sooner than this; 0 is as they like.", 0, 3_600),
    Key("alert_after_minutes", "whole", "Minutes of opening hours after which a silent kiosk is told of.", 5, 10_080),
    AddressesKey("alert_to", "addresses", "Who gets an e-mail when a kiosk is quiet, and when it is back.", 0, 50),
    AddressesKey("alert_from", "addresses", "Whom those e-mails come from; empty is the first who gets them.", 0, 1),
    SmtpKey("smtp_url", "smtp", "The mail server: smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start."),
    Key("open_data_licence", "label", "Licence of the public figures: CC0-1.0, OGL-UK-3.0 or another SPDX id."),
    Key("small_cells", "whole", "Public figures below this are not told.", 0, 100),
)
"""Those that only the hub itself reads."""

PROMISES: Final = ("attendance_months", "follow_up_days")
"""The hub's own, told to kiosks because their privacy pages promise them."""

DEFAULTS: Final[dict[str, Value]] = {
    "base_url": "",
    "publish_to": "",
    "token_days": 30,
    "backoff_s": 0,
    "alert_after_minutes": 30,
    "alert_to": "",
    "alert_from": "",
    "smtp_url": "",
    "attendance_months": 13,
    "follow_up_days": 90,
    "open_data_licence": "CC0-1.0",
    "small_cells": 5,
}
KNOWN: Final = HUB | DEVICE


@dataclass(frozen=True)
class Set:
    """A setting that was set; `shop_id` is empty where it is for all."""

    key: str
    value: Value
    shop_id: str = ""


def key_named(name: str) -> Key:
    """The setting of that name.

    Raises:
        UnknownError: there is none; says which there are.
    """
    if found := _known(name):
        return found
    raise UnknownError(
        f"there is no setting {name!r}; there are {', '.join(sorted(KNOWN))}, and words such as {WORD_NAMES}"
    )


def put(db: Connection, name: str, text: str, shop_id: str = "") -> Value:
    """Set a setting, for one shop's kiosks or for all; returns it as it was understood.

    Raises:
        UnknownError: there is none of that name. HubError: the value is not what it must be, or no shop can have it.
    """
    meant = key_named(name)
    if shop_id and (name in HUB or name in PROMISES):
        raise HubError(f"{name} is the hub's own and cannot be set for one shop")
    try:
        value = meant.read(text)
    except RecordError as error:
        raise HubError(f"{error}. {meant.meaning}") from error
    there, mine = _where(name, shop_id)
    if not db.execute(update(there).where(*mine).values(value=str(value))).rowcount:
        db.execute(insert(there).values(key=name, value=str(value), **({"shop_id": shop_id} if shop_id else {})))
    return value


def drop(db: Connection, name: str, shop_id: str = "") -> bool:
    """Let a setting be what it is by itself; returns whether it had been set.

    Raises:
        UnknownError: there is none of that name.
    """
    key_named(name)
    there, mine = _where(name, shop_id)
    return bool(db.execute(delete(there).where(*mine)).rowcount)


def get(db: Connection, name: str, shop_id: str = "") -> Value | None:
    """What a setting was set to; for one shop its own or else the general one. None where it was not.

    Raises:
        UnknownError: there is none of that name.
    """
    key_named(name)
    found = [one.value for one in everything(db) if one.key == name and one.shop_id in ("", shop_id)]
    return found[-1] if found else DEFAULTS.get(name)


def everything(db: Connection) -> Iterator[Set]:
    """Everything that was set, what is for all before what is for one shop."""
    for row in db.execute(select(setting).order_by(setting.c.key)):
        if known := _known(row.key):
            yield Set(row.key, known.read(row.value))
    for row in db.execute(select(shop_setting).order_by(shop_setting.c.shop_id, shop_setting.c.key)):
        if known := _known(row.key):
            yield Set(row.key, known.read(row.value), row.shop_id)


def for_shop(db: Connection, shop_id: str) -> dict[str, Value]:
    """What the kiosks of a shop are given: what is for all, and over it what is for this shop."""
    general = select(setting.c.key, setting.c.value).order_by(setting.c.key)
    own = select(shop_setting.c.key, shop_setting.c.value).where(shop_setting.c.shop_id == shop_id)
    rows = [*db.execute(general), *db.execute(own.order_by(shop_setting.c.key))]
    return {row.key: known.read(row.value) for row in rows if (known := key(row.key))}


def number(db: Connection, name: str) -> int:
    """One of the hub's own whole numbers."""
    text = db.execute(select(setting.c.value).where(setting.c.key == name)).scalar()
    return int(DEFAULTS[name] if text is None else text)


def _known(name: str) -> Key | None:
    return HUB.get(name) or key(name)


def _where(name: str, shop_id: str) -> tuple[Table, tuple[ColumnElement[bool], ...]]:
    if not shop_id:
        return setting, (setting.c.key == name,)
    return shop_setting, (shop_setting.c.key == name, shop_setting.c.shop_id == shop_id)
