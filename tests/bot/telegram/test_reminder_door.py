"""Reminders through the real door, while Telegram is in trouble: what is no longer so is not said when it is back."""

from __future__ import annotations

from datetime import timedelta

from actions import remind
from actions.notices import add_quiet
from actions.remind_personal import Wish, set_reminder, stop_reminder
from bot.ticking import _dues
from domain.clock import local
from domain.doors import DeliveryState
from domain.people import Person
from domain.quiet import Window
from domain.store import Unit
from tests.bot.telegram.stage import Stage

# The house's clock of the tests stands at ten in the morning.
SOON = timedelta(minutes=30)


def mei(unit: Unit) -> Person:
    found = unit.people.get("mei")
    assert found is not None
    return found


def wish(stage: Stage, what: str, ahead: timedelta = SOON, *, named: bool = True, daily: bool = False) -> str:
    at = stage.house.now() + ahead
    rule = f"FREQ=DAILY;BYHOUR={local(at).hour};BYMINUTE={local(at).minute}"
    with stage.house.store.write() as unit:
        asked = Wish(what, rule=rule) if daily else Wish(what, once=at, hour=named)
        return set_reminder(stage.house, unit, mei(unit), mei(unit), asked, what).id


def fall_due(stage: Stage) -> None:
    """Telegram is in trouble; the words are in the outbox and have been tried once."""
    stage.api.break_randomly("bad_gateway", 1.0, method="sendMessage")
    stage.pass_time(minutes=30)
    remind.work_off(stage.house)
    stage.until(lambda: any(one.attempts for one in stage.deliveries()))


def is_back(stage: Stage, **after: float) -> None:
    stage.api.mend()
    stage.pass_time(**after)


def ended(stage: Stage, rule_id: str) -> tuple[str, str]:
    with stage.house.store.read() as unit:
        one = unit.reminders.instances(rule_id)[0]
        return str(one.state), str(one.reason)


def test_what_was_stopped_while_telegram_was_away_is_not_said(stage: Stage) -> None:
    user = stage.user("mei")
    stopped, other = wish(stage, "量血压", daily=True), wish(stage, "浇花")
    fall_due(stage)
    with stage.house.store.write() as unit:
        stop_reminder(stage.house, unit, mei(unit), stopped)
    is_back(stage, minutes=1)

    assert stage.hears(user) == ["到时候了：浇花。"]
    stage.until(lambda: ended(stage, stopped) == ("skipped", "stopped"))
    assert ended(stage, other) == ("sent", "None")


def test_what_is_too_old_when_telegram_is_back_is_on_record(stage: Stage) -> None:
    user = stage.user("mei")
    rule_id = wish(stage, "关火")
    fall_due(stage)
    is_back(stage, hours=4)

    stage.until(lambda: ended(stage, rule_id) == ("skipped", "too_old"))
    stage.until(lambda: stage.deliveries()[0].state is DeliveryState.DROPPED)
    assert stage.api.texts(user) == []
    assert [state for *_, state in stage.lines("mei")] == ["dropped"]


def test_a_quiet_that_began_is_waited_for_and_keeps_nothing_urgent_back(stage: Stage) -> None:
    user = stage.user("mei")
    small = wish(stage, "晒被子", named=False)
    fall_due(stage)
    clock = local(stage.house.now())
    with stage.house.store.write() as unit:
        window = Window(clock.time(), (clock + timedelta(hours=2)).time())
        add_quiet(stage.house, unit, mei(unit), [window])
    urgent = wish(stage, "打胰岛素", timedelta(minutes=5))
    is_back(stage, minutes=6)
    stage.until(lambda: stage.deliveries()[0].reason == "quiet")
    remind.work_off(stage.house)

    assert stage.hears(user) == ["到时候了：打胰岛素。"]
    assert ended(stage, urgent) == ("sent", "None")
    with stage.house.store.read() as unit:
        put_off = unit.doors.next_put_off(stage.house.now())
    assert put_off == stage.deliveries()[0].due_at
    # The demo's clock stops there.
    assert min(_dues(stage.house).values()) == put_off
    stage.pass_time(hours=4)  # to the end of the nap, which follows
    assert stage.hears(user, 2)[1] == "到时候了：晒被子。"
    assert ended(stage, small) == ("sent", "None")
