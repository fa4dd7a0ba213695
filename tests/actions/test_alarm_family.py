"""A danger's alerts: the family in the elder's order until somebody has seen it, and the truth about it."""

from __future__ import annotations

import pytest

from actions import alarm_family, alarm_talk, hand_over, incident, raise_alarm
from actions.house import House
from domain import alert_policy
from domain.clock import FixedClock
from domain.errors import NotFound
from domain.incidents import Happened
from domain.people import Consent, Kinship, Person, Scope
from domain.tickets import Priority, TicketState
from nlu.zh.danger import Danger
from tests.actions.care import pushed, who
from tests.actions.desks import later, read
from tests.conftest import NOW


@pytest.fixture
def family(house: House) -> House:
    """何欢 first, then two more; she alone was given alerts."""
    with house.store.write() as unit:
        unit.people.add(Person(id="two", name="何二"), Person(id="three", name="何三"))
        unit.flush()
        for rank, name in ((2, "two"), (3, "three")):
            unit.people.add(Kinship(elder_id="mei", relative_id=name, relation="mother", rank=rank))
        unit.people.add(
            Consent(id="al", elder_id="mei", relative_id="huan", scope=Scope.ALERTS, granted_at=NOW)
        )
    return house


def cry(house: House, category="emergency", kind="illness", key="k") -> str:
    danger = Danger(category=category, kind=kind, certain=True, text="胸口疼", start=0, end=3)
    with house.store.write() as unit:
        conversation = unit.conversations.of("mei")
        return raise_alarm.raise_alarm(house, unit, conversation, who(unit, "mei"), danger, key).id


def told(house: House, ticket: str) -> list[str]:
    """In the order of the moments; two at the same one in that of the family."""
    order = ("huan", "two", "three")
    with house.store.read() as unit:
        found = [a for a in unit.tickets.alerts(ticket) if a.recipient_id in order]
        return [
            alert.recipient_id
            for alert in sorted(found, key=lambda a: (a.created_at, order.index(a.recipient_id)))
        ]


def test_what_became_of_the_last_one_is_said_before_the_next(family: House, clock: FixedClock) -> None:
    ticket = cry(family)
    with family.store.write() as unit:
        alarm_family.failed(family, unit, f"{ticket}:alert:huan")
        raise_alarm.delivered(family, unit, [f"{ticket}:alert:two"])
    later(family, clock, 2)

    said = pushed(family, "mei")
    assert "没联系上何欢。您没同意过告诉何二，可人命要紧，我正在通知。" in said
    assert "何二还没回话。您没同意过告诉何三，可人命要紧，我正在通知。" in said


def test_a_no_that_did_not_hold_is_on_record_with_the_rule(family: House, clock: FixedClock) -> None:
    ticket = cry(family)
    later(family, clock, 2)
    with family.store.read() as unit:
        (line,) = [one for one in unit.incidents.of(ticket) if one.happened is Happened.OVERRIDE]
    assert (line.who_id, line.detail["policy"]) == ("two", alert_policy.load().cite("override"))


def test_a_person_who_speaks_tells_it_in_their_own_words(family: House, clock: FixedClock) -> None:
    with family.store.write() as unit:
        unit.people.add(
            Consent(id="al2", elder_id="mei", relative_id="two", scope=Scope.ALERTS, granted_at=NOW)
        )
    ticket = cry(family)
    with family.store.write() as unit:
        hand_over.claim(family, unit, who(unit, "doc1"), ticket)
    later(family, clock, 2)

    assert told(family, ticket) == ["huan", "two"]
    assert not any("正在通知何二" in text for text in pushed(family, "mei"))


def test_one_after_the_other_until_somebody_has_seen_it(family: House, clock: FixedClock) -> None:
    ticket = cry(family)
    assert told(family, ticket) == ["huan"]
    later(family, clock, 2)
    assert told(family, ticket) == ["huan", "two"]

    with family.store.write() as unit:
        assert raise_alarm.acknowledge(family, unit, who(unit, "two"), ticket)
        assert not raise_alarm.acknowledge(family, unit, who(unit, "three"), ticket)
    later(family, clock, 60)

    assert told(family, ticket) == ["huan", "two"]
    assert "何二看到了，正在联系您。" in pushed(family, "mei")


