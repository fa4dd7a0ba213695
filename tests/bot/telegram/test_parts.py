"""The door's small parts by themselves: limits, pieces, errors, commands; no server is met."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.doors.port import Attachment, Blocked, Later, Outgoing, Refused, SendError, Unknown
from bot.telegram.api import Api
from bot.telegram.commands import command_of
from bot.telegram.errors import translated
from bot.telegram.limits import ALL, BULK, Limits
from bot.telegram.sending import Text, cut, keyboard, pieces, units
from domain.conversations import Lane


class Clock:
    """Seconds that pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def limits() -> tuple[Limits, Clock]:
    clock = Clock()
    return Limits(clock, clock.sleep), clock


def test_the_real_telegram_cannot_be_reached_from_a_test() -> None:
    api = Api("1:a", "https://api.telegram.org", Limits())

    with pytest.raises(pytest.fail.Exception):
        asyncio.run(api.bot.request.post("https://api.telegram.org/bot1:a/getMe"))


def sent(made: Limits, clock: Clock, rows: list[tuple[int, Lane]]) -> list[float]:
    """When each message goes, one after the other."""
    times = []
    for chat, lane in rows:
        asyncio.run(made.turn(chat, lane))
        times.append(clock.now)
    return times


def most_in(times: list[float], seconds: float) -> int:
    return max(sum(start <= t < start + seconds for t in times) for start in times)


@pytest.mark.parametrize(("lane", "most"), [(Lane.LIVE, ALL), (Lane.BROADCAST, BULK)])
def test_so_many_a_second_in_all(lane: Lane, most: int) -> None:
    made, clock = limits()

    times = sent(made, clock, [(number, lane) for number in range(200)])

    assert most_in(times, 1.0) <= most
    assert times[-1] - times[0] < 200 / most + 1.5


def test_bulk_goes_at_twenty_five_a_second_or_more() -> None:
    made, clock = limits()

    times = sent(made, clock, [(number, Lane.BROADCAST) for number in range(1000)])

    assert 999 / (times[-1] - times[0]) >= 25


def test_a_live_word_finds_a_place_in_the_middle_of_a_broadcast() -> None:
    made, clock = limits()
    sent(made, clock, [(number, Lane.BROADCAST) for number in range(100)])

    assert made.wait(5000, Lane.BROADCAST) > 0
    assert made.wait(5000, Lane.LIVE) == 0


class Turns:
    """Many who wait for the common places at once, in simulated time; `order` is in which they went."""

    def __init__(self) -> None:
        self.now, self.order, self.sleepers = 1000.0, [], []
        self.limits = Limits(clock=lambda: self.now, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, len(self.sleepers), woken))
        await woken

    async def go(self, chat: int, lane: Lane) -> None:
        await self.limits.turn(chat, lane)
        self.order.append((self.now, lane))

    async def run(self, rows: list[tuple[int, Lane]]) -> None:
        tasks = [asyncio.create_task(self.go(*row)) for row in rows]
        while not all(task.done() for task in tasks):
            for _ in range(3):
                await asyncio.sleep(0)
            if self.sleepers:
                self.sleepers.sort(key=lambda one: one[:2])
                until, _, woken = self.sleepers.pop(0)
                self.now = max(self.now, until)
                woken.set_result(None)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Lane.LIVE, Lane.HUMAN),
        (Lane.LIVE, Lane.BROADCAST),
        (Lane.HUMAN, Lane.REMINDER),
        (Lane.REMINDER, Lane.BROADCAST),
    ],
)
def test_where_both_wait_the_lower_lane_goes_first(first: Lane, then: Lane) -> None:
    """Who came later, in a lower lane, is before all who were waiting in the higher one but the few under way."""
    turns = Turns()
    rows = [(number, then) for number in range(100)] + [(number + 1000, first) for number in range(100)]
    asyncio.run(turns.run(rows))

    lanes = [lane for _, lane in turns.order]
    last = max(place for place, lane in enumerate(lanes) if lane is first)
    assert sum(lane is then for lane in lanes[:last]) <= ALL + 1
    assert most_in([t for t, _ in turns.order], 1.0) <= ALL


def test_waiting_for_ones_own_chat_holds_up_no_other_lane() -> None:
    turns = Turns()
    turns.limits.quiet(7, 4.0)
    asyncio.run(turns.run([(7, Lane.LIVE), *((number + 100, Lane.BROADCAST) for number in range(20))]))

    assert [lane for _, lane in turns.order] == [Lane.BROADCAST] * 20 + [Lane.LIVE]


@pytest.mark.parametrize("workers", [1, 2, 3, 4])
def test_workers_share_what_the_account_may(workers: int) -> None:
    times: list[float] = []
    for _ in range(workers):
        made, clock = limits()
        made.share(workers)
        times += sent(made, clock, [(number, Lane.LIVE) for number in range(60)])

    assert most_in(sorted(times), 1.0) <= ALL


