"""The rows of a cry for help: the first words, then everything that belongs to it; or the answer that it was."""

from __future__ import annotations

from collections.abc import Sequence

from actions import alarm_hear, alarm_more, raise_alarm, ticket_clocks
from actions.house import House
from actions.say import Choice, put
from domain.conversations import Conversation, Message, State
from domain.danger_questions import load
from domain.people import Person
from domain.store import Unit
from nlu.zh.danger import Danger


def take(
    house: House,
    unit: Unit,
    conversation: Conversation,
    actor: Person,
    message: Message,
    danger: Danger,
    text: str,
) -> None:
    """Answer a stored message in which a danger was heard. In a danger it may be the answer to what is being asked."""
    answer = alarm_hear.heard(house, unit, conversation, actor, text, danger)
    if answer is not None:
        _say(
            house,
            unit,
            conversation,
            message,
            f"{message.key}:answer",
            answer.text,
            answer.choices,
            answer.marks,
        )
        return
    _first(house, unit, conversation, message, danger, f"{message.key}:first")
    # Where a person speaks it is a word to them like any other, too.
    ticket_clocks.heard(house, unit, conversation, message)
    if danger.certain:
        known = load().known(danger.kind, text, confirmed=danger.act)
        raise_alarm.raise_alarm(house, unit, conversation, actor, danger, message.key, known=known)


def confirmed(
    house: House,
    unit: Unit,
    conversation: Conversation,
    actor: Person,
    message: Message,
    about: str,
) -> None:
    """The gentle check question was answered with yes; `about` is the category and the kind."""
    category, kind = about.split(":")
    danger = Danger(category=category, kind=kind, certain=True, text=message.text, start=0, end=0)  # type: ignore[arg-type]
    _first(house, unit, conversation, message, danger, f"m{message.id}:way")
    ticket_clocks.heard(house, unit, conversation, message)
    known = load().known(kind, "", confirmed=True)
    raise_alarm.raise_alarm(house, unit, conversation, actor, danger, message.key, known=known)


def _first(
    house: House, unit: Unit, conversation: Conversation, message: Message, danger: Danger, key: str
) -> None:
    first = raise_alarm.first_words(house, alarm_more.words_of(unit, conversation, danger))
    _say(house, unit, conversation, message, key, first.text, first.choices, {"danger": danger.category})


def _say(
    house: House,
    unit: Unit,
    conversation: Conversation,
    message: Message,
    key: str,
    text: str,
    choices: Sequence[Choice],
    marks: dict[str, object],
) -> None:
    message.state = State.ANSWERED
    put(
        unit,
        conversation,
        text,
        key=key,
        now=house.now(),
        choices=choices,
        reply_to=message.id,
        extra=marks,
    )
