"""What stays with doctors, and what a search finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import chain

import pytest

from actions import desk_work, hand_over, incident, topic_card, topic_news
from actions.card import fresh
from actions.house import House
from bot.api import desk_shapes
from bot.desk_page.lines import Names, lines_of
from domain.errors import NotAllowed, NotFound
from domain.people import Person, Role
from domain.policy import audiences_of
from domain.store import Unit
from domain.tickets import Audience, Priority, Ticket
from domain.topics import Topic
from tests.actions.care import who
from tests.actions.desks import act, opened, read, reply, says

# What only a doctor's desk may read: the doctor's and the supervisor's own words there, and hers to them.
SECRETS = (
    "旧事：她停过降压药",
    "笔记：怀疑早期失眠症",
    "主管笔记：先别告诉家里",
    "您那个药要问过大夫",
    "我夜里总醒，心慌",
    "主管说：您慢慢讲",
    "我吃着安定",
    "等她量完血压",
    "结果：药减了一半",
    "没减成，再看",
)
GOES_ALONG = ("要约上门量血压", "下午再打给她")


def test_a_doctors_notes_are_not_a_life_butlers_to_read(house: House) -> None:
    ticket = opened(house, queue="doctor")
    act(house, desk_work.note, "doc1", ticket, "夜里睡不好，问过药")
    act(house, desk_work.note, "doc1", ticket, "下午再打", Audience.ALL)
    act(house, hand_over.claim, "doc1", ticket)
    reply(house, "doc1", ticket, "您那个药要问过大夫")
    says(house, "我夜里总醒")
    act(house, desk_work.transfer, "doc1", ticket, "life", "要约上门")

    with house.store.read() as unit:
        life, doctor = who(unit, "life1"), who(unit, "doc1")
        assert [n.text for n in desk_work.notes(unit, life, ticket)] == ["下午再打", "要约上门"]
        shown = str(fresh(house, unit, read(house, ticket)))
        assert "要问过大夫" not in shown
        assert "总醒" not in shown
        for words, found in (("睡不好", False), ("再打", True)):
            seen = unit.tickets.list(queues=("life",), words=words, notes_for=(Audience.ALL,))
            assert bool(seen) is found
        with pytest.raises(NotFound):
            desk_work.notes(unit, doctor, ticket)
    with pytest.raises(NotAllowed):
        act(house, desk_work.note, "life1", ticket, "x", Audience.DOCTOR)


def test_search_finds_by_name_number_and_telephone_and_takes_no_patterns(house: House) -> None:
    ticket = opened(house)
    number = read(house, ticket).number
    with house.store.read() as unit:
        for words in ("刘梅", "刘", "1390000", number, number.lower()):
            assert [t.id for t in unit.tickets.list(queues=("life",), words=words)] == [ticket], words
        for words in ("%", "_", "何", "' OR 1=1"):
            assert not unit.tickets.list(queues=("life",), words=words), words


@pytest.fixture
def passed_on(house: House) -> str:
    """A doctor's ticket with everything that was said, noted and done on it, handed on to the life desk."""
    with house.store.write() as unit:
        unit.people.add(Person(id="boss", name="吴主管", role=Role.SUPERVISOR))
    before = opened(house, queue="doctor", topic="health")
    act(house, hand_over.claim, "doc1", before)
    reply(house, "doc1", before, SECRETS[0])
    act(house, hand_over.close, "doc1", before, "说清楚了")
    # Its card is built while the talk before it is still among the last lines.
    ticket = opened(house, queue="doctor", topic="emergency:illness", priority=Priority.URGENT)
    act(house, desk_work.note, "doc1", ticket, SECRETS[1])
    act(house, desk_work.note, "doc1", ticket, GOES_ALONG[1], Audience.ALL)
    act(house, desk_work.note, "boss", ticket, SECRETS[2])
    act(house, hand_over.claim, "doc1", ticket)
    reply(house, "doc1", ticket, SECRETS[3])
    says(house, SECRETS[4])
    act(house, desk_work.release, "doc1", ticket)
    act(house, hand_over.claim, "boss", ticket)
    reply(house, "boss", ticket, SECRETS[5])
    says(house, SECRETS[6])
    act(house, desk_work.wait, "boss", ticket, house.now() + timedelta(hours=1), SECRETS[7])
    act(house, hand_over.reply, "boss", ticket, SECRETS[5], "again")
    act(house, desk_work.resolve, "boss", ticket, SECRETS[8])
    act(house, desk_work.reopen, "boss", ticket, SECRETS[9])
    act(house, hand_over.claim, "doc1", ticket)
    act(house, hand_over.close, "doc1", ticket, SECRETS[8])
    act(house, desk_work.reopen, "doc1", ticket, SECRETS[9])
    act(house, desk_work.transfer, "doc1", ticket, "life", GOES_ALONG[0])
    return ticket


