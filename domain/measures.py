"""What a benefit is counted in: visits, hours, days or money. The ledger holds whole numbers of the smallest step.

Hours are kept in minutes and taken in started half-hours, money in cents (分); visits and days are what they are.
"""

from __future__ import annotations

UNITS = ("visit", "hour", "day", "cny")
_STEPS = {"visit": 1, "hour": 60, "day": 1, "cny": 100}
_HALF_HOUR, _DAY = 30, 24 * 60


def small(unit: str, amount: float) -> int:
    """An amount as a plan writes it (20 hours, 300 yuan) in the ledger's steps. Raises KeyError for no unit."""
    return round(amount * _STEPS[unit])


def shown(unit: str, steps: int) -> int | float:
    """An amount of the ledger as people read it: 90 minutes are 1.5 hours."""
    whole, rest = divmod(steps, _STEPS[unit])
    return whole if rest == 0 else round(steps / _STEPS[unit], 2)


def taken(unit: str, minutes: int, price_cents: int) -> int:
    """What one booking takes of a benefit in this unit; of money, its price."""
    match unit:
        case "hour":
            return _HALF_HOUR * -(-minutes // _HALF_HOUR)
        case "day":
            return max(1, -(-minutes // _DAY))
        case "cny":
            return price_cents
    return 1
