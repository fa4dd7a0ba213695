"""Broadcasts and several workers or people at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from actions import broadcast, broadcast_send
from actions.broadcast import Draft
from actions.house import House
from domain.broadcasts import Audience, Condition
from domain.conversations import State
from domain.errors import OutOfDate, WrongState
from domain.people import Person, Role
from domain.store import Store
from tests.actions.telling_many import do, queued
from tests.crowd import SECOND, TEXT, broadcast_to, counts, people, staff, state


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
