"""Putting the butler's words into the outbox: nothing is said before it is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.conversations import OWN, Button, Conversation, Lane, Message, OwnWords, Speaker, State
from domain.doors import Account, Delivery
from domain.ids import new_id
from domain.sending import Reason
from domain.store import Unit


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and what its press means to the dialogue (never told to a door).

    `once` marks an answer, which means nothing a second time; a way to somewhere may be pressed again.
    """

    title: str
    action: str
    once: bool = True


def press(intent: str, **entities: str) -> str:
    """What a button says to Rasa: an intent with its entities."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def put(
    unit: Unit,
    conversation: Conversation,
    text: str,
    *,
    key: str,
    now: datetime,
    speaker: Speaker = Speaker.AI,
    author_id: str | None = None,
    choices: Sequence[Choice] = (),
    reply_to: int | None = None,
    lane: Lane = Lane.LIVE,
    extra: dict[str, object] | None = None,
    not_before: datetime | None = None,
) -> Message:
    """Store one message that goes out; the same key a second time returns what was stored the first time.

    `not_before` is the end of the quiet that a chat is not to be woken from; the page has the words at once.

    A reply was thought of under whoever owned the conversation when its question came: a person who takes over while
    the butler thinks is not spoken over.
    """
    stored = unit.conversations.by_key(key)
    if stored is not None:
        return stored
    buttons, shown = _buttons(conversation, key, choices, now)
    asked = unit.conversations.message(reply_to) if reply_to is not None else None
    version = asked.owner_version if asked is not None else None
    message = Message(
        conversation_id=conversation.id,
        direction="out",
        speaker=speaker,
        channel="outbox",
        text=text,
        key=key,
        state=State.QUEUED,
        created_at=now,
        author_id=author_id,
        reply_to=reply_to,
        payload={**(extra or {}), **shown},
        pushed=_own(asked),
        lane=lane,
        owner_version=conversation.version if version is None else version,
    )
    unit.conversations.add(message, *buttons)
    unit.has_words = True
    unit.flush()
    assert message.id is not None
    for account in _listening(unit, conversation, asked):
        unit.doors.add(
            Delivery(
                message_id=message.id,
                account_id=account.id,
                lane=lane,
                due_at=not_before or now,
                reason=Reason.QUIET if not_before else None,
            )
        )
        unit.has_deliveries = True
    unit.flush()
    return message


def put_same(
    unit: Unit,
    people: Sequence[str],
    text: str,
    *,
    prefix: str,
    now: datetime,
    lane: Lane,
    extra: dict[str, object],
) -> None:
    """Store the same words for many people, keyed `prefix` and person; who has them already is a mistake of the caller's."""
    unit.conversations.put_same(text, lane, {one: f"{prefix}{one}" for one in people}, extra, now)
    unit.has_words = unit.has_deliveries = True


def _listening(unit: Unit, conversation: Conversation, asked: Message | None) -> Sequence[Account]:
    """Where the words go: a reply to the chat that was written from, what is told of our own accord to every chat."""
    if asked is None or _own(asked):
        return unit.doors.accounts(conversation.person_id)
    account_id = asked.payload.get("account")
    account = unit.doors.account(str(account_id)) if account_id else None
    return [account] if account is not None and account.left_at is None else []


@dataclass(frozen=True)
class Draft:
    """Words of our own accord for one person, as they will be stored."""

    person_id: str
    text: str
    key: str
    choices: Sequence[Choice] = ()


def put_all(unit: Unit, drafts: Sequence[Draft], *, now: datetime, lane: Lane) -> None:
    """Store words for many at once, in a number of statements that does not grow with them; a key that is stored
    already is left as it is.
    """
    stored = unit.conversations.stored([draft.key for draft in drafts])
    fresh = [draft for draft in drafts if draft.key not in stored]
    people = {draft.person_id for draft in fresh}
    conversations, accounts = unit.conversations.of_all(people), unit.doors.accounts_of(people)
    words: list[OwnWords] = []
    buttons: list[tuple[str, str, str, str, str, bool]] = []
    for draft in fresh:
        conversation_id, version = conversations[draft.person_id]
        own = [(new_id("b"), choice) for choice in draft.choices]
        shown = [{"title": choice.title, "payload": number} for number, choice in own]
        payload: dict[str, object] = {"buttons": shown} if shown else {}
        words.append(OwnWords(conversation_id, version, draft.text, draft.key, payload))
        buttons += [
            (number, conversation_id, draft.key, one.title, one.action, one.once) for number, one in own
        ]
    made = unit.conversations.put_words(words, lane, now)
    unit.conversations.put_buttons(buttons, now)
    ways = [
        (made[draft.key], account_id) for draft in fresh for account_id in accounts.get(draft.person_id, ())
    ]
    unit.doors.put_deliveries(ways, lane, now)
    unit.has_deliveries = unit.has_deliveries or bool(ways)
    unit.has_words = unit.has_words or bool(made)


def _buttons(
    conversation: Conversation, key: str, choices: Sequence[Choice], now: datetime
) -> tuple[list[Button], dict[str, object]]:
    """The buttons under one message, and what its payload says of them."""
    buttons = [
        Button(
            id=new_id("b"),
            conversation_id=conversation.id,
            message_key=key,
            title=choice.title,
            action=choice.action,
            created_at=now,
            once=choice.once,
        )
        for choice in choices
    ]
    shown = [{"title": button.title, "payload": button.id} for button in buttons]
    return buttons, {"buttons": shown} if shown else {}


def _own(asked: Message | None) -> bool:
    """Whether words go out of our own accord: nobody asked, or we asked ourselves, so that a task goes on."""
    return asked is None or asked.direction == OWN
