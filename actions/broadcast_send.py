"""Broadcasts on their way: runs begin, recipients are laid down and handed to the outbox in small batches, runs end.

The outbox is fed only as fast as it empties, so that bulk is never ahead of anything there; each person is judged
when the words are handed over and once more right before they are sent (`unsaid`). Any number of processes side by side.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import structlog

from actions.broadcast import full_text
from actions.house import House
from actions.say import put_same
from domain.broadcasts import (
    Audience,
    Broadcast,
    BroadcastEvent,
    BroadcastRun,
    BroadcastState,
    Standing,
    judge,
)
from domain.clock import local_day
from domain.conversations import Conversation, Lane, Message, State
from domain.notices import Notices
from domain.recurrence import Recurrence
from domain.sending import Decision, Reason, Unsaid, What
from domain.store import Unit

log = structlog.get_logger()
# Deliveries of broadcasts that may be in the outbox at a time: a quarter of a minute's, more than two ticks use up.
WINDOW = 400
# One transaction's work: short, for on SQLite a live reply waits for it.
_BATCH, _FILL = 50, 2_000
# What a pause holds back is looked at again so often; going on makes it due at once.
_PAUSED = timedelta(minutes=1)


def next_due(house: House, unit: Unit) -> datetime | None:
    """When something is to be done next; recipients only while the outbox has room."""
    return unit.broadcasts.next_due(house.now(), WINDOW)


def work_off(house: House) -> int:
    """Begin what is due and hand over what the outbox has room for; returns how many recipients were looked at."""
    with house.store.read() as unit:
        due = unit.broadcasts.next_due(house.now(), 2**31)
        open_runs = list(unit.broadcasts.open_runs())
    if due is not None and due <= house.now():
        while (begun := _begin(house)) is not None:
            open_runs += begun
    return sum(_work(house, run_id) for run_id in open_runs)


def _begin(house: House) -> list[str] | None:
    """Begin the run of one broadcast that is due; None where there is none. It may need a second person's yes after all."""
    now = house.now()
    with house.store.write() as unit:
        broadcast = unit.broadcasts.due(now)
        if broadcast is None:
            return None
        planned = broadcast.due_at
        assert planned is not None
        if broadcast.approved_by is None:
            people = unit.broadcasts.count(Audience.read(broadcast.audience), house.today())
            if people > house.broadcast_alone:
                broadcast.asked = people
                broadcast.go(BroadcastState.WAITING, now)
                _note(house, unit, broadcast, "asked", people=people)
                return []
        runs = unit.broadcasts.runs(broadcast.id)
        if runs and runs[-1].ended_at is None:
            broadcast.due_at = None  # cannot be: a run that is open has its broadcast sending
            return []
        run = BroadcastRun(
            id=f"{broadcast.id}.{len(runs) + 1}",
            broadcast_id=broadcast.id,
            number=len(runs) + 1,
            planned_at=planned,
            useful_until=_useful_until(broadcast, planned),
            begun_at=now,
        )
        unit.broadcasts.add(run)
        broadcast.go(BroadcastState.SENDING, now)
        _note(house, unit, broadcast, "begun", run=run.id)
        return [run.id]


def _useful_until(broadcast: Broadcast, planned: datetime) -> datetime:
    until = planned + timedelta(minutes=broadcast.useful_minutes)
    following = _following(broadcast, planned)
    return until if following is None else min(until, following)


def _following(broadcast: Broadcast, planned: datetime) -> datetime | None:
    """The occurrence after one, reckoned from the planned moment, never from now."""
    if broadcast.rule is None:
        return None
    return Recurrence(broadcast.rule, broadcast.anchor or local_day(planned)).next_after(planned)


def _work(house: House, run_id: str) -> int:
    """All that can be done for a run now, in short transactions."""
    done = 0
    while True:
        with house.store.write() as unit:
            found = unit.broadcasts.open_run(run_id)
            if found is None:
                return done
            looked, again = _step(house, unit, *found)
        done += looked
        if not again:
            return done


def _step(house: House, unit: Unit, run: BroadcastRun, broadcast: Broadcast) -> tuple[int, bool]:
    """One step; how many were looked at, and whether there is more to do at once."""
    now, sending = house.now(), broadcast.state is BroadcastState.SENDING
    if sending and not run.filled:
        unit.broadcasts.fill(run, Audience.read(broadcast.audience), house.today(), now, _FILL)
        return 0, True
    unit.recipients.settle(run.id, now)
    if sending and now >= run.useful_until:
        unit.recipients.withdraw(broadcast.id, Reason.TOO_OLD, now)
    if unit.recipients.is_over(run.id) and broadcast.state is not BroadcastState.PAUSED:
        _end(house, unit, run, broadcast)
        return 0, False
    room = WINDOW - unit.recipients.on_the_way(now) if sending else 0
    looked = _hand(house, unit, run, broadcast, min(room, _BATCH)) if room > 0 else 0
    return looked, looked > 0


