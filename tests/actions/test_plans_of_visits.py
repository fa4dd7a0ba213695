"""Plans of visits: held together, conflicts with offers, benefits that end in the middle, holidays, the table that comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import series as plans
from actions import series_due
from actions.book import Order, cancel, confirm, hold, move, release_lapsed
from actions.find_times import Ask, find_times
from actions.house import House
from actions.series import Wanted, confirm_all, drop_rest, let_go, open_visits, plan, skip, take
from actions.series_times import Search
from actions.series_words import course_line, read_back
from domain import products
from domain.bookings import HOLD_FOR, OCCUPYING, Status
from domain.clock import SHANGHAI, FixedClock, local, local_day
from domain.errors import NotAllowed, NotFound, RuleBroken, Taken
from domain.people import Person, Role
from domain.providers import Certificate, Offering, Shift, Staff
from domain.series import SeriesState
from domain.store import Unit
from tests.actions.care import balances, pushed, who
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


def test_each_visit_is_held_with_its_benefit_and_one_yes_makes_all_firm(house: House) -> None:
    series_id = planned(house)

    assert days(house, series_id) == [d("11-25"), d("12-02"), d("12-09")]
    assert states(house, series_id) == ["held"] * 3
    assert balances(house)["bath:2601"] == (3, 3, 0, 0)

    firm(house, series_id)

    assert states(house, series_id) == ["confirmed"] * 3
    with house.store.read() as unit:
        rows = unit.series.rows(series_id)
        assert {b.staff_id for _, b in rows if b} == {"s1"}
        assert all(unit.visits.of_booking(b.id) is not None for _, b in rows if b)
        found = unit.series.get(series_id)
        assert found is not None
        assert found.state is SeriesState.STANDING


def test_the_same_message_twice_makes_one_series_and_one_yes_is_enough(house: House) -> None:
    assert planned(house) == planned(house)
    series_id = planned(house)
    firm(house, series_id)
    firm(house, series_id)

    assert balances(house)["bath:2601"] == (3, 3, 0, 0)


def test_who_may_not_book_plans_nothing(house: House) -> None:
    with pytest.raises(NotFound):
        planned(house, actor="stranger")


def test_a_day_that_is_taken_is_open_and_gets_three_offers(house: House) -> None:
    stranger_takes(house, datetime(2026, 12, 2, 15, tzinfo=SHANGHAI))
    series_id = planned(house)

    with house.store.write() as unit:
        ((visit, booking),) = open_visits(unit, series_id)
        assert (visit.ordinal, visit.day, booking) == (2, d("12-02"), None)
        series = unit.series.get(series_id)
        assert series is not None
        offers = plans.search_for(house, unit, series, who(unit, "mei")).offers(visit)
        assert len(offers) == 3
        assert [local_day(slot.begin) for slot in offers[:2]] == [d("12-02")] * 2
        assert not {local_day(slot.begin) for slot in offers} & {d("11-25"), d("12-09")}
        with pytest.raises(Taken):
            confirm_all(house, unit, who(unit, "mei"), series_id)
    with house.store.write() as unit:
        take(house, unit, who(unit, "mei"), series_id, 2, offers[0])
    firm(house, series_id)

    assert states(house, series_id) == ["confirmed"] * 3
    assert balances(house)["bath:2601"] == (3, 3, 0, 0)


def test_a_visit_that_nobody_wants_is_left_out(house: House) -> None:
    stranger_takes(house, datetime(2026, 12, 2, 15, tzinfo=SHANGHAI))
    series_id = planned(house)
    with house.store.write() as unit:
        skip(house, unit, who(unit, "mei"), series_id, [2])
    firm(house, series_id)

    assert days(house, series_id) == [d("11-25"), d("12-09")]
    assert balances(house)["bath:2601"] == (3, 2, 0, 1)


def test_where_the_benefit_ends_in_the_middle_the_rest_is_named(house: House) -> None:
    series_id = planned(house, BATHS.replace("COUNT=3", "COUNT=5"))

    with house.store.read() as unit:
        left = [
            (v.ordinal, v.refusal, b.grant_id, b.price_cents) for v, b in open_visits(unit, series_id) if b
        ]
    assert left == [(4, "none_left", None, 15000), (5, "none_left", None, 15000)]

    with house.store.write() as unit:
        plans.pay_for_rest(house, unit, who(unit, "mei"), series_id)
    firm(house, series_id)
    assert states(house, series_id) == ["confirmed"] * 5
    assert balances(house)["bath:2601"] == (3, 3, 0, 0)


def test_fewer_visits_give_their_times_back(house: House) -> None:
    series_id = planned(house, BATHS.replace("COUNT=3", "COUNT=5"))
    with house.store.write() as unit:
        skip(house, unit, who(unit, "mei"), series_id, [4, 5])
    firm(house, series_id)

    assert days(house, series_id) == [d("11-25"), d("12-02"), d("12-09")]


def test_days_between_two_uses_count_within_the_series(house: House) -> None:
    with house.store.write() as unit:
        unit.benefits.benefit("bf").gap_days = 3
    series_id = planned(house, "FREQ=DAILY;BYHOUR=15;BYMINUTE=0;COUNT=4")

    with house.store.read() as unit:
        assert [v.refusal for v, _ in unit.series.rows(series_id)] == [None, "too_soon", "too_soon", None]


def test_a_series_that_is_not_wanted_leaves_nothing(house: House) -> None:
    series_id = planned(house)
    with house.store.write() as unit:
        let_go(house, unit, series_id)

    assert states(house, series_id) == ["cancelled"] * 3
    assert balances(house)["bath:2601"] == (3, 0, 0, 3)


def test_holds_that_lapsed_are_taken_again_and_what_is_gone_is_open(house: House, clock: FixedClock) -> None:
    series_id = planned(house)
    clock.advance(HOLD_FOR)
    with house.store.write() as unit:
        release_lapsed(house, unit)
    stranger_takes(house, datetime(2026, 12, 2, 15, tzinfo=SHANGHAI))

    with house.store.write() as unit:
        assert plans.hold_again(house, unit, who(unit, "mei"), series_id) is False
        assert [v.ordinal for v, _ in open_visits(unit, series_id)] == [2]
        skip(house, unit, who(unit, "mei"), series_id, [2])
    firm(house, series_id)
    assert states(house, series_id) == ["confirmed"] * 2
    assert balances(house)["bath:2601"] == (3, 2, 0, 1)


def test_one_visit_is_dropped_or_moved_alone_and_then_the_rest(house: House) -> None:
    series_id = planned(house)
    firm(house, series_id)
    with house.store.write() as unit:
        rows = unit.series.rows(series_id)
        first, second = rows[0][1], rows[1][1]
        assert first is not None
        assert second is not None
        mei = who(unit, "mei")
        cancel(house, unit, mei, first.id)
        moment = datetime(2026, 12, 3, 10, tzinfo=SHANGHAI)
        service = house.catalogue.service("assisted_bathing")
        ask = Ask(mei, service, "home", (moment, moment + timedelta(minutes=1)), moment, second.id)
        move(house, unit, mei, second.id, find_times(house, unit, ask)[0])
    assert days(house, series_id) == [d("11-25"), d("12-03"), d("12-09")]
    assert states(house, series_id) == ["cancelled", "confirmed", "confirmed"]
    assert balances(house)["bath:2601"] == (3, 2, 0, 1)

    with house.store.write() as unit:
        done = drop_rest(house, unit, who(unit, "mei"), series_id)
    assert len(done) == 2
    assert states(house, series_id) == ["cancelled"] * 3
    assert balances(house)["bath:2601"] == (3, 0, 0, 3)


def test_a_child_who_may_not_cancel_drops_no_rest(house: House) -> None:
    series_id = planned(house, actor="huan")
    firm(house, series_id, "huan")

    with pytest.raises(NotAllowed), house.store.write() as unit:
        drop_rest(house, unit, who(unit, "huan"), series_id)
    assert states(house, series_id) == ["confirmed"] * 3


def test_a_holiday_moves_its_visit_and_the_read_back_says_why(house: House, clock: FixedClock) -> None:
    clock.moment = datetime(2026, 9, 22, 10, tzinfo=SHANGHAI)
    series_id = planned(house, CHECKS, service="health_checkup", channel="store", self_pay=True)

    assert days(house, series_id) == [d("09-24"), d("10-08"), d("10-09")]
    with house.store.read() as unit:
        series = unit.series.get(series_id)
        assert series is not None
        told = read_back(house, unit, series, "您")
    assert "10月1日，下个星期四国庆放假，这一次改到10月9日，星期五。" in told


def with_table(house: House, *holidays: tuple[str, str, str]) -> House:
    """The house when next year's table has come."""
    spans = dict(house.calendar.spans)
    spans |= {(2027, name): (date.fromisoformat(a), date.fromisoformat(b)) for name, a, b in holidays}
    return replace(house, calendar=replace(house.calendar, spans=spans, valid_through=date(2027, 12, 31)))


