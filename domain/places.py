"""Places of visits: circles round homes and sites, and how far off somebody is. Degrees in WGS 84, metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

from domain.visits import Flag

# Without the coordinates of a home only its district's middle is known, and the circle is as wide as a district.
DISTRICT_RADIUS_M = 5_000.0
# A place so inexact says nothing.
WORST_ACCURACY_M = 2_000.0


@dataclass(frozen=True)
class Spot:
    """Where a telephone says it is (degrees, WGS 84), and how exactly in metres."""

    lat: float
    lon: float
    accuracy_m: float = 0.0


@dataclass(frozen=True)
class Circle:
    """Where a visit is to take place: a middle and a radius in metres."""

    lat: float
    lon: float
    radius_m: float


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The great-circle distance between two points in degrees (haversine)."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 12_742_000 * math.asin(min(1.0, math.sqrt(half)))


def judge_spot(circle: Circle | None, spot: Spot) -> tuple[float | None, list[Flag]]:
    """How far off a place is, and what is to be flagged; the inexactness of the place is allowed for."""
    if circle is None or spot.accuracy_m > WORST_ACCURACY_M:
        return None, [Flag.NO_PLACE]
    away = metres(circle.lat, circle.lon, spot.lat, spot.lon)
    return round(away, 1), [] if away <= circle.radius_m + spot.accuracy_m else [Flag.OUTSIDE]
