"""The ledger's rules: balances are the sum of entries, burn order, refusals with the day on which they change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.benefits import (
    Assessment,
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
    facts = {
        "unit": "visit",
        "services": ["s"],
        "channels": ["home"],
        "period": "year",
        "amount": 3,
        **benefit,
    }
    own = Benefit(id=f"bf{name}", plan_id="p", code=name, name=name, **facts)
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


def found(level, *, on=date(2026, 6, 1), until=date(2027, 6, 1)):
    return Assessment(
        id="as",
        person_id="m",
        level=level,
        assessed_on=on,
        valid_until=until,
        assessor_id="x",
        created_at=datetime(2026, 6, 1, tzinfo=UTC),
    )


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hold", "release", "commit", "adjust", "refund", "expire"]), st.integers(1, 3)
    ),
    max_size=30,
)


@given(STEPS)
def test_the_balance_is_the_sum_of_the_entries_and_never_below_zero(steps) -> None:
    grant = entitlement().grant
    balance, kept = Balance(grant_id=grant.id, allowed=grant.amount), []
    for kind, amount in steps:
        after = balance.after(EntryKind(kind), amount)
        if min(after.left, after.held, after.used) < 0:
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
        # A use that is still to come keeps its distance too, and the day that is named is free of both.
        (entitlement(gap_days=3), wish(), date(2026, 11, 25), Refusal.TOO_SOON, date(2026, 11, 28)),
        (entitlement(max_age=77), wish(), None, Refusal.TOO_OLD, None),
        (entitlement(max_age=78), wish(), None, None, None),
        (entitlement(used=3, people=("m", "n")), wish(), None, Refusal.FAMILY_USED, date(2027, 1, 1)),
        (entitlement(amount_each=2, own_taken=2), wish(), None, Refusal.OWN_SHARE, date(2027, 1, 1)),
        (entitlement(amount_each=2, own_taken=1), wish(), None, None, None),
        (
            entitlement(unit="hour", amount=60),
            wish(minutes=61),
            None,
            Refusal.NOT_ENOUGH,
            date(2027, 1, 1),
        ),
        (entitlement(unit="hour", amount=90), wish(minutes=61), None, None, None),
        (entitlement(unit="day", amount=1), wish(minutes=1441), None, Refusal.NOT_ENOUGH, date(2027, 1, 1)),
        (entitlement(needs_assessment=True), wish(), None, Refusal.NEEDS_ASSESSMENT, None),
        (entitlement(needs_assessment=True), wish(assessment=found(0)), None, None, None),
        (entitlement(min_ability=2), wish(assessment=found(1)), None, Refusal.WRONG_ABILITY, None),
        (entitlement(min_ability=2), wish(assessment=found(2)), None, None, None),
        (entitlement(max_ability=2), wish(assessment=found(3)), None, Refusal.WRONG_ABILITY, None),
        (
            entitlement(min_ability=2),
            wish(assessment=found(3, until=DAY - timedelta(days=1))),
            None,
            Refusal.ASSESSMENT_LAPSED,
            None,
        ),
        (entitlement(min_ability=2), wish(assessment=found(3, until=DAY)), None, None, None),
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


def test_a_case_is_asked_for_where_only_that_is_missing() -> None:
    assert judge([], wish(), {}, per_case=True).refusal is Refusal.NO_CASE
    assert judge([entitlement()], wish(), {}, per_case=True).refusal is None


def test_one_booking_may_draw_on_several_grants_in_burn_order() -> None:
    old = entitlement("old", unit="hour", amount=60, used=30, ends=date(2026, 12, 1))
    new = entitlement("new", unit="hour", amount=600)

    verdict = judge([new, old], wish(minutes=90), {})

    assert [(d.grant_id, d.amount) for d in verdict.draws] == [("grold", 30), ("grnew", 60)]
    assert verdict.entitlement is old


def test_units_are_not_mixed() -> None:
    hours, visits = entitlement("h", unit="hour", amount=60, priority=1), entitlement("v")

    verdict = judge([hours, visits], wish(minutes=90), {})

    assert [(d.grant_id, d.amount) for d in verdict.draws] == [("grv", 1)]


@pytest.mark.parametrize(
    ("amount", "copay", "price", "drawn", "own"),
    [
        (100_000, {}, 30_000, 30_000, 0),
        (100_000, {"copay_percent": 20}, 30_000, 24_000, 6_000),
        (100_000, {"copay_cents": 1_000}, 30_000, 29_000, 1_000),
        # What the money does not reach, the member pays.
        (10_000, {"copay_percent": 20}, 30_000, 10_000, 20_000),
    ],
)
def test_money_covers_its_part_of_the_price(amount, copay, price, drawn, own) -> None:
    verdict = judge([entitlement(unit="cny", amount=amount, **copay)], wish(price_cents=price), {})

    assert ([d.amount for d in verdict.draws], verdict.own_cents) == ([drawn], own)
    assert drawn + own == price


@pytest.mark.parametrize(
    ("left", "least", "most", "carried"),
    [(5, 0, 0, 0), (5, 0, 3, 3), (1, 2, 3, 2), (0, 0, 3, 0), (2, 0, 3, 2)],
)
def test_roll_over_lies_within_its_bounds(left, least, most, carried) -> None:
    assert entitlement(rollover_min=least, rollover_max=most).benefit.rolled_over(left) == carried


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(1, 3)), max_size=6),
    st.integers(1, 400),
)
def test_draws_add_up_to_what_is_needed_and_never_pass_what_is_left(grants, minutes) -> None:
    items = [
        entitlement(str(n), unit="hour", amount=amount + used, used=used, priority=priority)
        for n, (amount, used, priority) in enumerate(grants)
    ]
    verdict = judge(items, wish(minutes=minutes), {})
    left = {item.grant.id: item.own_left for item in items}
    needed = 30 * -(-minutes // 30)

    assert all(0 < draw.amount <= left[draw.grant_id] for draw in verdict.draws)
    assert (verdict.entitlement is not None) == (sum(left.values()) >= needed)
    assert verdict.entitlement is None or sum(draw.amount for draw in verdict.draws) == needed
