"""A plan of visits that stands: told in one line, and what is still to come dropped at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.end_booking import foreseen
from actions.rasa.turn import Turn, press
from actions.say import Choice
from actions.series import drop_rest
from domain.bookings import Booking
from domain.clock import local_day
from domain.errors import RuleBroken
from domain.series import Series
from nlu.zh.say import say_day

# 「后面的都不要了」 means all that is still to come.
_ALL = re.compile("都|全部|全取消|剩下|往后|后面的|以后的")
Plan = tuple[Series, list[Booking]]


def is_series(key: str | None) -> bool:
    """Whether this is a series' id and not a booking's."""
    return bool(key) and str(key).startswith("sr_")


def grouped(turn: Turn, found: Sequence[Booking]) -> tuple[list[Plan], list[Booking]]:
    """The series among these bookings with what of each is to come (two or more), and the bookings that stand alone."""
    of = turn.unit.series.of_bookings([booking.id for booking in found])
    plans: dict[str, Plan] = {}
    for booking in found:
        if booking.id in of:
            series = of[booking.id][0]
            plans.setdefault(series.id, (series, []))[1].append(booking)
    several = {key: plan for key, plan in plans.items() if len(plan[1]) > 1}
    alone = [b for b in found if b.id not in of or of[b.id][0].id not in several]
    return list(several.values()), alone


def whole(turn: Turn, found: Sequence[Booking]) -> Series | None:
    """The one series that the words want to drop as a whole, if they do."""
    if turn.pressed or _ALL.search(turn.text) is None:
        return None
    plans, alone = grouped(turn, found)
    return plans[0][0] if len(plans) == 1 and not alone else None


def rest_button(turn: Turn, found: Sequence[Booking]) -> list[Choice]:
    """「往后的都取消」, where these are visits of one series."""
    plans, _ = grouped(turn, found)
    if len(plans) != 1:
        return []
    return [turn.button("series_rest", press("inform", choice=f"series:{plans[0][0].id}"))]


def ask_ok(turn: Turn, series_id: str) -> None:
    """Read back what would be dropped."""
    series = turn.unit.series.get(series_id)
    assert series is not None
    coming = turn.unit.series.standing(series.id, turn.now)
    taken = sum(foreseen(turn.house, turn.unit, booking)[1] for booking in coming)
    name = "read_back_drop_series_late" if taken else "read_back_drop_series"
    turn.say(
        name,
        (
            turn.button("yes_drop", press("inform", choice="yes")),
            turn.button("keep", press("inform", choice="no")),
        ),
        **_span(turn, series, coming),
        **({"taken": taken} if taken else {}),
    )


def _span(turn: Turn, series: Series, coming: Sequence[Booking]) -> dict[str, object]:
    today = turn.house.today()
    return {
        "service": turn.house.catalogue.service(series.service).name,
        "count": len(coming),
        "first": say_day(local_day(coming[0].begin), today),
        "last": say_day(local_day(coming[-1].begin), today),
    }


def drop(turn: Turn, series_id: str) -> None:
    """Drop what is still to come; the family hears of it once."""
    series = turn.unit.series.get(series_id)
    assert series is not None
    service = turn.house.catalogue.service(series.service).name
    try:
        with turn.unit.attempt():
            done = drop_rest(turn.house, turn.unit, turn.actor, series_id)
    except RuleBroken:
        turn.say("cannot_drop", (turn.button("human", press("request_human"), once=False),))
        return
    taken = sum(one.taken for one in done)
    if taken:
        turn.say("series_dropped_taken", service=service, count=len(done), taken=taken)
    else:
        back = any(one.given_back for one in done)
        turn.say("series_dropped_back" if back else "series_dropped", service=service, count=len(done))
