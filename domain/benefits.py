"""Benefits are a ledger: plan, benefit, grant, entry. Pure rules; balances are projections of the entries.

Burn order and immutable grants after OpenMeter's credit ledger; refusals with the date on which they change
after openIMIS and FHIR CoverageEligibilityResponse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class EntryKind(StrEnum):
    """What may happen to a grant."""

    HOLD = "hold"
    COMMIT = "commit"
    RELEASE = "release"
    EXPIRE = "expire"
    ADJUST = "adjust"


class Refusal(StrEnum):
    """Why a benefit does not carry a wish."""

    NOT_COVERED = "not_covered"
    NOT_STARTED = "not_started"
    EXPIRED = "expired"
    WAITING = "waiting"
    NONE_LEFT = "none_left"
    TOO_SOON = "too_soon"
    WRONG_CITY = "wrong_city"
    WRONG_CHANNEL = "wrong_channel"
    TOO_YOUNG = "too_young"


@dataclass(eq=False, kw_only=True)
class Plan:
    """A product that an insurer sells; the demo's are named as such."""

    id: str
    code: str
    name: str


@dataclass(eq=False, kw_only=True)
class Benefit:
    """A right within a plan. `cities` None means everywhere; `amount` is per `period`, in `unit`."""

    id: str
    plan_id: str
    code: str
    name: str
    unit: str
    amount: int
    period: str
    services: list[str]
    channels: list[str]
    cities: list[str] | None = None
    wait_days: int = 0
    gap_days: int = 0
    copay_cents: int = 0
    shared_with: str = "none"
    priority: int = 100
    min_age: int | None = None


@dataclass(eq=False, kw_only=True)
class Enrolment:
    """A member's membership in a plan, from a day until before another."""

    id: str
    person_id: str
    plan_id: str
    starts_on: date
    ends_before: date


@dataclass(eq=False, kw_only=True)
class Grant:
    """An amount that may be used from `starts_on` until before `ends_before` (days in Shanghai). Immutable."""

    id: str
    benefit_id: str
    holder_id: str
    enrolment_id: str
    amount: int
    starts_on: date
    ends_before: date
    priority: int
    created_at: datetime


@dataclass(eq=False, kw_only=True)
class Entry:
    """A line of the ledger, append-only; `amount` is positive but for `adjust`, `key` makes a repeat harmless."""

    grant_id: str
    kind: EntryKind
    amount: int
    key: str
    at: datetime
    booking_id: str | None = None
    actor_id: str | None = None
    reason: str | None = None
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class Balance:
    """The projection of a grant's entries that the database keeps beside them, checked never to fall below zero."""

    grant_id: str
    allowed: int
    held: int = 0
    used: int = 0

    @property
    def left(self) -> int:
        return self.allowed - self.used - self.held

    def after(self, kind: EntryKind, amount: int) -> Balance:
        """The balance once an entry is written. The database refuses one that falls below zero."""
        allowed, held, used = self.allowed, self.held, self.used
        match kind:
            case EntryKind.HOLD:
                held += amount
            case EntryKind.RELEASE:
                held -= amount
            case EntryKind.COMMIT:
                held, used = held - amount, used + amount
            case EntryKind.EXPIRE:
                allowed -= amount
            case EntryKind.ADJUST:
                allowed += amount
        return Balance(grant_id=self.grant_id, allowed=allowed, held=held, used=used)


def balance_of(grant: Grant, entries: Iterable[Entry]) -> Balance:
    """The balance as the entries tell it; what the stored projection must agree with."""
    balance = Balance(grant_id=grant.id, allowed=grant.amount)
    for entry in entries:
        balance = balance.after(entry.kind, entry.amount)
    return balance


@dataclass(frozen=True)
class Entitlement:
    """A grant with its benefit, its balance and whom it may be used for."""

    grant: Grant
    benefit: Benefit
    balance: Balance
    people: tuple[str, ...] = ()

    @property
    def expires_on(self) -> date:
        """The last day on which it can be used."""
        return self.grant.ends_before - timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """What somebody would like to use a benefit for, on a day in Shanghai."""

    service: str
    channel: str
    city: str | None
    day: date
    age: int | None = None
    amount: int = 1


@dataclass(frozen=True)
class Verdict:
    """Whether a benefit carries the wish; if not, why, and the day on which the answer changes (if it ever does)."""

    entitlement: Entitlement | None
    refusal: Refusal | None = None
    changes_on: date | None = None
    about: Entitlement | None = field(default=None)


def refusal_of(item: Entitlement, wish: Wish, last_use: date | None) -> tuple[Refusal, date | None] | None:
    """Why this entitlement does not carry the wish, with the day on which that changes; None if it does."""
    benefit, grant = item.benefit, item.grant
    if wish.channel not in benefit.channels:
        return Refusal.WRONG_CHANNEL, None
    if benefit.cities is not None and wish.city not in benefit.cities:
        return Refusal.WRONG_CITY, None
    if benefit.min_age is not None and (wish.age is None or wish.age < benefit.min_age):
        return Refusal.TOO_YOUNG, None
    opens = grant.starts_on + timedelta(days=benefit.wait_days)
    if wish.day >= grant.ends_before:
        return Refusal.EXPIRED, None
    if wish.day < opens:
        return (Refusal.WAITING if benefit.wait_days else Refusal.NOT_STARTED), opens
    if item.balance.left < wish.amount:
        return Refusal.NONE_LEFT, grant.ends_before if benefit.period in ("month", "year") else None
    if benefit.gap_days and last_use is not None and abs((wish.day - last_use).days) < benefit.gap_days:
        return Refusal.TOO_SOON, last_use + timedelta(days=benefit.gap_days)
    return None


# The refusal that says most to a person when several grants refuse: the one closest to a yes.
_TELLING = (
    Refusal.TOO_SOON,
    Refusal.NONE_LEFT,
    Refusal.WAITING,
    Refusal.NOT_STARTED,
    Refusal.EXPIRED,
    Refusal.TOO_YOUNG,
    Refusal.WRONG_CHANNEL,
    Refusal.WRONG_CITY,
)


def burn_order(items: Iterable[Entitlement]) -> list[Entitlement]:
    """Priority, then earliest expiry, then age (OpenMeter's order)."""
    return sorted(
        items, key=lambda i: (i.grant.priority, i.grant.ends_before, i.grant.created_at, i.grant.id)
    )


def judge(items: Sequence[Entitlement], wish: Wish, last_uses: dict[str, date]) -> Verdict:
    """Which entitlement carries the wish, in burn order, or the most telling refusal.

    `last_uses` maps a benefit's id to the day of its last use by this member.
    """
    refusals: list[tuple[Refusal, date | None, Entitlement]] = []
    for item in burn_order(i for i in items if wish.service in i.benefit.services):
        refusal = refusal_of(item, wish, last_uses.get(item.benefit.id))
        if refusal is None:
            return Verdict(entitlement=item)
        refusals.append((*refusal, item))
    if not refusals:
        return Verdict(entitlement=None, refusal=Refusal.NOT_COVERED)
    code, changes_on, about = min(refusals, key=lambda r: _TELLING.index(r[0]))
    return Verdict(entitlement=None, refusal=code, changes_on=changes_on, about=about)
