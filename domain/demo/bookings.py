"""A booking of the demo world as a row: every column is named, for rows that are written together must have the same."""

from __future__ import annotations

from typing import Any

from domain.demo.alliance import Row

_EMPTY = (
    "staff_id",
    "staff_from",
    "staff_until",
    "site_id",
    "room_id",
    "address",
    "lat",
    "lon",
    "join_url",
    "grant_id",
    "hold_until",
    "cancel_reason",
)


def booking(member_id: str, **facts: Any) -> tuple[str, Row]:
    """The pair of table and row. `facts` are the booking's own; what is not said is empty or as usual."""
    usual: Row = dict.fromkeys(_EMPTY) | {"amount": 1, "price_cents": 0, "private": False, "version": 1}
    return "bookings", usual | {"member_id": member_id, "booked_by": member_id} | facts
