"""Answers to what was told of the butler's own accord: the offer of a freed time, the check before joining."""

from __future__ import annotations

from collections.abc import Callable

from actions import check_joining
from actions.rasa.asking import PUSHED, says_no, says_yes
from actions.rasa.turn import Turn, press
from actions.say import Choice
from actions.wait import accept, decline, leave_queue
from actions.whereabouts import where
from domain.errors import Exhausted, NotAllowed, NotFound, Taken, WrongState


def is_pushed(turn: Turn) -> bool:
    """Whether this press answers something that was pushed, whatever form is open."""
    return (turn.choice or "").partition(":")[0] in PUSHED


def take(turn: Turn) -> bool:
    """Work off such an answer, pressed or said; False where it is none."""
    verb, _, subject = (turn.choice or "").partition(":")
    if turn.choice is None and not turn.loop:
        verb, subject = _spoken(turn)
    if verb not in PUSHED:
        return False
    try:
        _WORKS[verb](turn, subject)
    except NotFound:
        turn.say("stale_button")
    return True


def _spoken(turn: Turn) -> tuple[str, str]:
    """A yes or a no outside a form is about the offer that stands, if one does."""
    yes, no = says_yes(turn), says_no(turn)
    wait = turn.unit.waiting.offered_to(turn.actor.id) if yes != no else None
    if wait is None or wait.booking_id is None:
        return "", ""
    return ("wait_yes" if yes else "wait_no"), wait.booking_id


def _wait_yes(turn: Turn, booking_id: str) -> None:
    try:
        with turn.unit.attempt():
            done = accept(turn.house, turn.unit, turn.actor, booking_id)
    except (Taken, Exhausted, WrongState):
        turn.say("wait_too_late")
        return
    except NotAllowed:
        turn.say("may_not_book", who=turn.word("the_elder"))
        return
    service = turn.house.catalogue.service(done.service)
    turn.say(
        "booked",
        (turn.button("my_bookings", press("query_booking"), once=False),),
        service=service.name,
        when=turn.when(done.begin),
        where=where(turn.house, turn.unit, done),
        number=done.number,
        prepare=service.prepare,
    )


def _wait_no(turn: Turn, booking_id: str) -> None:
    wait = turn.unit.waiting.by_booking(booking_id)
    decline(turn.house, turn.unit, turn.actor, booking_id)
    choices: list[Choice] = []
    if wait is not None:
        choices = [turn.button("wait_leave", press("inform", choice=f"wait_leave:{wait.id}"))]
    turn.say("wait_declined", choices)


def _wait_leave(turn: Turn, wait_id: str) -> None:
    leave_queue(turn.house, turn.unit, turn.actor, wait_id)
    turn.say("wait_left")


def _join(turn: Turn, booking_id: str, *, can: bool) -> None:
    check_joining.answer(turn.house, turn.unit, turn.actor, booking_id, can=can, key=turn.key)
    turn.say("join_good" if can else "join_help")


_WORKS: dict[str, Callable[[Turn, str], None]] = {
    "wait_yes": _wait_yes,
    "wait_no": _wait_no,
    "wait_leave": _wait_leave,
    "join_yes": lambda turn, subject: _join(turn, subject, can=True),
    "join_no": lambda turn, subject: _join(turn, subject, can=False),
}
