"""How a booking ends without a visit: each way with its rule for the ledger, the ticket, the others, the waiting list.

The rules are this project's own, but for a late cancel and for a member who is not there: those two are written in
the plan (`Plan.late_hours`, `late_cancel`, `no_show`), and without a plan nothing is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.benefits import Plan
from domain.bookings import Booking, Status
from domain.tickets import Priority


class Ending(StrEnum):
    """Why a booking ends without a visit."""

    TIMELY = "timely"
    LATE = "late"
    ELDER_NO_SHOW = "elder_no_show"
    PROVIDER_NO_SHOW = "provider_no_show"
    WEATHER = "weather"
    CARER_ILL = "carer_ill"
    NOT_POSSIBLE = "not_possible"


class Ledger(StrEnum):
    """What happens to what the booking holds."""

    RELEASE = "release"
    TAKE = "take"
    PLAN = "plan"


@dataclass(frozen=True)
class Rule:
    """The consequences of an ending.

    `makes_up`: what would lapse soon is carried into the next period, for the member is not to blame. `frees`: the
    time is somebody else's to have. `again`: the member is offered another time. `ticket`: how urgently a person
    looks after it, None for nobody.
    """

    status: Status
    ledger: Ledger
    ticket: Priority | None = None
    makes_up: bool = False
    frees: bool = False
    again: bool = False


RULES: Mapping[Ending, Rule] = {
    Ending.TIMELY: Rule(Status.CANCELLED, Ledger.RELEASE, frees=True),
    Ending.LATE: Rule(Status.CANCELLED, Ledger.PLAN, frees=True),
    # Nobody opened: that is a ticket first because something may have happened to the elder.
    Ending.ELDER_NO_SHOW: Rule(Status.NO_SHOW, Ledger.PLAN, ticket=Priority.HIGH),
    Ending.PROVIDER_NO_SHOW: Rule(
        Status.FAILED, Ledger.RELEASE, ticket=Priority.HIGH, makes_up=True, again=True
    ),
    Ending.WEATHER: Rule(Status.FAILED, Ledger.RELEASE, ticket=Priority.NORMAL, makes_up=True, again=True),
    Ending.CARER_ILL: Rule(Status.FAILED, Ledger.RELEASE, ticket=Priority.HIGH, makes_up=True, again=True),
    Ending.NOT_POSSIBLE: Rule(
        Status.FAILED, Ledger.RELEASE, ticket=Priority.NORMAL, makes_up=True, again=True
    ),
}
# Known only once the time has come; that it can not be done may be seen by who is there early.
_AFTER_BEGIN = (Ending.ELDER_NO_SHOW, Ending.PROVIDER_NO_SHOW)
# What is given back lapses so soon after that it helps nobody.
SOON = timedelta(days=14)


def cancelled_at(booking: Booking, plan: Plan | None, moment: datetime) -> Ending:
    """Whether a cancel at this moment is in time. Without a plan there is nothing to lose, so it always is."""
    if plan is None or booking.begin - moment >= timedelta(hours=plan.late_hours):
        return Ending.TIMELY
    return Ending.LATE


def takes(ending: Ending, plan: Plan | None) -> bool:
    """Whether the benefit is used up by it."""
    ledger = RULES[ending].ledger
    if ledger is not Ledger.PLAN or plan is None:
        return ledger is Ledger.TAKE
    written = plan.late_cancel if ending is Ending.LATE else plan.no_show
    return written == Ledger.TAKE


def is_possible(ending: Ending, booking: Booking, moment: datetime) -> bool:
    """Whether the booking can end like this at this moment."""
    if ending in (Ending.TIMELY, Ending.LATE):
        return moment < booking.begin
    return moment >= booking.begin if ending in _AFTER_BEGIN else True
