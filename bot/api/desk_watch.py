"""What happens at the desk as a stream, who is on shift, and when the desks are open."""

from __future__ import annotations

from collections import deque
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from actions import on_duty
from bot.api import desk_shapes
from bot.api.access import Asking, Caller, Ports, Staff
from bot.api.desk_shapes import HoursOut, ShiftOut, ShiftsIn
from bot.api.shapes import Page
from bot.api.streaming import begin_after, streamed
from bot.parts import Parts
from bot.way import LoginOver
from domain.clock import SHANGHAI, local
from domain.desk import QUEUES, Duty, is_on, load
from domain.policy import queues_of

router = APIRouter(prefix="/api/v1", tags=["staff"])
_LOOK_BACK, _AT_ONCE = 50, 100
_ALIVE = "event: alive\ndata: 1\n\n"


@router.get("/tickets/events")
async def events(
    request: Request, who: Asking, person: Staff, parts: Ports, after: Annotated[int, Query(ge=-1)] = -1
) -> StreamingResponse:
    """Everything that happens to tickets of one's queues, as server-sent events; after -1 only what comes."""
    start = begin_after(request, after)
    if start < 0:
        with parts.house.store.read() as unit:
            start = unit.tickets.newest_change()
    return streamed(request, parts, who, _Watch(parts, who).look, start, _ALIVE)


class _Watch:
    """What one stream has shown; where several processes write, a lower number may be committed after a higher one."""

    def __init__(self, parts: Parts, who: Caller) -> None:
        self.parts, self.who = parts, who
        self._seen: deque[int] = deque(maxlen=_LOOK_BACK)

    def look(self, after: int) -> list[tuple[int, dict[str, Any]]]:
        """New changes. Raises LoginOver."""
        with self.parts.house.store.read() as unit:
            person = unit.people.get(self.who.person_id)
            if person is None or not person.holds_login(self.who.login_at) or not person.role.is_butler:
                raise LoginOver
            since = min(self._seen) if self._seen else after
            found = unit.tickets.changes(queues_of(person), since, _AT_ONCE + _LOOK_BACK)
            items = []
            for change, ticket in found:
                assert change.id is not None
                if change.id in self._seen:
                    continue
                told = desk_shapes.event(change, ticket.queue).model_dump(mode="json")
                shape = desk_shapes.ticket(self.parts.house, unit, ticket, card={})
                items.append((change.id, {"ticket": shape.model_dump(mode="json"), **told}))
        self._seen.extend(number for number, _ in items)
        return items


@router.get("/desk/shifts")
def shifts(person: Staff, parts: Ports) -> Page[ShiftOut]:
    """Who is on shift, every week; `now` tells who is there at this moment."""
    with parts.house.store.read() as unit:
        return Page(items=_shifts(parts, unit.desks.duties(), unit.people.get))


@router.put("/desk/shifts/{person_id}")
def set_shifts(person_id: str, body: ShiftsIn, person: Staff, parts: Ports) -> Page[ShiftOut]:
    """Somebody's shifts, in place of those that were. 403 for anybody but a supervisor."""
    rows = [Duty(person_id=person_id, **row.model_dump()) for row in body.items]
    with parts.house.store.write() as unit:
        made = on_duty.set_shifts(unit, person, person_id, rows)
        return Page(items=_shifts(parts, made, unit.people.get))


def _shifts(parts: Parts, rows: Any, known: Any) -> list[ShiftOut]:
    now = local(parts.house.now())
    return [desk_shapes.shift(row, known(row.person_id), now=is_on(row, now)) for row in rows]


@router.get("/desk/hours")
def hours(person: Staff, parts: Ports) -> Page[HoursOut]:
    """Whether the desks are open now, and when they open next."""
    desk, now = load(), parts.house.now()
    items = []
    for queue in QUEUES:
        time = desk.time_of(queue, parts.house.calendar)
        opens = time.opens(now).astimezone(SHANGHAI)
        items.append(HoursOut(queue=queue, always=time.always, open=time.is_open(now), opens_at=opens))
    return Page(items=items)