def test_a_worker_whom_the_others_do_not_know_yet_sends_no_bulk() -> None:
    made, _ = limits()
    made.share(2, settled=False)

    assert made.wait(1, Lane.BROADCAST) > 0
    assert made.wait(1, Lane.LIVE) == 0
    made.share(2)
    assert made.wait(1, Lane.BROADCAST) == 0


def test_one_chat_has_a_small_burst_and_then_one_a_second() -> None:
    made, clock = limits()

    times = sent(made, clock, [(7, Lane.LIVE)] * 6)

    assert times[:3] == [1000.0] * 3
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(times[2:]))
    assert made.wait(8, Lane.LIVE) == 0


def test_a_group_has_twenty_a_minute_and_then_goes_back_to_the_outbox() -> None:
    made, clock = limits()
    sent(made, clock, [(-7, Lane.HUMAN)] * 20)

    with pytest.raises(Later) as later:
        asyncio.run(made.turn(-7, Lane.HUMAN))

    assert later.value.wait is not None
    assert timedelta(seconds=50) < later.value.wait <= timedelta(seconds=61)


def test_a_chat_that_telegram_wants_quiet_is_quiet_alone() -> None:
    made, _ = limits()
    made.quiet(7, 3600)

    with pytest.raises(Later):
        asyncio.run(made.turn(7, Lane.LIVE))
    assert made.wait(8, Lane.LIVE) == 0


@given(st.text(max_size=400), st.integers(2, 60))
def test_pieces_are_short_enough_and_lose_nothing_but_space(text: str, most: int) -> None:
    found = list(cut(text, most))

    assert all(0 < units(piece) <= most for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_cuts_are_made_where_a_reader_would_make_them() -> None:
    text = "第一段话说到这里。\n\n第二段，说得长一些。还有一句。"

    assert list(cut(text, 16)) == ["第一段话说到这里。", "第二段，说得长一些。还有一句。"]
    assert list(cut(text, 13)) == ["第一段话说到这里。", "第二段，说得长一些。", "还有一句。"]
    assert list(cut("😀" * 5, 4)) == ["😀😀", "😀😀", "😀"]


def test_who_speaks_is_in_bold_and_nothing_else() -> None:
    (text,) = pieces(Outgoing(1, "*您好*", "ai"), "AI管家")

    assert isinstance(text, Text)
    assert text.text == "【AI管家】*您好*"
    assert [(e.type, e.offset, e.length) for e in text.entities] == [("bold", 0, 6)]
    assert pieces(Outgoing(1, " ", "ai"), "AI管家") == []


def test_choices_are_large() -> None:
    two = keyboard((("是", "b_1"), ("不是", "b_2")))
    three = keyboard((("对，就这么定", "b_1"), ("别的时间", "b_2"), ("不办了", "b_3")))

    assert two is not None
    assert [len(row) for row in two.inline_keyboard] == [2]
    assert three is not None
    assert [len(row) for row in three.inline_keyboard] == [1, 1, 1]
    assert keyboard((("太长", "x" * 65),)) is None


def test_attachments_come_first(tmp_path) -> None:
    picture = Attachment("photo", tmp_path / "a.jpg")

    assert pieces(Outgoing(1, "看", "ai", attachments=(picture,)), "AI管家")[0] == picture


def caused(cause: Exception, error: NetworkError | None = None) -> NetworkError:
    made = error or NetworkError("x")
    made.__cause__ = cause
    return made


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RetryAfter(7), Later),
        (Forbidden("bot was blocked by the user"), Blocked),
        (BadRequest("Chat not found"), Blocked),
        (ChatMigrated(-1), Blocked),
        (BadRequest("message is too long"), Refused),
        (NetworkError("Bad Gateway"), Later),
        (InvalidToken("x"), Later),
        (Conflict("x"), Later),
        (caused(httpx.ConnectError("x")), Later),
        (caused(httpx.ConnectTimeout("x"), TimedOut()), Later),
        (caused(httpx.PoolTimeout("x"), TimedOut()), Later),
        (caused(httpx.ReadTimeout("x"), TimedOut()), Unknown),
        (caused(httpx.WriteTimeout("x"), TimedOut()), Unknown),
        (caused(httpx.ReadError("x")), Unknown),
        (caused(httpx.WriteError("x")), Unknown),
        (caused(httpx.RemoteProtocolError("x")), Unknown),
        (caused(RuntimeError("x")), Unknown),
    ],
)
def test_how_telegram_can_fail(error: NetworkError, kind: type[SendError]) -> None:
    found = translated(error)

    assert type(found) is kind
    if isinstance(error, RetryAfter):
        assert isinstance(found, Later)
        assert found.wait == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/start", ("start", "")),
        ("/Start@x_bot  abc", ("start", "abc")),
        ("/book 后天\n下午", ("book", "后天\n下午")),
        ("/", None),
        ("你好 /start", None),
        ("/预约", None),
    ],
)
def test_commands(text: str, wanted: tuple[str, str] | None) -> None:
    assert command_of(text) == wanted