@pytest.fixture
def past_the_table(house: House, clock: FixedClock) -> str:
    """Three Thursdays: 24 and 31 December, and 7 January, which no table covers."""
    clock.moment = datetime(2026, 12, 22, 10, tzinfo=SHANGHAI)
    series_id = planned(house, CHECKS, service="health_checkup", channel="store", self_pay=True)
    firm(house, series_id)
    return series_id


def test_past_the_table_a_visit_is_provisional_until_the_table_comes(
    house: House, past_the_table: str
) -> None:
    with house.store.read() as unit:
        assert [v.provisional for v, _ in unit.series.rows(past_the_table)] == [False, False, True]
    assert series_due.work_off(house) == 0

    assert series_due.work_off(with_table(house)) == 1
    assert series_due.work_off(with_table(house)) == 0

    assert days(house, past_the_table) == [d("12-24"), d("12-31"), d("2027-01-07")]
    assert pushed(house, "mei")[-1] == "国家公布放假了。您后面1次体检都不放假，照原来的时间来。"


def test_a_visit_that_turns_out_to_be_on_a_holiday_is_moved_and_told(
    house: House, past_the_table: str
) -> None:
    later = with_table(house, ("元旦", "2027-01-01", "2027-01-09"))

    assert series_due.work_off(later) == 1

    assert days(house, past_the_table) == [d("12-24"), d("12-31"), d("2027-01-09")]
    told = pushed(house, "mei")[-1]
    assert "2027年1月7日，星期四，上午9点，元旦放假，改到2027年1月9日，星期六，上午9点。" in told


