"""Whether a benefit carries a wish, out of which grants, and if not, why and until when. Pure.

Burn order after OpenMeter; refusals with the date on which they change after openIMIS and FHIR
CoverageEligibilityResponse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.benefits import Assessment, Entitlement
from domain.errors import RuleBroken
from domain.measures import taken
from domain.periods import months_later


class Refusal(StrEnum):
    """Why a benefit does not carry a wish."""

    NOT_COVERED = "not_covered"
    NOT_STARTED = "not_started"
    EXPIRED = "expired"
    WAITING = "waiting"
    NONE_LEFT = "none_left"
    NOT_ENOUGH = "not_enough"
    FAMILY_USED = "family_used"
    OWN_SHARE = "own_share"
    TOO_SOON = "too_soon"
    WRONG_CITY = "wrong_city"
    WRONG_CHANNEL = "wrong_channel"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    AGE_UNKNOWN = "age_unknown"
    NEEDS_ASSESSMENT = "needs_assessment"
    ASSESSMENT_LAPSED = "assessment_lapsed"
    WRONG_ABILITY = "wrong_ability"
    NO_CASE = "no_case"


# The refusal that says most to a person when several grants refuse: the one closest to a yes.
_TELLING = (
    Refusal.TOO_SOON,
    Refusal.NOT_ENOUGH,
    Refusal.OWN_SHARE,
    Refusal.FAMILY_USED,
    Refusal.NONE_LEFT,
    Refusal.ASSESSMENT_LAPSED,
    Refusal.NEEDS_ASSESSMENT,
    Refusal.WAITING,
    Refusal.NOT_STARTED,
    Refusal.NO_CASE,
    Refusal.EXPIRED,
    Refusal.WRONG_ABILITY,
    Refusal.AGE_UNKNOWN,
    Refusal.TOO_YOUNG,
    Refusal.TOO_OLD,
    Refusal.WRONG_CHANNEL,
    Refusal.WRONG_CITY,
)


@dataclass(frozen=True)
class Wish:
    """What somebody would like to use a benefit for, on a day in Shanghai: so long, at this price without one."""

    service: str
    channel: str
    city: str | None
    day: date
    age: int | None = None
    born_on: date | None = None
    assessment: Assessment | None = None
    minutes: int = 60
    price_cents: int = 0


@dataclass(frozen=True)
class Draw:
    """So much out of one grant, in the ledger's steps."""

    grant_id: str
    amount: int


@dataclass(frozen=True)
class Verdict:
    """Whether a benefit carries the wish; if not, why, and the day on which the answer changes (if it ever does).

    `draws` says what a booking takes, grant by grant in burn order; `own_cents` what the member pays beside it.
    """

    entitlement: Entitlement | None
    refusal: Refusal | None = None
    changes_on: date | None = None
    about: Entitlement | None = None
    draws: tuple[Draw, ...] = ()
    own_cents: int = 0


class NotCarried(RuleBroken):
    """No benefit carries it; the verdict says why."""

    code = "not_carried"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.refusal))
        self.verdict = verdict


Why = tuple[Refusal, date | None]


def refusal_of(item: Entitlement, wish: Wish, uses: Sequence[date] = ()) -> Why | None:
    """Why this entitlement carries nothing of the wish, with the day on which that changes; None if it does."""
    benefit, grant = item.benefit, item.grant
    if wish.channel not in benefit.channels:
        return Refusal.WRONG_CHANNEL, None
    if benefit.cities is not None and wish.city not in benefit.cities:
        return Refusal.WRONG_CITY, None
    if (why := _age(item, wish) or _ability(item, wish)) is not None:
        return why
    if wish.day >= grant.ends_before:
        return Refusal.EXPIRED, None
    if wish.day < item.opens_on:
        return (Refusal.WAITING if benefit.wait_days else Refusal.NOT_STARTED), item.opens_on
    if item.balance.left <= 0:
        shared = len(item.people) > 1
        return (Refusal.FAMILY_USED if shared else Refusal.NONE_LEFT), grant.renews_on
    if item.own_left <= 0:
        return Refusal.OWN_SHARE, grant.renews_on
    free = _free_day(wish.day, uses, benefit.gap_days)
    return None if free == wish.day else (Refusal.TOO_SOON, free)


