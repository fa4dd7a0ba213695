"""Which of the bookings is meant: by button, by service, by its time, or because there is only one."""

from __future__ import annotations

from datetime import datetime

from actions.book import standing
from actions.family import Relative
from actions.rasa.turn import Turn, press
from actions.say import Choice
from domain.bookings import Booking
from domain.errors import NotAllowed


def candidates(turn: Turn) -> list[Booking]:
    """The bookings that the actor may see, of those whom the words mean (everybody, where nobody was named).

    Raises NotFound for somebody we do not know, NotAllowed where nobody's bookings may be seen.
    """
    named = turn.named() or _everybody(turn)
    found: list[Booking] = []
    refused: NotAllowed | None = None
    for relative in named:
        try:
            found += standing(turn.house, turn.unit, turn.actor, relative.person)
        except NotAllowed as error:
            refused = error
    if refused is not None and not found:
        raise refused
    return sorted(found, key=lambda booking: booking.begin)


def _everybody(turn: Turn) -> list[Relative]:
    family = [Relative(turn.actor, "self")]
    return family + [relative for relative in turn.whom() if relative.person.id != turn.actor.id]


def narrowed(turn: Turn, found: list[Booking], *, by_time: bool) -> list[Booking]:
    """Those that fit the service and (for a drop) the time that was said; all where nothing fits."""
    if turn.services:
        found = [booking for booking in found if booking.service in turn.services] or found
    if by_time and (window := turn.time.window()) is not None:
        found = [booking for booking in found if window[0] <= booking.begin < _wide(window)] or found
    return found


def _wide(window: tuple[datetime, datetime]) -> datetime:
    return max(window[1], window[0])


def buttons(turn: Turn, found: list[Booking]) -> list[Choice]:
    """One button a booking."""
    return [
        Choice(
            f"{turn.house.catalogue.service(booking.service).name} {turn.when(booking.begin)}",
            press("inform", choice=f"booking:{booking.id}"),
        )
        for booking in found[:4]
    ]
