"""Facts of the catalogue in plain English words, as `sync.wording` has them."""

from sync.wording import (
    KIND,
    KINDS,
    LANGUAGES,
    chip,
    cost,
    day,
    file_kind,
    licence,
    one_line,
    price,
    size,
    what_you_get,
    when,
    works_on,
)

__all__ = [
    "KIND",
    "KINDS",
    "LANGUAGES",
    "chip",
    "cost",
    "day",
    "file_kind",
    "licence",
    "one_line",
    "price",
    "size",
    "what_you_get",
    "when",
    "works_on",
]
