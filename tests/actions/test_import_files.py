"""Files taken in: wholly or not at all, the same one twice changes nothing, every bad row named by line and column."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from actions.importing import Listener, import_files, sheets
from domain.errors import OutOfDate
from domain.people import Role
from tests.actions.importing import HEAD, MEI, PLAN, Desk, rows, told


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
