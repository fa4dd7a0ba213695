"""Below a read-back: yes, another time, and where a doctor's paper is asked for, that there is none."""

from __future__ import annotations

import re

from actions import needs
from actions.rasa.booking_draft import Draft
from actions.rasa.turn import Turn, press
from actions.say import Choice
from actions.series_words import held
from domain.bookings import Booking

_HAS_NONE = re.compile("(?:没有|没得|没开|还没|丢了|找不到|没).{0,4}(?:医嘱|处方|小结|手术记录|单子|方子)")


def below(turn: Turn, booking: Booking) -> list[Choice]:
    """The buttons below a read-back."""
    choices = [
        turn.button("yes_book", press("inform", choice="yes")),
        turn.button("other_time", press("inform", choice="other_time")),
    ]
    if papers := _papers(turn, booking):
        choices.append(turn.button("no_paper", press("inform", choice="no_paper"), paper=papers))
    return [*choices, turn.button("leave", press("stop"))]


def _papers(turn: Turn, booking: Booking) -> str:
    """The doctor's paper that is to be had at hand; empty where none is."""
    asked = [code for code in needs.to_have_ready(turn.unit, booking) if code in needs.OF_A_DOCTOR]
    return needs.named(turn.house, asked[:1])


def is_missed(turn: Turn) -> bool:
    """Whether the answer to a read-back is that the paper is not there."""
    if turn.requested != "booking_ok":
        return False
    return turn.choice == "no_paper" or (not turn.pressed and _HAS_NONE.search(turn.text) is not None)


def leave_off(draft: Draft) -> bool:
    """Let go of what is held, for it could not be done without the paper; False where none is asked for."""
    turn = draft.turn
    rows = held(turn.unit.series.rows(draft["series"])) if draft["series"] else []
    booking = rows[0][1] if rows else turn.unit.bookings.get(draft["slot"] or "")
    papers = _papers(turn, booking) if booking is not None else ""
    if booking is None or not papers:
        return False
    service = turn.house.catalogue.service(booking.service).name
    steps = (
        turn.button("doctor", press("request_human", role="doctor"), once=False),
        turn.button("human", press("request_human"), once=False),
    )
    turn.say("no_paper", steps, paper=papers, service=service)
    draft.forget_slot()
    draft.put(ok="left")
    return True
