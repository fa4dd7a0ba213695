"""What may act on a message before Rasa: bad input, a person please, acknowledging, rating, a human who owns the
conversation.

Nothing else may: whatever needs a dialogue is Rasa's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from actions import (
    accounts,
    alarm_hear,
    alarm_talk,
    ask_leave,
    cry,
    desk_buttons,
    desk_work,
    raise_alarm,
    rate_chat,
    remind_answers,
    ticket_clocks,
    visit_chat,
    visit_lines,
)
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.say import Choice, put
from bot.not_heard import Came, not_seen
from domain.conversations import BUTTON_LIVES, Button, Conversation, Message, State
from domain.errors import NotFound
from domain.people import Person, Role
from domain.store import Unit
from nlu.zh.lost_phone import lost_phone
from nlu.zh.person_please import wants_person
from nlu.zh.secrets import mask
from nlu.zh.text import is_empty, only_emoji

LONGEST = 1000
# The whole of an answer to a question that a relative has put, typed instead of pressed.
_AGREES = re.compile(r"(?P<no>不|我不)?(?:我)?同意[了吧。！!]?")
EDIT_LIVES = timedelta(minutes=10)
BUTTON = re.compile(r"b_[0-9a-z]{16}")


def _place(attached: object) -> str | None:
    """A shared place as RFC 5870 writes it, where that is what came."""
    if isinstance(attached, dict) and attached.get("kind") == "place":
        return f"geo:{attached.get('ref')}"
    return None


class Front:
    """One stored message of one person, before Rasa hears of it."""

    def __init__(
        self, house: House, unit: Unit, message: Message, conversation: Conversation, actor: Person
    ) -> None:
        self.house, self.unit, self.message = house, unit, message
        self.conversation, self.actor = conversation, actor

    def take(self, text: str) -> None:
        """Answer the message here, or leave it `received` for Rasa."""
        attached = self.message.payload.get("attached")
        if isinstance(attached, dict) and is_empty(text):
            self.message.text = self.house.words.say(f"was_{attached['kind']}")
        if BUTTON.fullmatch(text):
            self._press(text)
        elif self.conversation.human_id is not None:
            self.message.state = State.ANSWERED
            ticket_clocks.heard(self.house, self.unit, self.conversation, self.message)
        elif self.actor.role is Role.CARER and len(text) <= LONGEST and wants_person(text) is None:
            said = _place(attached) or text
            self._show(visit_lines.hear(self.house, self.unit, self.actor, said, self.message.key))
        elif "edits" in self.message.payload and self._edit_is_over(str(self.message.payload["edits"])):
            return
        elif isinstance(attached, dict) and not_seen(self._came(), attached, is_empty(text)):
            self.message.state = State.ANSWERED
        elif mask(text)[1]:
            self.say("secret_masked")
        elif is_empty(text):
            self.say("say_something")
        elif len(text) <= LONGEST and self._rates(text):
            return
        elif only_emoji(text):
            self.say("only_signs")
        elif len(text) > LONGEST:
            self.say("too_long")
        else:
            self._without_dialogue(text)

    def _came(self) -> Came:
        return Came(self.house, self.unit, self.message, self.conversation, self.actor)

    def _without_dialogue(self, text: str) -> None:
        """Wishes that need no dialogue and no model; anything else is left for Rasa."""
        if lost_phone(text):
            self._ask_shut_out()
        elif (please := wants_person(text)) is not None:
            self._hand_over(please.role or "life")
        elif said := alarm_hear.typed(self.house, self.unit, self.conversation, self.actor, text):
            self.answer(said.text, said.choices, said.marks)
        elif told := remind_answers.typed(self.house, self.unit, self.actor, self.conversation, text):
            self.answer(told.text, told.choices)
        elif (agrees := _AGREES.fullmatch(text)) is not None:
            asked = ask_leave.open_question(self.unit, self.conversation.id)
            if asked is not None:
                self._leave(f"{asked}:{'no' if agrees['no'] else 'yes'}")

    def _rates(self, text: str) -> bool:
        """Whether these words answer the question how it was; a person please goes before."""
        if wants_person(text) is not None:
            return False
        said = rate_chat.typed(self.house, self.unit, self.actor, self.conversation, text, self.message.key)
        if said is not None:
            self.answer(said.text, said.choices)
        return said is not None

    def say(self, name: str) -> None:
        """Answer with a sentence of the catalogue."""
        self.answer(self.house.words.say(name))

    def answer(
        self, text: str, choices: Sequence[Choice] = (), extra: dict[str, object] | None = None
    ) -> None:
        """Store the answer; the message is answered."""
        put(
            self.unit,
            self.conversation,
            text,
            key=f"m{self.message.id}:way",
            now=self.house.now(),
            choices=choices,
            reply_to=self.message.id,
            extra=extra,
        )
        self.message.state = State.ANSWERED

    def _edit_is_over(self, original_key: str) -> bool:
        """An edit is a correction, and new words, while what it corrects is the last thing said and fresh.

        Later the talk has gone on: taken as new words, a mended typing error of last week would begin a booking.
        """
        original = self.unit.conversations.by_key(original_key)
        if original is None:
            return False  # it never came here, so these are its first words
        if original.text == self.message.text:
            self.message.state, self.message.reason = State.DROPPED, "unchanged"
            return True
        said = [m for m in self.unit.conversations.last(self.conversation.id, 20) if m.direction == "in"]
        last = [m.key for m in said if m is not self.message][-1:]
        if last == [original.key] and self.house.now() - original.created_at <= EDIT_LIVES:
            return False
        self.say("edited_too_late")
        return True

    def _show(self, said: visit_chat.Said) -> None:
        """An answer about visits: one message, and one more for each visit of the day."""
        self.answer(said.text, said.choices)
        for number, (text, choices) in enumerate(said.more):
            put(
                self.unit,
                self.conversation,
                text,
                key=f"m{self.message.id}:visit:{number}",
                now=self.house.now(),
                choices=choices,
                reply_to=self.message.id,
            )

    def _hand_over(self, role: str) -> None:
        cause = Cause(role, "request")
        open_ticket(
            self.house, self.unit, self.conversation, self.actor, cause, key=f"{self.message.key}:person"
        )
        self.answer(*desk_work.words_of_handing(self.house, role))

    def _press(self, button_id: str) -> None:
        """A button: one of this conversation, not too old, an answer only once."""
        button = self.unit.conversations.button(button_id)
        if (
            button is None
            or button.conversation_id != self.conversation.id
            or self.house.now() - button.created_at > BUTTON_LIVES
        ):
            self.message.text = self.house.words.say("button_unknown_pressed")
            self.say("button_unknown")
            return
        self.message.text = button.title
        self.message.payload = {**self.message.payload, "action": button.action, "button": button.id}
        beside = self.unit.conversations.buttons(button.message_key)
        if button.once and any(other.pressed_at for other in beside):
            self.say("button_pressed")
            return
        button.pressed_at = self.house.now()
        remind_answers.answered(self.house, self.unit, self.actor, button.message_key)
        if not button.action.startswith("/"):
            if not self._about_help(button):
                self._act(button)
        elif self.conversation.human_id is not None:
            self.message.state = State.ANSWERED
            ticket_clocks.heard(self.house, self.unit, self.conversation, self.message)

    def _about_help(self, button: Button) -> bool:
        """What a person's help came to: done or not, urgent, how it was. False where it is about something else."""
        verb, _, rest = button.action.partition(":")
        if verb in alarm_talk.VERBS:
            self._about_danger(verb, rest)
        elif verb in desk_buttons.VERBS:
            said, choices = desk_buttons.press(
                self.house, self.unit, self.conversation, self.actor, verb, rest
            )
            if said:
                self.answer(said, choices)
        else:
            return False
        self.message.state = State.ANSWERED
        return True

    def _about_danger(self, verb: str, rest: str) -> None:
        """An answer in a danger; where a person speaks it is theirs to answer."""
        said = alarm_talk.press(self.house, self.unit, self.conversation, self.actor, verb, rest)
        if said.text:
            self.answer(said.text, said.choices, said.marks)
        else:
            ticket_clocks.heard(self.house, self.unit, self.conversation, self.message)

    def _act(self, button: Button) -> None:
        """Buttons that need no dialogue: an alert that is seen, a danger that is real, or over, or never was."""
        verb, _, rest = button.action.partition(":")
        if verb == "human":
            self._hand_over(rest)
        elif verb in visit_chat.VERBS:
            self._show(visit_chat.press(self.house, self.unit, self.actor, verb, rest, self.message.key))
        elif verb in rate_chat.VERBS:
            said = rate_chat.press(self.house, self.unit, self.actor, verb, rest, self.message.key)
            self.answer(said.text, said.choices)
        elif verb == "remind":
            seen = rest.removeprefix("seen:")
            self.answer(remind_answers.seen(self.house, self.unit, self.actor, seen))
        elif verb == "acknowledge":
            raise_alarm.acknowledge(self.house, self.unit, self.actor, rest)
            self.say("alert_seen")
        elif verb == "alarm":
            cry.confirmed(self.house, self.unit, self.conversation, self.actor, self.message, rest)
        elif verb == "leave":
            self._leave(rest)
        elif verb == "shut_out":
            self._shut_out()
        elif verb == "shut_out_not":
            self.say("shut_out_not")
        elif verb == "calm":
            human = Choice(self.house.words.say("button_human"), "/request_human", once=False)
            name = "calm_fraud" if rest.startswith("fraud") else "calm"
            self.answer(self.house.words.say(name), (human,))

    def _leave(self, asked: str) -> None:
        """The elder's answer to a relative who asks for leave; the next question is told by itself."""
        request, scope, said = asked.split(":")
        try:
            words = ask_leave.answer(self.house, self.unit, self.actor, request, scope, yes=said == "yes")
        except NotFound:
            self.say("button_unknown")
            return
        if words is not None:
            self.answer(words)
        self.message.state = State.ANSWERED

    def _ask_shut_out(self) -> None:
        words = self.house.words
        self.answer(
            words.say("lost_phone"),
            (
                Choice(words.say("button_shut_out"), "shut_out"),
                Choice(words.say("button_shut_out_not"), "shut_out_not"),
            ),
        )

    def _shut_out(self) -> None:
        """Every login but the one that this came by is over; the page that asked is given a fresh one."""
        account_id = self.message.payload.get("account")
        keep = self.unit.doors.account(str(account_id)) if account_id else None
        accounts.shut_out(self.house, self.unit, self.actor, keep)
        self.answer(self.house.words.say("shut_out_done"), extra={"keeps_login": True})
