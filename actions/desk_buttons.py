"""What a member presses about the help of a person: done or not, urgent, how it was."""

from __future__ import annotations

from actions import desk_work, helped
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.say import Choice
from actions.ticket_clocks import record
from domain.conversations import Conversation
from domain.people import Person
from domain.store import Unit

VERBS = ("all_done", "not_done", "urgent", "helped")
_LOW = "bad"


def press(
    house: House, unit: Unit, conversation: Conversation, actor: Person, verb: str, rest: str
) -> tuple[str, tuple[Choice, ...]]:
    """The answer to a press, with its buttons; empty where a person goes on."""
    if verb == "helped":
        return house.words.say(_rated(house, unit, conversation, actor, *rest.split(":"))), ()
    if verb == "urgent":
        name = (
            "urgent_called" if desk_work.urgent(house, unit, conversation, actor, rest) else "button_pressed"
        )
        return house.words.say(name), ()
    name = desk_work.answered(house, unit, conversation, rest, done=verb == "all_done")
    if name.startswith("handed_over_"):
        return desk_work.words_of_handing(house, name.removeprefix("handed_over_"))
    return (house.words.say(name), ()) if name else ("", ())


def _rated(
    house: House, unit: Unit, conversation: Conversation, actor: Person, ticket_id: str, answer: str
) -> str:
    """Keep it; who was not helped well is looked after by the supervisor's desk."""
    ticket = helped.rate(house, unit, actor.id, ticket_id, answer)
    if ticket is None:
        return "button_pressed"
    record(house, unit, ticket, "rated", actor.id, rating=str(helped.ANSWERS[answer]))
    if answer != _LOW:
        return "helped_thanks"
    task = {"ticket": ticket.number, "about": "help"}
    member = unit.people.get(ticket.member_id)
    cause = Cause("life", "low_rating", task=task, member=member)
    open_ticket(house, unit, conversation, actor, cause, key=f"{ticket.id}:low")
    return "helped_sorry"