def _end(house: House, unit: Unit, run: BroadcastRun, broadcast: Broadcast) -> None:
    now = house.now()
    run.ended_at = now
    _note(house, unit, broadcast, "ended", run=run.id)
    if broadcast.state is not BroadcastState.SENDING:
        return
    following = _following(broadcast, run.planned_at)
    broadcast.go(BroadcastState.DONE if following is None else BroadcastState.SCHEDULED, now)
    broadcast.due_at = following


def _hand(house: House, unit: Unit, run: BroadcastRun, broadcast: Broadcast, limit: int) -> int:
    """Judge some recipients and put the words of those who get them into the outbox."""
    now = house.now()
    judged: defaultdict[Decision, list[str]] = defaultdict(list)
    for standing, notices in unit.recipients.claim(run.id, now, limit):
        judged[_judged(house, standing, notices, run)].append(standing.person_id)
    for decision, people in judged.items():
        match decision.what:
            case What.SEND:
                prefix = f"bc:{run.id}:"
                text = full_text(house, broadcast.text)
                put_same(
                    unit,
                    people,
                    text,
                    prefix=prefix,
                    now=now,
                    lane=Lane.BROADCAST,
                    extra={"broadcast": run.id},
                )
                unit.recipients.hand(run.id, people, prefix, now)
            case What.LATER:
                assert decision.reason is not None
                assert decision.at is not None
                unit.recipients.put_off(run.id, people, decision.reason, decision.at, now)
            case What.DROP:
                assert decision.reason is not None
                unit.recipients.skip(run.id, people, decision.reason, now)
    return sum(len(people) for people in judged.values())


def _judged(house: House, standing: Standing, notices: Notices | None, run: BroadcastRun) -> Decision:
    now = house.now()
    quiet = (notices or Notices(person_id=standing.person_id)).quiet(house.calendar)
    return judge(standing, now, run.useful_until, quiet.until(now))


def unsaid(house: House, unit: Unit, message: Message, conversation: Conversation) -> Unsaid | None:
    """The last look at words of a broadcast, right before they are sent; None where they are to be said."""
    run = unit.broadcasts.run(str(message.payload.get("broadcast")))
    broadcast = unit.broadcasts.get(run.broadcast_id) if run is not None else None
    if run is None or broadcast is None:
        return None
    if broadcast.state is BroadcastState.STOPPED:
        return Unsaid(Reason.STOPPED)
    if broadcast.state is BroadcastState.TAKEN_BACK:
        return Unsaid(Reason.TAKEN_BACK)
    if broadcast.state is BroadcastState.PAUSED:
        return Unsaid(Reason.PAUSED, house.now() + _PAUSED)
    ((standing, notices),) = unit.recipients.standing([conversation.person_id])
    decision = _judged(house, standing, notices, run)
    if decision.what is What.SEND:
        return None
    assert decision.reason is not None
    return Unsaid(decision.reason, decision.at)


def stays_paused(unit: Unit, message: Message) -> bool:
    """Whether words may be put off for a pause: who goes on after this transaction finds them put off."""
    run = unit.broadcasts.run(str(message.payload.get("broadcast")))
    return run is not None and unit.broadcasts.held_state(run.broadcast_id) is BroadcastState.PAUSED


def dropped(house: House, unit: Unit, message: Message, reason: str) -> None:
    """Words of a broadcast are not said any more: its run is told why."""
    run_id, conversation = message.payload.get("broadcast"), unit.conversations.get(message.conversation_id)
    if message.id is not None and run_id and conversation is not None and reason in list(Reason):
        unit.recipients.unsaid(str(run_id), conversation.person_id, message.id, Reason(reason), house.now())


def went_out(house: House, unit: Unit, message: Message) -> None:
    """A door has taken words of a broadcast, even where they were withdrawn in that very moment."""
    run_id, conversation = message.payload.get("broadcast"), unit.conversations.get(message.conversation_id)
    if run_id and conversation is not None:
        message.state = State.SENT
        unit.recipients.went_out(str(run_id), conversation.person_id, house.now())


def _note(house: House, unit: Unit, broadcast: Broadcast, what: str, **detail: object) -> None:
    unit.broadcasts.add(
        BroadcastEvent(broadcast_id=broadcast.id, at=house.now(), actor_id=None, what=what, detail=detail)
    )
    unit.flush()
