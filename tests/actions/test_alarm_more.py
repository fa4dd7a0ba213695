"""A second danger while the first is open: one ticket, the graver topic, everybody who was told told once more."""

from __future__ import annotations

from itertools import combinations

import pytest

from actions import alarm_talk, cry, desk_work, hand_over, raise_alarm
from actions.house import House
from domain.clock import FixedClock
from domain.conversations import Message, Speaker, State
from domain.danger_questions import load
from domain.incidents import Happened
from domain.people import Consent, Kinship, Person, Scope
from domain.tickets import Ticket, TicketState
from nlu.zh.danger import detect
from tests.actions.care import pushed, who
from tests.actions.desks import later, read
from tests.conftest import NOW

CHEST, FALL, FIRE, BEATEN, DESPAIR, SCAM = (
    "胸口疼得厉害",
    "我摔倒了起不来",
    "家里着火了",
    "他打我，打得我浑身是伤",
    "活着没意思，不想活了",
    "有人打电话说我儿子出事了要打钱",
)


@pytest.fixture
def family(house: House) -> House:
    """何欢 first, then 何二; she alone was given alerts."""
    with house.store.write() as unit:
        unit.people.add(Person(id="two", name="何二"))
        unit.flush()
        unit.people.add(Kinship(elder_id="mei", relative_id="two", relation="mother", rank=2))
        unit.people.add(
            Consent(id="al", elder_id="mei", relative_id="huan", scope=Scope.ALERTS, granted_at=NOW)
        )
    return house


def cries(house: House, text: str) -> None:
    """A cry as the way stores it."""
    danger = detect(text)
    assert danger is not None
    assert danger.certain
    with house.store.write() as unit:
        mine = unit.conversations.of("mei")
        message = Message(
            conversation_id=mine.id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel="web",
            text=text,
            key=f"in:{len(unit.conversations.last(mine.id, 200))}",
            state=State.RECEIVED,
            created_at=house.now(),
            author_id="mei",
        )
        unit.conversations.add(message)
        unit.flush()
        cry.take(house, unit, mine, who(unit, "mei"), message, danger, text)


def heard(house: House, name: str) -> list[str]:
    """Everything that was said to somebody, replies too."""
    with house.store.read() as unit:
        lines = unit.conversations.last(unit.conversations.of(name).id, 100)
        return [line.text for line in lines if line.direction == "out"]


def tickets(house: House) -> list[Ticket]:
    with house.store.read() as unit:
        return list(unit.tickets.list(queues=("life", "doctor")))


def claimed(house: House, butler: str, ticket: str) -> None:
    with house.store.write() as unit:
        hand_over.claim(house, unit, who(unit, butler), ticket)


def test_one_emergency_is_one_ticket_with_the_words_of_both(family: House) -> None:
    cries(family, CHEST)
    cries(family, FALL)

    (ticket,) = tickets(family)
    assert (ticket.queue, ticket.topic) == ("doctor", "emergency:illness")
    assert ticket.card["kinds"] == ["illness", "fall"]
    with family.store.read() as unit:
        lines = unit.incidents.of(ticket.id)
        trail = [event.kind for event in unit.tickets.history(ticket.id)]
    assert [one.detail["text"] for one in lines if one.happened is Happened.SAID] == [
        "胸口疼",
        "摔倒了起不来",
    ]
    assert trail.count("opened") == trail.count("more") == 1


def test_the_first_words_of_the_new_danger_are_said_and_the_questions_of_both_asked_once(
    family: House,
) -> None:
    cries(family, CHEST)
    cries(family, FALL)

    said = heard(family, "mei")
    assert family.words.say("alarm_illness") in said
    assert family.words.say("alarm_fall") in said
    assert said[-1] == family.words.say("danger_ask_breath")  # who cries for herself is awake
    (ticket,) = tickets(family)
    asked = []
    while name := str(read(family, ticket.id).card["asking"]):
        asked.append(name)
        with family.store.write() as unit:
            mine = unit.conversations.of("mei")
            alarm_talk.press(family, unit, mine, who(unit, "mei"), "answer", f"{ticket.id}:{name}:yes")
    assert asked == ["breath", "bleeding", "where", "door"]


def test_the_family_and_those_on_duty_hear_of_it_once_more_and_no_second_ladder_begins(
    family: House, clock: FixedClock
) -> None:
    cries(family, CHEST)
    cries(family, FALL)
    cries(family, FALL)

    for name in ("huan", "doc1"):
        first, again = pushed(family, name)
        assert "胸口疼" in first
        assert "又说「摔倒了起不来」" in again
    (ticket,) = tickets(family)
    with family.store.read() as unit:
        assert sorted(one.recipient_id for one in unit.tickets.alerts(ticket.id)) == ["doc1", "huan"]
        told = [one.who_id for one in unit.incidents.of(ticket.id) if one.happened is Happened.TOLD]
        uses = [use.basis for use in unit.people.uses_of("mei")]
    assert sorted(filter(None, told)) == ["doc1", "doc1", "huan", "huan"]
    assert uses == ["consent:al", "consent:al"]

    later(family, clock, 2)
    (next_one,) = pushed(family, "two")
    assert "胸口疼」，又说「摔倒了起不来" in next_one


def test_the_same_kind_again_tells_nobody_again(family: House) -> None:
    cries(family, CHEST)
    cries(family, "胸口疼")

    (ticket,) = tickets(family)
    assert len(pushed(family, "huan")) == len(pushed(family, "doc1")) == 1
    with family.store.read() as unit:
        lines = unit.incidents.of(ticket.id)
    assert len([one for one in lines if one.happened is Happened.SAID]) == 2


