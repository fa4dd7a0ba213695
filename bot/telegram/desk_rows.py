"""What the staff groups' topics still need, read from the store and written down: everything here runs in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from actions import topic_card, topic_news, topic_work
from actions.house import House
from actions.topic_news import Item
from bot.settings import Settings
from domain.store import Unit
from domain.tickets import Ticket, TicketState
from domain.topics import HAND_LIVES, Post, Topic


@dataclass(frozen=True)
class Group:
    """A staff group: the queues whose tickets it shows, and those of which it only learns that there is one."""

    chat: str
    shows: tuple[str, ...]
    announces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What one topic needs now. `card` is None where the card is as it should be; `moved` where it is no longer ours."""

    ticket_id: str
    number: str
    thread: int | None
    card_id: int | None
    title: str
    card: str | None
    buttons: Sequence[tuple[str, str]]
    items: Sequence[Item] = field(default_factory=tuple)
    closed: bool = False
    announces: bool = False
    moved: str | None = None
    version: int = 0


def groups(settings: Settings) -> list[Group]:
    """The staff groups that are set up. A doctor's talk is no life butler's to read, and everybody in a group reads
    everything in it: without a group of the doctors' own their tickets are only announced."""
    staff, doctors = settings.telegram_staff_chat, settings.telegram_doctor_chat
    made = []
    if _is_chat(staff):
        made.append(Group(staff, ("life",), () if _is_chat(doctors) else ("doctor",)))
    if _is_chat(doctors) and doctors != staff:
        made.append(Group(doctors, ("doctor",)))
    return made


def _is_chat(number: str) -> bool:
    return number.removeprefix("-").isdigit()


