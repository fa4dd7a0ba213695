"""The demo's providers, their sites and their staff: enough in every city that each service can be had there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from random import Random
from typing import Any

from domain.catalogue import Catalogue
from domain.demo.names import given, staff_name
from domain.providers import CALL

Row = dict[str, Any]
DATA = Path(__file__).parent.parent / "data"
PROVIDERS, SITES_A_CITY, LAPSED_ONE_IN = 40, 6, 12
# How one takes part online: most by a link, some are rung up.
_LINK = "https://guanjia.invalid/join/{number}"
_JOINED = {"phone_consult": CALL, "medication_guidance": CALL, "finance_consult": CALL}
# What is spoken beside 普通话, by the first four digits of a city's code, by every other of the crew.
_SPOKEN = {
    "3100": "上海话",
    "4401": "粤语",
    "4403": "粤语",
    "4406": "粤语",
    "4419": "粤语",
    "4404": "粤语",
    "5101": "四川话",
    "5000": "四川话",
    "3502": "闽南话",
    "3205": "苏州话",
    "3302": "宁波话",
    "3303": "温州话",
    "2101": "东北话",
    "2102": "东北话",
    "2301": "东北话",
    "2201": "东北话",
    "4301": "湖南话",
    "6101": "陕西话",
}
# In the capital they come from everywhere.
_FROM_ELSEWHERE = {1: "四川话", 3: "上海话", 9: "东北话"}

# The member of staff who is the demo's carer.
CARER, CARER_STAFF = "carer", "sf-110000-02"
# Who can be found in every city: the certificates that go together in one person.
CREW: tuple[tuple[str, ...], ...] = (
    ("nurse",),
    ("nurse", "tcm"),
    ("bathing", "care_worker", "care_worker_senior"),
    ("bathing", "care_worker", "assessor"),
    ("catering", "escort"),
    ("housekeeping", "barber"),
    ("fitter", "device_installer"),
    ("pharmacist", "dietitian"),
    ("therapist_neuro", "therapist_ortho"),
    ("therapist_cardio", "therapist_pain"),
    ("physician",),
    ("counsellor", "adviser", "teacher", "companion"),
)
# The grade of each certificate where grades are told apart (standards.toml has the ladders).
_GRADES = {
    "nurse": "主管护师",
    "care_worker": "三级",
    "care_worker_senior": "三级",
    "pharmacist": "执业药师",
    "physician": "主治医师",
    "tcm": "执业医师",
    "therapist_neuro": "康复治疗师",
    "therapist_ortho": "康复治疗师",
    "therapist_cardio": "康复治疗师",
    "therapist_pain": "康复治疗师",
    "counsellor": "心理治疗师",
    "dietitian": "注册营养师",
    "adviser": "持证顾问",
}
# What can be had at each of a city's sites, with how many places.
ROOMS: tuple[tuple[str, tuple[tuple[str, int, tuple[str, ...]], ...]], ...] = (
    (
        "康复中心",
        (
            ("训练大厅", 4, ("rehab_center", "rehab_neuro", "rehab_ortho")),
            ("治疗室", 2, ("rehab_cardio", "rehab_pain")),
        ),
    ),
    ("体检中心", (("体检区", 6, ("health_checkup",)),)),
    ("社区卫生站", (("接种室", 3, ("vaccination",)), ("视听室", 1, ("vision_hearing",)))),
    ("日间照料中心", (("照料厅", 8, ("day_care",)), ("活动室", 12, ("leisure_activity",)))),
    ("口腔门诊", (("诊椅", 2, ("dental_care",)),)),
    ("中医馆", (("理疗床", 3, ("tcm_therapy",)), ("洽谈室", 1, ("finance_consult",)))),
)


@dataclass(frozen=True)
class DemoCity:
    """A city with its districts' ids, names and middles."""

    id: str
    name: str
    districts: tuple[tuple[str, str, float, float], ...]


