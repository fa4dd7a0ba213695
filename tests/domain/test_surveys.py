"""What is asked, how often, and what follows from the answers: pure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.surveys import (
    A_WEEK,
    CHANGEABLE,
    GAP,
    WEEK,
    Survey,
    SurveyKind,
    apart,
    enough,
    free_again,
    is_low,
    promotes,
)
from tests.conftest import NOW

_HOURS = st.lists(st.tuples(st.sampled_from(SurveyKind), st.integers(1, 400)), max_size=8)


def survey(person: str, score: int | None) -> Survey:
    return Survey(
        id=person,
        kind=SurveyKind.VISIT,
        subject="visit:b",
        person_id=person,
        member_id="elder",
        created_at=NOW,
        score=score,
        scored_at=NOW if score is not None else None,
    )


@pytest.mark.parametrize(
    ("elder", "family", "found"),
    [
        (5, [5], None),
        (5, [4], None),
        (5, [3], (5, 3)),
        (2, [5], (2, 5)),
        (4, [4, 2], (4, 2)),
        (3, [5, 1], (3, 1)),
        (5, [None], None),
        (None, [1, 5], None),
        (5, [], None),
    ],
)
def test_elder_and_family_far_apart(
    elder: int | None, family: list[int | None], found: tuple[int, int] | None
) -> None:
    told = [survey("elder", elder), *(survey(f"child{n}", score) for n, score in enumerate(family))]

    assert apart("elder", told) == found


@given(st.integers(1, 5), st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_a_gap_is_what_lies_two_apart(elder: int, family: list[int]) -> None:
    told = [survey("elder", elder), *(survey(f"c{n}", score) for n, score in enumerate(family))]
    found = apart("elder", told)

    assert (found is not None) == any(abs(elder - score) >= GAP for score in family)
    if found is not None:
        assert abs(found[0] - found[1]) == max(abs(elder - score) for score in family)


@given(_HOURS)
def test_enough_is_three_visits_a_week_or_the_yearly_question(hours: list[tuple[SurveyKind, int]]) -> None:
    asked = [(kind, NOW - timedelta(hours=ago)) for kind, ago in hours]
    week = [kind for kind, ago in hours if timedelta(hours=ago) < WEEK]

    assert enough(asked, NOW) == (SurveyKind.RECOMMEND in week or len(week) >= A_WEEK)


@given(_HOURS)
def test_the_yearly_question_has_a_week_to_itself(hours: list[tuple[SurveyKind, int]]) -> None:
    asked = [(kind, NOW - timedelta(hours=ago)) for kind, ago in hours]
    free = free_again(asked, NOW)

    moment = free or NOW
    assert moment >= NOW
    assert all(moment - at >= WEEK for _, at in asked)


@pytest.mark.parametrize("score", range(11))
def test_promoters_and_detractors(score: int) -> None:
    assert promotes(score) == (1 if score > 8 else -1 if score < 7 else 0)
    assert not is_low(SurveyKind.RECOMMEND, score)


@pytest.mark.parametrize(("score", "low"), [(1, True), (2, True), (3, True), (4, False), (5, False)])
def test_three_or_less_is_low(score: int, low: bool) -> None:
    assert is_low(SurveyKind.VISIT, score) is low


def test_a_score_may_be_changed_for_a_day() -> None:
    one = survey("elder", 4)

    assert one.may_change(NOW + CHANGEABLE)
    assert not one.may_change(NOW + CHANGEABLE + timedelta(seconds=1))
    assert survey("elder", None).may_change(NOW + timedelta(days=300))
