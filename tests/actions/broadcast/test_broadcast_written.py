"""Broadcasts as they are written: what cannot be, the second person, versions, the preview, who may."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from actions import broadcast, broadcast_send
from actions.broadcast import Draft
from actions.broadcast_when import NOW as AT_ONCE
from actions.broadcast_when import When, read
from actions.house import House
from domain.broadcasts import Audience, BadBroadcast, BroadcastState, Condition
from domain.clock import FixedClock, local
from domain.errors import NotAllowed, NotFound, WrongState
from domain.people import Person, Role
from tests.actions.telling_many import MEI, do, queued
from tests.conftest import NOW
from tests.crowd import SECOND, TEXT, broadcast_to, counts, people, staff, state


def test_a_second_person_above_a_number_and_never_the_author(house: House) -> None:
    few = replace(house, broadcast_alone=2)
    writer, _ = staff(few)
    with few.store.write() as unit:
        made = broadcast.write(few, unit, writer, Draft(TEXT))
        assert broadcast.start(few, unit, writer, made.id).state is BroadcastState.WAITING
    broadcast_send.work_off(few)
    assert state(few, made.id) == "waiting"

    for actor, error in (
        (writer.id, NotAllowed),
        ("life1", NotAllowed),
        ("doc1", NotFound),
        ("mei", NotFound),
    ):
        with pytest.raises(error):
            do(few, broadcast.approve, actor, made.id)
    do(few, broadcast.approve, SECOND, made.id)
    assert state(few, made.id) == "scheduled"
    with pytest.raises(WrongState):
        do(few, broadcast.approve, SECOND, made.id)


def test_more_people_than_when_it_was_started_ask_for_a_yes_after_all(
    house: House, clock: FixedClock
) -> None:
    few = replace(house, broadcast_alone=3)
    made = broadcast_to(few, Audience(), when=When(at=NOW + timedelta(hours=1)))
    assert state(few, made) == "scheduled"
    people(few.store, [77])

    clock.advance(timedelta(hours=1))
    broadcast_send.work_off(few)

    assert state(few, made) == "waiting"
    assert counts(few, made) == {}

    # The yes comes a little late, and in time still.
    clock.advance(timedelta(minutes=10))
    do(few, broadcast.approve, SECOND, made)
    broadcast_send.work_off(few)
    assert state(few, made) in ("sending", "done")


def asking(few: House, when: When) -> str:
    """One that waits for a second person's yes."""
    writer, _ = staff(few)
    with few.store.write() as unit:
        made = broadcast.write(few, unit, writer, Draft(TEXT, when=when)).id
        assert broadcast.start(few, unit, writer, made).state is BroadcastState.WAITING
    return made


@pytest.mark.parametrize(("hours", "days"), [(2, 0), (26, 2)])
def test_a_yes_after_the_hour_is_in_time_while_it_is_of_use(
    house: House, clock: FixedClock, hours: int, days: int
) -> None:
    few = replace(house, broadcast_alone=0)
    made = asking(few, When(rule="FREQ=DAILY;BYHOUR=11"))
    clock.advance(timedelta(hours=hours))
    do(few, broadcast.approve, SECOND, made)
    with few.store.read() as unit:
        assert unit.broadcasts.get(made).due_at == NOW.replace(hour=11) + timedelta(days=days)


