"""What somebody types in a danger instead of pressing a button: an answer, a false alarm, a no to the ambulance.

It is heard while the newest line is about the danger, a false alarm at any time of it; whatever else was asked meanwhile
has its answer for itself, and what nobody understood is noted (`stay`).
"""

from __future__ import annotations

from actions import after_alarm, alarm_family, on_call
from actions.alarm_say import (
    LASTS,
    SURE,
    Said,
    asked_last,
    before,
    category_of,
    marked,
    question,
    speaks_of_danger,
    who_knows,
)
from actions.alarm_talk import answer_to, ask_sure, false_alarm, keep_on
from actions.house import House
from actions.incident import is_danger, note
from actions.ticket_clocks import record
from domain.conversations import Conversation
from domain.danger_questions import load
from domain.desk import load as load_desk
from domain.incidents import Happened
from domain.people import Person
from domain.store import Unit
from domain.tickets import Ticket, TicketState
from nlu.zh.danger import Danger

# The rule that hears 「我这就打120」.
_AMBULANCE = "ambulance"


def typed(house: House, unit: Unit, conversation: Conversation, actor: Person, text: str) -> Said | None:
    """What is said to words that belong to a danger; None where they are for somebody else to hear."""
    found = _in_danger(house, unit, conversation)
    if found is None:
        if load().is_false_alarm(text) and open_danger(house, unit, conversation) is not None:
            return ask_sure(house, unit, conversation)
        return after_alarm.typed(house, unit, conversation, actor, text)
    asked = asked_last(unit, conversation)
    if asked is not None and (said := _answer(house, unit, conversation, actor, asked, text)) is not None:
        return said
    if load().is_false_alarm(text):
        return ask_sure(house, unit, conversation)
    if load().asks_who(text):
        return who_knows(house, unit, found)
    if (said := _no_ambulance(house, unit, found, text)) is not None:
        return said
    return _listen(house, unit, conversation, found)


def heard(
    house: House, unit: Unit, conversation: Conversation, actor: Person, text: str, danger: Danger
) -> Said | None:
    """The same for words that the rules took for a danger: 「喘不上气」 to the question is its answer, 「不用叫救护车」
    is no cry for one, and what leaves a doubt is not checked again; None where it is a cry."""
    if conversation.human_id is not None or (found := _in_danger(house, unit, conversation)) is None:
        return None
    asked = asked_last(unit, conversation)
    if asked is not None and load().heard(asked[1], text) is not None:
        return _answer(house, unit, conversation, actor, asked, text)
    said = _no_ambulance(house, unit, found, text)
    if said is None and danger.rule == _AMBULANCE and category_of(found) == "emergency":
        words = house.words.say("danger_calling")
        return (
            before(words, question(house, unit, found)) if found.card.get("asking") else marked(found, words)
        )
    if said is None and not danger.certain and danger.category == category_of(found):
        return _listen(house, unit, conversation, found)
    return said


def stay(house: House, unit: Unit, conversation: Conversation) -> Said | None:
    """What is said in an open danger to words that nobody understood: that they are noted, and what is being asked."""
    found = open_danger(house, unit, conversation)
    if found is None:
        return None
    name = str(found.card.get("asking") or "")
    if not name:
        return question(house, unit, found)
    noted = house.words.say("danger_noted")
    return marked(found, noted) if _asked_again(found, name) else before(noted, question(house, unit, found))


def open_danger(house: House, unit: Unit, conversation: Conversation) -> Ticket | None:
    """The newest danger of the last hours that nobody has closed or taken over, whatever was talked about since."""
    if conversation.human_id is not None:
        return None
    since = house.now() - LASTS
    live = (t for t in unit.tickets.live_of(conversation.id) if is_danger(t) and t.opened_at >= since)
    return next(live, None)


def _in_danger(house: House, unit: Unit, conversation: Conversation) -> Ticket | None:
    """The newest danger that nobody has closed, where the newest line is about one."""
    if not speaks_of_danger(house, unit, conversation):
        return None
    return next((ticket for ticket in unit.tickets.live_of(conversation.id) if is_danger(ticket)), None)


def _answer(
    house: House,
    unit: Unit,
    conversation: Conversation,
    actor: Person,
    asked: tuple[Ticket, str],
    text: str,
) -> Said | None:
    ticket, name = asked
    if name == SURE:
        sure = load().is_sure(text)
        if sure is None:
            return None
        return false_alarm(house, unit, conversation, actor) if sure else keep_on(house, unit, conversation)
    said = load().heard(name, text)
    if said is None or ticket.state is TicketState.CLOSED or ticket.card.get("asking") != name:
        return None
    return answer_to(house, unit, conversation, ticket, name, said)


def _no_ambulance(house: House, unit: Unit, ticket: Ticket, text: str) -> Said | None:
    """DOMAIN 5.3.5: said once more, then a person and the family at once; nobody is pressed a second time."""
    if category_of(ticket) != "emergency" or not load().refused(text):
        return None
    if ticket.card.get("refused"):
        return marked(ticket, house.words.say("danger_refused_again"))
    ticket.card = {**ticket.card, "refused": house.now().isoformat()}
    record(house, unit, ticket, "refused", ticket.opened_by)
    note(house, unit, ticket, Happened.REFUSED, ticket.opened_by, text=text)
    if ticket.state is TicketState.OPEN and (rung := load_desk().rung_after(ticket.tier)) is not None:
        on_call.call(house, unit, ticket, rung.tier)
    alarm_family.next_one(house, unit, ticket)
    return marked(ticket, house.words.say("danger_refused"))


def _listen(house: House, unit: Unit, conversation: Conversation, ticket: Ticket) -> Said | None:
    """Other words: to a crisis we listen, whatever is said; to an open question the words are kept and it is put once
    more. While a form asks, they are the form's; in a scam a clear wish is heard as one (`stay` has the others)."""
    name = str(ticket.card.get("asking") or "")
    if category_of(ticket) == "crisis":
        listening = house.words.say("danger_listen")
        if not name or _asked_again(ticket, name):
            return marked(ticket, listening)
        return before(listening, question(house, unit, ticket))
    scam = category_of(ticket) == "fraud"
    if not name or scam or conversation.topics.get("task") or _asked_again(ticket, name):
        return None
    return before(house.words.say("danger_noted"), question(house, unit, ticket))


def _asked_again(ticket: Ticket, name: str) -> bool:
    """Whether a question was put a second time already; nobody hears the same one three times."""
    if ticket.card.get("again") == name:
        return True
    ticket.card = {**ticket.card, "again": name}
    return False
