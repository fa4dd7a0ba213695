"""A complaint's own path: its days as a table, what is told, and that it never ends without an outcome told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import complaints, hand_over
from actions.complaints import NoStep
from actions.house import House
from domain.clock import FixedClock
from domain.errors import NotAllowed, WrongState
from domain.tickets import TicketState
from tests.actions.care import pushed, who
from tests.actions.desks import MINUTE, act, later, read, supervisor
from tests.conftest import NOW


def filed(house: House) -> str:
    with house.store.write() as unit:
        conversation = unit.conversations.of("mei")
        return complaints.file(house, unit, conversation, who(unit, "mei"), "k")[0].id


def complaint(house: House, ticket: str):
    with house.store.read() as unit:
        return unit.desks.complaint(ticket)


def test_its_days(house: House) -> None:
    found = complaint(house, filed(house))

    assert found.call_due == NOW + timedelta(hours=24)
    assert (found.propose_by, found.close_by) == (date(2026, 11, 27), date(2026, 12, 3))
    assert found.decide_by == date(2026, 12, 9)
    assert complaints.until_words(house, found) == "12月9日，星期三"


@pytest.mark.parametrize(
    ("person", "kind", "day"),
    [("life1", "complex", date(2026, 12, 24)), ("sup", "special", date(2027, 1, 23))],
)
def test_a_hard_one_takes_longer_and_the_elder_is_told_why_and_until_when(
    house: House, person: str, kind: str, day: date
) -> None:
    supervisor(house)
    ticket = filed(house)
    act(house, complaints.step, person, ticket, "extend", "要等医院的记录", kind)

    assert complaint(house, ticket).decide_by == day
    told = pushed(house, "mei")[-1]
    assert "要等医院的记录" in told
    assert "星期" in told


def test_the_longest_needs_the_supervisor(house: House) -> None:
    with pytest.raises(NotAllowed):
        act(house, complaints.step, "life1", filed(house), "extend", "x", "special")


@pytest.mark.parametrize(
    ("what", "text", "kind"), [("gone", "x", None), ("extend", " ", None), ("extend", "x", "simple")]
)
def test_no_such_step(house: House, what: str, text: str, kind: str | None) -> None:
    with pytest.raises(NoStep):
        act(house, complaints.step, "life1", filed(house), what, text, kind)


def test_it_ends_with_an_outcome_that_was_told(house: House) -> None:
    ticket = filed(house)
    with house.store.write() as unit:
        assert not hand_over.withdraw(house, unit, unit.tickets.get(ticket), "x")
    act(house, hand_over.claim, "life1", ticket)
    act(house, complaints.step, "life1", ticket, "called", "打过电话了")
    act(house, complaints.step, "life1", ticket, "proposed", "重做一次，不收钱")
    act(house, hand_over.close, "life1", ticket, "重做了一次，没收钱")

    found = complaint(house, ticket)
    assert read(house, ticket).state is TicketState.CLOSED
    assert found.called_at == found.proposed_at == found.told_at == NOW
    assert any("重做了一次，没收钱" in text and "12345" in text for text in pushed(house, "mei"))
    with pytest.raises(WrongState):
        act(house, complaints.step, "life1", ticket, "called", "x")


def test_what_is_late_is_told_to_the_supervisor_once_each(house: House, clock: FixedClock) -> None:
    supervisor(house)
    filed(house)

    later(house, clock, 60 * 24 * 16)

    told = pushed(house, "sup")
    for words in ("回电", "处理办法", "我们答应的", "法定答复期限"):
        assert sum(words in text for text in told) == 1, words


def test_first_word_within_half_an_hour(house: House) -> None:
    assert read(house, filed(house)).first_reply_due == NOW + 30 * MINUTE
