"""What an action sees of one turn of a conversation, and how it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from actions.family import KIN, Relative, called, elders_of, meant
from actions.house import House
from actions.say import Choice, press, put
from domain.conversations import Conversation
from domain.people import Person
from domain.store import Unit
from nlu.zh import lexicon, times
from nlu.zh.say import say_when
from nlu.zh.times import TimeExpr

__all__ = ["Event", "Turn", "leave_loop", "press", "slot"]

Event = dict[str, Any]


def slot(name: str, value: Any) -> Event:
    """The event that sets a slot."""
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def leave_loop() -> Event:
    """The event that ends a form."""
    return {"event": "active_loop", "name": None, "timestamp": None}


@dataclass
class Turn:
    """One call of one action. `heard` is Rasa's latest message, `slots` its slots, `now` in UTC."""

    house: House
    unit: Unit
    conversation: Conversation
    actor: Person
    action: str
    heard: dict[str, Any]
    slots: dict[str, Any]
    loop: str | None = None
    said: list[str] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)

    @cached_property
    def now(self) -> datetime:
        return self.house.now()

    @property
    def went_to_person(self) -> bool:
        """Whether a button for a person was pressed: the open question waits until that person has handed back."""
        return self.pressed and self.intent == "request_human"

    @property
    def message_id(self) -> int | None:
        """The stored message that is being answered; None in `rasa shell`."""
        number = (self.heard.get("metadata") or {}).get("message_id")
        return int(number) if number is not None else None

    @property
    def key(self) -> str:
        """What makes this action's writes happen once: the message and the action."""
        message, part = self.message_id, (self.heard.get("metadata") or {}).get("part")
        return (
            f"m{message}{part or ''}:{self.action}" if message is not None else f"x{id(self)}:{self.action}"
        )

    @property
    def also(self) -> Event | None:
        """The second wish of this message, if it had one (`nlu/components/wishes.py` gives its shape)."""
        return self.heard.get("also")

    @property
    def text(self) -> str:
        """The words that are worked on: the message, without its second wish."""
        return str((self.also["lead"] if self.also else self.heard).get("text") or "")

    @property
    def pressed(self) -> bool:
        """Whether this was a button and not words."""
        return self.text.startswith("/")

    @property
    def intent(self) -> str:
        return str((self.heard.get("intent") or {}).get("name") or "")

    @property
    def requested(self) -> str | None:
        return self.slots.get("requested_slot")

    def entity(self, name: str) -> list[str]:
        """The values of an entity in this message, in order."""
        found = [e for e in self.heard.get("entities") or [] if e.get("entity") == name]
        if self.also:
            spans = self.also["lead"]["spans"]
            found = [e for e in found if any(a <= e["start"] and e["end"] <= b for a, b in spans)]
        return list(dict.fromkeys(str(e["value"]) for e in found))

    @cached_property
    def services(self) -> list[str]:
        return [code for code in self.entity("service") if code in self.house.catalogue.services]

    @cached_property
    def time(self) -> TimeExpr:
        """The first time in the words, a correction counted as what it corrects to."""
        if self.pressed:
            wanted = self.entity("time")
            return times.first(wanted[0] if wanted else "", self.now, self.house.calendar)
        return times.first(self.text, self.now, self.house.calendar)

    @cached_property
    def choice(self) -> str | None:
        """What a button of a form stands for."""
        found = self.entity("choice")
        return found[0] if found else None

    def city(self) -> str | None:
        """The city that was named, if one was."""
        named = self.entity("city") or (
            [m.value for m in lexicon.find_cities(self.text)] if not self.pressed else []
        )
        return named[0] if named else None

    def named(self) -> list[Relative]:
        """Whom the words mean. Raises NotFound where somebody was named whom we do not know."""
        return meant(self.unit, self.actor, self.entity("person"))

    def whom(self) -> list[Relative]:
        """Whom it is about: who was named, else oneself where one has a plan, else one's only elder."""
        named = self.named()
        if named:
            return named
        own = Relative(self.actor, "self")
        family = elders_of(self.unit, self.actor)
        if not family or self.unit.benefits.enrolments(self.actor.id):
            return [own]
        return family

    def called(self, relative: Relative) -> str:
        return called(self.actor, relative)

    def call(self, person: Person) -> str:
        """How the butler speaks of somebody to the actor."""
        if person.id == self.actor.id:
            return "您"
        kinship = self.unit.people.kinship(person.id, self.actor.id)
        return KIN.get(kinship.relation, person.name) if kinship else person.name

    def when(self, moment: datetime) -> str:
        """A moment as people say it, with its weekday."""
        return say_when(moment, self.now)

    def word(self, name: str, /, **gaps: object) -> str:
        return self.house.words.say(name, **gaps)

    def say(self, name: str, choices: Sequence[Choice] = (), /, **gaps: object) -> None:
        """Store a sentence of the catalogue in the outbox, with its buttons."""
        self.say_text(self.word(name, **gaps), choices)

    def say_text(
        self, text: str, choices: Sequence[Choice] = (), extra: dict[str, object] | None = None
    ) -> None:
        """Store words that were put together from the catalogue; `extra` is kept with them, for the doors."""
        message = put(
            self.unit,
            self.conversation,
            text,
            key=f"{self.key}:{len(self.said)}",
            now=self.now,
            choices=choices,
            reply_to=self.message_id,
            extra=extra,
        )
        self.said.append(message.text)

    def button(self, name: str, action: str, /, *, once: bool = True, **gaps: object) -> Choice:
        """A button whose title is in the catalogue of words."""
        return Choice(self.word(f"button_{name}", **gaps), action, once)
