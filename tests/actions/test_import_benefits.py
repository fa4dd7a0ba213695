"""Plans, memberships and what was used before, from files."""

from __future__ import annotations

from datetime import date

import pytest

from actions.look_up_benefits import entitlements_of
from tests.actions.importing import MEI, PLAN, Desk, told


def test_what_was_used_before_is_in_the_ledger(desk: Desk) -> None:
    grants = ("会员,计划代码,生效日期,终止日期,已用", "13900000001,gold,2026-01-01,2026-12-31,bath=2")

    desk.take(desk.csv("plans", *PLAN), desk.csv("grants", *grants))

    with desk.house.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        found = {
            i.benefit.code: i for i in entitlements_of(desk.house, unit, mei) if i.benefit.plan_id != "pl"
        }
        assert (found["bath"].balance.left, found["bath"].balance.used) == (10, 2)
        assert (found["bath"].benefit.copay_cents, found["bath"].expires_on) == (1050, date(2026, 12, 31))
        # What the family shares is granted when it is asked for, and is there all the same.
        assert found["doctor"].balance.left == 24
        entries = unit.benefits.entries(found["bath"].grant.id)
        assert [(str(e.kind), e.amount) for e in entries] == [("hold", 2), ("commit", 2)]
    for changed, reason in (
        (grants[1].replace("bath=2", "bath=3"), "已经记过账"),
        (grants[1].replace("12-31", "11-30"), "终止日期不能改"),
        (grants[1].replace("2026-01-01", "2026-02-01"), "日期重叠"),
        (grants[1].replace("bath", "gold"), "没有这项权益"),
        (grants[1].replace("gold,", "silver,"), "没有这个计划"),
    ):
        desk.take(desk.csv("grants", grants[0], changed))
        assert reason in desk.problems[0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("13900000002,gold,2026-01-01,2026-12-31,bath=13", "超过了总数12"),
        ("13900000002,gold,2026-01-01,2026-12-31,doctor=1", "还没有发放"),
        ("13900000002,gold,2026-12-31,2026-01-01,", "前后颠倒"),
        ("13999999999,gold,2026-01-01,2026-12-31,", "没有这位会员"),
        ("13900000002,gold,2026-01-01,2026-12-31,两次", "已用看不懂"),
    ],
)
def test_memberships_that_cannot_be(desk: Desk, line: str, reason: str) -> None:
    desk.take(desk.csv("plans", *PLAN))

    desk.take(desk.csv("grants", "会员,计划代码,生效日期,终止日期,已用", line))

    assert reason in desk.problems[0]


def test_a_member_is_not_one_of_a_plan_twice_in_a_file(desk: Desk) -> None:
    desk.members(MEI)
    head = "会员,计划代码,生效日期,终止日期"
    lines = (
        "M1,gold,2026-01-01,2026-12-31",
        "13900000001,gold,2026-06-01,2027-05-31",
        "M1,gold,2027-01-01,2027-12-31",
    )
    desk.take(desk.csv("plans", *PLAN))

    (outcome,) = desk.take(desk.csv("grants", head, *lines))

    assert told(outcome, "grants") == "2 0 0 1"
    assert desk.problems[0].startswith("grants.csv:3: ")
    assert "和第2行重复" in desk.problems[0]


def test_rows_that_speak_of_the_same_plan_agree(desk: Desk) -> None:
    desk.take(desk.csv("plans", *PLAN[:2], PLAN[2].replace("金卡", "银卡")))

    assert desk.problems[0].startswith("plans.csv:3: ")
    assert "和第2行写的不一样" in desk.problems[0]


def test_a_benefit_is_not_counted_in_another_way_once_it_is_there(desk: Desk) -> None:
    desk.take(desk.csv("plans", *PLAN))
    (more,) = desk.take(desk.csv("plans", PLAN[0], PLAN[1].replace(",12,", ",15,")))

    assert told(more, "plans") == "0 1 0 0"
    desk.take(desk.csv("plans", PLAN[0], PLAN[1].replace("次", "小时")))
    assert "不能换单位" in desk.problems[0]
