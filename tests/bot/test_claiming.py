"""What the outbox takes up: in an account and lane nothing overtakes what is older, and no lane waits for another."""

from __future__ import annotations

from datetime import timedelta

from actions.accounts import join
from actions.house import House
from actions.say import put
from domain.conversations import Lane
from domain.store import Unit
from tests.actions.care import who
from tests.conftest import NOW

ALL = tuple(int(lane) for lane in Lane)


def say(house: House, unit: Unit, text: str, lane: Lane, *, until=None) -> None:
    conversation = unit.conversations.of("mei")
    put(unit, conversation, text, key=text, now=NOW, lane=lane, not_before=until)


def taken(house: House, lanes: tuple[int, ...] = ALL, now=NOW) -> list[str]:
    with house.store.write() as unit:
        return [message.text for _, message, _ in unit.doors.claim("telegram", "w", now, 9, lanes)]


def test_no_lane_waits_for_another_and_each_goes_in_its_order(house: House) -> None:
    with house.store.write() as unit:
        join(house, unit, who(unit, "mei"), "telegram", "66")
        for text, lane in (
            ("群发", Lane.BROADCAST),
            ("提醒一", Lane.REMINDER),
            ("提醒二", Lane.REMINDER),
            ("管家", Lane.HUMAN),
            ("回话", Lane.LIVE),
        ):
            say(house, unit, text, lane)
    # What is in hand keeps back the next one of its lane alone.
    assert taken(house) == ["回话", "管家", "提醒一", "群发"]
    assert taken(house) == []


def test_what_waits_for_the_end_of_quiet_keeps_nothing_back_until_then(house: House) -> None:
    ends = NOW + timedelta(hours=2)
    with house.store.write() as unit:
        join(house, unit, who(unit, "mei"), "telegram", "66")
        say(house, unit, "小事", Lane.REMINDER, until=ends)
        say(house, unit, "打胰岛素", Lane.REMINDER)
        say(house, unit, "小事二", Lane.REMINDER, until=ends)
        assert unit.doors.next_put_off(NOW) == ends
    assert taken(house) == ["打胰岛素"]
    with house.store.write() as unit:
        for delivery in unit.doors.open_of(unit.doors.accounts("mei")[0].id):
            if delivery.claimed_by:
                delivery.sent("1", NOW)
    assert taken(house, now=ends) == ["小事"]
