"""Tickets as people work on them: claims, clocks, silence, the other butler, waiting, done or not, notes."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from actions import desk_buttons, desk_work, hand_over
from actions.house import House
from domain.clock import FixedClock
from domain.errors import NotAllowed, NotFound, OutOfDate, WrongState
from domain.tickets import Priority, TicketState
from tests.actions.care import pushed, who
from tests.actions.desks import MINUTE, act, events, later, opened, owner, read, reply, says, supervisor
from tests.conftest import NOW

CLAIMERS = 100


def test_a_hundred_claims_at_the_same_instant_have_one_winner(house: House) -> None:
    ticket = opened(house)
    version = read(house, ticket).version
    outcomes: list[str] = []
    gate = threading.Barrier(CLAIMERS)

    def claim(number: int) -> None:
        gate.wait()
        try:
            act(house, hand_over.claim, f"life{number % 2 + 1}", ticket, version)
            outcomes.append(f"life{number % 2 + 1}")
        except (WrongState, OutOfDate):
            outcomes.append("lost")

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(CLAIMERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = read(house, ticket)
    # A second claim of the winner is the same claim.
    assert set(outcomes) == {"lost", found.owner_id}
    assert owner(house) == f"human:{found.owner_id}"
    assert Counter(events(house, ticket))["claimed"] == 1


def test_only_the_claimer_speaks(house: House) -> None:
    ticket = opened(house)
    with pytest.raises(NotAllowed):
        reply(house, "life1", ticket)
    act(house, hand_over.claim, "life1", ticket)
    reply(house, "life1", ticket)
    with pytest.raises(NotAllowed):
        reply(house, "life2", ticket)


def test_a_claim_of_what_has_changed_meanwhile_is_refused(house: House) -> None:
    ticket = opened(house)
    with pytest.raises(OutOfDate):
        act(house, hand_over.claim, "life1", ticket, 7)


def test_the_three_clocks(house: House, clock: FixedClock) -> None:
    ticket = opened(house)
    found = read(house, ticket)
    assert (found.first_reply_due, found.next_reply_due) == (NOW + 30 * MINUTE, None)
    # Sixteen hours of the desk: two of its days.
    assert found.resolve_due == NOW + timedelta(days=2)

    act(house, hand_over.claim, "life1", ticket)
    clock.advance(5 * MINUTE)
    reply(house, "life1", ticket)
    assert read(house, ticket).first_reply_at == NOW + 5 * MINUTE
    says(house, "那几点来？")
    clock.advance(3 * MINUTE)
    says(house, "在吗？")
    found = read(house, ticket)
    # Who writes twice is not answered later for it.
    assert found.waiting_since == NOW + 5 * MINUTE
    assert found.next_reply_due == NOW + 15 * MINUTE

    reply(house, "life1", ticket)
    assert (read(house, ticket).next_reply_due, read(house, ticket).waiting_since) == (None, None)


def test_a_promise_that_is_not_kept_climbs_and_is_told_to_the_supervisor_once(
    house: House, clock: FixedClock
) -> None:
    supervisor(house)
    ticket = opened(house)

    later(house, clock, 31)
    later(house, clock, 5)

    found = read(house, ticket)
    assert (found.missed, found.tier, found.state) == (["first_reply"], 2, TicketState.OPEN)
    (told,) = [text for text in pushed(house, "sup") if "首次回复" in text]
    assert found.number in told


@pytest.mark.parametrize(("queue", "person", "minutes"), [("life", "life1", 10), ("doctor", "doc1", 3)])
def test_a_claimer_who_says_nothing_loses_it_on_time(
    house: House, clock: FixedClock, queue: str, person: str, minutes: int
) -> None:
    ticket = opened(house, queue=queue)
    act(house, hand_over.claim, person, ticket)

    later(house, clock, minutes - 0.1)
    assert read(house, ticket).owner_id == person
    later(house, clock, 0.1)

    found = read(house, ticket)
    assert (found.state, found.owner_id, found.tier) == (TicketState.OPEN, None, 2)
    assert owner(house) == "queue"
    assert events(house, ticket)[-2:] == ["lost", "escalated"]
    assert pushed(house, "mei")[-1] == house.words.say("claimer_silent")
    with pytest.raises(NotAllowed):
        reply(house, person, ticket)
    act(house, hand_over.claim, "life2" if queue == "life" else person, ticket)


def test_silence_counts_from_the_word_that_nobody_answered(house: House, clock: FixedClock) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    reply(house, "life1", ticket)
    later(house, clock, 60)
    assert read(house, ticket).owner_id == "life1"

    says(house, "还在吗？")
    later(house, clock, 10)
    assert read(house, ticket).owner_id is None


def test_who_waits_for_nothing_in_the_chat_is_not_lost_by_silence(house: House, clock: FixedClock) -> None:
    ticket = opened(house, topic="visit_flagged")
    act(house, hand_over.claim, "life1", ticket)
    later(house, clock, 60)

    assert read(house, ticket).owner_id == "life1"


def test_a_transfer_keeps_the_thread_and_starts_the_clocks_of_that_desk(
    house: House, clock: FixedClock
) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    reply(house, "life1", ticket)
    clock.advance(20 * MINUTE)

    act(house, desk_work.transfer, "life1", ticket, "doctor", "问的是吃药")

    found = read(house, ticket)
    assert (found.queue, found.state, found.owner_id, found.first_reply_at) == (
        "doctor",
        TicketState.OPEN,
        None,
        None,
    )
    assert found.first_reply_due == NOW + 50 * MINUTE
    assert owner(house) == "queue"
    with pytest.raises(NotFound):
        act(house, hand_over.claim, "life1", ticket)
    act(house, hand_over.claim, "doc1", ticket)
    with house.store.read() as unit:
        assert [n.text for n in desk_work.notes(unit, who(unit, "doc1"), ticket)] == ["问的是吃药"]


def test_waiting_wakes_at_its_moment_and_at_the_next_word(house: House, clock: FixedClock) -> None:
    for word in (False, True):
        ticket = opened(house, topic=f"request{word}")
        act(house, hand_over.claim, "life1", ticket)
        reply(house, "life1", ticket)
        act(house, desk_work.wait, "life1", ticket, clock.now() + 60 * MINUTE, "等师傅回话")
        assert read(house, ticket).state is TicketState.WAITING
        if word:
            says(house, "师傅怎么说？")
        else:
            later(house, clock, 60)
        assert read(house, ticket).state is TicketState.CLAIMED
        assert read(house, ticket).next_reply_due is not None
        act(house, hand_over.close, "life1", ticket, "好了")


@pytest.mark.parametrize("moment", [-1, 0, 60 * 24 * 15])
def test_a_wait_needs_a_moment_that_makes_sense(house: House, clock: FixedClock, moment: int) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    with pytest.raises(desk_work.BadWish):
        act(house, desk_work.wait, "life1", ticket, clock.now() + moment * MINUTE, "x")


def test_resolved_asks_stays_a_while_and_closes_by_itself(house: House, clock: FixedClock) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    act(house, desk_work.resolve, "life1", ticket, "改到星期四了")
    assert owner(house) == "human:life1"
    says(house, "好的，谢谢")
    assert read(house, ticket).state is TicketState.RESOLVED

    later(house, clock, 15)

    assert (read(house, ticket).state, owner(house)) == (TicketState.CLOSED, "butler")
    said = pushed(house, "mei")
    assert sum("改到星期四了" in text for text in said) == 1


def test_a_new_word_reopens_what_was_resolved(house: House, clock: FixedClock) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    act(house, desk_work.resolve, "life1", ticket, "改好了")
    clock.advance(5 * MINUTE)
    says(house, "不对，还是原来的时间")

    found = read(house, ticket)
    assert (found.state, found.owner_id, found.reopened) == (TicketState.CLAIMED, "life1", 1)
    assert found.next_reply_due == clock.now() + 10 * MINUTE


def test_a_wish_for_a_person_soon_after_the_end_is_the_same_ticket(house: House, clock: FixedClock) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    act(house, hand_over.close, "life1", ticket, "好了")
    clock.advance(timedelta(hours=71))
    assert opened(house) == ticket
    assert (read(house, ticket).state, read(house, ticket).reopened) == (TicketState.OPEN, 1)

    act(house, hand_over.claim, "life2", ticket)
    act(house, hand_over.close, "life2", ticket, "好了")
    clock.advance(timedelta(hours=73))
    assert opened(house) != ticket


@pytest.mark.parametrize("done", [True, False])
def test_the_members_answer_to_is_it_done(house: House, done: bool) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    act(house, desk_work.resolve, "life1", ticket, "改好了")
    with house.store.write() as unit:
        conversation = unit.conversations.locked(unit.conversations.of("mei").id)
        verb = "all_done" if done else "not_done"
        said, _ = desk_buttons.press(house, unit, conversation, who(unit, "mei"), verb, ticket)

    found = read(house, ticket)
    assert found.state is (TicketState.CLOSED if done else TicketState.CLAIMED)
    assert said == (house.words.say("all_done") if done else "")


def test_what_is_urgent_goes_before_what_another_butler_is_at(house: House) -> None:
    first = opened(house)
    act(house, hand_over.claim, "life1", first)
    usual = opened(house, topic="health", queue="doctor")
    with pytest.raises(WrongState):
        act(house, hand_over.claim, "doc1", usual)
    urgent = opened(house, topic="emergency:illness", queue="doctor", priority=Priority.URGENT)

    act(house, hand_over.claim, "doc1", urgent)

    assert (read(house, first).state, owner(house)) == (TicketState.WAITING, "human:doc1")
    with pytest.raises(NotAllowed):
        reply(house, "life1", first)
    act(house, hand_over.close, "doc1", urgent, "救护车到了")
    assert owner(house) == "human:life1"
    reply(house, "life1", first)


def test_a_graver_cause_raises_a_ticket(house: House) -> None:
    ticket = opened(house, topic="visit_late", priority=Priority.HIGH)
    assert opened(house, topic="visit_late", priority=Priority.URGENT) == ticket

    assert read(house, ticket).priority is Priority.URGENT
    assert "called" in events(house, ticket)


def test_when_the_desk_is_closed_it_says_when_it_opens_and_what_is_urgent_is_called(
    house: House, clock: FixedClock
) -> None:
    clock.moment = NOW.replace(hour=20)
    ticket = opened(house)
    said, (choice,) = desk_work.words_of_handing(house, "life")
    assert "明天，11月25日，星期三，上午8点半" in said
    assert read(house, ticket).first_reply_due == NOW.replace(day=25, hour=9)

    with house.store.write() as unit:
        conversation = unit.conversations.locked(unit.conversations.of("mei").id)
        verb, _, rest = choice.action.partition(":")
        desk_buttons.press(house, unit, conversation, who(unit, "mei"), verb, rest)

    found = read(house, ticket)
    assert (found.priority, found.first_reply_due) == (Priority.URGENT, clock.now() + MINUTE)
    assert [found.number in text for text in pushed(house, "life1")] == [True]


def test_the_chain_goes_on_until_somebody_claims(house: House, clock: FixedClock) -> None:
    supervisor(house)
    ticket = opened(house, topic="emergency:fall", queue="doctor", priority=Priority.URGENT)
    assert [len(pushed(house, p)) for p in ("doc1", "sup")] == [1, 0]

    later(house, clock, 3.1)

    assert any("还没人接" in text for text in pushed(house, "sup"))
    assert read(house, ticket).tier == 3
    act(house, hand_over.claim, "doc1", ticket)
    assert read(house, ticket).call_at is None


def test_a_released_ticket_is_anybodys_again(house: House) -> None:
    ticket = opened(house)
    act(house, hand_over.claim, "life1", ticket)
    with pytest.raises(NotAllowed):
        act(house, desk_work.release, "life2", ticket)
    act(house, desk_work.release, "life1", ticket)
    assert owner(house) == "queue"
    act(house, hand_over.claim, "life2", ticket)
