"""Which pictures and files a publication offers, read from its packs alone.

Not from a replica: a unit's own shows only its shop's shelves, and may stand at another revision.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import msgspec

from sync import packs
from sync.client.down.published import Pack
from sync.errors import NOT_JSON, NotTrustedError, RecordError
from sync.records import File, Item
from sync.replica.rank import rank


def offered(contents: dict[Pack, bytes]) -> list[File]:
    """Every picture, then every file, that the items in these packs offer and the hub holds, best items first.

    Raises:
        NotTrustedError: the packs cannot be read.
    """
    offers: dict[str, _Offer] = {}
    base_to = max((pack.to for pack in contents if pack.shape == "base"), default=0)
    try:
        for pack in sorted(contents, key=lambda pack: (pack.shape != "base", pack.to)):
            if pack.shape == "base":
                _of_piece(packs.read_piece(contents[pack]), offers)
            else:
                _of_delta(contents[pack], base_to, offers)
    except (RecordError, ValueError) as error:
        raise NotTrustedError(f"the hub's packs cannot be read: {error}") from error
    best = sorted(offers.values(), key=lambda offer: -offer.rank)
    ordered = [*(offer.picture for offer in best if offer.picture), *(file for offer in best for file in offer.files)]
    return list({file.sha256: file for file in ordered if file.sha256}.values())


@dataclass(frozen=True)
class _Offer:
    """What one item offers, and how early it stands on its shelf."""

    rank: int
    picture: File | None
    files: list[File]


def _of_piece(piece: packs.Piece, offers: dict[str, _Offer]) -> None:
    for table in piece.tables:
        if table.collection == "item":
            for raw, _revision, line in table.lines():
                _offer(raw.hex(), line, offers)


def _of_delta(content: bytes, after: int, offers: dict[str, _Offer]) -> None:
    for line, text in packs.read_delta(content):
        if line.collection == "item" and line.revision > after:
            key = line.id.replace("-", "")
            offers.pop(key, None)
            if not line.gone:
                _offer(key, text, offers)


def _offer(key: str, line: bytes, offers: dict[str, _Offer]) -> None:
    if b'"sha256"' in line:
        with contextlib.suppress(*NOT_JSON):  # of a later program: this one shows no such item either
            item = _read_item(line)
            offers[key] = _Offer(rank(item), item.picture, item.files)


_read_item = msgspec.json.Decoder(Item).decode
