"""Waiting for a time that somebody gives up: what one waits for, and waiting no longer. Words of it stand in many intents."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions.family import elders_of
from actions.rasa.turn import Turn, press
from actions.say import Choice
from actions.wait import leave_queue
from domain.clock import local_day
from domain.people import Person
from domain.waiting import Wait
from nlu.zh.say import say_day

# 「别排队了」「不等了」「排队的那个取消吧」, not 「不用排队吧？」 nor 「要排队吗」.
_LEAVES = re.compile(
    r"(?:那)?(?:就)?(?:先)?(?:别|不|甭|不用|不要|不想)(?:再|给我|帮我)*(?:排(?:队|着)?|等)了(?:吧|啊|哈)?"
    r"|.*排(?:队|着|的).{0,6}(?:取消|不要|不用|算了|撤|退).{0,3}"
    r"|.*(?:取消|撤|退|退出).{0,5}排队.{0,2}"
)
_BUTTONS = 4


def means_leaving(text: str) -> bool:
    """Whether these words ask to wait no longer."""
    return _LEAVES.fullmatch(text.strip("。！!～~ ，,")) is not None


def take(turn: Turn) -> bool:
    """Wait no longer, where that is what was said; False where it is about something else."""
    if turn.pressed or not means_leaving(turn.text):
        return False
    found = waits_of(turn, (turn.actor, *(relative.person for relative in elders_of(turn.unit, turn.actor))))
    if not found:
        return False
    if len(found) == 1:
        leave_queue(turn.house, turn.unit, turn.actor, found[0].id)
        turn.say("wait_left")
    else:
        choices = [_button(turn, wait, line(turn, wait)) for wait in found[:_BUTTONS]]
        turn.say("ask_which_wait", choices)
    return True


def waits_of(turn: Turn, members: Iterable[Person]) -> list[Wait]:
    """What is waited for, for these members, as far as it is this person's to leave."""
    return [
        wait
        for member in members
        for wait in turn.unit.waiting.open_of(member.id)
        if turn.actor.id in (wait.asked_by, wait.member_id)
    ]


def line(turn: Turn, wait: Wait) -> str:
    """The service and the day of a wait."""
    service = turn.house.catalogue.service(wait.service).name
    return turn.word("wait_line", service=service, day=say_day(local_day(wait.begin), turn.house.today()))


def tell(turn: Turn, member: Person, called: str) -> bool:
    """Say what is waited for, with a button to leave; False where nothing is."""
    found = waits_of(turn, (member,))
    if not found:
        return False
    choices = (
        () if turn.loop or len(found) > 1 else (_button(turn, found[0], turn.word("button_wait_leave")),)
    )
    turn.say("still_waiting", choices, who=called, lines="；".join(line(turn, wait) for wait in found))
    return True


def _button(turn: Turn, wait: Wait, title: str) -> Choice:
    return Choice(title, press("inform", choice=f"wait_leave:{wait.id}"), once=True)
