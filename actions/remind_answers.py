"""What people press under a reminder, days later too. The first answer, whoever gives it, ends the climb for all."""

from __future__ import annotations

import re

from actions.hand_over import withdraw
from actions.house import House
from actions.remind_visits import begin_of, child_asked, ticket_key
from actions.remind_words import called, seen_words
from actions.visit_people import elder_of, tell
from domain.bookings import BOOKED, Booking
from domain.conversations import Conversation, Lane
from domain.people import Person
from domain.reminders import Rule, RuleKind
from domain.sending import Reason
from domain.store import Unit
from domain.visit_series import CLIMB
from nlu.zh.say import say_when

_SEEN = re.compile(
    r"(?:[嗯哦好]+的?|行)?[，,]?(?:我|俺)?(?:都)?(?:知道|晓得|收到|明白|记住|记得)[了啦]?[，,]?(?:谢谢.{0,3})?[。！!～~]*"
)


def seen(house: House, unit: Unit, actor: Person, instance_id: str) -> str:
    """「知道了」: noted for everything that was said with that message; what is answered to it.

    Somebody else's reminder means nothing.
    """
    instance = unit.reminders.instance(instance_id)
    if instance is None or instance.person_id != actor.id or instance.message_key is None:
        return house.words.say("button_unknown")
    answered(house, unit, actor, instance.message_key)
    told = [
        one for i in unit.reminders.of_message(instance.message_key) if (one := _tell(house, unit, i.rule_id))
    ]
    return "\n".join(dict.fromkeys(told)) or house.words.say("remind_seen_past")


def _tell(house: House, unit: Unit, rule_id: str) -> str | None:
    """How it stands now with what was reminded of."""
    rule = unit.reminders.rule(rule_id)
    if rule is not None and rule.kind in (RuleKind.PERSONAL, RuleKind.MEDICINE):
        return house.words.say("remind_done")
    booking = unit.bookings.get(rule.detail["booking"]) if rule and rule.kind is RuleKind.VISIT else None
    if rule is None or booking is None:
        return None
    service = house.catalogue.service(booking.service).name
    if booking.status not in BOOKED:
        return house.words.say("remind_seen_gone", service=service)
    if booking.begin <= house.now():
        return None
    if booking.begin != begin_of(rule):
        when = say_when(booking.begin, house.now())
        return house.words.say("remind_seen_moved", when=when, service=service)
    return seen_words(house, unit, booking)


def typed(house: House, unit: Unit, actor: Person, conversation: Conversation, text: str) -> str | None:
    """「知道了」 in words, where a reminder was the last thing that was said; None where it was not."""
    if _SEEN.fullmatch(text.strip()) is None:
        return None
    said = [m for m in unit.conversations.last(conversation.id, 4) if m.direction == "out"][-1:]
    told = unit.reminders.of_message(said[0].key) if said else ()
    return seen(house, unit, actor, told[0].id) if told else None


def answered(house: House, unit: Unit, actor: Person, message_key: str) -> None:
    """Whatever is pressed under a reminder is an answer to it."""
    for instance in unit.reminders.of_message(message_key):
        if instance.person_id != actor.id or instance.answered_at is not None:
            continue
        rule = unit.reminders.rule(instance.rule_id)
        assert rule is not None
        first = not unit.reminders.answered(rule.id)
        instance.answered_at, instance.answered_by = house.now(), actor.id
        unit.flush()
        if first and rule.kind is RuleKind.VISIT:
            _settled(house, unit, actor, rule)


def _settled(house: House, unit: Unit, actor: Person, rule: Rule) -> None:
    """Nobody else is asked; who was asked meanwhile is told, and a call that nobody has made yet is not needed."""
    unit.reminders.close(rule.id, Reason.ANSWERED, [str(step) for step in CLIMB])
    booking = unit.bookings.get(rule.detail["booking"])
    asked = child_asked(unit, rule)
    if booking is not None and asked is not None and asked.id != actor.id:
        _tell_child(house, unit, booking, rule, actor, asked)
    ticket = unit.tickets.by_key(ticket_key(rule))
    if ticket is not None:
        withdraw(house, unit, ticket, house.words.say("remind_answered_outcome"))


def _tell_child(house: House, unit: Unit, booking: Booking, rule: Rule, actor: Person, asked: Person) -> None:
    elder = elder_of(unit, booking)
    text = house.words.say(
        "remind_settled",
        who=called(unit, elder, asked.id) if actor.id == elder.id else actor.name,
        when=say_when(booking.begin, house.now()),
        service=house.catalogue.service(booking.service).name,
    )
    tell(house, unit, asked, text, f"rm:settled:{rule.id}", lane=Lane.REMINDER)
