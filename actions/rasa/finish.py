"""What happens when a form is full, or left: the commit, and the words that tell of it, in one transaction."""

from __future__ import annotations

from actions.book import confirm, move, release
from actions.end_booking import cancel_booking, foreseen
from actions.family import Relative, elders_of
from actions.rasa import booking_draft, dropping, linking, moving, profile, reminding, series, series_end
from actions.rasa.asking import unpack
from actions.rasa.describe import refusal, where
from actions.rasa.turn import Event, Turn, leave_loop, press, slot
from actions.say import Choice
from actions.series import let_go
from domain.bookings import Booking
from domain.errors import Exhausted, NotAllowed, NotFound, RuleBroken, Taken, WrongState
from domain.judging import NotCarried

_FORMS = {
    "booking_form": booking_draft.ALL,
    "moving_form": moving.ALL,
    "dropping_form": dropping.ALL,
    "profile_form": profile.ALL,
    "family_form": linking.ALL,
    "reminding_form": reminding.ALL,
}


def cleared(loop: str | None = None) -> list[Event]:
    """The events that empty one form, or all of them."""
    names = _FORMS[loop] if loop in _FORMS else [name for form in _FORMS.values() for name in form]
    return [slot(name, None) for name in names]


def book(turn: Turn) -> list[Event]:
    """`action_book`: make the held booking firm, if that was the answer."""
    held = turn.slots.get("booking_slot")
    if turn.slots.get("booking_series"):
        series.finish(turn)
    elif turn.slots.get("booking_ok") == "yes" and held:
        try:
            with turn.unit.attempt():
                done = confirm(turn.house, turn.unit, turn.actor, held)
        except (Taken, Exhausted, WrongState, NotFound):
            turn.say("just_taken", (turn.button("book_again", press("book_service"), once=False),))
        except NotAllowed:
            turn.say("may_not_book", who=turn.word("the_elder"))
        else:
            service = turn.house.catalogue.service(done.service)
            turn.say(
                "booked",
                (turn.button("my_bookings", press("query_booking"), once=False), *_for_another(turn, done)),
                service=service.name,
                when=turn.when(done.begin),
                where=where(turn, done),
                number=done.number,
                prepare=service.prepare,
            )
    elif held:
        release(turn.house, turn.unit, held)
    return cleared("booking_form")


def move_it(turn: Turn) -> list[Event]:
    """`action_move`: move the booking to the time that was agreed."""
    if turn.slots.get("moving_ok") == "yes":
        found = unpack(turn.slots["moving_slot"])
        try:
            with turn.unit.attempt():
                done = move(turn.house, turn.unit, turn.actor, turn.slots["moving_booking"], found)
        except Taken:
            turn.say("just_taken", (turn.button("move_again", press("reschedule_booking"), once=False),))
        except NotCarried as no:
            _say_not_carried(turn, no)
        except RuleBroken:
            turn.say("cannot_move", (turn.button("human", press("request_human"), once=False),))
        else:
            turn.say(
                "moved",
                service=turn.house.catalogue.service(done.service).name,
                when=turn.when(done.begin),
                where=where(turn, done),
            )
    return cleared("moving_form")


def _say_not_carried(turn: Turn, no: NotCarried) -> None:
    """The benefit does not carry the new day: why, and that the old time stands."""
    booking = turn.unit.bookings.get(turn.slots["moving_booking"])
    assert booking is not None
    member = turn.unit.people.get(booking.member_id)
    assert member is not None
    turn.say_text(refusal(turn, no.verdict, member, turn.house.catalogue.service(booking.service)))
    turn.say(
        "cannot_move_benefit",
        (turn.button("move_again", press("reschedule_booking"), once=False),),
        when=turn.when(booking.begin),
    )


def _for_another(turn: Turn, done: Booking) -> list[Choice]:
    """A child with two parents is offered the same for the other one."""
    family = elders_of(turn.unit, turn.actor)
    if done.member_id not in [relative.person.id for relative in family]:
        return []
    return [
        turn.button(
            "book_for",
            press("book_service", service=done.service, channel=done.channel, person=relative.relation),
            once=False,
            who=turn.called(relative),
        )
        for relative in family
        if relative.person.id != done.member_id and not _booked_already(turn, relative, done.service)
    ][:1]


def _booked_already(turn: Turn, relative: Relative, service: str) -> bool:
    """Whether the actor has booked this for somebody already; what others booked is not looked at."""
    standing = turn.unit.bookings.standing(relative.person.id, turn.now)
    return any(b.service == service and b.booked_by == turn.actor.id for b in standing)


def drop(turn: Turn) -> list[Event]:
    """`action_drop`: drop the booking; what it held of a benefit comes back."""
    if turn.slots.get("dropping_ok") == "yes" and series_end.is_series(turn.slots["dropping_booking"]):
        series_end.drop(turn, turn.slots["dropping_booking"])
    elif turn.slots.get("dropping_ok") == "yes":
        try:
            with turn.unit.attempt():
                done = cancel_booking(turn.house, turn.unit, turn.actor, turn.slots["dropping_booking"])
        except RuleBroken:
            turn.say("cannot_drop", (turn.button("human", press("request_human"), once=False),))
        else:
            _, _, plan = foreseen(turn.house, turn.unit, done.booking)
            turn.say(
                "dropped_taken" if done.taken else "dropped_back" if done.given_back else "dropped",
                service=turn.house.catalogue.service(done.booking.service).name,
                when=turn.when(done.booking.begin),
                plan=plan.name if plan else "",
            )
    return cleared("dropping_form")


def save_profile(turn: Turn) -> list[Event]:
    """`action_save_profile`: write what was agreed about the person."""
    if turn.slots.get("profile_ok") == "yes":
        profile.save(turn)
    return cleared("profile_form")


def save_reminder(turn: Turn) -> list[Event]:
    """`action_set_reminder`: set what was agreed."""
    if turn.slots.get("reminding_ok") == "yes":
        reminding.save(turn)
    return cleared("reminding_form")


def stop(turn: Turn) -> list[Event]:
    """`action_stop`: leave what we are in the middle of, and nothing else."""
    _let_go(turn)
    turn.say(
        "left_task" if turn.loop else "nothing_to_stop", (turn.button("help", press("help"), once=False),)
    )
    return [*cleared(), slot("requested_slot", None), leave_loop()]


def _let_go(turn: Turn) -> None:
    """What is held for a booking that is left."""
    planned, held = turn.slots.get("booking_series"), turn.slots.get("booking_slot")
    if planned:
        let_go(turn.house, turn.unit, planned)
    elif held:
        release(turn.house, turn.unit, held)


def leave(turn: Turn) -> list[Event]:
    """`action_leave`: put this task away without a word, for another one begins."""
    _let_go(turn)
    return [*cleared(), slot("requested_slot", None), leave_loop()]
