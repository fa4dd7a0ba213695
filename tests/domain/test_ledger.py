"""What a booking has taken, grant by grant, and how a refund unwinds it; units of measure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.benefits import Entry, EntryKind
from domain.ledger import taken_by, unwound
from domain.measures import shown, small, taken

AT = datetime(2026, 11, 24, tzinfo=UTC)


def entries(*lines: tuple[str, str, int]) -> list[Entry]:
    return [
        Entry(grant_id=grant, kind=EntryKind(kind), amount=amount, key=str(n), at=AT)
        for n, (kind, grant, amount) in enumerate(lines)
    ]


def test_what_stands_is_told_in_the_recorded_order() -> None:
    told = taken_by(entries(("hold", "b", 2), ("hold", "a", 1), ("commit", "b", 2), ("release", "a", 1)))

    assert [(t.grant_id, t.held, t.used) for t in told] == [("b", 0, 2), ("a", 0, 0)]


def test_a_grant_that_is_taken_anew_moves_to_the_end() -> None:
    told = taken_by(entries(("hold", "a", 1), ("release", "a", 1), ("hold", "b", 1), ("hold", "a", 1)))

    assert [t.grant_id for t in told] == ["b", "a"]


@pytest.mark.parametrize(
    ("amount", "expected"), [(None, [("b", 2), ("a", 3)]), (1, [("b", 1)]), (4, [("b", 2), ("a", 2)])]
)
def test_what_was_taken_last_is_given_back_first(amount, expected) -> None:
    told = taken_by(entries(("hold", "a", 3), ("hold", "b", 2), ("commit", "a", 3), ("commit", "b", 2)))

    assert [(d.grant_id, d.amount) for d in unwound(told, amount)] == expected


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), max_size=8), st.integers(0, 30))
def test_a_refund_never_gives_back_more_than_was_used(drawn, amount) -> None:
    lines = [(kind, grant, n) for grant, n in drawn for kind in ("hold", "commit")]
    told = taken_by(entries(*lines))
    used = {t.grant_id: t.used for t in told}

    back = unwound(told, amount)

    assert all(0 < d.amount <= used[d.grant_id] for d in back)
    assert sum(d.amount for d in back) == min(amount, sum(used.values()))


@pytest.mark.parametrize(
    ("unit", "minutes", "price", "expected"),
    [
        ("visit", 240, 9_900, 1),
        ("hour", 60, 0, 60),
        ("hour", 61, 0, 90),
        ("hour", 20, 0, 30),
        ("day", 480, 0, 1),
        ("day", 1440, 0, 1),
        ("day", 1441, 0, 2),
        ("cny", 60, 12_345, 12_345),
    ],
)
def test_what_a_booking_takes(unit, minutes, price, expected) -> None:
    assert taken(unit, minutes, price) == expected


@pytest.mark.parametrize(
    ("unit", "amount", "steps"),
    [("visit", 3, 3), ("hour", 1.5, 90), ("hour", 10, 600), ("day", 2, 2), ("cny", 12.34, 1234)],
)
def test_amounts_there_and_back(unit, amount, steps) -> None:
    assert small(unit, amount) == steps
    assert shown(unit, steps) == amount
