"""How far things are from a shop, as the crow flies, and which stand near it: all from the copy here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Final

from sync.records import Place, Shop

EARTH_KM: Final = 6371.0
"""The mean radius of the Earth."""

Position = tuple[float, float]
"""Latitude and longitude, in degrees of WGS 84."""

_BOX: Final = "SELECT n, lat, lon FROM position WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"


def position_of(place: Place | Shop | None) -> Position | None:
    """Where it is; None when that is not known."""
    if place is None or place.lat is None or place.lon is None:
        return None
    return place.lat, place.lon


def distance_km(here: Position, there: Position) -> float:
    """Kilometres between two positions, by the haversine formula: within 0.6 % of the true way over the ellipsoid."""
    north, south = radians(here[0]), radians(there[0])
    across = sin((north - south) / 2) ** 2
    along = sin(radians(here[1] - there[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(across + cos(north) * cos(south) * along)))


def within(db: sqlite3.Connection, here: Position, most_km: float) -> list[tuple[float, int]]:
    """How far and which row: what stands within so many kilometres, the nearest first; of equally near ones by rank."""
    found = (
        (km, n)
        for n, lat, lon in db.execute(_BOX, _box(here, most_km))
        if (km := distance_km(here, (lat, lon))) <= most_km
    )
    return sorted(found)


def add(db: sqlite3.Connection, positions: Iterable[tuple[float, float, int]]) -> None:
    """Note where rows stand: (latitude, longitude, row number) each."""
    db.executemany("INSERT OR IGNORE INTO position VALUES(?,?,?)", positions)


def remove(db: sqlite3.Connection, position: Position, n: int) -> None:
    """Forget where a row stood."""
    db.execute("DELETE FROM position WHERE lat = ? AND lon = ? AND n = ?", (*position, n))


def _box(here: Position, most_km: float) -> tuple[float, float, float, float]:
    """The least and greatest latitude and longitude that a circle reaches; all longitudes near poles and date line."""
    lat, lon = here
    reach = degrees(most_km / EARTH_KM) * 1.000_001  # what rounding takes, the exact distance leaves out again
    south, north = lat - reach, lat + reach
    if south <= -90 or north >= 90:
        return south, north, -180.0, 180.0
    aside = degrees(asin(min(1.0, sin(radians(reach)) / cos(radians(lat)))))
    if lon - aside < -180 or lon + aside > 180:
        return south, north, -180.0, 180.0
    return south, north, lon - aside, lon + aside
