"""The period of a benefit that holds a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import period_of

D = date


@pytest.mark.parametrize(
    ("kind", "starts_on", "ends_before", "day", "expected"),
    [
        ("month", D(2026, 1, 1), D(2027, 1, 1), D(2026, 11, 24), (D(2026, 11, 1), D(2026, 12, 1))),
        ("month", D(2026, 11, 10), D(2027, 11, 10), D(2026, 11, 24), (D(2026, 11, 10), D(2026, 12, 1))),
        ("month", D(2026, 1, 1), D(2027, 1, 1), D(2026, 12, 31), (D(2026, 12, 1), D(2027, 1, 1))),
        ("year", D(2026, 3, 5), D(2028, 3, 5), D(2026, 11, 24), (D(2026, 3, 5), D(2027, 3, 5))),
        ("year", D(2024, 2, 29), D(2027, 3, 1), D(2025, 3, 1), (D(2025, 2, 28), D(2026, 2, 28))),
        ("once", D(2026, 3, 5), D(2028, 3, 5), D(2026, 11, 24), (D(2026, 3, 5), D(2028, 3, 5))),
    ],
)
def test_a_month_a_year_of_membership_or_all_of_it(
    kind: str, starts_on: date, ends_before: date, day: date, expected: tuple[date, date]
) -> None:
    assert period_of(kind, starts_on, ends_before, day) == expected


@given(
    st.sampled_from(["month", "year", "once"]),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(1, 1500),
    st.data(),
)
def test_the_period_holds_its_day_and_lies_within_the_membership(
    kind: str, starts_on: date, length: int, data: st.DataObject
) -> None:
    ends_before = starts_on + timedelta(days=length)
    day = starts_on + timedelta(days=data.draw(st.integers(0, length - 1)))

    first, end = period_of(kind, starts_on, ends_before, day)

    assert starts_on <= first <= day < end <= ends_before
