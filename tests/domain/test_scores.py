"""What providers weigh: contract, ratings, punctuality, and the mark below which one is suspended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.providers import Provider
from domain.scores import SUSPEND_AFTER, carer_weight, score, to_be_suspended, weight

DAY = date(2026, 11, 24)


def provider(**facts: Any) -> Provider:
    return Provider(id="p", code="p", name="x", **facts)


@given(st.integers(0, 5000), st.data())
def test_a_score_lies_between_nought_and_one(count: int, data: st.DataObject) -> None:
    ratings = data.draw(st.integers(count, 5 * count))
    in_time = data.draw(st.integers(0, count))
    one = provider(rating_sum=ratings, rating_count=count, visits_count=count, visits_in_time=in_time)

    assert 0 <= score(one) <= 1


def test_better_ratings_and_punctuality_weigh_more() -> None:
    good = provider(rating_sum=500, rating_count=100, visits_count=100, visits_in_time=100)
    late = provider(rating_sum=500, rating_count=100, visits_count=100, visits_in_time=40)
    disliked = provider(rating_sum=200, rating_count=100, visits_count=100, visits_in_time=100)

    assert weight(good, DAY) > weight(late, DAY) > weight(disliked, DAY)


@pytest.mark.parametrize(
    ("facts", "offered"),
    [
        ({}, True),
        ({"status": "suspended"}, False),
        ({"contract_from": date(2026, 11, 24), "contract_until": date(2026, 11, 24)}, True),
        ({"contract_from": date(2026, 11, 25)}, False),
        ({"contract_until": date(2026, 11, 23)}, False),
    ],
)
def test_suspended_or_out_of_contract_weighs_nothing(facts: dict[str, Any], offered: bool) -> None:
    assert (weight(provider(**facts), DAY) > 0) is offered


def test_one_late_visit_changes_nothing() -> None:
    assert weight(provider(visits_count=1), DAY) == weight(provider(visits_count=1, visits_in_time=1), DAY)


def test_suspension_waits_until_enough_was_heard() -> None:
    few = SUSPEND_AFTER - 1
    assert not to_be_suspended(provider(rating_sum=few, rating_count=few, visits_count=few))
    many = 60
    assert to_be_suspended(provider(rating_sum=many, rating_count=many, visits_count=many))


@given(st.integers(0, 200), st.data())
def test_a_carer_who_is_liked_weighs_more(count: int, data: st.DataObject) -> None:
    stars = data.draw(st.integers(count, 5 * count))

    assert 0 <= carer_weight((stars, count)) <= 1
    assert carer_weight((stars, count)) <= carer_weight((5 * count, count))


def test_one_word_moves_no_carer() -> None:
    """One low rating among many, or the first of all, leaves the order as it was."""
    assert carer_weight((1, 1)) == carer_weight((5, 1)) == carer_weight((0, 0)) == 0.9
    assert carer_weight((30, 30)) < carer_weight((0, 0)) < carer_weight((150, 30))