def test_where_nothing_is_free_after_the_holiday_times_are_offered_and_a_person_is_told(
    house: House, past_the_table: str
) -> None:
    later = with_table(house, ("元旦", "2027-01-01", "2027-01-31"))

    assert series_due.work_off(later) == 1

    assert days(house, past_the_table)[-1] == d("2027-01-31")


def test_a_lunar_rule_finds_its_days(house: House) -> None:
    rule = "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15;BYHOUR=15;BYMINUTE=0;COUNT=2"
    series_id = planned(house, rule)

    assert days(house, series_id) == [d("12-09"), d("12-23")]
    with house.store.read() as unit:
        series = unit.series.get(series_id)
        assert series is not None
        told = read_back(house, unit, series, "您")
    assert "农历每月初一、十五下午3点，一共2次。" in told
    assert "这几天：12月9日，星期三；12月23日，星期三。" in told


def lay_rehab(house: House) -> None:
    """Two therapists, one of whom is off on Fridays, and one who lives in."""
    with house.store.write() as unit:
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


def test_the_same_person_comes_where_that_can_be(house: House) -> None:
    lay_rehab(house)
    rule = "FREQ=WEEKLY;BYDAY=WE,FR;BYHOUR=8;COUNT=6"
    series_id = planned(house, rule, service="rehab_neuro", self_pay=True)

    with house.store.read() as unit:
        assert len({b.staff_id for _, b in unit.series.rows(series_id) if b}) == 1


@pytest.mark.parametrize("code", ["neuro_short", "live_in_short"])
def test_a_care_product_begins_with_an_assessment_and_ends_with_a_review_and_a_question(
    house: House, clock: FixedClock, code
) -> None:
    lay_rehab(house)
    product = products.load()[code]
    rule = f"{product.rule};BYHOUR=8"
    series_id = planned(house, rule, service=product.service, self_pay=True, product=product)

    with house.store.read() as unit:
        rows = unit.series.rows(series_id)
        assert len(rows) == product.visits
        assert [str(v.part) for v, _ in rows] == ["assessment", *["visit"] * (len(rows) - 2), "review"]
        assert rows[0][0].service == rows[-1][0].service == product.assess
        assert all(b is not None for _, b in rows)
    firm(house, series_id)
    with house.store.read() as unit:
        series = unit.series.get(series_id)
        assert series is not None
        assert series.due_at is not None
        clock.moment = local(series.due_at).replace(hour=12)
    assert series_due.work_off(house) == 1
    assert series_due.work_off(house) == 0
    assert "做完了" in pushed(house, "mei")[-1]


def test_who_lives_in_has_a_day_off(house: House) -> None:
    lay_rehab(house)
    series_id = planned(house, "FREQ=DAILY;COUNT=7", service="live_in_care", self_pay=True)

    # Saturday the 28th is the first of them; Sunday is off.
    found = days(house, series_id)
    assert len(found) == 7
    assert all(day.weekday() != 6 for day in found)
    assert states(house, series_id) == [str(Status.HELD)] * 7


