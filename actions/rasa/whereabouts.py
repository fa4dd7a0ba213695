"""`action_visit_status`: where somebody is who is to come, from the visit itself; a person is set on it where nobody came."""

from __future__ import annotations

from datetime import datetime

from actions.family import Relative, permit
from actions.hand_over import Cause, open_ticket
from actions.rasa.describe import where
from actions.rasa.turn import Event, Turn, press
from actions.visit_after import ticket
from actions.visit_people import staff_name, staff_of
from actions.visit_words import nudge
from domain.bookings import BOOKED, Booking, Status
from domain.clock import SHANGHAI, local_day
from domain.errors import NotAllowed, NotFound
from domain.people import Scope
from domain.policy import may_see_booking
from domain.tickets import Priority
from domain.visits import OVER, Visit, VisitState
from nlu.zh.say import say_clock

# The sentence by (one's own visit, later than expected): the digits for the door are the elder's alone.
_ON_THE_WAY = {
    (True, False): "status_on_the_way",
    (True, True): "status_on_the_way_late",
    (False, False): "status_on_the_way_family",
    (False, True): "status_on_the_way_late_family",
}
_MOVING = (VisitState.ON_THE_WAY, VisitState.ARRIVED, VisitState.IN_SERVICE)


def visit_status(turn: Turn) -> list[Event]:
    """Of whoever was asked about: who is on the way or there, else what is next, else what was today."""
    for relative in _asked_about(turn):
        try:
            found = _found(turn, relative)
        except NotAllowed:
            turn.say("may_not_see_visits", who=turn.called(relative))
            return []
        if found is not None:
            _tell(turn, relative, *found)
            return []
    if not turn.said:
        turn.say("no_visit_today", (turn.button("human", press("request_human"), once=False),))
    return []


def _asked_about(turn: Turn) -> list[Relative]:
    try:
        named = turn.named()
    except NotFound:
        turn.say("not_family")
        return []
    own = Relative(turn.actor, "self")
    return named or [own, *(r for r in turn.whom() if r.person.id != turn.actor.id)]


def _found(turn: Turn, relative: Relative) -> tuple[Visit | None, Booking] | None:
    """The visit that is meant: under way, late, next, or today's last; with the service that was named, if one was."""
    reach = permit(turn.house, turn.unit, turn.actor, relative.person.id, Scope.SEE_VISITS, "visit_status")
    member = relative.person.id
    midnight = datetime.combine(local_day(turn.now), datetime.min.time(), SHANGHAI)
    visits = {b.id: v for v, b in turn.unit.visits.of_member(member, midnight)}
    booked = [b for b in turn.unit.bookings.of(member, since=midnight) if b.status is not Status.HELD]
    seen = [b for b in booked if may_see_booking(reach.basis, private=b.private)]
    seen = [b for b in seen if b.service in turn.services] or seen
    ranked = sorted(
        (rank, b.begin, b.id) for b in seen if (rank := _rank(turn, visits.get(b.id), b)) is not None
    )
    if not ranked:
        return None
    booking = next(b for b in seen if b.id == ranked[0][2])
    return visits.get(booking.id), booking


def _rank(turn: Turn, visit: Visit | None, booking: Booking) -> int | None:
    """What a question after somebody means most likely, the lowest first; None for what it can not mean."""
    today = local_day(booking.begin) == turn.house.today()
    if visit is not None and visit.state in _MOVING and booking.status in BOOKED:
        return 0
    if visit is not None and visit.state in (*OVER, VisitState.NOT_POSSIBLE):
        return 3 if today else None
    if booking.status not in BOOKED:
        return None
    if booking.begin <= turn.now:
        return 1 if today else None
    return 2


def _tell(turn: Turn, relative: Relative, visit: Visit | None, booking: Booking) -> None:
    service = turn.house.catalogue.service(booking.service).name
    staff = staff_name(turn.house, staff_of(turn.unit, visit, booking) if visit else None)
    if visit is not None and visit.state not in (VisitState.ASSIGNED, VisitState.CALLED_OFF):
        _from_visit(turn, relative, visit, booking, staff)
    elif booking.begin <= turn.now:
        _late(turn, relative, booking, service)
    else:
        turn.say(
            "status_waiting",
            (turn.button("human", press("request_human"), once=False),),
            service=service,
            when=turn.when(booking.begin),
            where=where(turn, booking),
        )


def _from_visit(turn: Turn, relative: Relative, visit: Visit, booking: Booking, staff: str) -> None:
    service = turn.house.catalogue.service(booking.service).name
    own = relative.person.id == turn.actor.id
    if visit.state is VisitState.ON_THE_WAY and visit.on_the_way_at and visit.expected_at:
        out, clock = say_clock(visit.on_the_way_at), say_clock(visit.expected_at)
        gaps = {
            "staff": staff,
            "out": out,
            "clock": clock,
            "service": service,
            "who": turn.called(relative),
            "code": visit.code,
        }
        late = visit.expected_at < turn.now
        name = _ON_THE_WAY[own, late]
        if late and not nudge(turn.house, turn.unit, visit, booking, f"{turn.key}:nudge"):
            ticket(turn.house, turn.unit, visit, booking, "visit_late", Priority.NORMAL, "asked after")
        used = {gap: gaps[gap] for gap in turn.house.words.gaps(name)}
        turn.say(name, **used)
    elif visit.state is VisitState.ARRIVED and visit.arrived_at:
        turn.say("status_arrived", staff=staff, clock=say_clock(visit.arrived_at), service=service)
    elif visit.state is VisitState.IN_SERVICE and visit.began_at:
        turn.say("status_in_service", staff=staff, clock=say_clock(visit.began_at), service=service)
    elif visit.state is VisitState.NOT_POSSIBLE:
        # A reason that a coordinator found has no words for a member.
        known = f"impossible_{visit.reason}" in turn.house.words.sentences
        reason = turn.word(f"impossible_{visit.reason}") if known else turn.word("impossible_not_ready")
        turn.say("status_not_possible", service=service, reason=reason)
    elif visit.ended_at:
        begin = visit.arrived_at or visit.began_at or visit.ended_at
        end = say_clock(visit.ended_at)
        turn.say("status_done", staff=staff, begin=say_clock(begin), end=end, service=service)


def _late(turn: Turn, relative: Relative, booking: Booking, service: str) -> None:
    cause = Cause("life", "visit_late", Priority.HIGH, member=relative.person)
    open_ticket(turn.house, turn.unit, turn.conversation, turn.actor, cause, key=turn.key)
    turn.say("visit_late", service=service, when=turn.when(booking.begin))
