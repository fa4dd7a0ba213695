"""The desk in the terminal: every verb of the API that a coordinator works with, and what is typed wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions.hand_over import Cause, open_ticket
from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.terminal import _Desk
from bot.tokens import make
from bot.wiring import wire
from domain.clock import local
from domain.tickets import Priority, Ticket, TicketState

SECRET = "a secret of the tests, long enough for SHA-256"


class Typed:
    """Somebody's desk, what was typed there and what it said."""

    def __init__(
        self, client: TestClient, house: House, person_id: str, out: pytest.CaptureFixture[str]
    ) -> None:
        client.headers["Authorization"] = f"Bearer {make(SECRET, person_id, 3600)}"
        with house.store.read() as unit:
            person = unit.people.get(person_id)
        assert person is not None
        self._desk, self._out = _Desk(client, person, house), out

    def __call__(self, line: str) -> str:
        self._out.readouterr()
        self._desk.handle(line)
        return self._out.readouterr().out


@pytest.fixture
def typed(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1))) as client:
        yield Typed(client, house, "life1", capsys)


@pytest.fixture
def number(house: House) -> str:
    """A ticket of 刘梅's, by its number."""
    with house.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        cause = Cause("life", "request", Priority.NORMAL)
        return open_ticket(house, unit, unit.conversations.of("mei"), mei, cause, "terminal").number


def ticket(house: House, number: str) -> Ticket:
    with house.store.read() as unit:
        found = unit.tickets.list(queues=("life", "doctor"), words=number)
        return next(one for one in found if one.number == number)


def test_a_day_of_a_ticket(typed: Typed, number: str, house: House) -> None:
    assert typed("列表") == f"{number} 生活 平常 没人接 找人 刘梅\n"
    assert typed(f"认领 {number.lower()}") == "好了\n"
    assert "在办（我）" in typed("列表")
    assert typed(f"说 {number} 您好，我来了。") == "好了\n"
    assert typed(f"备注 {number} 要回电话") == "好了\n"
    seen = typed(f"看 {number}")
    assert seen.startswith("称呼：刘梅；电话：13900000001\n家里人：何欢 13900000002\n")
    assert "【生活管家】您好，我来了。" in seen
    assert "〔备注 林管家〕要回电话" in seen
    assert typed(f"等 {number} 30 护士回电话") == "好了\n"
    kept = ticket(house, number)
    assert (kept.state, kept.until_at) == (TicketState.WAITING, house.now() + timedelta(minutes=30))
    assert typed(f"放回 {number}") == "好了\n"
    assert ticket(house, number).owner_id is None
    assert typed(f"认领 {number}") == "好了\n"
    assert typed(f"转 {number} 问身体") == "好了\n"
    assert ticket(house, number).queue == "doctor"
    # It is another queue's now.
    assert typed(f"看 {number}").startswith("列表 |")


def test_until_an_hour_that_is_said(typed: Typed, number: str, house: House) -> None:
    typed(f"认领 {number}")
    assert typed(f"等 {number} 下午3点 护士回电话") == "好了\n"
    assert ticket(house, number).until_at == local(house.now()).replace(hour=15, minute=0)


def test_done_and_opened_again(typed: Typed, number: str, house: House) -> None:
    typed(f"认领 {number}")
    assert typed(f"办好 {number} 改到周五了") == "好了\n"
    assert ticket(house, number).state is TicketState.RESOLVED
    assert typed(f"办完 {number} 改到周五了") == "好了\n"
    assert ticket(house, number).state is TicketState.CLOSED
    assert number not in typed("列表")
    assert typed(f"再开 {number} 又不行了") == "好了\n"
    assert ticket(house, number).state is not TicketState.CLOSED


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("什么", "列表 |"),
        ("认领", "列表 |"),
        ("认领 ZZZZZZ", "列表 |"),
        ("胡说 {number} 一句", "列表 |"),
        ("说 {number}", "后面还要写一句"),
        ("转 {number}", "后面还要写一句"),
        ("等 {number}", "等到什么时候、等什么？"),
        ("等 {number} 30", "等到什么时候、等什么？"),
        ("等 {number} 改天 再说", "等到什么时候、等什么？"),
        ("说 {number} 没有认领就说", "不行："),
    ],
)
def test_what_is_typed_wrong_changes_nothing(
    typed: Typed, number: str, house: House, line: str, says: str
) -> None:
    before = ticket(house, number).version

    assert typed(line.format(number=number)).startswith(says)
    assert ticket(house, number).version == before
