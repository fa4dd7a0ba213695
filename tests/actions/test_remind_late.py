"""Between the outbox and the door lie seconds or hours: a reminder's words are judged once more right before they are sent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import remind, remind_late
from actions.accounts import join
from actions.end_booking import cancel_booking
from actions.house import House
from actions.notices import pause, send_to
from actions.remind_personal import Wish, stop_reminder
from actions.visits import Report, on_the_way
from domain.clock import FixedClock
from domain.conversations import Message, State
from domain.people import Consent, Scope
from domain.reminders import Outcome
from domain.sending import Unsaid
from domain.surveys import SurveyKind
from tests.actions.asked_how import ended
from tests.actions.reminded import (
    DAY_BEFORE,
    PILLS,
    booked_row,
    go,
    listen,
    moved,
    press_seen,
    remind_of,
    rows,
    told,
    until,
)
from tests.actions.visiting import START, add_carers, booked, who
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def they_listen(house: House) -> None:
    add_carers(house)
    listen(house)


def message_of(unit, visit_id: str, person: str = "mei", step: str = "day_before") -> Message:
    (one,) = [i for i in rows(unit, visit_id) if (i.person_id, i.occurrence) == (person, step)]
    message = unit.conversations.by_key(one.message_key)
    assert message is not None
    return message


def late(house: House, message: Message) -> Unsaid | None:
    with house.store.read() as unit:
        return remind_late.unsaid(house, unit, message)


def waiting(house: House, clock: FixedClock, person: str = "mei") -> tuple[str, Message]:
    """A visit, and the words of the day before, which lie in the outbox."""
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE)
    with house.store.read() as unit:
        message = message_of(unit, visit_id, person)
    assert late(house, message) is None
    return visit_id, message


def test_what_was_cancelled_meanwhile_is_not_said_and_it_is_on_record(
    house: House, clock: FixedClock
) -> None:
    visit_id, message = waiting(house, clock)
    with house.store.write() as unit:
        visit = unit.visits.get(visit_id)
        cancel_booking(house, unit, who(unit, "mei"), visit.booking_id)
    assert late(house, message) == Unsaid("cancelled")

    with house.store.write() as unit:
        remind_late.dropped(house, unit, message, "cancelled")
        remind_late.dropped(house, unit, message, "cancelled")
    with house.store.read() as unit:
        kept = unit.conversations.message(message.id)
        assert (kept.state, kept.reason) == (State.DROPPED, "cancelled")
        (one,) = unit.reminders.of_message(message.key)
        assert (str(one.state), str(one.reason), one.sent_at) == ("skipped", "cancelled", None)
        tries = unit.reminders.attempts(one.id)
        assert [a.outcome for a in tries] == [Outcome.SENT, Outcome.SKIPPED]


def test_what_somebody_has_read_on_the_page_was_said(house: House, clock: FixedClock) -> None:
    visit_id, message = waiting(house, clock)
    with house.store.write() as unit:
        unit.conversations.mark_sent([message.id], house.now())
        remind_late.dropped(house, unit, message, "cancelled")
    assert told(house, visit_id)["mei", "day_before"] == "sent"


def test_what_was_moved_meanwhile(house: House, clock: FixedClock) -> None:
    visit_id, message = waiting(house, clock)
    moved(house, visit_id, NOW.replace(day=28, hour=10))
    assert late(house, message) == Unsaid("moved")


def test_what_is_under_way_meanwhile(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, START - timedelta(hours=3))
    with house.store.read() as unit:
        message = message_of(unit, visit_id, step="morning")
    with house.store.write() as unit:
        on_the_way(house, unit, who(unit, "gao"), visit_id, Report("1"))
    assert late(house, message) == Unsaid("done")


@pytest.mark.parametrize("who_died", ["mei", "huan"])
def test_nothing_to_or_about_the_dead(house: House, clock: FixedClock, who_died: str) -> None:
    _, message = waiting(house, clock, "huan")
    with house.store.write() as unit:
        who(unit, who_died).died_on = date(2026, 11, 25)
    assert late(house, message) == Unsaid("died")


def test_consent_that_ended_meanwhile(house: House, clock: FixedClock) -> None:
    _, message = waiting(house, clock, "huan")
    with house.store.write() as unit:
        for consent in unit.people.consents_of("mei"):
            consent.revoked_at = house.now()
    assert late(house, message) == Unsaid("no_consent")


def test_wishes_of_meanwhile(house: House, clock: FixedClock) -> None:
    _, message = waiting(house, clock)
    with house.store.write() as unit:
        send_to(house, unit, who(unit, "mei"), who(unit, "huan"), only=True)
    assert late(house, message) == Unsaid("unwanted")


def test_the_night_that_began_meanwhile_is_waited_for(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, Wish("晒被子", rule="FREQ=DAILY", hour=False))
    with house.store.write() as unit:
        pause(house, unit, who(unit, "mei"), NOW + timedelta(minutes=1))
    until(house, clock, NOW.replace(day=25, hour=8))
    with house.store.read() as unit:
        (one, *_) = unit.reminders.instances(rule_id)
        message = unit.conversations.by_key(one.message_key)
    # At noon the nap begins; at nine in the evening it is of no use any more.
    clock.moment = NOW.replace(day=25, hour=12, minute=10)
    assert late(house, message) == Unsaid("quiet", NOW.replace(day=25, hour=14, minute=30))
    clock.moment = NOW.replace(day=25, hour=21, minute=10)
    assert late(house, message) == Unsaid("too_old")


def test_an_hour_that_was_named_passes_the_night_still(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, Wish("打胰岛素", rule="FREQ=DAILY;BYHOUR=22", medicine=True))
    until(house, clock, NOW.replace(hour=22, minute=5))
    with house.store.read() as unit:
        (one, *_) = unit.reminders.instances(rule_id)
        message = unit.conversations.by_key(one.message_key)
    assert late(house, message) is None
    clock.advance(timedelta(hours=4))
    assert late(house, message) == Unsaid("too_old")


def test_a_reminder_that_was_stopped_meanwhile(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, PILLS)
    once = remind_of(house, Wish("关火", once=NOW + timedelta(minutes=30)), key="once")
    until(house, clock, NOW.replace(day=25, hour=8))
    with house.store.read() as unit:
        pills, fire = (
            unit.conversations.by_key(unit.reminders.instances(one)[0].message_key) for one in (rule_id, once)
        )
    assert late(house, pills) is None
    with house.store.write() as unit:
        stop_reminder(house, unit, who(unit, "mei"), rule_id)
    assert late(house, pills) == Unsaid("stopped")
    # One that comes once is over with being said, and is said.
    clock.moment = NOW + timedelta(hours=1)
    assert late(house, fire) is None


def test_a_rung_that_somebody_has_answered(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE + timedelta(hours=4))
    with house.store.read() as unit:
        again = message_of(unit, visit_id, step="again")
    assert late(house, again) is None
    press_seen(house, visit_id, "huan", "day_before")
    assert late(house, again) == Unsaid("answered")


def test_several_in_one_message_are_said_as_long_as_one_is(house: House, clock: FixedClock) -> None:
    visits = [booked(house, key="k1"), booked(house, at=START.replace(hour=13), key="k2")]
    go(house, clock, DAY_BEFORE)
    with house.store.read() as unit:
        message = message_of(unit, visits[1])
        assert len(unit.reminders.of_message(message.key)) == 2
    for number, visit_id in enumerate(visits):
        assert late(house, message) is None
        with house.store.write() as unit:
            visit = unit.visits.get(visit_id)
            cancel_booking(house, unit, who(unit, "mei"), visit.booking_id)
        assert (late(house, message) is None) == (number == 0)


def test_what_a_question_brings_about_is_nothing_against_it(house: House, clock: FixedClock) -> None:
    """It waits for its own answer, and may have been the third of the week."""
    ended(house, clock, NOW.replace(hour=15))
    with house.store.write() as unit:
        for number in range(2):
            booking = booked_row("mei", f"other{number}", NOW - timedelta(days=number + 1))
            unit.bookings.add(booking)
            unit.flush()
            subject = f"visit:{booking.id}"
            asked = unit.surveys.made(SurveyKind.VISIT, subject, "mei", "mei", NOW, booking.id)
            asked.asked_at = NOW
    with house.store.read() as unit:
        moment = min(i.due_at for i in unit.reminders.waiting_of("mei") if i.occurrence == "ask")
    clock.moment = moment
    remind.work_off(house)
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        message = unit.conversations.last(conversation.id, 1)[0]
        assert unit.reminders.of_message(message.key)
    assert late(house, message) is None
    with house.store.write() as unit:
        who(unit, "huan").died_on = house.today()
    assert late(house, message) == Unsaid("bad_news")


# What is told beside a reminder, of our own accord too.


def due_of(house: House, key: str) -> list:
    with house.store.read() as unit:
        message = unit.conversations.by_key(key)
        return [(d.due_at, d.reason) for d in unit.doors.deliveries_of(message.id)]


def test_a_miss_at_night_wakes_no_daughter(house: House, clock: FixedClock) -> None:
    """The medicine's hour was named by the mother; the daughter has her own quiet."""
    with house.store.write() as unit:
        unit.people.add(
            Consent(id="al", elder_id="mei", relative_id="huan", scope=Scope.ALERTS, granted_at=NOW)
        )
        join(house, unit, who(unit, "huan"), "telegram", "77")
    rule_id = remind_of(house, Wish("打胰岛素", rule="FREQ=DAILY;BYHOUR=22", medicine=True))
    until(house, clock, NOW.replace(day=26, hour=22))
    with house.store.read() as unit:
        third = unit.reminders.instances(rule_id)[2]
        assert third.message_key is not None
    assert due_of(house, f"{third.own_key}:missed") == [(NOW.replace(day=27, hour=7), "quiet")]