def test_those_who_come_and_the_family_hear_once_of_all(house: House) -> None:
    with house.store.write() as unit:
        unit.people.add(Person(id="gao", name="高师傅", role=Role.CARER))
        unit.flush()
        staff = unit.providers.staff("s1")
        assert staff is not None
        staff.person_id = "gao"
    series_id = planned(house, actor="huan")
    firm(house, series_id, "huan")
    assert len(pushed(house, "gao")) == 1
    assert "您有3次新的活：刘梅，助浴，每周三下午3点" in pushed(house, "gao")[0]

    with house.store.write() as unit:
        drop_rest(house, unit, who(unit, "mei"), series_id)
    assert len(pushed(house, "gao")) == 2
    assert pushed(house, "huan") == [
        "您母亲的助浴往后的3次都取消了，从明天，11月25日，星期三到12月9日，星期三。"
    ]


def test_the_card_of_those_who_come_says_what_a_visit_is_to_the_course(house: House) -> None:
    lay_rehab(house)
    product = products.load()["neuro_short"]
    rule = f"{product.rule};BYHOUR=8"
    series_id = planned(house, rule, service="rehab_neuro", self_pay=True, product=product)
    firm(house, series_id)

    with house.store.read() as unit:
        rows = [booking for _, booking in unit.series.rows(series_id) if booking is not None]
        told = [course_line(house, unit, booking) for booking in (rows[0], rows[1], rows[-1])]
    assert [line.split("。")[0] for line in told if line] == [
        "「神经康复短疗程」第1次，先评估",
        "「神经康复短疗程」第2次",
        "「神经康复短疗程」第8次，看效果",
    ]


def test_a_course_that_becomes_shorter_keeps_its_review(house: House) -> None:
    lay_rehab(house)
    product = products.load()["neuro_short"]
    rule = f"{product.rule};BYHOUR=8"
    series_id = planned(house, rule, service="rehab_neuro", self_pay=True, product=product)
    with house.store.write() as unit:
        skip(house, unit, who(unit, "mei"), series_id, [7, 8])

    with house.store.read() as unit:
        left = [str(v.part) for v, _ in unit.series.rows(series_id) if not v.skipped]
    assert left == ["assessment", *["visit"] * 4, "review"]


def test_other_weekdays_are_named_where_somebody_works(house: House) -> None:
    lay_rehab(house)
    with house.store.write() as unit:
        for certificate in unit.visits.certificates_of("t2"):
            certificate.valid_until = date(2025, 12, 31)
    with house.store.write() as unit:
        found = Search(
            house, unit, who(unit, "mei"), "rehab_neuro", "home", "FREQ=WEEKLY;BYDAY=FR;BYHOUR=8"
        ).other_days()
    assert [rule.weekdays for rule in found] == [(0,), (1,), (2,)]


@given(
    st.lists(st.sampled_from(["take", "skip", "drop", "lapse", "again", "firm"]), min_size=1, max_size=8),
    st.integers(1, 6),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_with_a_series_the_ledger_holds_what_stands(house: House, steps, count) -> None:
    """Random histories: what the benefit holds is what the visits that stand take of it, and never more than there is."""
    key = f"k{next(_keys)}"
    house.clock.moment = NOW
    series_id = planned(house, BATHS.replace("COUNT=3", f"COUNT={count}"), key)
    for number, step in enumerate(steps):
        try:
            _do(house, series_id, step, number % count + 1)
        except (RuleBroken, IndexError):
            continue
    with house.store.write() as unit:
        rows = [b for _, b in unit.series.rows(series_id) if b is not None]
        carried = [b for b in rows if b.grant_id and b.status in OCCUPYING]
        assert len({b.begin for b in rows if b.status in OCCUPYING}) == len(
            [b for b in rows if b.status in OCCUPYING]
        )
        assert balances(house)["bath:2601"][1] == len(carried) <= 3
        let_go(house, unit, series_id)
    with house.store.write() as unit:
        found = unit.series.get(series_id)
        assert found is not None
        if found.state is SeriesState.STANDING:
            drop_rest(house, unit, who(unit, "mei"), series_id)
    assert balances(house)["bath:2601"] == (3, 0, 0, 3)


_keys = count(1)


def _do(house: House, series_id: str, step: str, ordinal: int) -> None:
    with house.store.write() as unit:
        mei = who(unit, "mei")
        series = unit.series.get(series_id)
        assert series is not None
        visit, booking = unit.series.rows(series_id)[ordinal - 1]
        match step:
            case "take":
                offers = plans.search_for(house, unit, series, mei).offers(visit)
                take(house, unit, mei, series_id, ordinal, offers[0])
            case "skip" if series.state is SeriesState.HELD:
                skip(house, unit, mei, series_id, [ordinal])
            case "drop" if booking is not None and booking.status is Status.CONFIRMED:
                cancel(house, unit, mei, booking.id)
            case "lapse":
                house.clock.advance(HOLD_FOR)
                release_lapsed(house, unit)
            case "again":
                plans.hold_again(house, unit, mei, series_id)
            case "firm":
                confirm_all(house, unit, mei, series_id)
