"""The reminders of a visit: planned with the booking, ended with it, and the climb where nobody answers.

Whatever makes, moves or ends a firm booking calls `plan_visit` or `end_visit` in its own transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from actions.hand_over import Cause, open_ticket, withdraw
from actions.house import House
from actions.remind_hand import Row, Said, Standing
from actions.remind_plan import keep_rule, plan, plan_all
from actions.remind_words import announce, telephone_words
from domain.bookings import BOOKED, Booking
from domain.clock import local
from domain.people import Person, Scope
from domain.policy import Basis, may_see_booking
from domain.reminders import Instance, InstanceState, Rule, RuleKind
from domain.sending import Reason
from domain.store import Unit
from domain.tickets import Priority
from domain.visit_series import (
    ANNOUNCED,
    CLIMB,
    LAST,
    Step,
    announcements,
    rung_after,
    wait_for,
)
from domain.visits import Visit, VisitState

log = structlog.get_logger()
_SWEEP, _SWEEP_EVERY, _SWEEP_AHEAD = "reminders_unplanned", timedelta(hours=6), timedelta(days=2)
_AT_ONCE = 200


def series_of(booking: Booking) -> str:
    """The name under which the reminders of a booking hang together."""
    return f"visit:{booking.id}"


def begin_of(rule: Rule) -> datetime:
    """The agreed time for which this version was made."""
    return datetime.fromisoformat(rule.detail["begin"])


def plan_visit(house: House, unit: Unit, booking: Booking, *, first: bool = False) -> None:
    """The announcements of a firm booking; for one that was moved those before end, and others are planned.

    `first`: it was never firm before, so that there are none.
    """
    now, series = house.now(), series_of(booking)
    latest = None if first else unit.reminders.latest(series)
    if latest is not None and latest.ended_at is None:
        if begin_of(latest) == booking.begin:
            return
        _end(house, unit, latest, Reason.MOVED)
    rule = keep_rule(
        house,
        unit,
        RuleKind.VISIT,
        series,
        booking.member_id,
        {"booking": booking.id, "begin": booking.begin.isoformat()},
        by=booking.booked_by,
        version=latest.version + 1 if latest is not None else 1,
    )
    family = [relative.id for _, relative in unit.people.relatives_of(booking.member_id)]
    for person_id in (booking.member_id, *family):
        # What is past when the booking is made was never due.
        ahead = ((s.step, s.at, s.useful_until) for s in announcements(booking.begin) if s.at > now)
        plan_all(house, unit, rule, person_id, ahead)
    unit.flush()


def plan_others(house: House) -> int:
    """Bookings that came by another way (seeded, imported, from before) are announced too; returns how many."""
    now, done = house.now(), 0
    with house.store.read() as unit:
        due = unit.visits.next_sweep(_SWEEP)
    if due is not None and due > now:
        return 0
    with house.store.write() as unit:
        if not unit.visits.take_sweep(_SWEEP, now, now + _SWEEP_EVERY):
            return 0
    while True:
        with house.store.write() as unit:
            found = unit.reminders.unplanned(now, now + _SWEEP_AHEAD, _AT_ONCE)
            planned = sum(_planned(house, unit, booking.id, booking) for booking in found)
        done += planned
        if len(found) < _AT_ONCE or not planned:
            return done


def _planned(house: House, unit: Unit, booking_id: str, booking: Booking) -> bool:
    """One booking's; where that fails the others are announced none the less."""
    try:
        with unit.attempt():
            plan_visit(house, unit, booking)
    except Exception as error:
        log.error("visit_not_planned", booking=booking_id, error=type(error).__name__, exc_info=error)
        return False
    return True


def next_plan(unit: Unit) -> datetime | None:
    """When `plan_others` looks again."""
    return unit.visits.next_sweep(_SWEEP)


def end_visit(house: House, unit: Unit, booking: Booking, why: Reason) -> None:
    """The booking was dropped, or the visit took place: nothing of it is announced any more."""
    rule = unit.reminders.living(series_of(booking))
    if rule is not None:
        _end(house, unit, rule, why)


def _end(house: House, unit: Unit, rule: Rule, why: Reason) -> None:
    """The series ends, and a call about it that nobody has made yet is not needed."""
    unit.reminders.end(rule, why, house.now())
    ticket = unit.tickets.by_key(ticket_key(rule))
    if ticket is not None:
        withdraw(house, unit, ticket, house.words.say("remind_changed_outcome"))