@pytest.mark.parametrize(("hour", "waits"), [(6, True), (9, False)])
def test_that_somebody_has_answered_wakes_no_daughter(
    house: House, clock: FixedClock, hour: int, waits: bool
) -> None:
    visit_id = booked(house)
    with house.store.write() as unit:
        join(house, unit, who(unit, "huan"), "telegram", "77")
    go(house, clock, START.replace(hour=9, minute=15))
    clock.moment = START.replace(hour=hour, minute=20) + timedelta(days=hour == 6)
    press_seen(house, visit_id, "mei", "again")
    with house.store.read() as unit:
        rule = unit.reminders.latest(f"visit:{unit.visits.get(visit_id).booking_id}")
    ((due, reason),) = due_of(house, f"rm:settled:{rule.id}")
    assert (due > house.now(), reason) == (waits, "quiet" if waits else None)


def test_who_is_at_the_door_is_said_in_the_nap_too(house: House, clock: FixedClock) -> None:
    """「在路上」 is no reminder that can wait: it wakes, as the issue has it."""
    visit_id = booked(house, at=START.replace(hour=13))
    with house.store.write() as unit:
        join(house, unit, who(unit, "mei"), "telegram", "66")
    clock.moment = START.replace(hour=12, minute=20)
    with house.store.write() as unit:
        on_the_way(house, unit, who(unit, "gao"), visit_id, Report("1"))
        (message,) = [
            m for m in unit.conversations.last(unit.conversations.of("mei").id, 5) if m.direction == "out"
        ][-1:]
    assert due_of(house, message.key) == [(clock.now(), None)]
