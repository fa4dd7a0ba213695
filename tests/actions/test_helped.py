"""One question about a person's help, half an hour after it; not to whom it does not suit; once answered, kept."""

from __future__ import annotations

import pytest

from actions import desk_buttons, hand_over, notices, remind
from actions.house import House
from domain.clock import FixedClock
from domain.tickets import Priority
from tests.actions.care import who
from tests.actions.desks import act, opened, read, reply
from tests.conftest import NOW

TEN = NOW.replace(hour=10, minute=0)


def ended(house: House, clock: FixedClock, topic: str = "request", **named: object) -> str:
    """A ticket of 刘梅 that a life butler answered and closed at ten."""
    clock.moment = TEN
    ticket = opened(house, topic, **named)
    act(house, hand_over.claim, "life1", ticket)
    reply(house, "life1", ticket)
    act(house, hand_over.close, "life1", ticket, "办好了")
    return ticket


def asked(house: House, clock: FixedClock, hour: int = 10, minute: int = 31) -> list[str]:
    """The questions about help that have come to her by then."""
    clock.moment = NOW.replace(hour=hour, minute=minute)
    remind.work_off(house)
    with house.store.read() as unit:
        last = unit.conversations.last(unit.conversations.of("mei").id, 20)
    return [one.text for one in last if "帮您办的事" in one.text]


def press(house: House, ticket: str, answer: str, by: str = "mei") -> str:
    with house.store.write() as unit:
        conversation = unit.conversations.of(by)
        return desk_buttons.press(house, unit, conversation, who(unit, by), "helped", f"{ticket}:{answer}")[0]


def test_half_an_hour_after_it_once(house: House, clock: FixedClock) -> None:
    ended(house, clock)
    assert asked(house, clock, minute=29) == []
    assert asked(house, clock) == ["刚才林管家帮您办的事，您觉得怎么样？"]
    assert len(asked(house, clock, hour=18)) == 1


def test_not_after_an_emergency(house: House, clock: FixedClock) -> None:
    ended(house, clock, "emergency:fall", priority=Priority.URGENT)
    assert asked(house, clock) == []


def test_not_while_a_complaint_is_open(house: House, clock: FixedClock) -> None:
    ended(house, clock)
    opened(house, "complaint")
    assert asked(house, clock) == []


@pytest.mark.parametrize("wish", [notices.no_surveys, notices.fewer])
def test_not_who_wants_no_questions(house: House, clock: FixedClock, wish) -> None:
    ended(house, clock)
    with house.store.write() as unit:
        wish(house, unit, who(unit, "mei"))
    assert asked(house, clock) == []


def test_another_butler_who_talks_is_not_talked_over(house: House, clock: FixedClock) -> None:
    ended(house, clock)
    other = opened(house, "health", "doctor")
    act(house, hand_over.claim, "doc1", other)
    assert asked(house, clock) == []


def test_what_is_answered_is_kept_once_and_a_low_one_is_looked_into(house: House, clock: FixedClock) -> None:
    ticket = ended(house, clock)

    assert press(house, ticket, "good", by="huan") == house.words.say("button_pressed")
    assert press(house, ticket, "bad") == house.words.say("helped_sorry")
    assert press(house, ticket, "good") == house.words.say("button_pressed")

    with house.store.read() as unit:
        helped = unit.desks.helped(ticket)
        assert helped is not None
        assert helped.rating == 1
        (low,) = [one for one in unit.tickets.list(queues=("life",)) if one.topic == "low_rating"]
        assert low.card["task"] == {"ticket": read(house, ticket).number, "about": "help"}