def _age(item: Entitlement, wish: Wish) -> Why | None:
    least, most = item.benefit.min_age, item.benefit.max_age
    if least is None and most is None:
        return None
    if wish.age is None:
        return Refusal.AGE_UNKNOWN, None
    if least is not None and wish.age < least:
        return Refusal.TOO_YOUNG, months_later(wish.born_on, 12 * least) if wish.born_on else None
    return (Refusal.TOO_OLD, None) if most is not None and wish.age > most else None


def _ability(item: Entitlement, wish: Wish) -> Why | None:
    benefit, found = item.benefit, wish.assessment
    bounded = benefit.min_ability is not None or benefit.max_ability is not None
    if not (bounded or benefit.needs_assessment):
        return None
    if found is None or found.assessed_on > wish.day:
        return Refusal.NEEDS_ASSESSMENT, None
    if found.valid_until < wish.day:
        return Refusal.ASSESSMENT_LAPSED, None
    least = benefit.min_ability if benefit.min_ability is not None else found.level
    most = benefit.max_ability if benefit.max_ability is not None else found.level
    return None if least <= found.level <= most else (Refusal.WRONG_ABILITY, None)


def _free_day(day: date, uses: Sequence[date], gap: int) -> date:
    """The first day from `day` on that lies `gap` days from every use."""
    while any(abs((day - use).days) < gap for use in uses):
        day += timedelta(days=1)
    return day


def burn_order(items: Iterable[Entitlement]) -> list[Entitlement]:
    """Priority, then earliest expiry, then age (OpenMeter's order)."""
    return sorted(
        items, key=lambda i: (i.grant.priority, i.grant.ends_before, i.grant.created_at, i.grant.id)
    )


def judge(
    items: Sequence[Entitlement],
    wish: Wish,
    uses: Mapping[str, Sequence[date]],
    per_case: bool = False,
) -> Verdict:
    """Out of which grants the wish is carried, in burn order, or the most telling refusal.

    `uses` maps a benefit's id to the days on which this member uses it; `per_case` tells that a plan would cover
    the service if there were a case.
    """
    carrying: list[Entitlement] = []
    refusals: list[tuple[Why, Entitlement | None]] = []
    for item in burn_order(i for i in items if wish.service in i.benefit.services):
        why = refusal_of(item, wish, uses.get(item.benefit.id, ()))
        if why is None:
            carrying.append(item)
        else:
            refusals.append((why, item))
    for item in carrying:
        verdict = _carried(item, carrying, wish)
        if verdict is not None:
            return verdict
        refusals.append(((Refusal.NOT_ENOUGH, item.grant.renews_on), item))
    if per_case:
        refusals.append(((Refusal.NO_CASE, None), None))
    if not refusals:
        return Verdict(entitlement=None, refusal=Refusal.NOT_COVERED)
    (code, changes_on), about = min(refusals, key=lambda r: _TELLING.index(r[0][0]))
    return Verdict(entitlement=None, refusal=code, changes_on=changes_on, about=about)


def _carried(lead: Entitlement, carrying: Sequence[Entitlement], wish: Wish) -> Verdict | None:
    """The draws that begin with one entitlement and go on with others in its unit; None where they are too little.

    Money may cover a part, and the member pays the rest; of a visit, an hour or a day there is no part.
    """
    unit, own = lead.benefit.unit, lead.benefit.own_part(wish.price_cents)
    is_money = unit == "cny"
    needed = max(0, taken(unit, wish.minutes, wish.price_cents) - (own if is_money else 0))
    draws, missing = [], needed
    for item in carrying[carrying.index(lead) :]:
        if item.benefit.unit == unit and missing > 0:
            part = min(missing, item.own_left)
            draws.append(Draw(item.grant.id, part))
            missing -= part
    if not draws or (missing and not is_money):
        return None
    return Verdict(entitlement=lead, draws=tuple(draws), own_cents=own + missing)
