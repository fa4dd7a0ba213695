"""What people press under a reminder, days later too. The first answer, whoever gives it, ends the climb for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from actions.hand_over import withdraw
from actions.house import House
from actions.remind_personal import shares
from actions.remind_visits import begin_of, child_asked, ticket_key
from actions.remind_words import called, seen_words
from actions.say import Choice
from actions.visit_people import elder_of, tell
from domain.bookings import BOOKED, Booking
from domain.conversations import Conversation, Lane, Message
from domain.people import Person
from domain.reminders import Instance, Rule, RuleKind
from domain.sending import Reason
from domain.store import Unit
from domain.visit_series import CLIMB
from nlu.zh.say import say_when
from nlu.zh.taken import Taken, read_taken

_SEEN = re.compile(
    r"(?:[嗯哦好]+的?|行)?[，,]?(?:我|俺)?(?:妈|爸|老太太|老爷子|她|他)?(?:都|也)?(?:知道|晓得|收到|明白|记住|记得|记下|看到|看见|听到)"
    r"[了啦咧嘞咯喽哩的]*[，,]?(?:谢谢.{0,3}|我?等着)?[。！!～~]*"
)
# So long after a medicine was reminded of 「吃了」 is about it; what was told within an hour belongs together.
_TAKEN_LASTS, _TOGETHER = timedelta(hours=12), timedelta(hours=1)
_SHOWN = 4
# So long a reminder may be answered in words though other things have been said since.
_SEEN_LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Said:
    """What is answered to words."""

    text: str
    choices: Sequence[Choice] = ()


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


def typed(house: House, unit: Unit, actor: Person, conversation: Conversation, text: str) -> Said | None:
    """「知道了」, 「吃了」 in words, where something was told to which that is an answer; None where it was not."""
    taken = read_taken(text)
    if taken is not None:
        return _medicine(house, unit, actor, text, taken)
    if _SEEN.fullmatch(text.strip()) is None:
        return None
    told = _last_told(house, unit, actor, conversation)
    if told is None:
        return None
    kinds = {rule.kind for one in told if (rule := unit.reminders.rule(one.rule_id)) is not None}
    if kinds == {RuleKind.MEDICINE} and all(one.answered_at is None for one in told):
        # That it was heard does not say that it was taken.
        return Said(house.words.say("remind_not_yet"))
    return Said(seen(house, unit, actor, told[0].id) if told else house.words.say("remind_seen_past"))


def _last_told(
    house: House, unit: Unit, actor: Person, conversation: Conversation
) -> Sequence[Instance] | None:
    """The reminder that was said last, or of what was said lately the last without an answer.

    Empty for another message of our own accord; None where the last thing that was said was an answer or a question.
    """
    said = [m for m in unit.conversations.last(conversation.id, 12) if m.direction == "out"]
    if not said:
        return None
    if last := unit.reminders.of_message(said[-1].key):
        return last
    if conversation.topics or unit.conversations.buttons(said[-1].key):
        # What is asked there, an alert that is to be acknowledged, is no reminder's to answer.
        return None
    for message in reversed(said):
        told = unit.reminders.of_message(message.key)
        mine = [one for one in told if one.person_id == actor.id and one.answered_at is None]
        if mine and house.now() - message.created_at <= _SEEN_LASTS:
            return mine
    return () if said[-1].reply_to is None or _is_ours(unit, said[-1]) else None


def _is_ours(unit: Unit, message: Message) -> bool:
    """Whether a message answers the press of a reminder's button: 「知道了」 once more adds nothing."""
    pressed = unit.conversations.message(message.reply_to) if message.reply_to is not None else None
    return pressed is not None and str(pressed.payload.get("action", "")).startswith("remind:")


def _medicine(house: House, unit: Unit, actor: Person, text: str, taken: Taken) -> Said | None:
    """What was taken is noted, of the one that is named or of what was reminded of last; nothing else changes."""
    since = house.now() - _TAKEN_LASTS
    told = unit.reminders.told_of(actor.id, RuleKind.MEDICINE, since)
    if not told:
        return None
    say = house.words.say
    if taken.how == "not_yet":
        return Said(say("remind_not_yet"))
    if taken.how == "forgot":
        return Said(say("remind_forgot"), (Choice(say("button_doctor"), "human:doctor", once=False),))
    named = [one for one in told if _names(unit, one, text)]
    if taken.named and not named:
        # Noted as taken, a pill that was missed would be told to nobody.
        choices = _which(house, unit, told)
        return Said(say("remind_which_taken"), choices) if choices else None
    for one in named or [one for one in told if told[0].planned_at - one.planned_at <= _TOGETHER]:
        if one.answered_at is None:
            one.answered_at, one.answered_by = house.now(), actor.id
    return Said(say("remind_done"))


def _which(house: House, unit: Unit, told: Sequence[Instance]) -> list[Choice]:
    """The medicines that were reminded of, to be pressed where it was one of them."""
    rules = [(one, unit.reminders.rule(one.rule_id)) for one in told if one.answered_at is None]
    return [
        Choice(house.words.say("button_remind_taken_one", what=rule.detail["what"]), f"remind:seen:{one.id}")
        for one, rule in rules[:_SHOWN]
        if rule is not None
    ]


def _names(unit: Unit, instance: Instance, text: str) -> bool:
    rule = unit.reminders.rule(instance.rule_id)
    return rule is not None and shares(rule.detail["what"], text)


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
