"""Packs: the immutable files a catalogue travels in.

Two shapes, both one zstd frame that states its size:

- **Delta** `(from, to]`: NDJSON, one record a line in revision order, the latest state of each record that changed.
- **Base** up to `to`: JSON in pieces of about 5,000 records, written column by column, best-ranked first. Text
  columns hold the value itself, JSON columns hold it as JSON text, so that a reader can put columns into its
  table as they come. A null stands for a field that is absent.

`sync/PROTOCOL.md` is the contract; these formats must be read for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec
import zstandard

from sync.errors import NOT_JSON, RecordError
from sync.records import Line

BASE_FORMAT: Final = "touchpoint-base/1"
PIECE_RECORDS: Final = 5_000
MAX_UNPACKED_BYTES: Final = 256 * 1024 * 1024
BASE_LEVEL: Final = 19
DELTA_LEVEL: Final = 12

_json = msgspec.json.Encoder()


class Table(msgspec.Struct, kw_only=True):
    """Records of one collection, column by column; every column has as many values as there are ids.

    Attributes:
        ids: the UUIDs' 16 bytes each, in hex, one after the other.
        text: field name to values that are text in JSON.
        json: field name to values as JSON text.
    """

    collection: str
    ids: str
    revisions: list[int]
    text: dict[str, list[str | None]]
    json: dict[str, list[str | None]]

    def id_bytes(self) -> list[bytes]:
        """The ids, 16 bytes each.

        Raises:
            RecordError: the number of ids and of revisions differ.
        """
        raw = bytes.fromhex(self.ids)
        if len(raw) != 16 * len(self.revisions):
            raise RecordError(
                f"a pack's table {self.collection!r} has {len(raw)} bytes of ids for {len(self.revisions)} revisions"
            )
        return [raw[at : at + 16] for at in range(0, len(raw), 16)]

    def column(self, name: str, *, default: str | None = None) -> Sequence[str | None]:
        """A column by its field name, text or JSON alike; all `default` where the pack has no such column."""
        there = self.text.get(name) or self.json.get(name)
        if there is None:
            return [default] * len(self.revisions)
        return there if default is None else [default if value is None else value for value in there]

    def lines(self) -> Iterator[tuple[bytes, int, bytes]]:
        """Each record as (id, revision, its line as a delta would have it): for collections not known here."""
        texts, jsons = list(self.text.items()), list(self.json.items())
        for at, (raw, revision) in enumerate(zip(self.id_bytes(), self.revisions, strict=True)):
            fields: dict[str, Any] = {"c": self.collection, "id": str(UUID(bytes=raw)), "r": revision}
            fields |= {name: column[at] for name, column in texts if column[at] is not None}
            fields |= {name: msgspec.Raw(value.encode()) for name, column in jsons if (value := column[at]) is not None}
            yield raw, revision, _json.encode(fields)


class Piece(msgspec.Struct, kw_only=True):
    """One piece of a base pack."""

    format: str
    to: int
    piece: int
    pieces: int
    tables: list[Table]


class Digest:
    """An order-free digest over (collection, id, revision) of live records.

    The sum modulo 2**128 of BLAKE2b-128 over each record, so that it can be kept up to date record by record.
    """

    __slots__ = ("count", "total")

    def __init__(self, total: int = 0, count: int = 0) -> None:
        self.total = total
        self.count = count

    @staticmethod
    def of(collection: str, record_id: bytes, revision: int) -> int:
        """The share of one record."""
        share = blake2b(b"%b\0%b%d" % (collection.encode(), record_id, revision), digest_size=16)
        return int.from_bytes(share.digest(), "big")

    def add(self, collection: str, record_id: bytes, revision: int) -> None:
        """Count a record in."""
        self.total = (self.total + self.of(collection, record_id, revision)) & _MASK
        self.count += 1

    def add_all(self, collection: str, ids: Sequence[bytes], revisions: Sequence[int]) -> None:
        """Count many records of a collection in."""
        start = collection.encode() + b"\0"
        shares = [
            blake2b(b"%b%b%d" % (start, raw, revision), digest_size=16).digest()
            for raw, revision in zip(ids, revisions, strict=True)
        ]
        self.total = (self.total + sum(map(int.from_bytes, shares))) & _MASK
        self.count += len(shares)

    def remove(self, collection: str, record_id: bytes, revision: int) -> None:
        """Take a record that was counted in out again."""
        self.total = (self.total - self.of(collection, record_id, revision)) & _MASK
        self.count -= 1

    def hex(self) -> str:
        """32 hexadecimal digits."""
        return f"{self.total:032x}"


_MASK: Final = (1 << 128) - 1


def write_delta(records: Iterable[bytes]) -> bytes:
    """A delta pack of lines that are already in revision order."""
    return zstandard.ZstdCompressor(level=DELTA_LEVEL).compress(b"".join(line + b"\n" for line in records))


def read_delta(packed: bytes) -> Iterator[tuple[Line, bytes]]:
    """Each record's header with its whole line, in revision order.

    Raises:
        RecordError: not one zstd frame of NDJSON, or larger than `MAX_UNPACKED_BYTES`.
    """
    for number, line in enumerate(unpack(packed).splitlines(), start=1):
        try:
            yield _read_line(line), line
        except NOT_JSON as error:
            raise RecordError(f"line {number} of a delta pack: {error}") from error


def write_piece(piece: Piece, level: int = BASE_LEVEL) -> bytes:
    """One piece of a base pack, packed."""
    return zstandard.ZstdCompressor(level=level).compress(_json.encode(piece))


def read_piece(packed: bytes) -> Piece:
    """The piece of a base pack.

    Raises:
        RecordError: not a piece, or written in a format this program does not know.
    """
    try:
        piece = _read_piece(unpack(packed))
    except NOT_JSON as error:
        raise RecordError(f"a piece of a base pack: {error}") from error
    if piece.format != BASE_FORMAT:
        raise RecordError(f"a base pack in the format {piece.format!r}; this program reads {BASE_FORMAT!r}")
    return piece


def table_of(collection: str, records: Sequence[dict[str, Any]]) -> Table:
    """The columns of records of one collection, each a mapping of JSON values with at least `id` and `r`."""
    names = sorted({name for record in records for name in record} - {"c", "id", "r"})
    table = Table(
        collection=collection,
        ids="".join(UUID(record["id"]).hex for record in records),
        revisions=[record["r"] for record in records],
        text={},
        json={},
    )
    for name in names:
        values = [record.get(name) for record in records]
        if all(value is None or isinstance(value, str) for value in values):
            table.text[name] = values
        else:
            table.json[name] = [None if value is None else _json.encode(value).decode() for value in values]
    return table


def unpack(packed: bytes, most_bytes: int = MAX_UNPACKED_BYTES) -> bytes:
    """The content of one zstd frame.

    The frame's own header is checked against a bound first: the library would otherwise believe it.

    Raises:
        RecordError: not one whole frame, no size stated, or the size is over `most_bytes`.
    """
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= most_bytes:
            raise RecordError(f"a pack says that it unpacks to {size} bytes; at most {most_bytes} are taken")
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        content = unpacker.decompress(packed)
    except zstandard.ZstdError as error:
        raise RecordError(f"a pack cannot be unpacked: {error}") from error
    if not unpacker.eof or unpacker.unused_data or len(content) != size:
        raise RecordError("a pack is cut short or has something after its end")
    return content


_read_line = msgspec.json.Decoder(Line).decode
_read_piece = msgspec.json.Decoder(Piece).decode
