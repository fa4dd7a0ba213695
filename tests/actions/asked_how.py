"""What the tests of the question after a visit share: what is planned, what is answered, what somebody says or presses."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.follow_up import plan_follow_up
from actions.house import House
from actions.rate import Answer, Outcome, rate
from bot.front import Front
from domain.clock import FixedClock
from domain.conversations import Message, Speaker, State
from domain.reminders import Instance
from domain.store import Unit
from domain.surveys import How, Survey
from domain.visits import Visit, VisitState
from tests.actions.reminded import booked_row
from tests.actions.visiting import heard, who

QUESTION = "您觉得怎么样？点一个，直接说也行。"
CHILDS = "您看做得怎么样？点一个，直接说也行。"


def rows(unit: Unit, visit_id: str) -> list[Instance]:
    visit = unit.visits.get(visit_id)
    assert visit is not None
    rule = unit.reminders.latest(f"follow:{visit.booking_id}")
    return list(unit.reminders.instances(rule.id)) if rule is not None else []


def states(house: House, visit_id: str) -> dict[tuple[str, str], str]:
    """(person, occurrence) to state or reason."""
    with house.store.read() as unit:
        return {(i.person_id, i.occurrence): str(i.reason or i.state) for i in rows(unit, visit_id)}


def survey_of(house: House, visit_id: str, person: str) -> Survey:
    with house.store.read() as unit:
        visit = unit.visits.get(visit_id)
        assert visit is not None
        found = unit.surveys.on(person, f"visit:{visit.booking_id}")
        assert found is not None
        return found


def scored(house: House, visit_id: str, person: str, score: int, key: str = "k") -> Outcome:
    with house.store.write() as unit:
        survey = survey_of(house, visit_id, person)
        return rate(
            house, unit, who(unit, person), survey.id, Answer(f"{person}{key}", How.BUTTON, score=score)
        )


def say(house: House, person: str, text: str) -> tuple[State, str]:
    """What acts on words before Rasa: (state of the message, what was answered)."""
    with house.store.write() as unit:
        conversation = unit.conversations.of(person)
        message = Message(
            conversation_id=conversation.id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel="web",
            text=text,
            key=f"in:{person}:{text}:{house.now()}",
            state=State.RECEIVED,
            created_at=house.now(),
            author_id=person,
            owner_version=conversation.version,
        )
        unit.conversations.add(message)
        unit.flush()
        Front(house, unit, message, conversation, who(unit, person)).take(text)
        unit.flush()
        replies = unit.conversations.replies(message.id or 0)
        return message.state, replies[-1].text if replies else ""


def press(house: House, person: str, title: str) -> str:
    """Press the newest button of this title."""
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing(person)
        assert conversation is not None
        keys = [m.key for m in unit.conversations.last(conversation.id, 50) if m.direction == "out"]
        found = [b.id for key in keys for b in unit.conversations.buttons(key) if b.title == title]
    return say(house, person, found[-1])[1]


def ended(house: House, clock: FixedClock, moment: datetime) -> str:
    """A visit that ended at a moment, whoever made it and led it."""
    clock.moment = moment
    with house.store.write() as unit:
        booking = booked_row("mei", f"b{moment:%m%d}", moment - timedelta(hours=1))
        unit.bookings.add(booking)
        unit.flush()
        visit = Visit(
            id=f"v{booking.id}",
            booking_id=booking.id,
            state=VisitState.DONE,
            code="1234",
            created_at=moment,
            began_at=booking.begin,
            ended_at=moment,
        )
        unit.visits.add(visit)
        unit.flush()
        plan_follow_up(house, unit, visit, booking)
        return visit.id


def asked(house: House, person: str, question: str = QUESTION) -> int:
    return sum(words.endswith(question) for words in heard(house, person))


def ticket(house: House, topic: str = "low_rating") -> dict[str, object]:
    with house.store.read() as unit:
        (found,) = [t for t in unit.tickets.list(queues=("life",)) if t.topic == topic]
        task = found.card["task"]
        assert isinstance(task, dict)
        return {"priority": str(found.priority), "state": str(found.state), "member": found.member_id, **task}
