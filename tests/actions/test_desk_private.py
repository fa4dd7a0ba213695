"""What stays with doctors, and what a search finds."""

from __future__ import annotations

import pytest

from actions import desk_work, hand_over
from actions.card import fresh
from actions.house import House
from domain.errors import NotAllowed, NotFound
from domain.tickets import Audience
from tests.actions.care import who
from tests.actions.desks import act, opened, read, reply, says


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