def cities() -> list[DemoCity]:
    """The demo's cities, in the order of the file."""
    rng, found = Random("cities"), []
    with (DATA / "cities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lat, lon = float(row["lat"]), float(row["lon"])
            districts = tuple(
                (
                    f"{row['code']}-{number}",
                    name,
                    round(lat + rng.uniform(-0.06, 0.06), 5),
                    round(lon + rng.uniform(-0.08, 0.08), 5),
                )
                for number, name in enumerate(row["districts"].split(), 1)
            )
            found.append(DemoCity(row["code"], row["name"], districts))
    return found


def places(found: list[DemoCity]) -> Iterator[tuple[str, Row]]:
    """The rows of cities and districts."""
    for city in found:
        yield "cities", {"id": city.id, "name": city.name}
        for district_id, name, lat, lon in city.districts:
            yield (
                "districts",
                {
                    "id": district_id,
                    "city_id": city.id,
                    "name": name,
                    "lat": lat,
                    "lon": lon,
                    "speed_kmh": 15.0,
                },
            )


_FIRST = ("安康", "颐年", "松鹤", "暖阳", "福寿", "长青", "桑榆", "椿萱", "银龄", "和家")
_SECOND = ("居家护理", "康复", "家政", "健康服务")


def alliance(found: list[DemoCity], catalogue: Catalogue) -> Iterator[tuple[str, Row]]:
    """The rows of providers, offerings, sites, rooms, opening hours, staff, certificates, districts and shifts."""
    rng = Random("alliance")
    for number in range(PROVIDERS):
        name = f"{_FIRST[number % 10]}{_SECOND[number // 10]}（演示）"
        yield (
            "providers",
            {
                "id": f"pv{number:02}",
                "code": f"demo-{number:02}",
                "name": name,
                "status": "active",
                "contract_from": date(2024, 1, 1),
                "contract_until": date(2036, 12, 31),
            },
        )
    for index, city in enumerate(found):
        # Four providers share a city: one for care at home, one for rehabilitation, one for the house, one online.
        local = [f"pv{(index + 10 * kind) % PROVIDERS:02}" for kind in range(4)]
        for provider in sorted(set(local)):
            for district_id, *_ in city.districts:
                yield "provider_districts", {"provider_id": provider, "district_id": district_id}
        yield from _offerings(city, local, catalogue, rng)
        yield from _sites(city, local, rng)
        yield from _staff(index, city, local, rng)


# Which of a city's four providers each of the crew, and each of the sites, belongs to.
_CREW_OF = (0, 3, 0, 0, 2, 2, 2, 3, 1, 1, 3, 2)
_SITE_OF = (1, 3, 3, 0, 3, 1)


def _offerings(
    city: DemoCity, local: list[str], catalogue: Catalogue, rng: Random
) -> Iterator[tuple[str, Row]]:
    """What each provider can give in a city: what its people are certified for, and what its rooms are for."""
    given = {
        (local[_CREW_OF[number]], service, channel)
        for number, kinds in enumerate(CREW)
        for service in catalogue.services.values()
        if service.certificate in kinds
        for channel in service.channels
        if channel != "store"
    }
    given |= {
        (local[_SITE_OF[number]], catalogue.service(code), "store")
        for number, (_, rooms) in enumerate(ROOMS)
        for _, _, codes in rooms
        for code in codes
    }
    for provider, service, channel in sorted(given, key=lambda g: (g[0], g[1].code, g[2])):
        cents = 100 * max(20, round(min(service.minutes, 400) * rng.uniform(1.2, 2.2) / 10) * 10)
        yield (
            "offerings",
            {
                "id": f"of-{city.id}-{provider[2:]}-{service.code}-{channel}",
                "provider_id": provider,
                "service": service.code,
                "channel": channel,
                "city_id": city.id,
                "price_cents": cents,
                "join": _JOINED.get(service.code, _LINK) if channel == "online" else None,
            },
        )


def _sites(city: DemoCity, local: list[str], rng: Random) -> Iterator[tuple[str, Row]]:
    for number, (kind, rooms) in enumerate(ROOMS):
        district_id, district, lat, lon = city.districts[number % len(city.districts)]
        site_id = f"st-{city.id}-{number}"
        site = {
            "id": site_id,
            "provider_id": local[_SITE_OF[number]],
            "city_id": city.id,
            "district_id": district_id,
            "name": f"{city.name}{district}{kind}（演示）",
            "address": f"{city.name}{district}幸福路{rng.randint(1, 200)}号",
            "lat": round(lat + rng.uniform(-0.01, 0.01), 5),
            "lon": round(lon + rng.uniform(-0.01, 0.01), 5),
        }
        yield "sites", site
        # Day care and check-ups run over noon.
        whole = kind in ("日间照料中心", "体检中心")
        periods = ((time(8), time(18)),) if whole else ((time(8), time(12)), (time(13), time(18)))
        for weekday in range(7):
            for opens, closes in periods:
                yield "site_hours", {"site_id": site_id, "weekday": weekday, "opens": opens, "closes": closes}
        for room_number, (name, capacity, services) in enumerate(rooms):
            yield (
                "rooms",
                {
                    "id": f"{site_id}-{room_number}",
                    "site_id": site_id,
                    "name": name,
                    "capacity": capacity,
                    "services": list(services),
                },
            )


_SECOND_OF_TWO = (1, 3)
# Those before this number of the crew go from home to home all day.
_AT_HOMES = 7


def _staff(index: int, city: DemoCity, local: list[str], rng: Random) -> Iterator[tuple[str, Row]]:
    before = ""
    for number, kinds in enumerate(CREW):
        staff_id = f"sf-{city.id}-{number:02}"
        name, gender = staff_name(rng)
        if number in _SECOND_OF_TWO and gender == before:
            # Whoever is certified for nursing or bathing can be had as a woman and as a man in every city.
            gender = "male" if gender == "female" else "female"
            name = name[:1] + given(Random(staff_id), gender, old=False)
        before = gender
        spoken = (
            _FROM_ELSEWHERE.get(number) if index == 0 else _SPOKEN.get(city.id[:4]) if number % 2 else None
        )
        _, _, lat, lon = rng.choice(city.districts)
        yield (
            "staff",
            {
                "id": staff_id,
                "provider_id": local[_CREW_OF[number]],
                "name": name,
                "gender": gender,
                "city_id": city.id,
                "lat": lat,
                "lon": lon,
                "dialects": ["普通话", spoken] if spoken else ["普通话"],
                "daily_limit": 6 if number < _AT_HOMES else 10,
                # The first city's bather is the demo's carer, with an account of their own.
                "person_id": CARER if staff_id == CARER_STAFF else None,
            },
        )
        for district_id, *_ in city.districts:
            yield "staff_districts", {"district_id": district_id, "staff_id": staff_id}
        # The first city is where newcomers try things: nobody's certificate has lapsed there.
        lapsed = index > 0 and (index * len(CREW) + number) % LAPSED_ONE_IN == 0
        for kind in kinds:
            yield (
                "certificates",
                {
                    "id": f"ct-{staff_id}-{kind}",
                    "staff_id": staff_id,
                    "kind": kind,
                    "number": f"DEMO{rng.randrange(10**8):08}",
                    "grade": _GRADES.get(kind),
                    "practised_since": date(2014, 7, 1),
                    "valid_from": date(2021, 1, 1),
                    "valid_until": date(2026, 6, 30) if lapsed else date(2035, 12, 31),
                },
            )
        free = (index + number) % 7
        for weekday in range(7):
            if weekday != free:
                yield (
                    "shifts",
                    {"staff_id": staff_id, "weekday": weekday, "starts": time(8, 0), "ends": time(18, 0)},
                )
