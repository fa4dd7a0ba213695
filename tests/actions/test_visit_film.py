"""The film of one booking: booked by the child, confirmed, reminded, on the way, late, arrived, done, confirmed by the elder,
committed, card to the child. Every row that it leaves is asserted, on both databases.
"""

from __future__ import annotations

from datetime import timedelta

from actions import remind, visit_due
from actions.book import Order, confirm, hold
from actions.find_times import Ask, find_times
from actions.house import House
from actions.remind_answers import seen
from actions.visit_arrival import arrive
from actions.visit_checks import confirm as it_was_so
from actions.visits import Report, begin, finish, on_the_way
from domain.bookings import Status
from domain.clock import FixedClock
from domain.visits import VisitState
from tests.actions.visiting import BATH, START, add_carers, balance, heard, topics, who


def test_the_film_of_one_booking(house: House, clock: FixedClock) -> None:
    add_carers(house)
    with house.store.write() as unit:
        unit.conversations.of("mei")
        unit.conversations.of("huan")
    bath = house.catalogue.service("assisted_bathing")

    # Held by the daughter, within the mother's consent.
    with house.store.write() as unit:
        mei, huan = who(unit, "mei"), who(unit, "huan")
        day = START.replace(hour=0)
        (slot, *_) = find_times(house, unit, Ask(mei, bath, "home", (day, day + timedelta(days=1)), START))
        held, _ = hold(house, unit, Order(huan, mei, bath, "home", slot), "message-1")
        assert held is not None
        booking_id = held.id
        assert (held.status, held.hold_until) == (Status.HELD, house.now() + timedelta(minutes=5))
    assert balance(house) == (1, 0, 2)

    # Confirmed: the visit is made in the same transaction, and the carer hears of it.
    with house.store.write() as unit:
        confirm(house, unit, who(unit, "huan"), booking_id)
    with house.store.read() as unit:
        visit = unit.visits.of_booking(booking_id)
        assert visit is not None
        visit_id, code = visit.id, visit.code
        assert (visit.state, visit.due_at) == (VisitState.ASSIGNED, START + timedelta(minutes=15))
        assert len(code) == 4
        assert code.isdigit()
    assert heard(house, "gao") == ["新的活：后天，11月26日，星期四，下午3点，刘梅家，助浴，试城东区一号。"]

    # Reminded: a day before, to both; the mother says that she knows, and nobody is asked again.
    clock.moment = START - timedelta(days=1)
    assert remind.work_off(house) == 2
    assert heard(house, "huan") == ["您母亲明天，11月26日，星期四，下午3点，有助浴，高师傅到家来。"]
    with house.store.write() as unit:
        rule = unit.reminders.living(f"visit:{booking_id}")
        assert rule is not None
        said = unit.reminders.occurrence(rule.id, "mei", "day_before")
        assert said is not None
        assert seen(house, unit, who(unit, "mei"), said.id).startswith(
            "好的。明天，11月26日，星期四，下午3点"
        )
    clock.moment = START.replace(hour=7, minute=30)
    assert remind.work_off(house) == 2
    # The agreed two hours before lie in the nap, so that it is its end.
    clock.moment = START.replace(hour=14, minute=30)
    assert remind.work_off(house) == 2
    assert (
        heard(house, "mei")[1:]
        == ["跟您说一声：今天，11月26日，星期四，下午3点，您有助浴，高师傅到家来。"] * 2
    )
    with house.store.read() as unit:
        ladder = [
            (i.person_id, i.occurrence, str(i.reason or i.state)) for i in unit.reminders.instances(rule.id)
        ]
        assert sorted(ladder) == [
            ("huan", "day_before", "sent"),
            ("huan", "morning", "sent"),
            ("huan", "two_hours", "sent"),
            ("mei", "again", "answered"),
            ("mei", "day_before", "sent"),
            ("mei", "morning", "sent"),
            ("mei", "two_hours", "sent"),
        ]

    # On the way: the mother hears who, when, and her four digits.
    clock.moment = START - timedelta(minutes=10)
    with house.store.write() as unit:
        on_the_way(house, unit, who(unit, "gao"), visit_id, Report("step-1"))
    assert heard(house, "mei")[-1] == (
        f"高师傅出发了，来给您做助浴，大约下午3点到。\n人到了，请把这四个数告诉他：{code}。不是他来就别开门。"
    )

    # A quarter of an hour late: she hears first. Half an hour: the coordinator.
    clock.moment = START + timedelta(minutes=15)
    assert visit_due.work_off(house) == 1
    assert visit_due.work_off(house) == 0
    assert heard(house, "mei")[-1].startswith("高师傅在路上，晚了一会儿")
    assert heard(house, "gao")[-1].startswith("下午3点刘梅家的助浴，您还没报「到了」")
    assert topics(house) == []
    clock.moment = START + timedelta(minutes=30)
    visit_due.work_off(house)
    assert topics(house) == [("visit_late", "high")]
    assert heard(house, "mei")[-1] == "还没等到人，对不起。我已经请生活管家去找，管家会打给您。"

    # Arrived with her digits, begun, done.
    clock.moment = START + timedelta(minutes=33)
    with house.store.write() as unit:
        gao = who(unit, "gao")
        assert not arrive(house, unit, gao, visit_id, Report("step-2"), code=code).wrong_code
        begin(house, unit, gao, visit_id, Report("step-3"))
    clock.moment = START + timedelta(minutes=115)
    with house.store.write() as unit:
        done = finish(
            house,
            unit,
            who(unit, "gao"),
            visit_id,
            Report("step-4"),
            BATH,
            {"blood_pressure": "血压 132/78", "no such": "x"},
        )
        assert (done.state, done.flags, done.missing) == (VisitState.DONE, [], [])
        assert done.due_at == house.now() + timedelta(hours=24)
    assert heard(house, "mei")[-1] == "高师傅说助浴做完了，下午3点33分到下午4点55分。\n是来过了吗？"
    assert balance(house) == (1, 0, 2)

    # The daughter's card, at the very moment of the end.
    card = heard(house, "huan")[-1]
    assert card.startswith("【到家】您母亲的助浴做完了。\n高师傅，15:33到，16:55走。该做的9样都做了。")
    assert "记下的：血压 132/78。" in card

    # She says that it was so: verified, committed, fulfilled.
    clock.advance(timedelta(minutes=5))
    with house.store.write() as unit:
        it_was_so(house, unit, who(unit, "mei"), visit_id, "press-1", came=True)
    assert balance(house) == (0, 1, 2)

    with house.store.read() as unit:
        visit, booking = unit.visits.get(visit_id), unit.bookings.get(booking_id)
        assert visit is not None
        assert booking is not None
        assert (visit.state, visit.confirmed_by, visit.verified_by) == (VisitState.VERIFIED, "mei", "mei")
        assert (visit.due_at, visit.method, visit.staff_id) == (None, "code", "s1")
        assert [(e.kind, e.actor_id) for e in unit.visits.history(visit_id)] == [
            ("assigned", "huan"),
            ("on_the_way", "gao"),
            ("late_1", None),
            ("late_2", None),
            ("arrived", "gao"),
            ("begun", "gao"),
            ("done", "gao"),
            ("confirmed", "mei"),
            ("verified", "mei"),
        ]
        assert booking.status is Status.FULFILLED
        assert [(e.kind, e.actor_id) for e in unit.bookings.history(booking_id)] == [
            ("confirmed", "huan"),
            ("fulfilled", "mei"),
        ]
        grant = unit.benefits.entitlements("mei", house.today())[0].grant
        assert [(str(e.kind), e.amount, e.booking_id) for e in unit.benefits.entries(grant.id)] == [
            ("hold", 1, booking_id),
            ("commit", 1, booking_id),
        ]
        assert [(u.actor_id, u.action.split(":")[0]) for u in reversed(unit.people.uses_of("mei"))] == [
            ("huan", "book"),
            ("huan", "confirm"),
            ("huan", "reminder"),
            ("huan", "reminder"),
            ("huan", "reminder"),
            ("huan", "visit_card"),
        ]
        provider = unit.providers.get("p1")
        assert provider is not None
        assert (provider.visits_count, provider.visits_in_time) == (1, 0)
        (late,) = unit.tickets.list(queues=("life",))
        assert late.card["task"]["visit"] == visit_id