def test_who_cannot_be_reached_is_not_waited_for(family: House) -> None:
    ticket = cry(family)
    with family.store.write() as unit:
        alarm_family.failed(family, unit, f"{ticket}:alert:huan")
        alarm_family.failed(family, unit, f"{ticket}:alert:huan")

    # Both at the same moment of a clock that stands still: their order is chance.
    assert sorted(told(family, ticket)) == ["huan", "two"]
    with family.store.read() as unit:
        assert next(a for a in unit.tickets.alerts(ticket) if a.recipient_id == "huan").failed_at == NOW


def test_said_to_be_told_only_when_delivered(family: House) -> None:
    ticket = cry(family)
    assert not any("已经通知" in text for text in pushed(family, "mei"))
    with family.store.write() as unit:
        raise_alarm.delivered(family, unit, [f"{ticket}:alert:huan"])
    assert "已经通知到何欢。" in pushed(family, "mei")


def test_nobody_answers_and_the_elder_is_told_so_once(family: House, clock: FixedClock) -> None:
    ticket = cry(family)
    later(family, clock, 30)
    cry(family, key="again")

    assert told(family, ticket) == ["huan", "two", "three"]
    assert pushed(family, "mei").count(family.words.say("alert_nobody")) == 1


def test_without_a_family_the_elder_is_told_so(house: House) -> None:
    danger = Danger(category="emergency", kind="fall", certain=True, text="摔了", start=0, end=2)
    with house.store.write() as unit:
        conversation = unit.conversations.of("stranger")
        raise_alarm.raise_alarm(house, unit, conversation, who(unit, "stranger"), danger, "k")
    assert house.words.say("alert_no_family") in pushed(house, "stranger")


@pytest.mark.parametrize(
    ("category", "kind", "reached"),
    [
        ("emergency", "illness", ["huan", "two", "three"]),
        ("crisis", "despair", ["huan", "two", "three"]),
        ("fraud", "scam", ["huan"]),
    ],
)
def test_a_no_to_alerts_holds_but_where_life_is_at_risk(
    family: House, clock: FixedClock, category: str, kind: str, reached: list[str]
) -> None:
    ticket = cry(family, category, kind)
    later(family, clock, 30)

    assert told(family, ticket) == reached
    with family.store.read() as unit:
        bases = {use.actor_id: use.basis for use in unit.people.uses_of("mei")}
    assert bases["huan"] == "consent:al"
    assert {bases[name] for name in reached[1:]} <= {"emergency"}


def test_those_on_duty_hear_what_was_said_and_where(family: House) -> None:
    ticket = cry(family)
    (said,) = pushed(family, "doc1")
    assert "胸口疼" in said
    assert "试城东区一号" in said
    assert read(family, ticket).number in said


def test_a_false_alarm_is_asked_about_once_told_closed_and_lowers_nothing(family: House) -> None:
    ticket = cry(family)
    with family.store.write() as unit:
        mine = unit.conversations.of("mei")
        asked = alarm_talk.press(family, unit, mine, who(unit, "mei"), "false_alarm", "")
        assert asked.text == family.words.say("false_alarm_sure")
        alarm_talk.press(family, unit, mine, who(unit, "mei"), asked.choices[0].action, "")
    assert read(family, ticket).state is TicketState.CLOSED
    assert any("按错了" in text for text in pushed(family, "huan"))

    again = cry(family, key="again")
    assert again != ticket
    assert read(family, again).priority is Priority.URGENT
    assert told(family, again) == ["huan"]


def test_everything_is_on_record_for_the_elder_and_the_supervisor_alone(house: House) -> None:
    cry(house)
    with house.store.read() as unit:
        lines = incident.of_person(unit, who(unit, "mei"), "mei")
        assert {"said", "told", "override"} <= {str(line.happened) for line in lines}
        with pytest.raises(NotFound):
            incident.of_person(unit, who(unit, "huan"), "mei")
