"""Members whose benefits say no, each for another reason, so that every refusal can be tried out in the demo world.

They live in the demo's first city but for one, and are the same at any size of the world. Nobody in it is real.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from domain.clock import SHANGHAI
from domain.demo.alliance import DemoCity, Row
from domain.demo.bookings import booking
from domain.demo.grants import granted, taken
from domain.demo.members import TERM, assessed, enrolment, kin, person, plans
from domain.periods import period_of


@dataclass(frozen=True)
class Shown:
    """One member: the plan, when it begins and ends (days from the seed's), what of it is used."""

    code: str
    name: str
    born_on: date | None = date(1950, 4, 8)
    plan: str = "hexin"
    starts: int | None = None
    ends: int | None = None
    used: dict[str, int] = field(default_factory=dict)
    assessed: tuple[int, int, int] | None = None
    away: bool = False


# Levels are of GB/T 42195-2022; (level, days since, days until it lapses). `code` is the refusal that it leads to.
SHOWN = (
    Shown("none_left", "罗素芬", plan="anxin", used={"checkup": 1}),
    Shown("not_enough", "高长贵", used={"care_hours": 9 * 60}),
    Shown("waiting", "宋惠珍", starts=-10),
    Shown("not_started", "谢根生", plan="anxin", starts=20, ends=385),
    Shown("expired", "唐玉梅", plan="anxin", ends=-7),
    Shown("too_soon", "冯德福", used={"tcm_plus": 1, "tcm": 1}),
    Shown("wrong_city", "邓月娥", away=True),
    Shown("wrong_channel", "曹文彬"),
    Shown("too_young", "彭雅琴", plan="yixin", born_on=date(1962, 6, 1)),
    Shown("too_old", "曾志明", born_on=date(1934, 2, 11)),
    Shown("age_unknown", "肖翠萍", born_on=None),
    Shown("needs_assessment", "田保国"),
    Shown("assessment_lapsed", "董桂芳", assessed=(3, 400, -35)),
    Shown("wrong_ability", "袁学文", assessed=(1, 60, 300)),
    Shown("no_case", "潘金花"),
    Shown("not_covered", "蒋宝林", plan="anxin"),
)


# Two couples with a benefit for the whole family: one of them has taken his share, the others everything.
FAMILIES = (("own_share", "余永福", "杜秀英", 5), ("family_used", "苏国强", "叶淑珍", 8))
_SHARED = "family_doctor"


def used() -> Mapping[tuple[str, str], int]:
    """By enrolment and benefit, what of it the seed shows as used."""
    return {
        (f"en-{_short(number)}", code): amount
        for number, one in enumerate(SHOWN)
        for code, amount in one.used.items()
    }


def _short(number: int) -> str:
    """What the ids of grants are made from; they hold forty characters."""
    return f"show{number:02}"


def _id(code: str) -> str:
    return f"show-{code.replace('_', '-')}"


def showcase(cities: list[DemoCity], day: date) -> Iterator[tuple[str, Row]]:
    """The rows of these members; `with_grants` adds what they are granted."""
    for number, shown in enumerate(SHOWN):
        yield from _member(cities, number, shown, day)
    for number, family in enumerate(FAMILIES, len(SHOWN)):
        yield from _family(cities[0], number, family, day)


def _home(city: DemoCity, number: int, gender: str) -> Row:
    district_id, district, *_ = city.districts[0]
    address = f"{city.name}{district}样例里{number + 1}号楼101"
    return {"city_id": city.id, "district_id": district_id, "address": address, "gender": gender}


def _member(cities: list[DemoCity], number: int, shown: Shown, day: date) -> Iterator[tuple[str, Row]]:
    own = _id(shown.code)
    home = _home(cities[2 if shown.away else 0], number, "female" if number % 2 == 0 else "male")
    yield person(own, shown.name, handle=own, phone=f"1360000{number:04}", born_on=shown.born_on, **home)
    starts = TERM[0] if shown.starts is None else day + timedelta(days=shown.starts)
    ends = TERM[1] if shown.ends is None else day + timedelta(days=shown.ends)
    if starts >= ends:
        starts = ends - timedelta(days=365)
    yield "enrolments", {**enrolment(own, shown.plan, (starts, ends))[1], "id": f"en-{_short(number)}"}
    if shown.assessed is not None:
        level, since, until = shown.assessed
        yield assessed(own, level, day, since, until)
    if shown.code == "too_soon":
        grant_id = f"gr-{_short(number)}-tcm-{_first(day):%y%m}"
        yield from _visit(cities[0], own, "tcm_therapy", "store", day - timedelta(days=1), grant_id)


def _first(day: date) -> date:
    return period_of("year", *TERM, day)[0]


def _family(
    city: DemoCity, number: int, family: tuple[str, str, str, int], day: date
) -> Iterator[tuple[str, Row]]:
    code, his, hers, taken_by_him = family
    him, her = _id(code), f"{_id(code)}-wife"
    for own, name, gender in ((him, his, "male"), (her, hers, "female")):
        home = _home(city, number, gender)
        born, phone = date(1949, 8, 20), f"136{'1' if own == her else '2'}000{number:04}"
        yield person(own, name, handle=own, phone=phone, born_on=born, **home)
    yield kin(him, her, "spouse", 2)
    yield kin(her, him, "spouse", 2)
    row = {**enrolment(him, "hexin")[1], "id": f"en-{_short(number)}"}
    yield "enrolments", row
    benefit = next(r for t, r in plans() if t == "benefits" and r["id"] == f"bf-hexin-{_SHARED}")
    yield from granted(row, benefit, day, taken_by_him, (him, her), entries=False)
    for visit in range(taken_by_him):
        grant_id = f"gr-{_short(number)}-{_SHARED}-{_first(day):%y%m}"
        on = day - timedelta(days=2 + visit)
        who = him if visit < benefit["amount_each"] else her
        yield from _visit(city, who, "phone_consult", "online", on, grant_id)
        yield from taken(grant_id, 1, f"bk-{who}-{on:%y%m%d}")


def _visit(
    city: DemoCity, member_id: str, service: str, channel: str, day: date, grant_id: str
) -> Iterator[tuple[str, Row]]:
    """A visit that took place, out of a grant."""
    begin = datetime.combine(day, time(10), SHANGHAI)
    site = {"site_id": f"st-{city.id}-5", "room_id": f"st-{city.id}-5-0"} if channel == "store" else {}
    booking_id = f"bk-{member_id}-{day:%y%m%d}"
    yield booking(
        member_id,
        id=booking_id,
        number=hashlib.sha256(booking_id.encode()).hexdigest()[:6].upper(),
        service=service,
        channel=channel,
        status="fulfilled",
        begin=begin,
        end=begin + timedelta(minutes=55),
        key=f"seed:{booking_id}",
        created_at=begin - timedelta(days=2),
        provider_id="pv10",
        grant_id=grant_id,
        occupies_member=True,
        version=3,
        **site,
    )
