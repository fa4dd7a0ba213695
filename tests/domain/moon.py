"""New moons and the sun's longitude by formula: what the lunar calendar is made from, apart from every table.

Jean Meeus, Astronomical Algorithms, 2nd edition: chapter 49 (phases of the moon; a few seconds off at most in our
century) and chapter 25 (the sun's apparent longitude; 0.01 degrees).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import radians as rad
from math import sin

# Terrestrial time runs so far ahead of UTC in 2026 and 2027.
_AHEAD = timedelta(seconds=69.3)
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
# Days, how often E, and how often each of M, M', F.
_TERMS = (
    (-0.40720, 0, 0, 1, 0),
    (0.17241, 1, 1, 0, 0),
    (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0),
    (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0),
    (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2),
    (-0.00024, 1, -1, 2, 0),
    (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0),
    (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2),
    (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2),
    (-0.00002, 0, -1, 1, -2),
    (-0.00002, 0, 1, 3, 0),
    (0.00002, 0, 0, 4, 0),
)
# The planets: days, degrees, degrees a lunation.
_PLANETS = (
    (0.000325, 299.77, 0.107408),
    (0.000165, 251.88, 0.016321),
    (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239),
    (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732),
    (0.000056, 154.84, 7.306860),
    (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824),
    (0.000040, 291.34, 1.844379),
    (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099),
    (0.000023, 331.55, 3.592518),
)


def new_moon_jde(lunation: int) -> float:
    """The Julian ephemeris day of a new moon; lunation 0 is that of 6 January 2000."""
    k, t = lunation, lunation / 1236.85
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t**2 - 0.000000150 * t**3
    e = 1 - 0.002516 * t - 0.0000074 * t**2
    m = 2.5534 + 29.10535670 * k - 0.0000014 * t**2
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3
    f = 160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3
    node = 124.7746 - 1.56375588 * k + 0.0020672 * t**2
    jde += sum(
        days * e**often * sin(rad(a * m + b * moon + c * f)) for days, often, a, b, c in _TERMS
    ) - 0.00017 * sin(rad(node))
    return jde + sum(days * sin(rad(first + each * k)) for days, first, each in _PLANETS)


def new_moon(lunation: int) -> datetime:
    """The same moment in UTC."""
    return _J2000 + timedelta(days=new_moon_jde(lunation) - 2451545.0) - _AHEAD


def sun_at(moment: datetime) -> float:
    """The sun's apparent longitude in degrees, 0 at the equinox of March (春分)."""
    t = (moment - _J2000 + _AHEAD) / timedelta(days=36525)
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    m = rad(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m)
    centre += 0.000289 * sin(3 * m)
    return (mean + centre - 0.00569 - 0.00478 * sin(rad(125.04 - 1934.136 * t))) % 360