def _history(house: House, unit: Unit, ticket: Ticket) -> object:
    return [desk_shapes.event(one, ticket.queue) for one in unit.tickets.history(ticket.id)]


def _lines(house: House, unit: Unit, ticket: Ticket) -> object:
    said = unit.conversations.both_ways(ticket.conversation_id, 0, 100)
    shown = [desk_shapes.line(one, ticket.queue, ()) for one in said]
    return [shown, lines_of(unit, Names(unit), said, lambda _: ticket.queue)]


def _topic(house: House, unit: Unit, ticket: Ticket) -> object:
    news = topic_news.news(house, unit, Topic(ticket_id=ticket.id, chat="-1"), ticket)
    return [topic_card.text(house, unit, ticket), topic_news.history(house, unit, ticket), news]


def _row(house: House, unit: Unit, ticket: Ticket) -> object:
    (found,) = [one for one in unit.board.open(("life",)) if one.ticket.id == ticket.id]
    return [desk_shapes.ticket(house, unit, ticket), found.ticket.outcome]


LOOKS: dict[str, Callable[[House, Unit, Ticket], object]] = {
    "notes": lambda _, unit, ticket: [
        one.text for one in desk_work.notes(unit, who(unit, "life1"), ticket.id)
    ],
    "card": fresh,
    "list": _row,
    "history": _history,
    "conversation": _lines,
    "record": lambda _, unit, ticket: [
        one.detail for one in incident.of_ticket(unit, who(unit, "life1"), ticket)
    ],
    "topic in Telegram": _topic,
}


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_of_the_doctors_goes_along(house: House, passed_on: str, look: str) -> None:
    with house.store.read() as unit:
        ticket = unit.tickets.get(passed_on)
        assert ticket is not None
        assert ticket.queue == "life"
        shown = str(LOOKS[look](house, unit, ticket))
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "安定" not in shown
    assert "心慌" not in shown  # nor as the mood that was guessed from it


@pytest.mark.parametrize("secret", SECRETS)
def test_no_search_of_a_life_butlers_finds_it(house: House, passed_on: str, secret: str) -> None:
    with house.store.read() as unit:
        life = audiences_of(who(unit, "life1"))
        assert not unit.tickets.list(queues=("life",), words=secret, notes_for=life)
        since = house.now() - timedelta(days=1)
        assert not unit.board.search(("life",), secret, since, 10)


def test_the_reason_and_what_the_doctor_meant_for_all_go_along(house: House, passed_on: str) -> None:
    with house.store.read() as unit:
        ticket = unit.tickets.get(passed_on)
        assert ticket is not None
        shown = "".join(str(LOOKS[look](house, unit, ticket)) for look in ("notes", "topic in Telegram"))
    assert all(words in shown for words in GOES_ALONG)


def test_the_doctor_has_it_all_again_when_it_comes_back(house: House, passed_on: str) -> None:
    act(house, desk_work.transfer, "life1", passed_on, "doctor", "又问药")
    with house.store.read() as unit:
        ticket = unit.tickets.get(passed_on)
        assert ticket is not None
        looks = (_history, _lines, _topic)
        shown = "".join(str(look(house, unit, ticket)) for look in looks)
        notes = [one.text for one in desk_work.notes(unit, who(unit, "doc1"), passed_on)]
    assert [secret for secret in SECRETS if secret not in "".join(chain([shown], notes))] == []
