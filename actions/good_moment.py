"""Whether this is a moment to ask somebody for an opinion: their wishes, bad news, a complaint in progress, a talk."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from actions.house import House
from domain.clock import local_day
from domain.people import Person
from domain.sending import Reason
from domain.store import Unit
from domain.surveys import COMPLAINTS, DANGERS, MOURNING, PAUSE, SHAKEN
from domain.tickets import LIVE

# A butler who talks with somebody is not talked over.
_LET_TALK = timedelta(hours=1)
# What was just offered or asked is answered first.
_LET_ANSWER = timedelta(hours=1)


def wanted(unit: Unit, person_id: str) -> bool:
    """Whether a person lets themselves be asked for an opinion at all."""
    notices = unit.reminders.notices(person_id)
    return notices.surveys and notices.own and not notices.fewer


def no_moment(house: House, unit: Unit, people: AbstractSet[str]) -> Reason | None:
    """Bad news of late about one of these, or a complaint in progress: who asks then how it was has not listened."""
    now, day = house.now(), local_day(house.now())
    lost = [one.died_on for one in _near(unit, people) if one.died_on is not None]
    if any(died >= day - MOURNING for died in lost):
        return Reason.BAD_NEWS
    tickets = unit.surveys.tickets_about(people, now - SHAKEN)
    if any(one.topic.startswith(DANGERS) and "false_alarm" not in one.card for one in tickets):
        return Reason.BAD_NEWS
    if any(one.topic in COMPLAINTS and one.state in LIVE for one in tickets):
        return Reason.COMPLAINT
    return None


def _near(unit: Unit, people: AbstractSet[str]) -> list[Person]:
    """The families of these people: their elders, their relatives, and whom those look after beside."""
    found: dict[str, Person] = {}
    for person_id in people:
        relatives = [person for _, person in unit.people.relatives_of(person_id)]
        for one in relatives:
            found |= {elder.id: elder for _, elder in unit.people.elders_of(one.id)}
        found |= {one.id: one for one in relatives}
        found |= {elder.id: elder for _, elder in unit.people.elders_of(person_id)}
    return list(found.values())


def talking_until(house: House, unit: Unit, person_id: str) -> datetime | None:
    """Whom a butler talks with is not talked over; who has just written is in the middle of something."""
    conversation = unit.conversations.of_existing(person_id)
    if conversation is None:
        return None
    if conversation.human_id is not None:
        return house.now() + _LET_TALK
    last = unit.conversations.last_word_at(conversation.id)
    return last + PAUSE if last is not None and last + PAUSE > house.now() else None


def busy_until(house: House, unit: Unit, person_id: str) -> datetime | None:
    """The same, and one question at a time: what was just offered or asked is answered first."""
    conversation = unit.conversations.of_existing(person_id)
    if conversation is None:
        return None
    talking = talking_until(house, unit, person_id)
    moments = [talking] if talking is not None else []
    said = [m for m in unit.conversations.last(conversation.id, 4) if m.direction == "out"]
    moments += [m.created_at + _LET_ANSWER for m in said if m.payload.get("buttons")]
    return max((moment for moment in moments if moment > house.now()), default=None)
