"""What a person must look after: a wish for a person, health, complaints, danger that only the model saw, data."""

from __future__ import annotations

from actions import complaints
from actions.consent import GIVEN, TAKEN_BACK
from actions.desk_work import words_of_handing
from actions.family import elders_of
from actions.hand_over import Cause, open_ticket
from actions.raise_alarm import first_words
from actions.rasa.after_visit import about
from actions.rasa.asking import confidence
from actions.rasa.linking import family_lines
from actions.rasa.turn import Event, Turn, press
from domain.people import Person
from domain.tickets import Priority
from nlu.zh.danger import Category, Danger, Kind, is_everyday
from nlu.zh.dispute import disputes_count

# The rules have heard nothing; a model that is less sure than this only guesses.
_SURE_OF_DANGER = 0.4


def task_of(turn: Turn) -> dict[str, str] | None:
    """What was being done, with what had been answered already: it stands on the card."""
    if not turn.loop:
        return None
    prefix = turn.loop.removesuffix("form")
    answered = {
        k: _told(v) for k, v in turn.slots.items() if k.startswith(prefix) and v and "offers" not in k
    }
    return {"task": turn.loop.removesuffix("_form"), **answered}


def _told(value: object) -> str:
    """An answer as it was given: of a time what was said of it."""
    return str(value.get("said") or "") if isinstance(value, dict) else str(value)


def ticket(
    turn: Turn,
    queue: str,
    topic: str,
    priority: Priority = Priority.NORMAL,
    more: dict[str, str] | None = None,
) -> None:
    """Open a ticket for what this turn is about; `more` is what is known of it beside the task."""
    member = _member(turn)
    task = {**(task_of(turn) or {}), **(more or {})} or None
    cause = Cause(queue=queue, topic=topic, priority=priority, task=task, member=member)
    open_ticket(turn.house, turn.unit, turn.conversation, turn.actor, cause, key=turn.key)


def _member(turn: Turn) -> Person | None:
    """The elder whom a child speaks about, where that is clear."""
    words = [w for w in turn.entity("person") if w != "self"]
    family = [r.person for r in elders_of(turn.unit, turn.actor) if r.relation in words]
    return family[0] if len(family) == 1 else None


def human(turn: Turn) -> list[Event]:
    """`action_human`: a person, please."""
    role = (turn.entity("role") or ["life"])[0]
    hand_over(turn, role, turn.choice if turn.choice in ASKED_BY_BUTTON else "request")
    return []


# Why somebody asks for a person by a button below a no of ours; any other asking is a request.
ASKED_BY_BUTTON = ("no_time", "benefit_dispute")


def hand_over(turn: Turn, role: str, topic: str = "request", first: str = "") -> None:
    """A ticket in the queue of that butler, and the words that say so, or when that desk opens; `first` is said before."""
    ticket(turn, role, topic)
    words, choices = words_of_handing(turn.house, role)
    turn.say_text(first + words, choices)


def health(turn: Turn) -> list[Event]:
    """`action_health`: a question of health goes to the doctor butler; the AI gives no advice."""
    ticket(turn, "doctor", "health", Priority.HIGH)
    turn.say("health")
    return []


def complain(turn: Turn) -> list[Event]:
    """`action_complain`: taken down, with our own clock and the law's; told after a visit, it says which.

    Where only the count of benefits is in dispute, a person looks at every use of them.
    """
    if not turn.pressed and disputes_count(turn.text):
        _dispute(turn)
        return []
    made, path = complaints.file(
        turn.house,
        turn.unit,
        turn.conversation,
        turn.actor,
        turn.key,
        member=_member(turn),
        task={**(task_of(turn) or {}), "complaint": turn.text[:300], **about(turn)},
    )
    turn.say("complaint", number=made.number, until=complaints.until_words(turn.house, path))
    return []


def _dispute(turn: Turn) -> None:
    """「怎么少了一次」: what is counted is no answer to who doubts the count."""
    services = {"service": "、".join(turn.services)} if turn.services else {}
    ticket(turn, "life", "benefit_dispute", more={**services, "words": turn.text[:300]})
    words, choices = words_of_handing(turn.house, "life")
    turn.say_text(turn.word("dispute", then=words), choices)


_HEARD: dict[str, tuple[Category, Kind]] = {
    "emergency": ("emergency", "illness"),
    "crisis": ("crisis", "despair"),
    "report_fraud": ("fraud", "scam"),
}


def alarm(turn: Turn) -> list[Event]:
    """`action_alarm`: the model hears a danger that the rules did not: one gentle check question."""
    category, kind = _HEARD[turn.intent]
    if is_everyday(turn.text):
        turn.say("talk_chitchat")
        return []
    if confidence(turn) < _SURE_OF_DANGER:
        turn.say("clarify", (turn.button("human", press("request_human"), once=False),))
        return []
    danger = Danger(
        category=category, kind=kind, certain=category == "fraud", text=turn.text[:40], start=0, end=0
    )
    if danger.certain:
        ticket(turn, "life", f"{category}:{kind}", Priority.HIGH)
    words = first_words(turn.house, danger)
    turn.say_text(words.text, words.choices)
    return []


def family(turn: Turn) -> list[Event]:
    """Who is linked, asked for in the middle of something else; the form is for what is to change."""
    turn.say("family_aside", lines=family_lines(turn))
    return []


_ERASE = ("删", "注销", "抹", "清掉", "清除", "销毁")
_COPY = ("拷", "复印", "一份", "导出", "副本", "打印")


def privacy(turn: Turn) -> list[Event]:
    """`action_privacy`: what is kept, who may see it; a copy, a deletion or a no goes to a person with a ticket."""
    if any(word in turn.text for word in _ERASE):
        ticket(turn, "life", "privacy_erase", Priority.NORMAL)
        turn.say("privacy_erase")
    elif any(word in turn.text for word in _COPY):
        ticket(turn, "life", "privacy_copy", Priority.NORMAL)
        turn.say("privacy_copy")
    else:
        person = turn.actor
        kept = turn.word("kept_facts", phone=_tail(person.phone), address=person.address or turn.word("none"))
        choices = (
            ()
            if turn.loop
            else (
                turn.button("privacy_human", press("request_human"), once=False),
                turn.button("privacy_uses", press("manage_privacy", choice="uses"), once=False),
            )
        )
        if turn.choice == "uses":
            turn.say_text(_uses(turn))
        else:
            turn.say("privacy", choices, kept=kept, lines=family_lines(turn))
    return []


def _tail(phone: str | None) -> str:
    return f"尾号{phone[-4:]}" if phone else "没留"


def _uses(turn: Turn) -> str:
    """Who has used the elder's consent, newest first."""
    lines = []
    for use in turn.unit.people.uses_of(turn.actor.id, 8):
        # What was given or taken back names whose it was; a use, who used it.
        what, _, relative = use.action.partition(":")
        changed = what in (GIVEN, TAKEN_BACK)
        other = turn.unit.people.get(relative if changed else use.actor_id)
        lines.append(
            turn.word(
                f"use_{what}_line" if changed else "use_line",
                when=turn.when(use.at),
                name=other.name if other else "",
                scope=turn.word(f"scope_{use.scope}"),
            )
        )
    return turn.word("uses", lines="\n".join(lines)) if lines else turn.word("uses_none")
