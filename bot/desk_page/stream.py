"""The desk's stream: tickets that have changed and every new word of one's own queues, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from actions.receipts import SIGNS
from bot.api.access import Ports
from bot.api.streaming import begin_after
from bot.desk_page.access import COOKIE, AtDesk, Here, still_here
from bot.desk_page.board import row
from bot.desk_page.lines import LineOut, Names, lines_of
from bot.parts import Parts
from domain.clock import local
from domain.policy import queues_of
from domain.store import Unit
from domain.tickets import Ticket

router = APIRouter(prefix="/desk", include_in_schema=False)
# As the page for elders has it: another process stores words without ringing here.
_LOOK_SECONDS, _ALIVE_SECONDS = 1.0, 15.0
# Numbers are given before they are seen: a transaction that took longer comes late with a lower one.
_LOOK_BACK, _MOST = 40, 200
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/events")
async def events(request: Request, found: Here, parts: Ports, after: int = 0) -> StreamingResponse:
    """From a message on; `Last-Event-ID` takes up where the stream was cut. Reading here is no use of the login."""
    watch = Watch(parts, found, request.cookies.get(COOKIE, ""), begin_after(request, after))
    stream = _events(request, parts, found, watch)
    return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)


class Watch:
    """What one stream has shown: each ticket as it was, and the words."""

    def __init__(self, parts: Parts, found: AtDesk, secret: str, after: int) -> None:
        self.parts, self.queues = parts, queues_of(found.person)
        self._holds = still_here(parts, secret)
        self._marker: tuple[int, int] | None = None
        self._after = after
        self._shown: dict[str, str] = {}
        self._seen: deque[int] = deque(maxlen=_LOOK_BACK * 5)
        # Words that will change (not gone out yet, a file still to be fetched) as they were shown, and their queue.
        self._changing: dict[int, tuple[str, str]] = {}
        # Conversations whose older words that have not gone out yet are watched too.
        self._followed: set[str] = set()
        self._event = 0

    def look(self) -> list[tuple[str, int, dict[str, Any]]] | None:
        """What is new, as (event, id, data); None where the login is over."""
        if not self._holds():
            return None
        with self.parts.house.store.read() as unit:
            names, marker = Names(unit), unit.board.marker()
            changed = self._changed(unit, names)
            if marker == self._marker:
                return changed
            found = unit.board.open(self.queues)
            # Who has the doctor's ticket of a conversation may read what was said with the doctor.
            reads = {t.conversation_id: t.queue for t in sorted((r.ticket for r in found), key=_doctors_last)}
            said = unit.board.lines(sorted(reads), self._after - _LOOK_BACK, _MOST) if reads else []
            fresh = [m for m in said if m.id not in self._seen and (m.id or 0) > self._after - _LOOK_BACK]
            new = lines_of(unit, names, fresh, lambda m: reads[m.conversation_id])
            self._watch(new, [reads[m.conversation_id] for m in fresh])
            self._follow(unit, names, reads)
            told = self._words([m.conversation_id for m in fresh], new)
            told += self._signs(
                unit, names, marker[1], reads, but=[data["line"]["id"] for *_, data in changed]
            )
            rows = {one.ticket.id: row(names, one).model_dump(mode="json") for one in found}
        return [*changed, *told, *self._tickets(rows, marker)]

    def _follow(self, unit: Unit, names: Names, reads: dict[str, str]) -> None:
        """Words from before this stream that wait still: the page shows them as not gone out, and is to hear of it."""
        newly = sorted(reads.keys() - self._followed)
        self._followed = set(reads)
        if not newly:
            return
        found = [m for m in unit.board.unsent(newly, _MOST) if m.id not in self._changing]
        queues = [reads[m.conversation_id] for m in found]
        self._watch(lines_of(unit, names, found, lambda m: reads[m.conversation_id]), queues)

    def _watch(self, lines: Sequence[LineOut], queues: Sequence[str]) -> None:
        """Remember what will change."""
        for one, queue in zip(lines, queues, strict=True):
            if one.waits and len(self._changing) < _MOST:
                self._changing[one.id] = (queue, one.model_dump_json())

    def _changed(self, unit: Unit, names: Names) -> list[tuple[str, int, dict[str, Any]]]:
        """Words that have gone out or were dropped since they were shown; files that are there now."""
        if not self._changing:
            return []
        found = [m for m in unit.board.messages(list(self._changing)) if m.id in self._changing]
        told = []
        shown = lines_of(unit, names, found, lambda m: self._changing[m.id or 0][0])
        for message, one in zip(found, shown, strict=True):
            queue, before = self._changing.pop(one.id)
            if one.model_dump_json() != before:
                told.append(self._line(message.conversation_id, one))
            self._watch([one], [queue])
        return told

    def _signs(
        self, unit: Unit, names: Names, newest: int, reads: dict[str, str], but: Sequence[int]
    ) -> list[tuple[str, int, dict[str, Any]]]:
        """Lines below which somebody has put a sign since."""
        since, self._event = self._event, newest
        if not since or not reads:
            return []
        numbers = [
            int(event.detail["message"])
            for event, _ in unit.tickets.changes(self.queues, since, _MOST)
            if event.kind in SIGNS and event.detail.get("message", "").isdigit()
        ]
        numbers = [number for number in numbers if number not in but]
        found = [m for m in unit.board.messages(numbers) if m.conversation_id in reads] if numbers else []
        shown = lines_of(unit, names, found, lambda m: reads[m.conversation_id])
        return [self._line(m.conversation_id, one) for m, one in zip(found, shown, strict=True)]

    def _words(
        self, conversations: Sequence[str], new: Sequence[LineOut]
    ) -> list[tuple[str, int, dict[str, Any]]]:
        told = []
        for conversation, one in zip(conversations, new, strict=True):
            self._seen.append(one.id)
            self._after = max(self._after, one.id)
            told.append(self._line(conversation, one))
        return told

    def _line(self, conversation: str, one: LineOut) -> tuple[str, int, dict[str, Any]]:
        return "line", self._after, {"conversation": conversation, "line": one.model_dump(mode="json")}

    def _tickets(
        self, rows: dict[str, dict[str, Any]], marker: tuple[int, int]
    ) -> list[tuple[str, int, dict[str, Any]]]:
        now = {ticket: json.dumps(one, sort_keys=True) for ticket, one in rows.items()}
        changed = [one for ticket, one in rows.items() if self._shown.get(ticket) != now[ticket]]
        gone = [ticket for ticket in self._shown if ticket not in now]
        self._shown, self._marker = now, marker
        if not changed and not gone:
            return []
        data = {
            "now": local(self.parts.house.now()).isoformat(),
            "tickets": changed,
            "gone": gone,
        }
        return [("tickets", self._after, data)]


def _doctors_last(ticket: Ticket) -> bool:
    return ticket.queue == "doctor"


async def _events(request: Request, parts: Parts, found: AtDesk, watch: Watch) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    with parts.streams.open(f"desk:{found.person.id}") as over:
        alive_at = loop.time()
        yield ": here\n\n"
        while not over.is_set() and not await request.is_disconnected():
            # Waited for from before the look: what is stored meanwhile wakes it again at once.
            rung = asyncio.create_task(parts.bell.wait(_LOOK_SECONDS))
            told = await parts.streams.look(watch.look, desk=True)
            if told is None:
                rung.cancel()
                yield "event: over\ndata: login\n\n"
                return
            for event, number, data in told:
                yield f"event: {event}\nid: {number}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
            if loop.time() - alive_at >= _ALIVE_SECONDS:
                alive_at = loop.time()
                now = local(parts.house.now()).isoformat()
                yield f"event: alive\ndata: {json.dumps(now)}\n\n"
            await rung
        if over.is_set():
            yield "event: over\ndata: elsewhere\n\n"
