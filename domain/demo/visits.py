"""The demo's carer, two elders whom they visit, and today's visits: some over, the next at hand, whatever the hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from domain.catalogue import load
from domain.clock import SHANGHAI, local_day
from domain.demo.alliance import CARER, DemoCity, Row
from domain.demo.bookings import booking
from domain.demo.members import person
from domain.visits import LATE_AFTER

# The same person as a member of staff and as an account: 金军 of the demo's first city, certified for bathing.
CARER_NAME = "金军"
_FIRST, _LAST, _APART = time(8, 0), time(20, 0), timedelta(minutes=150)
_VISITS = 3
_SERVICES = ("assisted_bathing", "respite_care", "assisted_bathing")


def carer() -> tuple[str, Row]:
    """The account of the one who comes; it stands before the staff, who refer to it."""
    return person(CARER, CARER_NAME, handle=CARER, role="carer")


def elders(cities: list[DemoCity]) -> Iterator[tuple[str, Row]]:
    """Two elders with what is to be known at their door. Made up, as everybody in the demo."""
    home = cities[0]
    for number, (name, gender, born, called, notes) in enumerate(
        (
            (
                "孙桂芬",
                "female",
                date(1941, 4, 3),
                "孙奶奶",
                {
                    "floor": "5楼",
                    "stairs": "没有电梯",
                    "dog": "有一只小狗，怕生，不咬人",
                    "opens": "老伴开门",
                    "hearing": "左耳听不清，站右边说",
                    "allergies": "青霉素",
                },
            ),
            (
                "马长贵",
                "male",
                date(1938, 11, 20),
                "马大爷",
                {
                    "floor": "12楼",
                    "stairs": "有电梯",
                    "opens": "自己开，走得慢，多等一会儿",
                    "hearing": "戴助听器",
                    "allergies": "没有",
                    "daily_routine": "中午睡到两点",
                    "medicines": "降压药，早上一片",
                },
            ),
        ),
        1,
    ):
        district_id, district, *_ = home.districts[number]
        yield person(
            f"visited-{number}",
            name,
            phone=f"1380000010{number}",
            born_on=born,
            gender=gender,
            city_id=home.id,
            district_id=district_id,
            address=f"{home.name}{district}和平里{number}号楼{number}单元50{number}",
            address_as=called,
            dialect="北京话",
            notes=notes,
        )


def begins(now: datetime) -> list[tuple[datetime, bool]]:
    """When today's visits begin, and whether each is over: from the next half hour on, earlier where the day ends."""
    day = local_day(now)
    first = datetime.combine(day, _FIRST, SHANGHAI)
    ahead = now + timedelta(minutes=30)
    half = ahead.replace(minute=0 if ahead.minute == 0 else 30, second=0, microsecond=0)
    half += timedelta(minutes=30) if ahead.minute > 30 else timedelta(0)
    moment, found = max(first, half.astimezone(SHANGHAI)), list[tuple[datetime, bool]]()
    while len(found) < _VISITS and moment.date() == day and moment.time() <= _LAST:
        found.append((moment, False))
        moment += _APART
    moment = first
    while len(found) < _VISITS and moment + timedelta(hours=2) <= now:
        found.append((moment, True))
        moment += _APART
    return sorted(found)


def todays(cities: list[DemoCity], staff: Row, now: datetime) -> Iterator[tuple[str, Row]]:
    """Bookings of today with their visits; they cost nobody a benefit."""
    home, catalogue = cities[0], load()
    for number, (begin, over) in enumerate(begins(now), 1):
        service = catalogue.service(_SERVICES[number - 1])
        end = begin + timedelta(minutes=min(service.minutes, 120))
        elder = f"visited-{1 + number % 2}"
        district = home.districts[1 + number % 2]
        yield booking(
            elder,
            id=f"bk-today-{number}",
            number=f"TD{number:04}",
            service=service.code,
            channel="home",
            status="fulfilled" if over else "confirmed",
            begin=begin,
            end=end,
            key=f"seed:today:{number}",
            created_at=now - timedelta(days=3),
            provider_id=staff["provider_id"],
            staff_id=staff["id"],
            staff_from=begin - timedelta(minutes=20),
            staff_until=end,
            address=f"{home.name}{district[1]}和平里{1 + number % 2}号楼{1 + number % 2}单元50{1 + number % 2}",
            occupies_member=service.occupies,
        )
        yield "visits", _visit(number, begin, end, staff["id"] if over else None)


def _visit(number: int, begin: datetime, end: datetime, staff_id: str | None) -> Row:
    over = staff_id is not None
    return {
        "id": f"vs-today-{number}",
        "booking_id": f"bk-today-{number}",
        "state": "verified" if over else "assigned",
        "code": f"{1000 + 1234 * number}",
        "created_at": begin - timedelta(days=3),
        "staff_id": staff_id,
        "arrived_at": begin if over else None,
        "began_at": begin if over else None,
        "ended_at": end if over else None,
        "verified_at": end if over else None,
        "method": "gps" if over else None,
        "distance_m": 420.0 if over else None,
        "accuracy_m": 15.0 if over else None,
        "code_failures": 0,
        "flags": [],
        "steps": [],
        "records": {},
        "leave": {},
        "late_step": 0,
        "due_at": None if over else begin + LATE_AFTER[0],
        "version": 1,
    }
