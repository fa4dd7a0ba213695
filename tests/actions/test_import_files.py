"""Files taken in: wholly or not at all, the same one twice changes nothing, every bad row named by line and column."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from actions.house import House
from actions.importing import Listener, Outcome, import_files, sheets
from actions.look_up_benefits import entitlements_of
from domain.errors import OutOfDate
from domain.people import Role
from domain.store import Store
from domain.store.bulk import count

HEAD = "会员编号,姓名*,手机号,出生日期,性别,城市,区县,谁开门"
MEI = "M1,刘梅,13900000001,1946-03-01,女,试城,东区,女儿开门"
TABLES = (
    "persons",
    "kinships",
    "plans",
    "benefits",
    "enrolments",
    "grants",
    "balances",
    "entries",
    "providers",
)


class Desk:
    """Files written and taken in by one house."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder
        self.problems: list[str] = []

    def take(self, *files: Path, dry_run: bool = False) -> list[Outcome]:
        self.problems.clear()
        listener = Listener(lambda problem: self.problems.append(problem.told(self.house.words)))
        return import_files(self.house, files, listener, dry_run=dry_run)

    def csv(self, name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = self.folder / f"{name}.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    def members(self, *lines: str) -> str:
        """What is said of a members file with these lines below the headings."""
        (outcome,) = self.take(self.csv("members", HEAD, *lines))
        return told(outcome, "members")


def told(outcome: Outcome, sheet: str) -> str:
    found = outcome.sheets[sheet]
    return f"{found.new} {found.changed} {found.same} {found.bad}"


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return Desk(house, tmp_path)


def rows(store: Store) -> list[int]:
    return [count(store, table) for table in TABLES]


def test_members_come_in_and_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    new = "M2,周大爷,139 1234 5678,1950年2月3日,男,试城市,东区,"

    # 刘梅 is known by her telephone; the file brings her number and who opens the door.
    assert desk.members(MEI, new) == "1 1 0 0"
    assert desk.members(MEI, new) == "0 0 2 0"
    assert desk.members(MEI, new.replace("周大爷", "周老爷子")) == "0 1 1 0"
    with desk.house.store.read() as unit:
        zhou = unit.people.by_phone("13912345678")
        mei = unit.people.get("mei")
        assert zhou is not None
        assert mei is not None
        assert (zhou.name, zhou.born_on, zhou.city_id, zhou.role) == (
            "周老爷子",
            date(1950, 2, 3),
            "c1",
            Role.MEMBER,
        )
        assert (mei.external_no, mei.notes["opens"], mei.address) == ("M1", "女儿开门", "试城东区一号")


@pytest.mark.parametrize(
    "said", ["1946-03-01", "1946/3/1", "1946.03.01", "1946年3月1日", "19460301", "１９４６－３－１"]
)
def test_days_are_read_in_the_ways_people_write_them(desk: Desk, said: str) -> None:
    assert desk.members(MEI.replace("1946-03-01", said)) == "0 1 0 0"
    with desk.house.store.read() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        assert mei.born_on == date(1946, 3, 1)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("M2,,13912345678,,,,,", "姓名 (name)", "必须填"),
        ("M2,周,1391234567,,,,,", "手机号 (phone)", "手机号"),
        ("M2,周,13912345678,1950-02-30,,,,", "出生日期 (born_on)", "没有这一天"),
        ("M2,周,13912345678,去年,,,,", "出生日期 (born_on)", "日期看不懂"),
        ("M2,周,13912345678,2030-01-01,,,,", "出生日期 (born_on)", "没有这一天"),
        ("M2,周,13912345678,,妖,,,", "性别 (gender)", "男、女"),
        ("M2,周,13912345678,,,无城,,", "城市 (city)", "没有这个城市"),
        ("M2,周,13912345678,,,别城,东区,", "区县 (district)", "没有这个区"),
        ("M2,周,13912345678,,,,东区,", "区县 (district)", "先写城市"),
        ("M2,=A1,13912345678,,,,,", "姓名 (name)", "公式"),
        ("M2," + "长" * 10_000 + ",13912345678,,,,,", "姓名 (name)", "太长"),
        ("M2,周\x07,13912345678,,,,,", "姓名 (name)", "看不见"),
        (",周,,,,,,", "会员编号 (number)", "至少写一个"),
        ("M2,周,13912345678,,,,,,多", "", "格子比表头多"),
        ("M1,周,13900000009,,,,,", "", "和第2行重复"),
        ("M2,周,13900000001,,,,,", "", "和第2行重复"),
    ],
)
def test_a_bad_row_is_named_and_nothing_of_its_file_is_written(
    desk: Desk, line: str, column: str, reason: str
) -> None:
    before = rows(desk.house.store)

    assert desk.members(MEI, line) == "0 1 0 1"

    (said,) = desk.problems
    assert said.startswith(f"members.csv:3: {column}")
    assert reason in said
    # A person's data are in no message.
    assert not any(part in said for part in ("周", "13912345678", "1391234567", "刘梅"))
    assert rows(desk.house.store) == before
    with desk.house.store.read() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        assert mei.external_no is None


