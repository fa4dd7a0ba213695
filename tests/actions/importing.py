"""What the tests of imports share: files that are written for them, and what became of the rows."""

from __future__ import annotations

from pathlib import Path

from actions.house import House
from actions.importing import Listener, Outcome, import_files
from domain.store import Store
from domain.store.bulk import count

HEAD = "会员编号,姓名*,手机号,出生日期,性别,城市,区县,谁开门"
MEI = "M1,刘梅,13900000001,1946-03-01,女,试城,东区,女儿开门"
PLAN = (
    "计划代码,计划名称,权益代码,权益名称,单位,数量,周期,服务,渠道,自付元,共享",
    "gold,金卡,bath,助浴,次,12,年,助浴,到家,10.5,",
    "gold,金卡,doctor,线上问诊,次,24,年,视频问诊、phone_consult,到线,,全家",
)
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


def rows(store: Store) -> list[int]:
    return [count(store, table) for table in TABLES]
