"""Where postcodes are, from a table as statistics offices and post offices give out: CSV, plain or gzip.

Columns are found by the names in the first line: `postcode` (or the ONS's `pcds`, `pcd`), `lat` or `latitude`, `lon`,
`long` or `longitude`; others do not matter. A first line that is data already must be postcode, latitude, longitude.
"""

from __future__ import annotations

import csv
import gzip
import math
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from sync.hub.errors import HubError
from sync.hub.importing import Skipped
from sync.hub.store.postcodes import Position, normal

_NAMES: Final = (("postcode", "pcds", "pcd"), ("lat", "latitude"), ("lon", "long", "longitude"))
_MAX_LINE: Final = 20_000
_MAX_POSTCODE: Final = 10


def read(path: Path) -> Iterator[tuple[str, Position] | Skipped]:
    """Every line of a file: a postcode in its normal form and where it is, or why the line was not taken.

    Every line is read for itself, so that a quotation mark that does not end takes no other line with it.

    Raises:
        HubError: the file cannot be read (any further), or its first line does not say what is where.
    """
    number = 0
    try:
        with _open(path) as file:
            columns: Sequence[int] | None = None
            for number, line in _lines(file):
                where = f"{path}, line {number}"
                if line is None:
                    yield Skipped(where, f"longer than {_MAX_LINE:,} letters")
                    continue
                if not (fields := _fields(line)):
                    continue
                if columns is None:
                    columns, is_data = _columns(fields, where)
                    if not is_data:
                        continue
                yield _position(fields, columns, where)
    except (OSError, EOFError, zlib.error) as error:
        raise HubError(
            f"{path} cannot be read after line {number}: {_plain(error)}; what came before was taken"
        ) from error
    if number == 0:
        raise HubError(f"{path} is empty")


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="\n")
    return path.open("rt", encoding="utf-8-sig", errors="replace", newline="\n")


def _lines(file: IO[str]) -> Iterator[tuple[int, str | None]]:
    """Each line with its number from 1; None for one that is too long to be right, which is not kept in memory."""
    number = 0
    while line := file.readline(_MAX_LINE):
        number += 1
        whole = line.endswith("\n") or len(line) < _MAX_LINE
        while not whole:
            rest = file.readline(_MAX_LINE)
            whole = rest.endswith("\n") or len(rest) < _MAX_LINE
            line = ""
        yield number, line or None


def _fields(line: str) -> list[str]:
    """The fields of a line; none for an empty one."""
    if not (line := line.strip().replace("\0", "")):
        return []
    return [field.strip() for field in next(csv.reader([line]))]


def _columns(fields: Sequence[str], where: str) -> tuple[Sequence[int], bool]:
    """Which columns are postcode, latitude and longitude, by the first line, and whether that is data already."""
    names = [field.lower() for field in fields]
    found = [next((names.index(name) for name in one if name in names), None) for one in _NAMES]
    there = [at for at in found if at is not None]
    if len(there) == len(_NAMES):
        return there, False
    if not there and len(fields) == len(_NAMES) and _number(fields[1]) is not None and _number(fields[2]) is not None:
        return (0, 1, 2), True
    missing = " and ".join(" or ".join(one) for one, at in zip(_NAMES, found, strict=True) if at is None)
    raise HubError(
        f"{where}: no column is called {missing}; the first line must name the columns, "
        f"or every line must be postcode, latitude, longitude. It says: {', '.join(fields)[:200]}"
    )


def _position(fields: Sequence[str], columns: Sequence[int], where: str) -> tuple[str, Position] | Skipped:
    if len(fields) <= max(columns):
        return Skipped(where, f"has {len(fields)} fields; there should be at least {max(columns) + 1}")
    text, lat_text, lon_text = (fields[at] for at in columns)
    code = normal(text)
    if not code or len(code) > _MAX_POSTCODE or not any(sign.isdigit() for sign in code):
        return Skipped(where, f"the postcode is {text[:20]!r}; it must be letters and figures such as SA9 1GX")
    lat, lon = _number(lat_text), _number(lon_text)
    if lat is None or not -90 <= lat <= 90:
        return Skipped(where, f"the latitude of {code} is {lat_text[:20]!r}; it must be a number from -90 to 90")
    if lon is None or not -180 <= lon <= 180:
        return Skipped(where, f"the longitude of {code} is {lon_text[:20]!r}; it must be a number from -180 to 180")
    if lat == lon == 0:
        return Skipped(where, f"the position of {code} is 0, 0, which stands for none")
    return code, (lat, lon)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _plain(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
