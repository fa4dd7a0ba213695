"""Benefits are a ledger: plan, benefit, grant, entry. Balances are projections of the entries.

Immutable grants after OpenMeter's credit ledger. Whether a benefit carries a wish is in `judging.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.periods import Term

# How long before it lapses a benefit is spoken of, where its own terms do not say; a month's is too short for it.
WARN_DAYS = 30


class EntryKind(StrEnum):
    """What may happen to a grant."""

    HOLD = "hold"
    COMMIT = "commit"
    RELEASE = "release"
    EXPIRE = "expire"
    ADJUST = "adjust"
    REFUND = "refund"


@dataclass(eq=False, kw_only=True)
class Plan:
    """A product that an insurer sells; the demo's are named as such.

    Its written rules for what is dropped too late and for a member who is not there (domain/endings.py): a cancel
    less than `late_hours` before the begin is late; `late_cancel` and `no_show` say `take` or `release`.
    """

    id: str
    code: str
    name: str
    late_hours: int = 4
    late_cancel: str = "take"
    no_show: str = "take"


@dataclass(eq=False, kw_only=True)
class Benefit:
    """A right within a plan: `amount` per `period`, in the ledger's steps of `unit` (domain/measures.py).

    `cities` None means everywhere. Bounds are inclusive. `grace_days` follow the period; `wait_days` begin with the
    grant; `gap_days` lie between two uses. `amount_each` is the most one person may take of what a family shares.
    What is left at the end rolls over as min(`rollover_max`, max(left, `rollover_min`)), as OpenMeter resets.
    """

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
    grace_days: int = 0
    gap_days: int = 0
    copay_cents: int = 0
    copay_percent: int = 0
    shared_with: str = "none"
    amount_each: int | None = None
    priority: int = 100
    min_age: int | None = None
    max_age: int | None = None
    needs_assessment: bool = False
    min_ability: int | None = None
    max_ability: int | None = None
    case_days: int = 90
    rollover_min: int = 0
    rollover_max: int = 0
    warn_days: int | None = None

    def warned_on(self, grant: Grant) -> date | None:
        """The day on which the lapse of a grant is spoken of; None where it is not."""
        days = self.warn_days if self.warn_days is not None else 0 if self.period == "month" else WARN_DAYS
        return grant.ends_before - timedelta(days=days) if days else None

    def rolled_over(self, left: int) -> int:
        """What of the rest goes into the next period."""
        return min(self.rollover_max, max(left, self.rollover_min))

    def own_part(self, price_cents: int) -> int:
        """What the member pays of a price beside the benefit."""
        return self.copay_cents + -(-price_cents * self.copay_percent // 100)


@dataclass(eq=False, kw_only=True)
class Enrolment:
    """A member's membership in a plan, from a day until before another."""

    id: str
    person_id: str
    plan_id: str
    starts_on: date
    ends_before: date

    @property
    def term(self) -> Term:
        return Term(self.starts_on, self.ends_before)


@dataclass(eq=False, kw_only=True)
class Case:
    """A stretch of illness or recovery that a doctor butler opened; benefits per case are granted for it."""

    id: str
    person_id: str
    opened_on: date
    opened_by: str
    note: str | None = None


@dataclass(eq=False, kw_only=True)
class Assessment:
    """An ability level (GB/T 42195-2022: 0 able to 4 wholly disabled) that a certified assessor found.

    Valid through `valid_until`. Always a person's finding (`assessor_id`): the AI never assigns one.
    """

    id: str
    person_id: str
    level: int
    assessed_on: date
    valid_until: date
    assessor_id: str
    created_at: datetime


@dataclass(eq=False, kw_only=True)
class Grant:
    """An amount that may be used from `starts_on` until before `ends_before` (days in Shanghai). Immutable.

    `renews_on` is the first day of the next period, None where there is none.
    """

    id: str
    benefit_id: str
    holder_id: str
    enrolment_id: str
    amount: int
    starts_on: date
    ends_before: date
    priority: int
    created_at: datetime
    renews_on: date | None = None


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
    """The projection of a grant's entries that the database keeps beside them, checked never to fall below zero.

    With it what falls due: what is left expires at `ends_before`, and is spoken of once, on `warn_on`.
    """

    grant_id: str
    allowed: int
    held: int = 0
    used: int = 0
    ends_before: date | None = None
    warn_on: date | None = None

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
            case EntryKind.REFUND:
                used -= amount
            case EntryKind.EXPIRE:
                allowed -= amount
            case EntryKind.ADJUST:
                allowed += amount
        return Balance(
            grant_id=self.grant_id,
            allowed=allowed,
            held=held,
            used=used,
            ends_before=self.ends_before,
            warn_on=self.warn_on,
        )


def balance_of(grant: Grant, entries: Iterable[Entry]) -> Balance:
    """The balance as the entries tell it; what the stored projection must agree with."""
    balance = Balance(grant_id=grant.id, allowed=grant.amount)
    for entry in entries:
        balance = balance.after(entry.kind, entry.amount)
    return balance


@dataclass(frozen=True)
class Entitlement:
    """A grant with its benefit, its balance and whom it may be used for.

    `own_taken` is what the one who asks has taken of it, counted where one person may take only a part.
    """

    grant: Grant
    benefit: Benefit
    balance: Balance
    people: tuple[str, ...] = ()
    own_taken: int = 0

    @property
    def expires_on(self) -> date:
        """The last day on which it can be used."""
        return self.grant.ends_before - timedelta(days=1)

    @property
    def opens_on(self) -> date:
        """The first day on which it can be used, the waiting time over."""
        return self.grant.starts_on + timedelta(days=self.benefit.wait_days)

    @property
    def own_left(self) -> int:
        """What the one who asks may still take: never more than the whole has left."""
        if self.benefit.amount_each is None:
            return self.balance.left
        return max(0, min(self.balance.left, self.benefit.amount_each - self.own_taken))