def test_every_bad_row_is_named_not_only_the_first(desk: Desk) -> None:
    desk.members(MEI, "M2,,139,,,,,", "", "# 说明", "M3,吴,13912345678,昨天,,,,")

    assert [p.split(": ")[0] for p in desk.problems] == ["members.csv:3"] * 2 + ["members.csv:6"]


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("members", b"", "文件是空的"),
        ("members", b"\n\n", "文件是空的"),
        ("members", HEAD.encode(), "没有内容"),
        ("members", "会员编号,手机号\nM1,13912345678".encode(), "姓名 (name)"),
        ("members", f"{HEAD},血型\n{MEI},A".encode(), "第9列"),
        ("members", f"{HEAD},电话\n{MEI},1".encode(), "有两列"),
        ("members", f"{MEI}\n{MEI}".encode(), "第1列"),
        ("members", f"{HEAD}\n{MEI}".encode("utf-16"), "编码不对"),
        ("members", HEAD.encode() + b"\nM1,\xff\xff,1", "编码不对"),
        ("members", b"name\n\x00\x01", "不是文本"),
        ("members", f'{HEAD}\nM1,"刘梅,13900000001'.encode(), "引号不成对"),
        ("members", HEAD.encode() + b"\n" + b"x" * 3 * 2**20, "一格太长"),
        ("members", b"PK\x03\x04 not really", "打不开"),
        ("members", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        ("名单", f"{HEAD}\n{MEI}".encode(), "看不出是什么表"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(
    desk: Desk, name: str, body: bytes, reason: str
) -> None:
    path = desk.folder / f"{name}.csv"
    path.write_bytes(body)

    (outcome,) = desk.take(path)

    assert (outcome.problems, outcome.written) == (1, False)
    assert reason in desk.problems[0]
    assert "刘梅" not in desk.problems[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_files_as_excel_writes_them(desk: Desk, encoding: str, mark: str) -> None:
    path = desk.csv("会员名单", HEAD.replace(",", mark), MEI.replace(",", mark), encoding=encoding)

    (outcome,) = desk.take(path)

    assert told(outcome, "members") == "0 1 0 0"


def test_headings_in_english_do_too(desk: Desk) -> None:
    (outcome,) = desk.take(desk.csv("members", "Phone,NAME", "+86 139-0000-0001,刘梅"))

    assert told(outcome, "members") == "0 0 1 0"


def test_a_telephone_of_another_or_of_the_staff_is_refused(desk: Desk) -> None:
    desk.members(MEI)
    with desk.house.store.write() as unit:
        life = unit.people.get("life1")
        assert life is not None
        life.phone = "13900000077"

    assert desk.members("M9,别人,13900000001,,,,,", "M8,管家,13900000077,,,,,") == "0 0 0 2"
    assert "另一位会员" in desk.problems[0]
    assert "工作人员" in desk.problems[1]


def test_a_dry_run_writes_nothing_and_knows_the_files_before(desk: Desk) -> None:
    before = rows(desk.house.store)
    files = (
        desk.csv("members", HEAD, MEI, "M2,周,13912345678,,,,,"),
        desk.csv("families", "老人,亲属,关系", "M2,13900000001,母亲"),
        desk.csv("plans", *PLAN),
        desk.csv("grants", "会员,计划代码,生效日期,终止日期,已用", "M2,gold,2026-01-01,2026-12-31,bath=2"),
    )

    assert [o.problems for o in desk.take(*files, dry_run=True)] == [0] * 4
    assert rows(desk.house.store) == before
    # Told in the wrong order, what is referred to is not there yet.
    assert [o.problems for o in desk.take(*reversed(files), dry_run=True)] == [2, 0, 1, 0]
    assert [o.written for o in desk.take(*files)] == [True] * 4
    after = rows(desk.house.store)
    assert [
        told(o, n) for o, n in zip(desk.take(*files), ("members", "families", "plans", "grants"), strict=True)
    ] == [
        "0 0 2 0",
        "0 0 1 0",
        "0 0 2 0",
        "0 0 1 0",
    ]
    assert rows(desk.house.store) == after


PLAN = (
    "计划代码,计划名称,权益代码,权益名称,单位,数量,周期,服务,渠道,自付元,共享",
    "gold,金卡,bath,助浴,次,12,年,助浴,到家,10.5,",
    "gold,金卡,doctor,线上问诊,次,24,年,视频问诊、phone_consult,到线,,全家",
)


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


def test_a_store_that_changed_since_the_check_keeps_what_it_has(desk: Desk) -> None:
    path = desk.csv("members", HEAD, "M2,周,13912345678,,,,,", "M3,吴,13912345679,,,,,")

    def meanwhile(step: object) -> None:
        if getattr(step, "step", "") == "check" and not known:
            known.append(True)
            import_files(desk.house, [desk.csv("members-2", HEAD, "M3,吴,13912345679,,,,,")], Listener())

    known: list[bool] = []
    with pytest.raises(OutOfDate):
        import_files(desk.house, [path], Listener(progress=meanwhile))
    with desk.house.store.read() as unit:
        assert unit.people.by_phone("13912345678") is None


def test_the_examples_of_the_templates_can_be_read() -> None:
    for sheet in sheets().values():
        for column in sheet.columns:
            if column.example:
                column.read(column.example)


def test_a_template_is_a_file_without_rows(desk: Desk) -> None:
    from actions.importing import template

    for name, sheet in sheets().items():
        lines = list(csv.reader(template(sheet).splitlines()))
        assert [len(line) for line in lines] == [len(sheet.columns)] * 2
        path = desk.csv(name, template(sheet))
        (outcome,) = desk.take(path)
        assert outcome.problems == 1
        assert "没有内容" in desk.problems[0]
