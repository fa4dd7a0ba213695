"""Which of the bookings is meant: by button, by number, by service, by its time, or because there is only one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from actions.book import standing
from actions.family import Relative
from actions.rasa.turn import Turn, press
from actions.say import Choice
from domain.bookings import BOOKED, Booking
from domain.errors import NotAllowed, NotFound
from domain.people import Scope
from domain.policy import reach
from nlu.zh import times

_MOVES = re.compile("改|换|挪|推|调|移|提前|延")
# So long after a booking a word about it needs no name.
_A_MOMENT = timedelta(minutes=10)


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


def permitted(turn: Turn, booking_id: str, scope: Scope) -> None:
    """Raises NotAllowed before the question, not after it, where the consent does not reach so far; `booking_id` may be a series."""
    found = turn.unit.bookings.get(booking_id) or turn.unit.series.get(booking_id)
    if found is None:
        raise NotFound(booking_id)
    kinship = turn.unit.people.kinship(found.member_id, turn.actor.id)
    consents = turn.unit.people.consents(found.member_id, turn.actor.id, turn.now)
    reach(turn.actor, found.member_id, scope, kinship, consents)


def over(turn: Turn, booking_id: str) -> bool:
    """Whether a booking that a button stands for (of days ago, perhaps) is past or dropped; then that is said."""
    booking = turn.unit.bookings.get(booking_id)
    if booking is not None and booking.status in BOOKED and booking.begin > turn.now:
        return False
    turn.say("booking_over", (turn.button("my_bookings", press("query_booking"), once=False),))
    return True


def _everybody(turn: Turn) -> list[Relative]:
    family = [Relative(turn.actor, "self")]
    return family + [relative for relative in turn.whom() if relative.person.id != turn.actor.id]


# As `domain.ids.new_number` makes them; without 「单号」 before it, only what holds a letter and a digit is one.
_NUMBER = re.compile(r"(?i)(?:(单号|编号|预约号)\D{0,3}?)?(?<![0-9a-z])([0-9a-hjkmnp-tv-z]{6})(?![0-9a-z])")


def number_in(turn: Turn) -> str | None:
    """The number of a booking that was said, upper case."""
    for found in _NUMBER.finditer("" if turn.pressed else turn.text):
        number = found[2].upper()
        if found[1] or not (number.isdigit() or number.isalpha()):
            return number
    return None


def none_found(turn: Turn) -> str:
    """The name of the sentence for no booking at all, or none with the number that was said."""
    return "no_such_number" if number_in(turn) else "no_bookings"


def narrowed(turn: Turn, found: list[Booking], *, by_time: bool) -> list[Booking]:
    """Those that fit the service and (for a drop) the time that was said; all where nothing fits.

    A number fits one booking or none: another family's is as unknown as one that never was.
    """
    number = number_in(turn)
    if number is not None:
        return [booking for booking in found if booking.number == number]
    if turn.services:
        found = [booking for booking in found if booking.service in turn.services] or found
    if by_time and (window := turn.time.window()) is not None:
        found = [booking for booking in found if window[0] <= booking.begin < _wide(window)] or found
    return found


def _wide(window: tuple[datetime, datetime]) -> datetime:
    return max(window[1], window[0])


def from_when(turn: Turn, found: list[Booking]) -> list[Booking]:
    """Those at the time that a move names as the old one: 「把12月1号的改到后天」; all where none is named."""
    before = "" if turn.pressed else _MOVES.split(turn.text, maxsplit=1)[0]
    if before == turn.text:
        return found
    window = times.first(before, turn.now, turn.house.calendar).window()
    if window is None:
        return found
    return [booking for booking in found if window[0] <= booking.begin < window[1]] or found


def just_made(turn: Turn, found: list[Booking]) -> Booking | None:
    """The booking that was made or moved a moment ago: 「改到四点吧」 means that one.

    None where the last thing that was made is a plan of visits, for then it is open which of them.
    """
    last: dict[int, Booking] = {}
    for booking in found:
        if booking.booked_by == turn.actor.id and turn.now - booking.created_at <= _A_MOMENT:
            history = turn.unit.bookings.history(booking.id)
            last[max((event.id or 0 for event in history), default=0)] = booking
    if not last:
        return None
    newest = last[max(last)]
    return None if turn.unit.series.of_bookings([newest.id]) else newest


_MORE = "more:"


def wants_more(turn: Turn) -> bool:
    """Whether 「更多」 was pressed."""
    return (turn.choice or "").startswith(_MORE)


def buttons(turn: Turn, found: list[Booking], room: int = 4, *, timed: bool = False) -> list[Choice]:
    """One button a booking, the nearest first, as many as there is room for; with 「更多」 where there are others."""
    begin = int((turn.choice or "").removeprefix(_MORE)) if wants_more(turn) else 0
    rest = found[begin:]
    shown = rest if len(rest) <= room else rest[: room - 1]
    choices = [
        Choice(
            f"{turn.house.catalogue.service(booking.service).name} {turn.when(booking.begin)}",
            press("inform", choice=f"booking:{booking.id}"),
        )
        for booking in shown
    ]
    if len(shown) < len(rest):
        # What narrowed them down goes with the button.
        facts = {name: turn.entity(name)[0] for name in ("service", "person") if turn.entity(name)}
        facts |= {"time": turn.time.text} if timed and turn.time.text else {}
        more = press("inform", choice=f"{_MORE}{begin + len(shown)}", **facts)
        choices.append(turn.button("more", more, once=False))
    return choices