class VisitHand:
    """What is known and done about the announcement of a visit."""

    def __init__(self) -> None:
        self._visits: dict[str, Visit | None] = {}
        self._kept: list[object] = []

    def foresee(self, house: House, unit: Unit, rows: Sequence[Row]) -> None:
        """The bookings with their visits and who comes, the families, and what has been said of each already."""
        bookings = unit.bookings.some({rule.detail["booking"] for _, rule in rows})
        visits = unit.visits.of_bookings([booking.id for booking in bookings])
        self._visits = {booking.id: visits.get(booking.id) for booking in bookings}
        self._kept = [
            *bookings,
            *unit.people.some({one.member_id for one in bookings}),
            *unit.providers.some_staff({one.staff_id for one in bookings if one.staff_id}),
            *unit.people.hold_families({one.member_id for one in bookings}),
        ]
        unit.reminders.hold({rule.id for _, rule in rows})

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        booking = unit.bookings.get(rule.detail["booking"])
        if booking is None or booking.status not in BOOKED:
            return Standing(over=Reason.CANCELLED)
        step = Step(instance.occurrence)
        return Standing(
            over=self._over(house, unit, rule, booking),
            consents=instance.person_id == booking.member_id
            or may_know(house, unit, booking, instance.person_id),
            answered=step in CLIMB and unit.reminders.answered(rule.id),
            wanted=_wanted(house, unit, booking, instance, step),
            needs_chat=step is not Step.TELEPHONE,
        )

    def _over(self, house: House, unit: Unit, rule: Rule, booking: Booking) -> Reason | None:
        if booking.begin != begin_of(rule):
            return Reason.MOVED
        known = booking.id in self._visits
        visit = self._visits[booking.id] if known else unit.visits.of_booking(booking.id)
        under_way = visit is not None and visit.state is not VisitState.ASSIGNED
        return Reason.DONE if under_way or booking.begin <= house.now() else None

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        booking = unit.bookings.get(rule.detail["booking"])
        assert booking is not None
        if instance.occurrence == Step.TELEPHONE:
            _ticket(house, unit, rule, booking)
            return telephone_words(house, unit, booking, asked=child_asked(unit, rule))
        answered = unit.reminders.answered(rule.id)
        return announce(house, unit, booking, instance, answered=answered)

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """Where nobody has answered, the next rung is planned."""
        step = Step(instance.occurrence)
        mine = instance.person_id == rule.person_id or step in CLIMB
        if not mine or rule.ended_at is not None or unit.reminders.answered(rule.id):
            return
        if step in ANNOUNCED:
            unheard = reason is Reason.NO_CHAT or (
                reason is Reason.UNWANTED and not unit.reminders.notices(instance.person_id).own
            )
            if (reason is None or unheard) and not _climbing(unit, rule):
                _climb(house, unit, rule, Step.CHILD if unheard else Step.AGAIN, Step.AGAIN)
        elif (rung := rung_after(step)) is not None and reason not in (
            Reason.CANCELLED,
            Reason.MOVED,
            Reason.DONE,
            Reason.DIED,
        ):
            at_once = reason is not None
            _climb(house, unit, rule, rung, None if at_once else rung)


def may_know(house: House, unit: Unit, booking: Booking, relative_id: str) -> bool:
    """Whether a relative may know of this visit now."""
    if not may_see_booking(Basis.CONSENT, private=booking.private):
        return False
    return Scope.SEE_VISITS in unit.people.consents(booking.member_id, relative_id, house.now())


def _wanted(house: House, unit: Unit, booking: Booking, instance: Instance, step: Step) -> bool:
    """By the person's wishes. 「只发给我女儿」 holds as long as the daughter may know and can be written to."""
    notices = unit.reminders.notices(instance.person_id)
    if step is Step.TELEPHONE:
        return True
    if not notices.own and _hears(house, unit, booking, notices.to_id):
        return False
    return not (notices.fewer and step is Step.MORNING)


def _hears(house: House, unit: Unit, booking: Booking, relative_id: str | None) -> bool:
    if relative_id is None or not may_know(house, unit, booking, relative_id):
        return False
    return unit.lapses.can_hear(relative_id)


def _climbing(unit: Unit, rule: Rule) -> bool:
    return any(instance.occurrence in CLIMB for instance in unit.reminders.instances(rule.id))


def _climb(house: House, unit: Unit, rule: Rule, rung: Step, waits_as: Step | None) -> None:
    """Plan a rung. It waits for an answer, so its time counts from the words before it; None is at once."""
    now, begin = house.now(), begin_of(rule)
    wait = wait_for(waits_as, _first_said(unit, rule) or now, begin) if waits_as else timedelta(0)
    person_id = rule.person_id
    if rung is Step.CHILD:
        booking = unit.bookings.get(rule.detail["booking"])
        child = _child(house, unit, booking) if booking is not None else None
        if child is None:
            # Written down as a rung that was not climbed, for who reads the story later.
            nobody = plan(house, unit, rule, rule.person_id, rung, now + wait, begin, joins=False)
            nobody.skip(Reason.NOBODY)
            _climb(house, unit, rule, Step.TELEPHONE, waits_as)
            return
        person_id = child.id
    made = plan(house, unit, rule, person_id, rung, now + wait, begin - LAST, joins=False)
    if rung is Step.TELEPHONE:
        # A call at night helps nobody, but a ticket that is never opened helps less.
        made.urgent = True


def _first_said(unit: Unit, rule: Rule) -> datetime | None:
    said = [i.sent_at for i in unit.reminders.instances(rule.id) if i.sent_at is not None]
    return min(said, default=None)


def _child(house: House, unit: Unit, booking: Booking) -> Person | None:
    """The first of the family who may know and can be written to."""
    for _, relative in unit.people.relatives_of(booking.member_id):
        if relative.died_on is None and _hears(house, unit, booking, relative.id):
            return relative
    return None


def child_asked(unit: Unit, rule: Rule) -> Person | None:
    """Who of the family was asked in the climb."""
    for instance in unit.reminders.instances(rule.id):
        if instance.occurrence == Step.CHILD and instance.state is InstanceState.SENT:
            return unit.people.get(instance.person_id)
    return None


def ticket_key(rule: Rule) -> str:
    return f"{rule.id}:telephone"


def _ticket(house: House, unit: Unit, rule: Rule, booking: Booking) -> None:
    """Nobody has answered: a life butler telephones."""
    elder = unit.people.get(booking.member_id)
    assert elder is not None
    task = {
        "booking": booking.number,
        "service": booking.service,
        "begin": local(booking.begin).isoformat(),
        "phone": elder.phone or "",
    }
    cause = Cause("life", f"not_answered:{booking.number}", Priority.HIGH, task=task, member=elder)
    open_ticket(house, unit, unit.conversations.of(elder.id), elder, cause, ticket_key(rule))