def test_a_yes_that_comes_too_late_is_none(house: House, clock: FixedClock) -> None:
    few = replace(house, broadcast_alone=0)
    made = asking(few, When(at=NOW + timedelta(hours=1)))
    clock.advance(timedelta(hours=26))
    with pytest.raises(BadBroadcast, match="past"):
        do(few, broadcast.approve, SECOND, made)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-12-01T09:00", "2026-12-01 09:00"),
        ("12月1日上午9点", "2026-12-01 09:00"),
        ("每月农历初一早上九点", "2026-12-09 09:00"),
        ("每年中秋节上午10点", "2027-09-15 10:00"),
        ("每年冬至", "2026-12-22 08:00"),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "2026-11-30 09:00"),
        ("每年清明节上午9点", "2027-04-05 09:00"),
        ("每年重阳节那天早上8点半发", "2027-10-08 08:30"),
        ("明天上午9点发送", "2026-11-25 09:00"),
    ],
)
def test_when_it_is_said_to_go_out(house: House, said: str, expected: str) -> None:
    assert f"{local(read(house, said).first(NOW)):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    "said",
    [
        "2027-02-30T09:00",
        "每年母亲节上午9点",
        "每年国庆节上午9点",
        "每月最后一天上午9点",
        "每年春节前一天上午9点",
        "每年二月二龙抬头上午9点",
        "每两个月一号上午9点",
        "明天",
        "改天",
    ],
)
def test_what_is_understood_in_part_is_not_guessed(house: House, said: str) -> None:
    """The hour alone would be tomorrow's, the rule another."""
    with pytest.raises(BadBroadcast, match="when"):
        read(house, said)


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (Draft(" "), "empty"),
        (Draft("长" * 5_000), "too_long"),
        (Draft(TEXT, when=When(at=NOW - timedelta(hours=1))), "past"),
        (Draft(TEXT, useful=timedelta(days=3)), "useful"),
        (Draft(TEXT, audience=Audience(include=Condition(cities=("没有城",)))), "city"),
        (Draft(TEXT, audience=Audience(include=Condition(plans=("none",)))), "plan"),
        (Draft(TEXT, audience=Audience(exclude=Condition(unused=("none",)))), "benefit"),
        (Draft(TEXT, audience=Audience(include=Condition(people=("none",)))), "person"),
        (Draft(TEXT, audience=Audience(include=Condition(people=("mei",) * 501))), "too_many_people"),
        (Draft(TEXT, audience=Audience(include=Condition(min_age=90, max_age=70))), "ages"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(house: House, draft: Draft, problem: str) -> None:
    writer, _ = staff(house)
    with pytest.raises(BadBroadcast) as bad, house.store.write() as unit:
        broadcast.write(house, unit, writer, draft)

    assert bad.value.problem == problem
    assert broadcast.sentence(house, bad.value)
    with house.store.read() as unit:
        assert unit.broadcasts.newest(10) == []


def test_an_audience_of_nobody_is_not_started(house: House) -> None:
    writer, _ = staff(house)
    nobody = Audience(include=Condition(cities=("别城",)))
    with house.store.write() as unit:
        made = broadcast.write(house, unit, writer, Draft(TEXT, audience=nobody))
        with pytest.raises(BadBroadcast) as bad:
            broadcast.start(house, unit, writer, made.id)

    assert bad.value.problem == "nobody"


def test_the_preview_counts_and_names(chats: House) -> None:
    writer, _ = staff(chats)
    with chats.store.write() as unit:
        unit.people.add(Person(id="op", name="管理", role=Role.ADMIN))
        unit.flush()
        found = broadcast.preview(chats, unit, writer, Draft(TEXT, audience=Audience(exclude=MEI.include)))
        other = broadcast.preview(chats, unit, unit.people.get("op"), Draft(TEXT))  # type: ignore[arg-type]

    assert vars(found.reach) == {"people": 2, "chat": 1, "page": 0, "none": 1, "unwanted": 0}
    assert [(e.name, e.city, e.age) for e in found.examples] == [
        ("何欢", "试城", None),
        ("生人", "试城", None),
    ]
    # Who runs the machine need not know who is meant.
    assert [e.name for e in other.examples] == ["何＊", "刘＊", "生＊"]


def test_a_mended_draft_is_the_next_version_and_what_was_read_is_not_mended(chats: House) -> None:
    writer, _ = staff(chats)
    with chats.store.write() as unit:
        first = broadcast.write(chats, unit, writer, Draft(TEXT, audience=MEI), key="k")
        assert broadcast.write(chats, unit, writer, Draft("别的"), key="k").text == TEXT
        second = broadcast.revise(chats, unit, writer, first.id, Draft("另写", audience=MEI))
        assert (second.series, second.version, first.state) == (first.id, 2, BroadcastState.TAKEN_BACK)
        broadcast.start(chats, unit, writer, second.id)
    broadcast_send.work_off(chats)

    with pytest.raises(WrongState), chats.store.write() as unit:
        broadcast.revise(chats, unit, writer, second.id, Draft("再写"))


def test_what_has_been_said_once_is_not_mended_for_the_next_time(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI, when=When(rule="FREQ=DAILY;BYHOUR=11"), useful=timedelta(minutes=10))
    clock.advance(timedelta(hours=1))
    broadcast_send.work_off(chats)
    clock.advance(timedelta(hours=1))
    broadcast_send.work_off(chats)
    assert state(chats, made) == "scheduled"
    with pytest.raises(WrongState), chats.store.write() as unit:
        broadcast.revise(chats, unit, unit.people.get(SECOND), made, Draft("别的话"))


def test_the_words_cannot_be_changed_in_the_database(chats: House) -> None:
    made = broadcast_to(chats, MEI)
    with pytest.raises(Exception, match="append-only"), chats.store.engine.begin() as connection:
        connection.execute(text("UPDATE broadcasts SET text = 'x' WHERE id = :id"), {"id": made})


def test_a_test_goes_to_oneself_alone(chats: House) -> None:
    made = broadcast_to(chats, MEI)
    do(chats, broadcast.try_out, "life1", made)

    with chats.store.read() as unit:
        conversation = unit.conversations.of_existing("life1")
        assert conversation is not None
        (message,) = unit.conversations.last(conversation.id, 5)
    assert TEXT in message.text
    assert queued(chats) == []


ROLES = {
    "life1": True,
    "doc1": False,
    "mei": False,
    SECOND: True,
}


@pytest.mark.parametrize("actor", list(ROLES))
@pytest.mark.parametrize("step", [*broadcast.STEPS.values(), broadcast.read, broadcast.try_out])
def test_who_may_do_anything_at_all(house: House, actor: str, step: Callable[..., object]) -> None:
    made = broadcast_to(house, MEI)
    with house.store.write() as unit:
        found = unit.people.get(actor)
        arguments = (unit, found, made) if step is broadcast.read else (house, unit, found, made)
        if not ROLES[actor]:
            with pytest.raises(NotFound):
                step(*arguments)
            return
        with suppress(WrongState, NotAllowed):  # possible in another state, or for another person
            step(*arguments)


def test_at_once_is_now(house: House) -> None:
    assert AT_ONCE.first(NOW) == NOW
