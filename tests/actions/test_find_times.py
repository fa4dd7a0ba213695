"""Free times over the real store: whom the elder wants, ways between homes, notice, holidays, the nearest site."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from actions.book import Order, confirm, hold
from actions.find_times import Ask, find_times
from actions.house import House
from actions.looking import CarerWish
from actions.whereabouts import where
from domain.bookings import Booking, Slot
from domain.clock import SHANGHAI, FixedClock
from domain.errors import Taken
from domain.people import Person
from domain.providers import Absence, Certificate, Offering, Room, Shift, Site, SiteHours, Staff
from domain.store import Unit
from domain.travel import way
from tests.actions.care import who
from tests.conftest import NOW

DAY = NOW.replace(hour=0) + timedelta(days=2)
THREE = DAY + timedelta(hours=15)


def carer(unit: Unit, number: int, kind="bathing", hours=(8, 18), weekdays=range(7), **facts) -> str:
    own = f"extra{number}"
    staff = {"gender": "male", "lat": 30.0, "lon": 120.0, "dialects": ["普通话"], **facts}
    unit.providers.add(Staff(id=own, provider_id="p1", name=f"{number}号师傅", city_id="c1", **staff))
    unit.flush()
    unit.providers.add(
        Certificate(
            id=f"ct-{own}",
            staff_id=own,
            kind=kind,
            grade="主治医师" if kind == "physician" else None,
            practised_since=date(2010, 1, 1),
            number="1",
            valid_from=date(2024, 1, 1),
            valid_until=date(2030, 1, 1),
        ),
        *(Shift(staff_id=own, weekday=d, starts=time(hours[0]), ends=time(hours[1])) for d in weekdays),
    )
    unit.providers.cover(own, "d1")
    unit.flush()
    return own


def find(
    house: House, unit: Unit, near=None, *, service="assisted_bathing", channel="home", member="mei", **more
):
    window = more.pop("window", (DAY, DAY + timedelta(days=1)))
    ask = Ask(who(unit, member), house.catalogue.service(service), channel, window, near, **more)
    return find_times(house, unit, ask)


def take(
    house: House, unit: Unit, slot: Slot, *, member="stranger", service="assisted_bathing", channel="home"
) -> Booking:
    person = who(unit, member)
    order = Order(person, person, house.catalogue.service(service), channel, slot, self_pay=True)
    made, _ = hold(house, unit, order, f"k{member}{slot.begin}{slot.staff_id}")
    assert made is not None
    return confirm(house, unit, person, made.id)


def test_only_the_gender_that_is_wanted_is_looked_for(house: House) -> None:
    with house.store.write() as unit:
        other = carer(unit, 1)
        assert [s.staff_id for s in find(house, unit, THREE, wish=CarerWish("male"))] == [other]
        assert [s.staff_id for s in find(house, unit, THREE, wish=CarerWish("female"))] == ["s1"]
        assert find(house, unit, THREE, wish=CarerWish("female", "粤语")) == []


def test_a_tongue_that_is_asked_for_is_a_must_and_one_of_the_profile_a_preference(house: House) -> None:
    with house.store.write() as unit:
        speaks = carer(unit, 1, dialects=["普通话", "粤语"])
        assert [s.staff_id for s in find(house, unit, THREE, wish=CarerWish(None, "粤语"))] == [speaks]
        who(unit, "mei").dialect = "广东话"
        assert find(house, unit, THREE)[0].staff_id == speaks
        take(house, unit, find(house, unit, THREE)[0])
        assert find(house, unit, THREE)[0].staff_id == "s1"


def test_the_same_carer_comes_again_and_that_is_told(house: House) -> None:
    with house.store.write() as unit:
        again = carer(unit, 1)
        first = take(house, unit, find(house, unit, THREE, wish=CarerWish("male"))[0], member="mei")
        assert "上回" not in where(house, unit, first)
        found = find(house, unit, THREE + timedelta(days=1), window=(DAY, DAY + timedelta(days=2)))
        assert found[0].staff_id == again
        second = take(house, unit, found[0], member="mei")
        assert where(house, unit, second) == "还是上回的1号师傅到家来，地址是试城东区一号"


def test_work_is_spread_over_those_who_have_least(house: House) -> None:
    with house.store.write() as unit:
        for number in range(1, 4):
            carer(unit, number)
        seen = []
        for number in range(8):
            unit.people.add(Person(id=f"x{number}", name="某", city_id="c1", district_id="d1"))
            unit.flush()
            slot = find(house, unit, DAY + timedelta(hours=8 + number), member=f"x{number}")[0]
            seen.append(take(house, unit, slot, member=f"x{number}").staff_id)
    assert {staff: seen.count(staff) for staff in set(seen)} == {
        "s1": 2,
        "extra1": 2,
        "extra2": 2,
        "extra3": 2,
    }


def test_nobody_gets_more_than_their_days_limit(house: House) -> None:
    with house.store.write() as unit:
        bather = unit.providers.staff("s1")
        assert bather is not None
        bather.daily_limit = 1
        unit.flush()
        early = find(house, unit, DAY + timedelta(hours=9))[0]
        late = find(house, unit, DAY + timedelta(hours=14))[0]
        take(house, unit, early)
        assert find(house, unit, DAY + timedelta(hours=14)) == []
        with pytest.raises(Taken), unit.attempt():
            take(house, unit, late, member="mei")


def test_the_way_is_reckoned_anew_when_a_neighbour_came_in_between(house: House) -> None:
    """Two look at once; the second one's way begins at the first one's home, and that takes longer."""
    with house.store.write() as unit:
        far = Person(id="far", name="远", city_id="c1", district_id="d1", lat=30.06, lon=120.0)
        unit.people.add(far)
        unit.flush()
        morning = find(house, unit, DAY + timedelta(hours=9), member="far")[0]
        next_door = find(house, unit, DAY + timedelta(hours=10, minutes=30))[0]
        later = find(house, unit, DAY + timedelta(hours=12))[0]
        assert next_door.staff_from == next_door.begin
        take(house, unit, morning, member="far")
        with pytest.raises(Taken), unit.attempt():
            take(house, unit, next_door, member="mei")
        done = take(house, unit, later, member="mei")
        assert done.begin - done.staff_from == way((30.06, 120.0), (30.0, 120.0), 15.0)


def test_an_absence_and_the_wrong_district_take_somebody_out(house: House) -> None:
    with house.store.write() as unit:
        unit.providers.add(Absence(staff_id="s1", begin=DAY, end=DAY + timedelta(days=1), reason="leave"))
        unit.flush()
        assert find(house, unit, THREE) == []
        who(unit, "mei").district_id = None
        assert find(house, unit, THREE + timedelta(days=1), window=(DAY, DAY + timedelta(days=3))) == []


@pytest.mark.parametrize(
    ("service", "channel", "hours", "is_free"),
    [
        ("assisted_bathing", "home", 1, False),
        ("assisted_bathing", "home", 3, True),
        ("health_checkup", "store", 4, False),
        ("health_checkup", "store", 24, True),
    ],
)
def test_each_service_has_its_own_notice(house: House, service, channel, hours, is_free) -> None:
    moment = NOW + timedelta(hours=hours)
    with house.store.read() as unit:
        found = find(
            house, unit, moment, service=service, channel=channel, window=(NOW, moment + timedelta(minutes=1))
        )
        assert bool(found) is is_free


def test_each_service_has_its_furthest_day(house: House) -> None:
    with house.store.read() as unit:
        for days, is_free in ((59, True), (61, False)):
            day = NOW.replace(hour=0) + timedelta(days=days)
            found = find(
                house, unit, service="health_checkup", channel="store", window=(day, day + timedelta(days=1))
            )
            assert bool(found) is (is_free or days < house.catalogue.service("health_checkup").furthest_days)
            assert bool(find(house, unit, window=(day, day + timedelta(days=1)))) is (
                days < 60 and day.date() <= date(2026, 12, 31)
            )


def test_on_a_holiday_sites_are_shut_and_bathing_goes_on(house: House, clock: FixedClock) -> None:
    clock.moment = datetime(2026, 9, 20, 9, tzinfo=SHANGHAI)
    national = datetime(2026, 10, 2, tzinfo=SHANGHAI)
    window = (national, national + timedelta(days=1))
    with house.store.read() as unit:
        assert find(house, unit, service="health_checkup", channel="store", window=window) == []
        assert find(house, unit, window=window)


def test_the_nearest_site_comes_first_and_its_distance_is_told(house: House) -> None:
    with house.store.write() as unit:
        unit.providers.add(
            Site(
                id="far",
                provider_id="p1",
                city_id="c1",
                district_id="d1",
                name="远站",
                address="远路一号",
                lat=30.05,
                lon=120.0,
            )
        )
        unit.flush()
        unit.providers.add(
            Room(id="a-far", site_id="far", name="厅", capacity=9, services=["health_checkup"]),
            *(SiteHours(site_id="far", weekday=d, opens=time(7), closes=time(20)) for d in range(7)),
        )
        unit.flush()
        found = find(house, unit, service="health_checkup", channel="store")
        assert {slot.site_id for slot in found} == {"st1"}
        only_far = find(house, unit, DAY + timedelta(hours=16), service="health_checkup", channel="store")
        assert [slot.site_id for slot in only_far] == ["far"]
        booking = take(house, unit, only_far[0], member="mei", service="health_checkup", channel="store")
        assert where(house, unit, booking) == "去远站，远路一号，离您家大约6公里"


def test_online_is_told_with_its_link_or_by_whom_one_is_rung(house: House) -> None:
    with house.store.write() as unit:
        carer(unit, 1, kind="physician")
        for code, join in (("video_consult", "https://guanjia.invalid/{number}"), ("phone_consult", "call")):
            unit.providers.add(
                Offering(
                    id=f"o-{code}",
                    provider_id="p1",
                    service=code,
                    channel="online",
                    city_id="c1",
                    price_cents=0,
                    join=join,
                )
            )
        unit.flush()
        video = take(
            house,
            unit,
            find(house, unit, THREE, service="video_consult", channel="online")[0],
            member="mei",
            service="video_consult",
            channel="online",
        )
        call = take(
            house,
            unit,
            find(house, unit, THREE + timedelta(hours=1), service="phone_consult", channel="online")[0],
            member="mei",
            service="phone_consult",
            channel="online",
        )
        link = f"https://guanjia.invalid/{video.number}"
        assert where(house, unit, video) == f"到线上，1号师傅等您，到点点这个链接：{link}"
        assert where(house, unit, call) == "到线上，1号师傅打您的电话13900000001"


def test_what_was_shown_is_not_shown_again(house: House) -> None:
    with house.store.read() as unit:
        first = find(house, unit)
        others = find(house, unit, shown=frozenset(slot.begin for slot in first))
    assert len(first) == len(others) == 3
    assert not {slot.begin for slot in first} & {slot.begin for slot in others}
