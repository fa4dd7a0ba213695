"""What people at the desks do between two turns of a dialogue: claim, speak, pass on, ask whether it is done, hand back."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from actions import complaints, desk_work, hand_over
from domain.errors import NotAllowed, WrongState
from domain.ids import new_id
from domain.tickets import LIVE, Ticket, TicketState

if TYPE_CHECKING:
    from tests.live.happenings import Scene

LIFE, OTHER, DOCTOR = "chen-jing", "sun-li", "zhou-ning"
_QUEUE = {LIFE: "life", OTHER: "life", DOCTOR: "doctor"}


def _ticket(scene: Scene, queue: str) -> Ticket:
    """The newest of the speaker's tickets in a queue."""
    with scene.house.store.read() as unit:
        conversation = unit.conversations.of(scene.stage.speaker.id)
        states = (*LIVE, TicketState.RESOLVED, TicketState.CLOSED)
        found = unit.tickets.list(queues=(queue,), states=states, limit=10_000)
        return next(t for t in found if t.conversation_id == conversation.id)


def _step(scene: Scene, person: str, act: Callable[..., object], *more: Any) -> None:
    ticket = _ticket(scene, _QUEUE[person])
    with scene.house.store.write() as unit:
        act(scene.house, unit, unit.people.get(person), ticket.id, *more)


def _does(person: str, act: Callable[..., object], *more: Any) -> Callable[[Scene], None]:
    return lambda scene: _step(scene, person, act, *more)


def _says(person: str, text: str) -> Callable[[Scene], None]:
    return lambda scene: _step(scene, person, hand_over.reply, text, new_id("h"))


def _closes(person: str, outcome: str) -> Callable[[Scene], None]:
    """Hand back, and wait until the dialogue has gone on where it was left."""

    def happen(scene: Scene) -> None:
        _step(scene, person, hand_over.close, outcome)
        for _ in range(400):
            with scene.house.store.read() as unit:
                conversation = unit.conversations.of(scene.stage.speaker.id)
                if unit.conversations.next_unanswered(conversation.id) is None:
                    return
            time.sleep(0.05)
        raise AssertionError("the dialogue did not go on")

    return happen


def _in_vain(person: str, act: Callable[..., object], *more: Any) -> Callable[[Scene], None]:
    def happen(scene: Scene) -> None:
        with pytest.raises((WrongState, NotAllowed)):
            _step(scene, person, act, *more)

    return happen


def _waits(scene: Scene) -> None:
    _step(scene, LIFE, desk_work.wait, scene.house.now() + timedelta(minutes=60), "等师傅回话")


DESK: dict[str, Callable[[Scene], None]] = {
    "生活管家认领": _does(LIFE, hand_over.claim),
    "另一位生活管家认领": _does(OTHER, hand_over.claim),
    "另一位生活管家也想认领": _in_vain(OTHER, hand_over.claim),
    "另一位生活管家也想说话": _in_vain(OTHER, hand_over.reply, "我来", "x"),
    "医生管家认领": _does(DOCTOR, hand_over.claim),
    "医生管家也想认领": _in_vain(DOCTOR, hand_over.claim),
    "生活管家说话": _says(LIFE, "您好，我是陈静，我这就帮您问。"),
    "医生管家说话": _says(DOCTOR, "您好，我是周宁，您慢慢说。"),
    "生活管家放回": _does(LIFE, desk_work.release),
    "转给医生管家": _does(LIFE, desk_work.transfer, "doctor", "问的是吃药"),
    "转给生活管家": _does(DOCTOR, desk_work.transfer, "life", "要约上门"),
    "生活管家等回话": _waits,
    "生活管家问办好了吗": _does(LIFE, desk_work.resolve, "给您改到星期四上午10点了"),
    "生活管家办完": _closes(LIFE, "问过了，师傅会带换洗的毛巾"),
    "医生管家办完": _closes(DOCTOR, "说清楚了，明天再量一次血压"),
    "投诉打过电话": _does(LIFE, complaints.step, "called", "打过电话了"),
    "投诉说了办法": _does(LIFE, complaints.step, "proposed", "重新打扫一次，不收钱"),
    "投诉要多查几天": _does(LIFE, complaints.step, "extend", "要跟服务公司核对", "complex"),
    "投诉办完": _closes(LIFE, "重新打扫了一次，没收钱"),
}
