"""An audience in SQL says the same as the condition read by hand, on both databases, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.broadcasts import Audience, Broadcast, BroadcastRun, BroadcastState, Condition
from domain.people import Person, Role
from domain.slots import at
from domain.store import Store
from domain.store.bulk import write_rows
from tests.conftest import NOW

TODAY = NOW.date()
Row = tuple[str, dict[str, Any]]
PEOPLE = 60


class World:
    """People of all sorts, as rows and as what is known of them."""

    def __init__(self) -> None:
        self.rng = Random("audiences")
        self.people: list[Person] = []
        self.plan: dict[str, str] = {}
        self.left: dict[str, set[str]] = {}
        self.last: dict[str, date] = {}

    def rows(self) -> Iterator[Row]:
        rng = self.rng
        for city in ("c1", "c2"):
            yield "cities", {"id": city, "name": city}
        yield "providers", {"id": "p", "code": "p", "name": "p", "status": "active"}
        for code in ("plan1", "plan2"):
            yield "plans", {"id": code, "code": code, "name": code}
            yield "benefits", _benefit(code, "bath")
        for number in range(PEOPLE):
            one = Person(
                id=f"m{number:03}",
                name="某",
                role=rng.choice([Role.MEMBER] * 9 + [Role.LIFE]),
                born_on=rng.choice(
                    [None, *(date(y, m, 28) for y in (1936, 1946, 1956) for m in (2, 11, 12))]
                ),
                city_id=rng.choice([None, "c1", "c2"]),
                died_on=rng.choice([None] * 9 + [date(2026, 5, 1)]),
            )
            self.people.append(one)
            yield "persons", _person(one)
            yield from self._enrolled(one)
            yield from self._visited(one)

    def _enrolled(self, one: Person) -> Iterator[Row]:
        plan = self.rng.choice(["", "plan1", "plan2"])
        if not plan:
            return
        ended = self.rng.random() < 0.2
        term = (date(2025, 1, 1), date(2026, 1, 1)) if ended else (date(2026, 1, 1), date(2027, 1, 1))
        if not ended:
            self.plan[one.id] = plan
        own = f"en{one.id}"
        yield (
            "enrolments",
            {"id": own, "person_id": one.id, "plan_id": plan, "starts_on": term[0], "ends_before": term[1]},
        )
        used = self.rng.choice([0, 2, 3])
        yield (
            "grants",
            {
                "id": f"g{one.id}",
                "benefit_id": f"bf-{plan}",
                "holder_id": one.id,
                "enrolment_id": own,
                "amount": 3,
                "starts_on": term[0],
                "ends_before": term[1],
                "priority": 1,
                "created_at": NOW,
            },
        )
        yield "balances", {"grant_id": f"g{one.id}", "allowed": 3, "held": 0, "used": used}
        yield "grant_people", {"person_id": one.id, "grant_id": f"g{one.id}"}
        if not ended and used < 3:
            self.left.setdefault(one.id, set()).add("bath")

    def _visited(self, one: Person) -> Iterator[Row]:
        for number in range(self.rng.choice([0, 0, 1, 2])):
            day = TODAY - timedelta(days=self.rng.choice([5, 30, 90]))
            done = self.rng.random() < 0.7
            begin = at(day, time(0 if number else 23)).astimezone(UTC)
            own = f"{one.id}-{number}"
            yield "bookings", _booking(own, one.id, begin)
            yield "visits", _visit(own, begin, "verified" if done else "not_possible")
            if done:
                self.last[one.id] = max(day, self.last.get(one.id, date.min))

    def holds(self, condition: Condition, one: Person, *, otherwise: bool) -> bool:
        if one.id in condition.people:
            return True
        if not condition.says_something:
            return otherwise and not condition.people
        age, last = one.age_on(TODAY), self.last.get(one.id)
        visits = []
        if condition.visited_before is not None or condition.visited_since is not None:
            visits.append(
                last is not None
                and (condition.visited_before is None or last < condition.visited_before)
                and (condition.visited_since is None or last >= condition.visited_since)
            )
        if condition.never_visited:
            visits.append(last is None)
        return all(
            (
                not condition.cities or one.city_id in condition.cities,
                not condition.plans or self.plan.get(one.id) in condition.plans,
                condition.min_age is None or (age is not None and age >= condition.min_age),
                condition.max_age is None or (age is not None and age <= condition.max_age),
                not condition.unused or bool(self.left.get(one.id, set()) & set(condition.unused)),
                not visits or any(visits),
            )
        )

    def meant(self, audience: Audience) -> list[str]:
        return sorted(
            one.id
            for one in self.people
            if one.role is Role.MEMBER
            and one.died_on is None
            and self.holds(audience.include, one, otherwise=True)
            and not (audience.exclude and self.holds(audience.exclude, one, otherwise=False))
        )


def _person(one: Person) -> dict[str, Any]:
    names = ("id", "name", "role", "born_on", "city_id", "died_on", "notes")
    return {name: getattr(one, name) for name in names}


def _benefit(plan: str, code: str) -> dict[str, Any]:
    return {
        "id": f"bf-{plan}",
        "plan_id": plan,
        "code": code,
        "name": code,
        "unit": "visit",
        "amount": 3,
        "period": "year",
        "services": [],
        "channels": [],
        "wait_days": 0,
        "gap_days": 0,
        "copay_cents": 0,
        "shared_with": "none",
        "priority": 1,
    }


def _booking(own: str, member: str, begin: datetime) -> dict[str, Any]:
    return {
        "id": own,
        "number": own,
        "member_id": member,
        "booked_by": member,
        "service": "x",
        "channel": "home",
        "status": "fulfilled",
        "begin": begin,
        "end": begin + timedelta(minutes=30),
        "key": own,
        "created_at": NOW,
        "provider_id": "p",
        "amount": 1,
        "price_cents": 0,
        "occupies_member": False,
        "private": False,
        "version": 1,
    }


def _visit(booking: str, begin: datetime, state: str) -> dict[str, Any]:
    return {
        "id": f"v{booking}",
        "booking_id": booking,
        "state": state,
        "code": "1234",
        "created_at": NOW,
        "ended_at": begin + timedelta(minutes=30) if state == "verified" else None,
        "code_failures": 0,
        "flags": [],
        "steps": [],
        "records": {},
        "leave": {},
        "late_step": 0,
        "version": 1,
    }


@pytest.fixture
def world(store: Store) -> World:
    made = World()
    write_rows(store, made.rows(), lambda _table, _count: None)
    return made


DAYS = st.none() | st.sampled_from([TODAY - timedelta(days=n) for n in (5, 6, 30, 31, 100)])
CONDITIONS = st.builds(
    Condition,
    cities=st.sets(st.sampled_from(["c1", "c2"]), max_size=1).map(tuple),
    plans=st.sets(st.sampled_from(["plan1", "plan2"]), max_size=1).map(tuple),
    min_age=st.none() | st.sampled_from([70, 80, 90]),
    max_age=st.none() | st.sampled_from([70, 80, 90]),
    unused=st.sampled_from([(), (), ("bath",)]),
    visited_before=DAYS,
    visited_since=DAYS,
    never_visited=st.booleans(),
    people=st.sets(st.sampled_from([f"m{n:03}" for n in range(PEOPLE)]), max_size=2).map(tuple),
)


def test_the_rows_say_what_the_conditions_say(store: Store, world: World) -> None:
    @settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
    @given(CONDITIONS, st.none() | CONDITIONS)
    def same(include: Condition, exclude: Condition | None) -> None:
        audience = Audience(include=include, exclude=exclude)
        with store.read() as unit:
            found = unit.broadcasts.examples(audience, TODAY, limit=PEOPLE)
            count = unit.broadcasts.count(audience, TODAY)
            reach = unit.broadcasts.reach(audience, TODAY)

        assert [person.id for person, _ in found] == world.meant(audience)
        assert count == reach.people == len(found)
        assert reach.chat + reach.page + reach.none == reach.people

    same()


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_recipients_are_laid_down_in_pieces_each_once(store: Store, world: World, piece: int) -> None:
    audience, now = Audience(include=Condition(cities=("c1",))), NOW
    with store.write() as unit:
        unit.broadcasts.add(
            Broadcast(
                id="b",
                series="b",
                version=1,
                title="",
                text="话",
                audience=audience.row(),
                author_id="m000",
                created_at=now,
                state=BroadcastState.SENDING,
            )
        )
        unit.flush()
        run = BroadcastRun(
            id="b.1",
            broadcast_id="b",
            number=1,
            planned_at=now,
            useful_until=now + timedelta(hours=1),
            begun_at=now,
        )
        unit.broadcasts.add(run)
    while True:
        with store.write() as unit:
            kept = unit.broadcasts.run("b.1")
            assert kept is not None
            if kept.filled:
                break
            unit.broadcasts.fill(kept, audience, TODAY, now, piece)
    with store.read() as unit:
        rows = unit.recipients.rows("b.1", None, PEOPLE)

    assert [row[0] for row in rows] == world.meant(audience)
