"""Whether words are about a reminder that is set, though they were heard as being about a visit."""

from __future__ import annotations

import re

from actions.rasa import which
from actions.rasa.reminding_list import may_undo, told_of_them
from actions.rasa.turn import Turn
from actions.remind_personal import mine, shares
from domain.errors import NotFound
from domain.reminders import Rule

_NAMES_ONE = re.compile("提醒|闹钟|闹铃")
_STOPS = re.compile("停|取消|关[了掉]|不用|不要|别再")
_OF_VISIT = re.compile("约|预定|服务|上门|来|师傅|阿姨|护士|大夫|医生|单号")


def is_of_reminder(turn: Turn) -> bool:
    """「降压片那个往后推半个小时」, and 「都停了吧」 right after the reminders were told."""
    if turn.pressed or turn.services or which.number_in(turn):
        return False
    found = _known(turn)
    if not found:
        return False
    if _NAMES_ONE.search(turn.text) or any(shares(rule.detail["what"], turn.text) for rule in found):
        return True
    if _OF_VISIT.search(turn.text) or turn.entity("person"):
        return False
    return told_of_them(turn) or not turn.unit.bookings.standing(turn.actor.id, turn.now)


def stops_one(turn: Turn) -> bool:
    """「把我妈泡脚的停了」, heard as something else: a reminder by its name, and that it is to stop."""
    if turn.pressed or turn.loop or turn.services or _STOPS.search(turn.text) is None:
        return False
    return any(shares(rule.detail["what"], turn.text) for rule in _known(turn))


def _known(turn: Turn) -> list[Rule]:
    """Those that the speaker may change: one's own, or of the elder who is named."""
    try:
        named = [relative.person.id for relative in turn.named()]
    except NotFound:
        return []
    return [
        rule
        for person_id in named or [turn.actor.id]
        for rule in mine(turn.unit, person_id)
        if may_undo(turn, rule)
    ]
