"""The life of a broadcast over the store: who may do what, runs, judging, pauses, the way back, races."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from actions import broadcast, broadcast_send, notices
from actions.accounts import join
from actions.broadcast import Draft
from actions.broadcast_when import NOW as AT_ONCE
from actions.broadcast_when import When, read
from actions.house import House
from domain.broadcasts import AGAIN, Audience, BadBroadcast, BroadcastState, Condition
from domain.clock import FixedClock, local
from domain.conversations import State, human
from domain.errors import NotAllowed, NotFound, OutOfDate, WrongState
from domain.people import Person, Role
from domain.store import Store
from tests.conftest import NOW
from tests.crowd import SECOND, TEXT, broadcast_to, counts, people, reasons, staff, state

MEI = Audience(include=Condition(people=("mei",)))


@pytest.fixture
def chats(house: House) -> House:
    """刘梅 and her daughter have chats, 生人 has none."""
    with house.store.write() as unit:
        for person, chat in (("mei", "1"), ("huan", "2")):
            found = unit.people.get(person)
            assert found is not None
            join(house, unit, found, "telegram", chat)
    return house


def who(house: House, person_id: str) -> Person:
    with house.store.read() as unit:
        found = unit.people.get(person_id)
        assert found is not None
        return found


def do(house: House, step: Callable[..., object], actor: str, broadcast_id: str) -> None:
    with house.store.write() as unit:
        found = unit.people.get(actor)
        step(house, unit, found, broadcast_id)


def queued(house: House) -> list[tuple[str, str, str]]:
    """What broadcasts have put into the outbox: key, text, state."""
    with house.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT key, text, state FROM messages WHERE lane = 3 ORDER BY id"))
        return [tuple(row) for row in rows]


def delivered(house: House) -> None:
    """Let everything in the outbox be carried out, as the ledger writes it."""
    rows = queued(house)
    with house.store.write() as unit:
        for key, _, message_state in rows:
            message = unit.conversations.by_key(key)
            assert message is not None
            if message_state == "queued":
                for delivery in unit.doors.deliveries_of(message.id or 0):
                    delivery.sent("x", house.now())
                unit.conversations.mark_sent([message.id or 0], house.now())
                broadcast_send.went_out(house, unit, message)


def test_everybody_gets_it_once_and_it_says_how_to_get_no_more(chats: House) -> None:
    made = broadcast_to(chats, Audience())
    assert state(chats, made) == "scheduled"

    broadcast_send.work_off(chats)

    way_out = chats.words.say("broadcast_way_out")
    assert [(key, said) for key, said, _ in queued(chats)] == [
        (f"bc:{made}.1:huan", f"{TEXT}\n\n{way_out}"),
        (f"bc:{made}.1:mei", f"{TEXT}\n\n{way_out}"),
    ]
    assert "退订" in way_out
    assert reasons(chats, made) == {"huan": "handed", "mei": "handed", "stranger": "skipped no_chat"}
    delivered(chats)
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)
    assert len(queued(chats)) == 2
    assert counts(chats, made) == {"sent": 2, "skipped": 1}
    assert state(chats, made) == "done"


def test_who_reads_the_page_has_it_there(house: House) -> None:
    with house.store.write() as unit:
        unit.conversations.of("stranger")
    made = broadcast_to(house, ["stranger"])

    broadcast_send.work_off(house)

    assert reasons(house, made) == {"stranger": "sent"}
    assert state(house, made) == "done"
    # Unread, it can still be taken back.
    do(house, broadcast.take_back, SECOND, made)
    assert reasons(house, made) == {"stranger": "taken_back taken_back"}
    assert [each for _, _, each in queued(house)] == ["dropped"]


WISHES: dict[str, Callable[[House, object, Person], object]] = {
    "unsubscribe": notices.unsubscribe,
    "fewer": notices.fewer,
    "only_to": lambda house, unit, mei: notices.send_to(  # type: ignore[arg-type]
        house,
        unit,
        mei,
        unit.people.get("huan"),
        only=True,  # type: ignore[attr-defined]
    ),
}


@pytest.mark.parametrize("wish", list(WISHES))
def test_who_does_not_want_any_gets_none(chats: House, wish: str) -> None:
    with chats.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        WISHES[wish](chats, unit, mei)

    made = broadcast_to(chats, MEI)
    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"mei": "skipped unwanted"}


def test_quiet_hours_are_waited_for_or_it_is_not_said(chats: House, clock: FixedClock) -> None:
    clock.moment = NOW.replace(hour=13)
    useful, short = broadcast_to(chats, MEI), broadcast_to(chats, MEI, useful=timedelta(hours=1))

    broadcast_send.work_off(chats)
    assert reasons(chats, useful) == {"mei": "queued quiet"}
    assert reasons(chats, short) == {"mei": "skipped quiet"}
    assert state(chats, short) == "done"
    with chats.store.read() as unit:
        due = broadcast_send.next_due(chats, unit)
    assert due is not None
    assert f"{local(due):%H:%M}" == "14:30"

    clock.moment = due
    broadcast_send.work_off(chats)
    assert reasons(chats, useful) == {"mei": "handed"}


def test_a_person_who_speaks_is_not_interrupted(chats: House, clock: FixedClock) -> None:
    with chats.store.write() as unit:
        unit.conversations.of("mei").hand_to(human("life1"))
    made = broadcast_to(chats, MEI)

    broadcast_send.work_off(chats)
    assert reasons(chats, made) == {"mei": "queued human"}
    with chats.store.write() as unit:
        unit.conversations.of("mei").hand_to("butler")
    clock.advance(AGAIN)
    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"mei": "handed"}


def test_the_dead_and_those_who_blocked_us(chats: House) -> None:
    with chats.store.write() as unit:
        mei, account = unit.people.get("mei"), unit.doors.accounts("huan")[0]
        assert mei is not None
        account.blocked_at = NOW
    made = broadcast_to(chats, ["mei", "huan"])
    with chats.store.write() as unit:
        unit.people.get("mei").died_on = NOW.date()  # type: ignore[union-attr]

    broadcast_send._begin(chats)
    with chats.store.write() as unit:
        unit.people.get("mei").died_on = None  # type: ignore[union-attr]
        run, kept = unit.broadcasts.open_run(f"{made}.1")  # type: ignore[misc]
        unit.broadcasts.fill(run, Audience.read(kept.audience), NOW.date(), NOW, 100)
        unit.people.get("mei").died_on = NOW.date()  # type: ignore[union-attr]
    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"huan": "skipped blocked", "mei": "skipped died"}


def test_a_pause_holds_what_waits_and_going_on_sends_it(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI)
    do(chats, broadcast.pause, SECOND, made)
    broadcast_send.work_off(chats)
    assert counts(chats, made) == {}

    do(chats, broadcast.go_on, SECOND, made)
    broadcast_send.work_off(chats)
    assert counts(chats, made) == {"handed": 1}
    do(chats, broadcast.pause, SECOND, made)
    with chats.store.read() as unit:
        message = unit.conversations.by_key(f"bc:{made}.1:mei")
        assert message is not None
        conversation = unit.conversations.get(message.conversation_id)
        assert conversation is not None
        unsaid = broadcast_send.unsaid(chats, unit, message, conversation)
    assert unsaid is not None
    assert unsaid.reason == "paused"
    assert unsaid.until is not None


@pytest.mark.parametrize(
    ("step", "left", "row"),
    [
        (broadcast.stop, "stopped", "skipped stopped"),
        (broadcast.take_back, "taken_back", "taken_back taken_back"),
    ],
)
def test_what_has_not_gone_out_does_not(
    chats: House, monkeypatch: pytest.MonkeyPatch, step: Callable[..., object], left: str, row: str
) -> None:
    monkeypatch.setattr(broadcast_send, "WINDOW", 1)
    monkeypatch.setattr(broadcast_send, "_BATCH", 1)
    made = broadcast_to(chats, ["mei", "huan"])
    broadcast_send.work_off(chats)
    delivered(chats)
    broadcast_send.work_off(chats)
    assert reasons(chats, made) == {"huan": "sent", "mei": "handed"}

    do(chats, step, SECOND, made)

    assert reasons(chats, made) == {"huan": "sent", "mei": row}
    assert state(chats, made) == left
    assert [each for _, _, each in queued(chats)] == ["sent", "dropped"]
    with chats.store.read() as unit:
        assert all(not unit.doors.open_of(unit.doors.accounts(p)[0].id) for p in ("mei", "huan"))
    broadcast_send.work_off(chats)
    assert state(chats, made) == left
    with chats.store.read() as unit:
        assert broadcast_send.next_due(chats, unit) is None
        assert unit.broadcasts.open_runs() == []


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


def test_a_rule_makes_a_run_for_each_occurrence(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI, when=read(chats, "每年立秋上午9点"))
    with chats.store.read() as unit:
        due = broadcast_send.next_due(chats, unit)
    assert due is not None
    assert f"{local(due):%Y-%m-%d %H:%M}" == "2027-08-08 09:00"

    clock.moment = due
    broadcast_send.work_off(chats)
    delivered(chats)
    broadcast_send.work_off(chats)
    assert state(chats, made) == "scheduled"
    with chats.store.read() as unit:
        kept = unit.broadcasts.get(made)
        assert kept is not None
        assert kept.due_at is not None
        assert f"{local(kept.due_at):%Y-%m-%d %H:%M}" == "2028-08-07 09:00"
    clock.moment = kept.due_at
    broadcast_send.work_off(chats)
    assert counts(chats, made) == {"sent": 1, "handed": 1}


def test_what_the_house_slept_through_is_not_said_late(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI, when=When(rule="FREQ=DAILY;BYHOUR=11"))

    clock.advance(timedelta(days=3, hours=2))
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)

    with chats.store.read() as unit:
        runs = unit.broadcasts.runs(made)
        found = [dict(unit.recipients.counts([run.id])) for run in runs]
    assert [f"{local(run.planned_at):%d}" for run in runs] == ["24", "25", "26", "27"]
    assert [[f"{s} {r}" for s, r in one] for one in found] == [["skipped too_old"]] * 3 + [["queued quiet"]]


def test_the_demos_clock_finds_each_moment(chats: House, clock: FixedClock) -> None:
    """What `advance` steps through: the run, its end once all is out, the next run."""
    broadcast_to(chats, MEI, when=When(rule="FREQ=WEEKLY;BYDAY=WE;BYHOUR=10"))

    def due() -> str:
        with chats.store.read() as unit:
            found = broadcast_send.next_due(chats, unit)
        assert found is not None
        clock.moment = max(found, clock.moment)
        return f"{local(found):%d %H:%M}"

    assert due() == "25 10:00"
    broadcast_send.work_off(chats)
    assert due() == "26 10:00"  # until then it is of use, and on its way
    clock.moment = NOW + timedelta(days=1, minutes=1)
    delivered(chats)
    assert due() == "25 10:01"
    broadcast_send.work_off(chats)
    assert due() == "02 10:00"


def test_who_blocks_us_while_it_is_on_its_way(chats: House) -> None:
    made = broadcast_to(chats, MEI)
    broadcast_send.work_off(chats)
    with chats.store.write() as unit:
        unit.doors.accounts("mei")[0].blocked_at = NOW

    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"mei": "skipped blocked"}
    assert state(chats, made) == "done"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-12-01T09:00", "2026-12-01 09:00"),
        ("12月1日上午9点", "2026-12-01 09:00"),
        ("每月农历初一早上九点", "2026-12-09 09:00"),
        ("每年中秋节上午10点", "2027-09-15 10:00"),
        ("每年冬至", "2026-12-22 08:00"),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "2026-11-30 09:00"),
    ],
)
def test_when_it_is_said_to_go_out(house: House, said: str, expected: str) -> None:
    assert f"{local(read(house, said).first(NOW)):%Y-%m-%d %H:%M}" == expected


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


# Several at once.


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    def safe(number: int) -> object:
        try:
            return work(number)
        except (WrongState, OutOfDate) as error:
            return type(error)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(safe, range(count)))


def test_any_number_of_workers_say_it_once(house: House, store: Store) -> None:
    people(store, range(100, 340), city="c1")
    made = broadcast_to(house, Audience(include=Condition(cities=("c1",))))

    at_once(4, lambda _: broadcast_send.work_off(house))
    broadcast_send.work_off(house)

    keys = [key for key, _, _ in queued(house)]
    assert len(keys) == len(set(keys)) == 240
    assert counts(house, made) == {"handed": 240, "skipped": 3}


def test_two_approve_at_once_and_one_of_them_did(house: House) -> None:
    few = replace(house, broadcast_alone=0)
    writer, _ = staff(few)
    with few.store.write() as unit:
        unit.people.add(Person(id="third", name="第三", role=Role.SUPERVISOR))
        made = broadcast.write(few, unit, writer, Draft(TEXT))
        broadcast.start(few, unit, writer, made.id)

    found = at_once(2, lambda n: do(few, broadcast.approve, (SECOND, "third")[n], made.id))

    assert sorted(map(str, found)) == sorted(["None", str(WrongState)])


def test_a_pause_in_the_middle_of_many_workers_stops_all(house: House, store: Store) -> None:
    people(store, range(100, 400), city="c1")
    made = broadcast_to(house, Audience(include=Condition(cities=("c1",))))
    broadcast_send._begin(house)

    def work(number: int) -> None:
        if number == 1:
            do(house, broadcast.pause, SECOND, made)
        else:
            broadcast_send.work_off(house)

    at_once(3, work)
    before = len(queued(house))
    broadcast_send.work_off(house)
    assert len(queued(house)) == before
    assert state(house, made) == "paused"

    do(house, broadcast.stop, SECOND, made)
    assert {State.DROPPED} >= {each for _, _, each in queued(house)}


def test_at_once_is_now(house: House) -> None:
    assert AT_ONCE.first(NOW) == NOW
