"""The words of reminders that were judged: into the outbox together, those of one hour for one person as one message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.house import House
from actions.remind_hand import Batch, Row, Said, key_of
from actions.say import Choice, Draft, press, put_all
from domain.conversations import Lane
from domain.reminders import Instance, Outcome
from domain.store import Unit

_Spoken = tuple[Instance, Said | None]


def say_all(house: House, unit: Unit, batch: Batch, people: Iterable[Sequence[Row]]) -> None:
    """Store the words for each of these people, note that they are said, and let follow what follows."""
    drafts: list[Draft] = []
    sent: list[tuple[Row, str]] = []
    for rows in people:
        spoken = [(i, batch.hands[rule.kind].words(house, unit, rule, i)) for i, rule in rows]
        mine, joined = _drafts(house, spoken)
        drafts += mine
        sent += [((i, rule), joined.get(i.id, key_of(i))) for i, rule in rows]
    put_all(unit, drafts, now=house.now(), lane=Lane.REMINDER)
    now = house.now()
    unit.reminders.put_sent([(instance, key) for (instance, _), key in sent], now)
    unit.reminders.put_attempts([(i.id, i.attempts) for (i, _), _ in sent], Outcome.SENT, now)
    for (instance, rule), _ in sent:
        batch.hands[rule.kind].after(house, unit, rule, instance, None)
    unit.reminders.put_planned()


def _drafts(house: House, spoken: Sequence[_Spoken]) -> tuple[list[Draft], dict[str, str]]:
    """One person's messages, and by which key those are said that were put together."""
    joined = [(i, said) for i, said in spoken if i.joins and said is not None and said.line is not None]
    if len(joined) < 2:
        joined = []
    drafts, together = [], {}
    if joined:
        head = joined[0][0]
        together = {instance.id: key_of(head) for instance, _ in joined}
        drafts.append(_draft(head, _together(house, head, [said for _, said in joined])))
    drafts += [_draft(i, said) for i, said in spoken if said is not None and i.id not in together]
    return drafts, together


def _draft(instance: Instance, said: Said) -> Draft:
    return Draft(instance.person_id, said.text, key_of(instance), said.choices)


def _together(house: House, head: Instance, said: Sequence[Said]) -> Said:
    """Several small notices as one message. Which of them is to be moved or dropped, the dialogue asks."""
    word = house.words.say
    lines = "\n".join(f"{number}. {one.line}" for number, one in enumerate(said, 1))
    choices = [Choice(word("button_remind_seen"), f"remind:seen:{head.id}")]
    if any(len(one.choices) > 1 for one in said):
        choices += [
            Choice(word("button_remind_move"), press("reschedule_booking"), once=False),
            Choice(word("button_remind_drop"), press("cancel_booking"), once=False),
        ]
    return Said(word("remind_together", count=len(said), lines=lines), choices)
