"""What the tests of plans of visits share: plans over the small world, and those who do rehabilitation there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from actions.book import Order, confirm, hold
from actions.find_times import Ask, find_times
from actions.house import House
from actions.series import Wanted, confirm_all, plan
from domain.benefits import Assessment
from domain.clock import local_day
from domain.providers import Certificate, Offering, Shift, Staff
from domain.store import Unit
from tests.actions.care import who
from tests.conftest import NOW

BATHS = "FREQ=WEEKLY;BYDAY=WE;BYHOUR=15;BYMINUTE=0;COUNT=3"


CHECKS = "FREQ=WEEKLY;BYDAY=TH;BYHOUR=9;BYMINUTE=0;COUNT=3"


def d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


def wanted(
    house: House, unit: Unit, rule=BATHS, service="assisted_bathing", channel="home", **more
) -> Wanted:
    actor = who(unit, more.pop("actor", "mei"))
    member = who(unit, more.pop("member", "mei"))
    return Wanted(actor, member, house.catalogue.service(service), channel, rule, **more)


def planned(house: House, rule=BATHS, key="k1", **more) -> str:
    with house.store.write() as unit:
        return plan(house, unit, wanted(house, unit, rule, **more), key).id


def firm(house: House, series_id: str, actor="mei") -> None:
    with house.store.write() as unit:
        confirm_all(house, unit, who(unit, actor), series_id)


def days(house: House, series_id: str) -> list[date]:
    with house.store.read() as unit:
        return [local_day(b.begin) for _, b in unit.series.rows(series_id) if b is not None]


def states(house: House, series_id: str) -> list[str]:
    with house.store.read() as unit:
        return [str(b.status) for _, b in unit.series.rows(series_id) if b is not None]


def stranger_takes(house: House, moment: datetime) -> None:
    with house.store.write() as unit:
        person = who(unit, "stranger")
        service = house.catalogue.service("assisted_bathing")
        ask = Ask(person, service, "home", (moment, moment + timedelta(minutes=1)), moment)
        order = Order(person, person, service, "home", find_times(house, unit, ask)[0], self_pay=True)
        held, _ = hold(house, unit, order, f"s{moment}")
        assert held is not None
        confirm(house, unit, person, held.id)


def lay_rehab(house: House) -> None:
    """Two therapists, one of whom is off on Fridays, and one who lives in; 刘梅 has been assessed."""
    with house.store.write() as unit:
        unit.benefits.add(
            Assessment(
                id="as-mei",
                person_id="mei",
                level=2,
                assessed_on=date(2026, 5, 1),
                valid_until=date(2027, 12, 31),
                assessor_id="doc1",
                created_at=NOW,
            )
        )
        unit.providers.add(
            *(
                Offering(
                    id=f"o-{service}",
                    provider_id="p1",
                    service=service,
                    channel="home",
                    city_id="c1",
                    price_cents=20000,
                )
                for service in ("rehab_neuro", "live_in_care", "ability_assessment")
            ),
            *(
                Staff(id=key, provider_id="p1", name=name, gender="female", city_id="c1", lat=30.0, lon=120.0)
                for key, name in (("t1", "甲"), ("t2", "乙"), ("l1", "丙"))
            ),
        )
        unit.flush()
        held = (
            ("t1", "therapist_neuro", "康复治疗师"),
            ("t2", "therapist_neuro", "康复治疗师"),
            ("l1", "care_worker_senior", "三级"),
            ("t2", "assessor", None),
        )
        for staff_id, kind, grade in held:
            unit.providers.add(
                Certificate(
                    id=f"ct-{staff_id}-{kind}",
                    staff_id=staff_id,
                    kind=kind,
                    number="1",
                    grade=grade,
                    practised_since=date(2014, 1, 1),
                    valid_from=date(2024, 1, 1),
                    valid_until=date(2029, 12, 31),
                )
            )
        off = {"t1": 4, "l1": 6}
        unit.providers.add(
            *(
                Shift(staff_id=staff_id, weekday=day, starts=time(8), ends=time(18))
                for staff_id in ("t1", "t2", "l1")
                for day in range(7)
                if off.get(staff_id) != day
            )
        )
        for staff_id in ("t1", "t2", "l1"):
            unit.providers.cover(staff_id, "d1")
