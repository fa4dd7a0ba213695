"""A visit is announced to the elder and the family, acknowledged days later, and climbed where nobody answers."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from actions import remind
from actions.end_booking import cancel_booking
from actions.house import House
from actions.notices import add_quiet
from actions.remind_answers import answered, seen, typed
from actions.remind_visits import plan_others
from actions.say import Choice, put
from actions.visits import Report, on_the_way
from bot.front import Front
from domain.clock import FixedClock, local
from domain.conversations import Message, Speaker, State
from domain.notices import Notices
from domain.people import Person, Scope
from domain.quiet import Window
from domain.reminders import InstanceState
from tests.actions.reminded import DAY_BEFORE, booked_row, go, listen, moved, press_seen, rows, told
from tests.actions.visiting import START, add_carers, booked, heard, topics, who
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def they_listen(house: House) -> None:
    add_carers(house)
    listen(house)


def test_three_announcements_to_the_elder_and_to_her_daughter(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE)
    assert heard(house, "mei")[-1] == (
        "跟您说一声：明天，11月26日，星期四，下午3点，您有助浴，高师傅到家来。\n"
        "请准备：换洗衣服和毛巾，饭后一小时内先别洗。"
    )
    assert heard(house, "huan")[-1] == "您母亲明天，11月26日，星期四，下午3点，有助浴，高师傅到家来。"
    assert press_seen(house, visit_id, "mei", "day_before") == (
        "好的。明天，11月26日，星期四，下午3点，助浴，我记着呢。"
    )
    go(house, clock, START)

    said = [m for m in heard(house, "mei") if m.startswith("跟您说一声")]
    assert len(said) == 3
    assert said[-1] == "跟您说一声：今天，11月26日，星期四，下午3点，您有助浴，高师傅到家来。"
    assert topics(house) == []
    with house.store.read() as unit:
        # Two hours before is in the nap: at its end it helps still.
        mine = [i.sent_at for i in rows(unit, visit_id) if i.person_id == "mei" and i.sent_at is not None]
        moments = [local(moment).strftime("%d %H:%M") for moment in mine]
        assert moments == ["25 15:00", "26 07:30", "26 14:30"]
        # Who has said so once is not asked again.
        asked = {
            i.occurrence: len(unit.conversations.buttons(i.message_key or ""))
            for i in rows(unit, visit_id)
            if i.person_id == "mei"
        }
        assert (asked["day_before"], asked["two_hours"]) == (3, 2)
        uses = [u.action for u in unit.people.uses_of("mei") if u.action.startswith("reminder")]
        assert uses == ["reminder:assisted_bathing"] * 3


def test_a_moved_visit_is_announced_anew(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE)
    with house.store.read() as unit:
        old = rows(unit, visit_id)
    moved(house, visit_id, NOW.replace(day=28, hour=10))
    with house.store.read() as unit:
        ended = [unit.reminders.instance(i.id) for i in old]
        assert {str(i.reason) for i in ended if i.state is InstanceState.SKIPPED} == {"moved"}
        assert {i.state for i in rows(unit, visit_id)} == {InstanceState.PENDING}
        # The button of before still says how it stands now.
        first = next(i for i in old if i.person_id == "mei")
    with house.store.write() as unit:
        assert seen(house, unit, who(unit, "mei"), first.id) == (
            "这一次改过时间了，现在是11月28日，这个星期六，上午10点，助浴。"
        )
    go(house, clock, NOW.replace(day=27, hour=10))
    assert "明天，11月28日，星期六，上午10点" in heard(house, "mei")[-1]


def test_a_dropped_visit_is_not_announced(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE)
    with house.store.write() as unit:
        visit = unit.visits.get(visit_id)
        assert visit is not None
        cancel_booking(house, unit, who(unit, "mei"), visit.booking_id)
    assert set(told(house, visit_id).values()) == {"sent", "cancelled"}
    assert press_seen(house, visit_id, "mei", "day_before") == "这一次助浴已经不来了。要再约，跟我说一声。"


def test_what_was_past_when_it_was_booked_was_never_due(house: House, clock: FixedClock) -> None:
    """Booked at ten for three in the afternoon: in the same minute nobody needs to be told of it."""
    visit_id = booked(house, at=START.replace(day=NOW.day))
    go(house, clock, NOW)
    assert heard(house, "mei") == heard(house, "huan") == []
    assert {step for _, step in told(house, visit_id)} == {"two_hours"}


def test_a_visit_under_way_is_not_announced(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    clock.moment = START - timedelta(hours=3)
    with house.store.write() as unit:
        on_the_way(house, unit, who(unit, "gao"), visit_id, Report("1"))
    go(house, clock, START)
    assert set(told(house, visit_id).values()) == {"done"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [("died", "died"), ("revoked", "no_consent"), ("private", "no_consent")],
)
def test_it_is_decided_at_the_moment_of_sending(house: House, clock: FixedClock, change, reason) -> None:
    visit_id = booked(house)
    with house.store.write() as unit:
        if change == "died":
            who(unit, "mei").died_on = date(2026, 11, 24)
        elif change == "revoked":
            for consent in unit.people.consents_of("mei"):
                if consent.scope is Scope.SEE_VISITS:
                    consent.revoked_at = NOW
        else:
            visit = unit.visits.get(visit_id)
            unit.bookings.get(visit.booking_id).private = True
    go(house, clock, DAY_BEFORE)
    assert told(house, visit_id)["huan", "day_before"] == reason
    assert heard(house, "huan") == []


def test_after_a_power_cut_what_is_too_old_is_not_said(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    clock.moment = START - timedelta(hours=2)
    remind.work_off(house)
    states = told(house, visit_id)
    assert [states["mei", s] for s in ("day_before", "morning")] == ["too_old", "too_old"]


def test_two_small_notices_of_one_hour_are_one_message(house: House, clock: FixedClock) -> None:
    booked(house, key="k1")
    # The day before, 13:00 is in the nap: said at its end, and there the other is half an hour away.
    other = booked(house, at=START.replace(hour=13), key="k2")
    go(house, clock, DAY_BEFORE)

    assert heard(house, "mei") == [
        (
            "跟您说2件事：\n"
            "1. 明天，11月26日，星期四，下午1点，助浴，高师傅到家来\n"
            "2. 明天，11月26日，星期四，下午3点，助浴，高师傅到家来"
        )
    ]
    press_seen(house, other, "mei", "day_before")
    go(house, clock, DAY_BEFORE + timedelta(hours=6))
    assert len(heard(house, "mei")) == 1


def test_typed_words_answer_what_was_said_last(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE)
    with house.store.write() as unit:
        mei, conversation = who(unit, "mei"), unit.conversations.of("mei")
        assert typed(house, unit, mei, conversation, "洗澡改到后天") is None
        said = typed(house, unit, mei, conversation, "好的，知道了")
    assert said is not None
    assert told(house, visit_id)["mei", "day_before"] == "sent"
    with house.store.read() as unit:
        (one,) = [i for i in rows(unit, visit_id) if i.answered_at is not None]
        assert one.answered_by == "mei"


def test_typed_words_answer_an_earlier_one_but_no_other_question(house: House, clock: FixedClock) -> None:
    booked(house)
    go(house, clock, DAY_BEFORE)
    with house.store.write() as unit:
        mei, conversation = who(unit, "mei"), unit.conversations.of("mei")
        put(
            unit,
            conversation,
            "您妈妈要紧。",
            key="a1",
            now=house.now(),
            choices=[Choice("知道了", "acknowledge:x")],
        )
        unit.flush()
        assert typed(house, unit, mei, conversation, "知道了") is None
        put(unit, conversation, "记下了。", key="a2", now=house.now())
        unit.flush()
        said = typed(house, unit, mei, conversation, "晓得咧")
    assert said is not None
    assert "助浴" in said.text


def test_the_buttons_work_days_later_without_rasa(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE)
    clock.advance(timedelta(days=6))
    with house.store.write() as unit:
        first = next(i for i in rows(unit, visit_id) if (i.person_id, i.occurrence) == ("mei", "day_before"))
        buttons = {b.title: b for b in unit.conversations.buttons(first.message_key or "")}
        assert set(buttons) == {"知道了", "改时间", "不来了"}
        assert buttons["改时间"].action.startswith("/reschedule_booking")
        message = Message(
            conversation_id=unit.conversations.of("mei").id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel="web",
            text=buttons["知道了"].id,
            key="in1",
            state=State.RECEIVED,
            created_at=house.now(),
        )
        unit.conversations.add(message)
        unit.flush()
        Front(house, unit, message, unit.conversations.of("mei"), who(unit, "mei")).take(message.text)
        assert message.state is State.ANSWERED
        assert first.answered_by == "mei"
        # Somebody else's button means nothing.
        assert seen(house, unit, who(unit, "huan"), first.id) == house.words.say("button_unknown")
        answered(house, unit, who(unit, "stranger"), first.message_key or "")
    assert heard(house, "mei")[-1] == "好的，谢谢您。"


def test_who_wants_fewer_is_spared_the_morning(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        unit.reminders.add(Notices(person_id="mei", fewer=True))
    visit_id = booked(house)
    go(house, clock, START)
    states = told(house, visit_id)
    assert [states["mei", s] for s in ("day_before", "morning", "two_hours")] == ["sent", "unwanted", "sent"]


def test_a_wish_holds_at_once_for_what_is_still_to_come(house: House, clock: FixedClock) -> None:
    """Two hours before falls into her nap and would come at its end; she wants a longer one, so it comes before."""
    visit_id = booked(house)
    with house.store.write() as unit:
        add_quiet(house, unit, who(unit, "mei"), [Window(time(12), time(15))])
    go(house, clock, START)
    with house.store.read() as unit:
        (near,) = [i for i in rows(unit, visit_id) if (i.person_id, i.occurrence) == ("mei", "two_hours")]
    assert near.sent_at == START.replace(hour=11, minute=30)


def test_only_to_the_daughter(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        unit.reminders.add(Notices(person_id="mei", to_id="huan", own=False))
    visit_id = booked(house)
    go(house, clock, START)
    states = told(house, visit_id)
    assert states["mei", "day_before"] == "unwanted"
    # She has said nothing: she is asked, and then a butler telephones.
    assert [states[key] for key in (("huan", "day_before"), ("huan", "child"), ("mei", "telephone"))] == [
        "sent"
    ] * 3


def test_what_goes_wrong_is_tried_again_and_given_up_with_its_reason(
    house: House, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit_id = booked(house)

    def broken(*_: object) -> None:
        raise KeyError("words")

    monkeypatch.setattr("actions.remind_words.where", broken)
    monkeypatch.setattr("actions.remind_words.say_when", broken)
    go(house, clock, DAY_BEFORE + timedelta(hours=3))
    assert heard(house, "mei") == []
    assert told(house, visit_id)["mei", "day_before"] == "failed"
    with house.store.read() as unit:
        one = next(i for i in rows(unit, visit_id) if (i.person_id, i.occurrence) == ("mei", "day_before"))
        assert [str(a.outcome) for a in unit.reminders.attempts(one.id)] == ["failed"] * 5
    monkeypatch.undo()
    go(house, clock, START.replace(hour=7, minute=30))
    assert heard(house, "mei")[-1].startswith("跟您说一声")


def test_a_booking_that_came_another_way_is_announced_too(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        unit.people.add(Person(id="unheard", name="x", city_id="c1", district_id="d1"))
        unit.flush()
        for person, hours in (("mei", 30), ("unheard", 30), ("mei", 300)):
            unit.bookings.add(booked_row(person, f"{person}{hours}", NOW + timedelta(hours=hours)))
    assert plan_others(house) == 1
    assert plan_others(house) == 0
    clock.advance(timedelta(hours=6))
    assert plan_others(house) == 0
    with house.store.read() as unit:
        assert unit.reminders.living("visit:mei30") is not None
        assert unit.reminders.living("visit:unheard30") is None
