"""What a booking does to the ledger: hold, commit, release, refund, make up. Every step may safely come twice.

A booking may draw on several grants (`Booking.grant_id` names the first); what it took is read from its entries, so
each step unwinds or commits exactly what was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence

from actions.enrol import next_grant
from actions.house import House
from domain.benefits import EntryKind
from domain.bookings import Booking, BookingEvent, Status
from domain.clock import local_day
from domain.endings import SOON
from domain.errors import Exhausted
from domain.judging import Draw, Verdict
from domain.ledger import taken_by, unwound
from domain.store import Unit


def hold_draws(
    house: House, unit: Unit, booking: Booking, draws: Sequence[Draw], key: str, actor_id: str
) -> None:
    """Hold what a verdict said. Raises Exhausted where it went just now."""
    for draw in draws:
        if draw.amount > 0:
            _post(house, unit, EntryKind.HOLD, booking, draw, key, actor_id)
            _still_carried(unit, booking, draw.grant_id)


def _still_carried(unit: Unit, booking: Booking, grant_id: str) -> None:
    """Looked at once the balance is ours alone: two bookings at once take one person's share no more than once, and do
    not come nearer to each other than the benefit has it.
    """
    benefit = unit.benefits.benefit(unit.benefits.grant(grant_id).benefit_id)
    most = benefit.amount_each
    if most is not None and unit.benefits.own_taken(booking.member_id, [grant_id])[grant_id] > most:
        raise Exhausted(grant_id)
    if benefit.gap_days:
        day = local_day(booking.begin)
        others = unit.benefits.uses(booking.member_id, day, booking.id).get(benefit.id, ())
        if any(abs((day - other).days) < benefit.gap_days for other in others):
            raise Exhausted(grant_id)


def hold_again(house: House, unit: Unit, booking: Booking, key: str, actor_id: str) -> None:
    """Hold once more what a hold that lapsed had held. Raises Exhausted where it went in between."""
    lapsed = [e for e in unit.benefits.entries_of(booking.id) if e.kind is EntryKind.RELEASE]
    newest = max((e.at for e in lapsed), default=None)
    draws = [Draw(e.grant_id, e.amount) for e in lapsed if e.at == newest]
    hold_draws(house, unit, booking, draws, key, actor_id)


def release_booking(
    house: House,
    unit: Unit,
    booking: Booking,
    key: str,
    actor_id: str | None = None,
    reason: str | None = None,
) -> int:
    """Give back everything that the booking holds; returns how much, in the ledger's steps."""
    return _settle(house, unit, EntryKind.RELEASE, booking, key, actor_id, reason)


def take_booking(
    house: House,
    unit: Unit,
    booking: Booking,
    key: str,
    actor_id: str | None = None,
    reason: str | None = None,
) -> int:
    """Use up everything that the booking holds; returns how much. For a visit use `commit_visit`."""
    return _settle(house, unit, EntryKind.COMMIT, booking, key, actor_id, reason)


def commit_visit(house: House, unit: Unit, booking: Booking, key: str, actor_id: str) -> int:
    """A verified visit: what was held is used, and the booking is fulfilled. Raises WrongState where it had ended."""
    if booking.status is not Status.FULFILLED:
        booking.go(Status.FULFILLED)
        unit.bookings.add(
            BookingEvent(
                booking_id=booking.id,
                kind=str(Status.FULFILLED),
                at=house.now(),
                actor_id=actor_id,
                detail={"reason": "visit"},
            )
        )
    return take_booking(house, unit, booking, key, actor_id, "visit")


def refund_booking(
    house: House,
    unit: Unit,
    booking: Booking,
    key: str,
    actor_id: str,
    amount: int | None = None,
    reason: str = "refund",
) -> int:
    """Give back what was used (all of it, where no amount is said), the last taken first; returns how much.

    What goes back to a grant that has ended expires with it; `make_up` carries it on where the member is not to blame.
    """
    if any(e.key.startswith(f"{key}:") for e in unit.benefits.entries_of(booking.id)):
        return 0
    back = unwound(taken_by(unit.benefits.entries_of(booking.id)), amount)
    for draw in back:
        _post(house, unit, EntryKind.REFUND, booking, draw, key, actor_id, reason)
    return sum(draw.amount for draw in back)


def make_up(house: House, unit: Unit, booking: Booking, key: str, actor_id: str | None) -> int:
    """Carry what was given back under this key into the next period, where it would lapse within a fortnight.

    Returns how much was carried on; where a membership has no next period, what is left stays as it is.
    """
    carried = 0
    for entry in list(unit.benefits.entries_of(booking.id)):
        if entry.key != f"{key}:{entry.grant_id}" or entry.kind not in (EntryKind.RELEASE, EntryKind.REFUND):
            continue
        grant = unit.benefits.grant(entry.grant_id)
        following = next_grant(house, unit, grant) if grant.ends_before - house.today() <= SOON else None
        if following is None:
            continue
        for grant_id, amount in ((grant.id, -entry.amount), (following.id, entry.amount)):
            unit.benefits.post(
                EntryKind.ADJUST,
                grant_id,
                amount,
                key=f"{key}:makeup:{grant_id}",
                at=house.now(),
                booking=booking,
                actor_id=actor_id,
                reason="make_up",
            )
        carried += entry.amount
    return carried


def redraw(house: House, unit: Unit, booking: Booking, verdict: Verdict, key: str, actor_id: str) -> None:
    """Draw on other grants than before, for the booking moved to another day."""
    hold_draws(house, unit, booking, verdict.draws, key, actor_id)
    booking.grant_id = verdict.entitlement.grant.id if verdict.entitlement else None
    booking.amount = sum(draw.amount for draw in verdict.draws) or 1


def _settle(
    house: House,
    unit: Unit,
    kind: EntryKind,
    booking: Booking,
    key: str,
    actor_id: str | None,
    reason: str | None,
) -> int:
    if booking.grant_id is None:
        return 0
    total = 0
    for part in taken_by(unit.benefits.entries_of(booking.id)):
        if part.held > 0:
            _post(house, unit, kind, booking, Draw(part.grant_id, part.held), key, actor_id, reason)
            total += part.held
    return total


def _post(
    house: House,
    unit: Unit,
    kind: EntryKind,
    booking: Booking,
    draw: Draw,
    key: str,
    actor_id: str | None,
    reason: str | None = None,
) -> None:
    unit.benefits.post(
        kind,
        draw.grant_id,
        draw.amount,
        key=f"{key}:{draw.grant_id}",
        at=house.now(),
        booking=booking,
        actor_id=actor_id,
        reason=reason,
    )