def test_who_has_seen_it_is_told_without_the_button_and_nothing_is_taken_back(family: House) -> None:
    cries(family, CHEST)
    (ticket,) = tickets(family)
    with family.store.write() as unit:
        raise_alarm.acknowledge(family, unit, who(unit, "huan"), ticket.id)
    cries(family, FALL)

    with family.store.read() as unit:
        seen = {one.recipient_id: one.acknowledged_at for one in unit.tickets.alerts(ticket.id)}
        mine = unit.conversations.of("huan")
        last = unit.conversations.last(mine.id, 1)[0]
    assert seen["huan"] is not None
    assert not last.payload.get("buttons")


def test_an_open_ticket_rises_to_the_doctor_and_never_back(family: House) -> None:
    cries(family, FIRE)
    assert tickets(family)[0].queue == "life"
    cries(family, CHEST)

    (ticket,) = tickets(family)
    assert (ticket.queue, ticket.topic) == ("doctor", "emergency:fire")
    assert any("着火" in text and "胸口疼" in text for text in pushed(family, "doc1"))
    cries(family, "屋里有煤气味，漏气了")
    assert [one.queue for one in tickets(family)] == ["doctor"]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(FIRE, CHEST, "alarm_fire"), (CHEST, FIRE, "alarm_fire"), (BEATEN, FALL, "alarm_violence")],
)
def test_who_must_leave_first_is_not_told_to_lie_still(
    family: House, before: str, now: str, said: str
) -> None:
    cries(family, before)
    cries(family, now)
    replies = [text for text in heard(family, "mei") if "没法替您打" in text]
    assert replies[-1] == family.words.say(said)
    assert "120" in replies[-1]


def test_a_life_butler_who_speaks_is_not_cut_off_and_the_doctor_is_called_all_the_same(family: House) -> None:
    cries(family, FIRE)
    (ticket,) = tickets(family)
    claimed(family, "life1", ticket.id)
    cries(family, CHEST)

    (ticket,) = tickets(family)
    assert (ticket.queue, ticket.owner_id) == ("life", "life1")
    (called,) = pushed(family, "doc1")
    assert "胸口疼" in called
    assert "生活管家" in called
    assert any("又说「胸口疼」" in text for text in pushed(family, "life1"))
    with family.store.write() as unit:
        desk_work.transfer(family, unit, who(unit, "life1"), ticket.id, "doctor", "胸口疼")
    claimed(family, "doc1", ticket.id)


def test_a_cry_is_a_word_that_the_claimer_owes_an_answer_to(family: House) -> None:
    cries(family, CHEST)
    (ticket,) = tickets(family)
    claimed(family, "doc1", ticket.id)
    with family.store.write() as unit:
        hand_over.reply(family, unit, who(unit, "doc1"), ticket.id, "您躺着别动。", "r")
    cries(family, FALL)

    assert read(family, ticket.id).waiting_since is not None
    assert family.words.say("alarm_fall") in heard(family, "mei")
    assert any("又说「摔倒了起不来」" in text for text in pushed(family, "doc1"))


@pytest.mark.parametrize(
    ("first", "second"), [(CHEST, DESPAIR), (DESPAIR, CHEST), (CHEST, SCAM), (SCAM, FIRE)]
)
def test_a_crisis_and_a_scam_stay_for_themselves(family: House, first: str, second: str) -> None:
    cries(family, first)
    cries(family, second)
    assert len({one.topic for one in tickets(family)}) == 2


def test_a_false_alarm_closes_only_what_may_all_be_closed(family: House) -> None:
    cries(family, BEATEN)
    cries(family, FALL)
    (ticket,) = tickets(family)
    with family.store.write() as unit:
        said = alarm_talk.false_alarm(family, unit, unit.conversations.of("mei"), who(unit, "mei"))
    assert said.text == family.words.say("false_alarm")
    assert read(family, ticket.id).state is TicketState.OPEN


def test_after_it_is_closed_a_danger_is_a_new_one(family: House) -> None:
    cries(family, CHEST)
    (ticket,) = tickets(family)
    claimed(family, "doc1", ticket.id)
    with family.store.write() as unit:
        hand_over.close(family, unit, who(unit, "doc1"), ticket.id, "救护车接走了")
    cries(family, FALL)
    assert {one.topic for one in tickets(family)} == {"emergency:illness", "emergency:fall"}


def test_what_was_handed_to_the_life_desk_comes_back_with_the_next_cry(family: House) -> None:
    cries(family, CHEST)
    (ticket,) = tickets(family)
    with family.store.write() as unit:
        desk_work.transfer(family, unit, who(unit, "doc1"), ticket.id, "life", "问送医院的车")
    cries(family, CHEST)
    assert [one.queue for one in tickets(family)] == ["doctor"]


def test_every_two_kinds_have_one_order_of_questions_that_keeps_the_order_of_each() -> None:
    questions = load()
    emergencies = set(questions.gravest_first)
    assert emergencies == set(questions.of) - {"despair", "scam"}
    for kinds in combinations(sorted(emergencies), 2):
        together = questions.to_ask(kinds)
        assert len(together) == len(set(together))
        for kind in kinds:
            assert [name for name in together if name in questions.of[kind]] == list(questions.of[kind])


def test_the_words_for_all_of_it_are_there(house: House) -> None:
    wanted = {"alert_more", "alert_more_between", "desk_called_beside", "topic_event_more"}
    assert wanted <= set(house.words.sentences)
