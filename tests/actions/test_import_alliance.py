"""Providers, sites, staff and certificates from files; a workbook of several sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from openpyxl import Workbook

from domain.people import Role
from domain.store.bulk import count
from tests.actions.importing import HEAD, Desk, told

ALLIANCE: dict[str, Sequence[str]] = {
    "providers": (
        "机构代码,机构名称,合同开始,合同结束,城市,区县,服务,渠道,价格元,线上方式",
        "ak,安康,2026-01-01,2028-12-31,试城,东区,助浴,到家,158,",
        "ak,安康,,,试城,,视频问诊,到线,60.5,https://x.example/{number}",
    ),
    "sites": (
        "机构代码,门店编号,门店名称,城市,区县,地址,纬度,经度,营业日,营业时间,房间,容量,服务",
        "ak,S1,安康一店,试城,东区,东区八号,30.01,120.02,周一至周五,08:00-12:00、13:00-18:00,体检区,6,体检",
        "ak,S1,安康一店,试城,东区,东区八号,30.01,120.02,周一至周五,08:00-12:00、13:00-18:00,接种室,2,疫苗接种",
    ),
    "staff": (
        "机构代码,工号,姓名,性别,手机号,城市,纬度,经度,会说,上班日,上班时间",
        "ak,A1,苗师傅,女,13700000001,试城,30,120,普通话、四川话,周一至周六,08:00-18:00",
    ),
    "certificates": (
        "机构代码,工号,证书种类,证书编号,等级,有效期起,有效期止",
        "ak,A1,bathing,B1,,2024-01-01,2029-12-31",
        "ak,A1,nurse,N1,主管护师,2024-01-01,2029-12-31",
    ),
}


def test_an_alliance_comes_in_and_can_be_booked(desk: Desk) -> None:
    files = [desk.csv(name, *lines) for name, lines in ALLIANCE.items()]

    assert [o.problems for o in desk.take(*files, dry_run=True)] == [0] * 4, desk.problems
    assert [told(o, n) for o, n in zip(desk.take(*files), ALLIANCE, strict=True)] == [
        "2 0 0 0",
        "2 0 0 0",
        "1 0 0 0",
        "2 0 0 0",
    ]
    assert [told(o, n) for o, n in zip(desk.take(*files), ALLIANCE, strict=True)] == [
        "0 0 2 0",
        "0 0 2 0",
        "0 0 1 0",
        "0 0 2 0",
    ]
    assert [
        count(desk.house.store, t) for t in ("site_hours", "shifts", "staff_districts", "provider_districts")
    ] == [
        7 + 10,
        7 + 6,
        2,
        1,
    ]
    with desk.house.store.read() as unit:
        account = unit.people.by_phone("13700000001")
        assert account is not None
        (staff,) = unit.visits.staff_of(account.id)
        assert (account.role, staff.dialects, staff.external_no) == (Role.CARER, ["普通话", "四川话"], "A1")
        assert {o.price_cents for o in unit.providers.offerings("video_consult", "c1")} == {6050}


def test_hours_that_change_take_the_place_of_the_old(desk: Desk) -> None:
    desk.take(*(desk.csv(name, *lines) for name, lines in ALLIANCE.items()))
    staff = (ALLIANCE["staff"][0], ALLIANCE["staff"][1].replace("周一至周六", "周一、周三"))

    (outcome,) = desk.take(desk.csv("staff", *staff))

    assert told(outcome, "staff") == "0 1 0 0"
    assert count(desk.house.store, "shifts") == 7 + 2


@pytest.mark.parametrize(
    ("sheet", "line", "reason"),
    [
        ("providers", "zz,众,,,试城,,助浴,到店,1,", "不能这样做"),
        ("providers", "zz,众,,,试城,,助浴,到家,,", "必须填"),
        ("providers", "zz,众,,,试城,,视频问诊,到线,1,", "call"),
        ("providers", "zz,众,,,试城,,助浴,到家,1,call", "只有到线"),
        ("providers", "zz,众,2028-01-01,2027-01-01,试城,,,,,", "前后颠倒"),
        ("providers", "zz,众,,,试城,,,到家,,", "先写服务"),
        ("providers", "z z,众,,,试城,,,,,", "代码只能用"),
        ("sites", "zz,S1,店,试城,东区,一号,30,120,,,,,", "没有这家机构"),
        ("sites", "p1,S1,店,试城,东区,一号,300,120,,,,,", "要在3到54之间"),
        ("sites", "p1,S1,店,试城,东区,一号,30,120,周八,08:00-09:00,,,", "星期看不懂"),
        ("sites", "p1,S1,店,试城,东区,一号,30,120,,09:00-08:00,,,", "时间看不懂"),
        ("sites", "p1,S1,店,试城,东区,一号,30,120,,,厅,2,助浴", "不能这样做"),
        ("sites", "p1,S1,店,试城,东区,一号,30,120,,,厅,,体检", "必须填"),
        ("staff", "p1,A1,苗,女,13900000001,试城,30,120,,,", "会员或别人的"),
        ("staff", "p1,A1,苗,女,,试城,30,120,,周一,", "必须填"),
        ("certificates", "p1,A1,bathing,B1,,2024-01-01,2029-12-31", "没有这个工号"),
        ("certificates", "p1,A1,飞行,B1,,2024-01-01,2029-12-31", "bathing"),
    ],
)
def test_providers_sites_and_staff_that_cannot_be(desk: Desk, sheet: str, line: str, reason: str) -> None:
    (outcome,) = desk.take(desk.csv(sheet, ALLIANCE[sheet][0], line))

    assert outcome.sheets[sheet].bad == 1
    assert reason in desk.problems[0]


def test_a_workbook_of_several_sheets_is_one_file(desk: Desk) -> None:
    book = Workbook()
    people = book.active
    assert people is not None
    people.title = "会员"
    people.append(HEAD.split(","))
    people.append(["M1", "刘梅", 13900000001, date(1946, 3, 1), "女", "试城", "东区", None])
    people.append(["M2", "周", 13912345678.0, "1950/2/3", "男", None, None, None])
    families = book.create_sheet("家人")
    families.append(["关系", "老人", "亲属"])
    families.append(["母亲", "M2", "M1"])
    book.create_sheet("说明").append(["不读"])
    path = desk.folder / "今年.xlsx"
    book.save(path)

    (outcome,) = desk.take(path)

    assert desk.problems == []
    assert (told(outcome, "members"), told(outcome, "families")) == ("1 1 0 0", "1 0 0 0")
    people.append(["M3", "=A2", None, None, None, None, None, None])
    people.append(["M4", "吴", 139.5, None, None, None, None, None])
    families.append(["母亲", "M3", "M1"])
    book.save(path)
    (outcome,) = desk.take(path)
    assert outcome.written is False
    assert [p.partition(": ")[0] for p in desk.problems] == ["今年.xlsx[会员]:4", "今年.xlsx[会员]:5"]