class DeskRows:
    """The topics of one group; `worker` is who takes them in hand."""

    def __init__(self, house: House, group: Group, worker: str) -> None:
        self.house, self.group, self.worker = house, group, worker

    def due(self, limit: int = 20) -> list[str]:
        """Tickets whose topic does not show what is so, the gravest first."""
        queues = self.group.shows + self.group.announces
        with self.house.store.read() as unit:
            new = unit.topics.unbegun(self.group.chat, queues)
        if new:
            with self.house.store.write() as unit:
                unit.topics.begin(self.group.chat, queues)
        with self.house.store.read() as unit:
            return unit.topics.stale(self.group.chat, self.house.now(), limit)

    def plan(self, ticket_id: str) -> Plan | None:
        """Take a topic in hand and say what it needs; None where another worker has it or nothing is to be done."""
        with self.house.store.write() as unit:
            now = self.house.now()
            topic = unit.topics.take(ticket_id, self.group.chat, self.worker, now, now + HAND_LIVES)
            ticket = unit.tickets.get(ticket_id)
            if topic is None or ticket is None:
                return None
            if self._nothing(unit, topic, ticket):
                topic.held_until = None
                return None
            return self._plan(unit, topic, ticket)

    def _nothing(self, unit: Unit, topic: Topic, ticket: Ticket) -> bool:
        """What needs no topic: over before one was made, or moved away and told so. It is marked as told."""
        gone = ticket.queue not in self.group.shows + self.group.announces
        over = ticket.state is TicketState.CLOSED or gone
        if not over or topic.thread is not None or (topic.card is not None and not gone):
            return False
        topic.shown, topic.over = ticket.version, True
        topic_news.told_all(unit, topic, ticket)
        return True

    def _plan(self, unit: Unit, topic: Topic, ticket: Ticket) -> Plan:
        house = self.house
        if ticket.queue not in self.group.shows:
            return self._elsewhere(unit, topic, ticket)
        changed = topic.card is None or topic.shown != ticket.version
        card = topic_card.text(house, unit, ticket) if changed else None
        if card is not None and topic.card is None and topic.made > 0:
            card = "\n".join(
                [house.words.say("topic_again"), *topic_news.history(house, unit, ticket), "", card]
            )
        return Plan(
            ticket_id=ticket.id,
            number=ticket.number,
            thread=topic.thread,
            card_id=topic.card,
            title=topic_card.title(house, unit, ticket),
            card=card,
            buttons=topic_work.buttons(house, ticket),
            items=topic_news.news(house, unit, topic, ticket),
            closed=ticket.state is TicketState.CLOSED,
            version=ticket.version,
        )

    def _elsewhere(self, unit: Unit, topic: Topic, ticket: Ticket) -> Plan:
        """A ticket whose content is not for this group: it went to another desk, or there is only news of it."""
        say = self.house.words.say
        queue = say(f"topic_queue_{ticket.queue}")
        moved = say("topic_moved", queue=queue) if topic.thread is not None else None
        state = topic_card.state(self.house, unit, ticket)
        card = say("topic_announced", mark=topic_card.mark(ticket), number=ticket.number, state=state)
        claim = [b for b in topic_work.buttons(self.house, ticket) if b[1] == "claim"]
        return Plan(
            ticket_id=ticket.id,
            number=ticket.number,
            thread=topic.thread,
            card_id=topic.card,
            title="",
            card=card,
            buttons=claim,
            closed=True,
            announces=True,
            moved=moved,
            version=ticket.version,
        )

    def made(self, ticket_id: str, thread: int) -> None:
        """A topic is there, still empty: what has been so far stands in its card."""
        with self.house.store.write() as unit:
            topic, ticket = self._both(unit, ticket_id)
            topic.thread, topic.card, topic.over = thread, None, False
            topic_news.told_all(unit, topic, ticket)

    def shown(self, plan: Plan, card_id: int) -> None:
        """The card stands there as it was planned."""
        with self.house.store.write() as unit:
            topic, ticket = self._both(unit, plan.ticket_id)
            if topic.card is None and not plan.announces:
                topic.made += 1
            topic.card, topic.shown = card_id, plan.version
            if plan.announces:
                topic_news.told_all(unit, topic, ticket)

    def told(self, ticket_id: str, items: Sequence[Item], number: int | None = None) -> None:
        """These are out, in the group's message of this number."""
        with self.house.store.write() as unit:
            topic, _ = self._both(unit, ticket_id)
            topic.told_event = max(topic.told_event, *(item.event for item in items))
            topic.told_message = max(topic.told_message, *(item.message for item in items))
            topic.told_note = max(topic.told_note, *(item.note for item in items))
            line = max(item.message for item in items)
            if number is not None and line:
                unit.topics.add(
                    Post(chat=self.group.chat, number=number, ticket_id=ticket_id, message_id=line)
                )

    def moved(self, plan: Plan) -> None:
        """It has been said that the ticket is at another desk now: this topic shows nothing more."""
        with self.house.store.write() as unit:
            topic, ticket = self._both(unit, plan.ticket_id)
            topic.thread = topic.card = None
            topic.made, topic.over = 0, True
            topic_news.told_all(unit, topic, ticket)

    def lost(self, ticket_id: str) -> None:
        """The topic was deleted: it is to be made again."""
        with self.house.store.write() as unit:
            topic, _ = self._both(unit, ticket_id)
            topic.thread = topic.card = None

    def card_lost(self, ticket_id: str) -> None:
        """The card was deleted; whether its topic was too will show when it is sent again."""
        with self.house.store.write() as unit:
            topic, _ = self._both(unit, ticket_id)
            topic.card = None

    def close(self, ticket_id: str, *, over: bool) -> bool:
        """Note that the topic is closed or open; whether that is a change."""
        with self.house.store.write() as unit:
            topic, _ = self._both(unit, ticket_id)
            changed, topic.over = topic.over is not over, over
            return changed

    def let_go(self, ticket_id: str) -> None:
        with self.house.store.write() as unit:
            topic = unit.topics.get(ticket_id, self.group.chat)
            if topic is not None and topic.held_by == self.worker:
                topic.held_until = None

    def _both(self, unit: Unit, ticket_id: str) -> tuple[Topic, Ticket]:
        topic, ticket = unit.topics.get(ticket_id, self.group.chat), unit.tickets.get(ticket_id)
        assert topic is not None
        assert ticket is not None
        return topic, ticket
