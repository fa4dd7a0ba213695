"""The ledger's rules: balances are the sum of entries, burn order, refusals with the day on which they change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.benefits import (
    Balance,
    Benefit,
    Entitlement,
    Entry,
    EntryKind,
    Grant,
    balance_of,
)
from domain.judging import Refusal, Wish, burn_order, judge

DAY = date(2026, 11, 24)


def entitlement(
    name="a",
    *,
    used=0,
    held=0,
    priority=100,
    ends=date(2027, 1, 1),
    starts=date(2026, 1, 1),
    own_taken=0,
    people=("m",),
    **benefit,
):
    facts = {"services": ["s"], "channels": ["home"], "period": "year", "amount": 3, **benefit}
    own = Benefit(id=f"bf{name}", plan_id="p", code=name, name=name, unit="visit", **facts)
    grant = Grant(
        id=f"gr{name}",
        benefit_id=own.id,
        holder_id="m",
        enrolment_id="e",
        amount=facts["amount"],
        starts_on=starts,
        ends_before=ends,
        priority=priority,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        renews_on=ends if facts["period"] in ("month", "year") else None,
    )
    balance = Balance(grant_id=grant.id, allowed=facts["amount"], used=used, held=held)
    return Entitlement(grant, own, balance, people, own_taken)


def wish(**changes):
    return Wish(
        **{
            "service": "s",
            "channel": "home",
            "city": "c",
            "day": DAY,
            "age": 78,
            "born_on": date(1948, 5, 12),
            **changes,
        }
    )


STEPS = st.lists(
    st.tuples(st.sampled_from(["hold", "release", "commit", "adjust"]), st.integers(1, 3)), max_size=30
)


@given(STEPS)
def test_the_balance_is_the_sum_of_the_entries_and_never_below_zero(steps) -> None:
    grant = entitlement().grant
    balance, kept = Balance(grant_id=grant.id, allowed=grant.amount), []
    for kind, amount in steps:
        after = balance.after(EntryKind(kind), amount)
        if after.left < 0 or after.held < 0 or after.used < 0:
            continue
        balance = after
        kept.append(
            Entry(
                grant_id=grant.id,
                kind=EntryKind(kind),
                amount=amount,
                key=str(len(kept)),
                at=datetime.now(UTC),
            )
        )

    told = balance_of(grant, kept)

    assert (told.allowed, told.held, told.used) == (balance.allowed, balance.held, balance.used)
    assert told.left == told.allowed - told.used - told.held >= 0


@pytest.mark.parametrize(
    ("item", "asked", "last", "expected", "changes_on"),
    [
        (entitlement(), wish(), None, None, None),
        (entitlement(used=2, held=1), wish(), None, Refusal.NONE_LEFT, date(2027, 1, 1)),
        (entitlement(used=3, period="lifetime"), wish(), None, Refusal.NONE_LEFT, None),
        (entitlement(channels=["store"]), wish(), None, Refusal.WRONG_CHANNEL, None),
        (entitlement(cities=["elsewhere"]), wish(), None, Refusal.WRONG_CITY, None),
        (entitlement(cities=["c"]), wish(), None, None, None),
        (entitlement(min_age=80), wish(), None, Refusal.TOO_YOUNG, date(2028, 5, 12)),
        (entitlement(min_age=78), wish(), None, None, None),
        (entitlement(min_age=70), wish(age=None), None, Refusal.AGE_UNKNOWN, None),
        (
            entitlement(wait_days=30, starts=date(2026, 11, 1)),
            wish(),
            None,
            Refusal.WAITING,
            date(2026, 12, 1),
        ),
        (entitlement(wait_days=30, starts=date(2026, 10, 25)), wish(), None, None, None),
        (entitlement(starts=date(2026, 11, 25)), wish(), None, Refusal.NOT_STARTED, date(2026, 11, 25)),
        (entitlement(ends=DAY), wish(), None, Refusal.EXPIRED, None),
        (entitlement(ends=DAY + timedelta(days=1)), wish(), None, None, None),
        (entitlement(gap_days=2), wish(), date(2026, 11, 23), Refusal.TOO_SOON, date(2026, 11, 25)),
        (entitlement(gap_days=2), wish(), date(2026, 11, 22), None, None),
        (entitlement(services=["other"]), wish(), None, Refusal.NOT_COVERED, None),
    ],
)
def test_refusals(item, asked, last, expected, changes_on) -> None:
    verdict = judge([item], asked, {item.benefit.id: [last]} if last else {})

    assert (verdict.refusal, verdict.changes_on) == (expected, changes_on)
    assert (verdict.entitlement is None) == (expected is not None)


def test_the_most_telling_refusal_is_told() -> None:
    items = [entitlement("a", channels=["store"]), entitlement("b", used=3)]

    assert judge(items, wish(), {}).refusal is Refusal.NONE_LEFT


def test_burn_order_is_priority_then_expiry() -> None:
    late, soon, first = (
        entitlement("late"),
        entitlement("soon", ends=date(2026, 12, 1)),
        entitlement("first", priority=1),
    )

    assert [i.benefit.code for i in burn_order([late, soon, first])] == ["first", "soon", "late"]
