"""Every service has a standard of its own: no two alike, who may do it, what it never includes."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from actions.words import load as load_words
from domain import standards
from domain.catalogue import load as load_catalogue
from domain.standards import Proof, facts, how_met, met, qualifies

ALL = standards.load()
PARTS = ("how", "needs", "never", "steps", "records")


def test_every_service_has_one() -> None:
    assert ALL.keys() == load_catalogue().services.keys()
    assert len(ALL) == 33


@pytest.mark.parametrize("part", PARTS)
def test_no_two_are_alike_in_any_part(part: str) -> None:
    alike = [(a, b) for a, b in combinations(ALL, 2) if getattr(ALL[a], part) == getattr(ALL[b], part)]

    assert alike == []


def test_no_two_share_most_of_their_steps() -> None:
    texts = {code: {step.text for step in one.steps} for code, one in ALL.items()}

    assert [(a, b) for a, b in combinations(texts, 2) if len(texts[a] & texts[b]) > 2] == []


@pytest.mark.parametrize("code", sorted(ALL))
def test_each_is_whole(code: str) -> None:
    one, service = ALL[code], load_catalogue().service(code)

    assert one.certificate
    assert one.minutes > 0
    assert one.needs
    assert one.records
    assert len(one.steps) >= 4
    assert any(step.must for step in one.steps)
    assert len(one.never) >= 2
    assert 10 <= len(one.how) <= 60
    assert {one.proof(channel) for channel in service.channels} <= set(Proof)
    if set(service.channels) != {"online"}:
        assert one.radius_m > 0


def test_a_nurse_at_home_does_no_infusion_and_has_five_years() -> None:
    nurse = ALL["home_nursing"]

    assert any("输液" in never for never in nurse.never)
    assert {need.text for need in nurse.needs if need.must} >= {"doctor_order", "allergies"}
    assert (nurse.grades[0], nurse.years) == ("护师", 5)


@pytest.mark.parametrize(
    ("grade", "since", "good"),
    [
        ("护师", date(2020, 1, 1), True),
        ("主管护师", date(2015, 1, 1), True),
        ("护士", date(2015, 1, 1), False),
        ("护师", date(2023, 1, 1), False),
        ("护师", None, False),
        (None, date(2015, 1, 1), False),
    ],
)
def test_grade_and_years(grade: str | None, since: date | None, good: bool) -> None:
    assert qualifies(ALL["home_nursing"], grade, since, date(2026, 11, 24)) is good


def test_where_no_grade_is_asked_any_will_do() -> None:
    assert qualifies(ALL["assisted_bathing"], None, None, date(2026, 11, 24))


@pytest.mark.parametrize(
    ("on", "valid"), [("2025-11-25", True), ("2025-11-24", False), ("2024-01-01", False), ("去年", False)]
)
def test_an_assessment_is_known_while_it_is_valid(on: str, valid: bool) -> None:
    assert ("ability_assessment" in facts({"ability_assessment": on}, date(2026, 11, 24))) is valid


@pytest.mark.parametrize(("until", "valid"), [(date(2026, 11, 24), True), (date(2026, 11, 23), False)])
def test_an_assessment_that_we_keep_counts_through_its_last_day(until: date, valid: bool) -> None:
    assert ("ability_assessment" in facts({}, date(2026, 11, 24), until)) is valid


def test_a_number_to_call_is_known_from_the_person() -> None:
    assert ALL["phone_consult"].lacking(facts({}, date(2026, 11, 24))) == ["callback_number"]
    assert ALL["phone_consult"].lacking(facts({}, date(2026, 11, 24), phone="13900000001")) == []


@pytest.mark.parametrize("code", sorted(ALL))
def test_what_must_be_known_is_met_in_one_way(code: str) -> None:
    """Kept by us before it is booked, at hand on the day, or asked at the door; what may be unknown is asked."""
    one, nothing = ALL[code], dict[str, str]()
    before, ready = one.lacking(nothing), one.to_have_ready(nothing)

    assert not set(before) & set(ready)
    assert set(before) | set(ready) <= set(one.unknown(nothing))
    assert one.keeps is bool(before)
    assert {how_met(need) for need in one.needs} <= {"kept", "at_hand", "asked"}
    assert {how_met(need) for need in one.needs if not need.must} <= {"asked"}


def test_only_what_is_a_must_somewhere_is_named_as_met() -> None:
    musts = {need.text for one in ALL.values() for need in one.needs if need.must}

    assert {code for codes in met().values() for code in codes} <= musts


def test_what_must_be_known_and_is_not() -> None:
    nurse = ALL["home_nursing"]

    assert nurse.unknown({"allergies": "没有"}) == ["doctor_order"]
    assert nurse.unknown({"allergies": "没有", "doctor_order": "11月出院"}) == []


def test_every_need_has_its_words() -> None:
    words = load_words().sentences

    assert {f"need_{need.text}" for one in ALL.values() for need in one.needs} <= words.keys()
