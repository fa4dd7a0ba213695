"""Whether words are about a reminder that is set, though they were heard as being about a visit."""

from __future__ import annotations

import re

from actions.rasa import which
from actions.rasa.reminding_list import may_undo, told_of_them
from actions.rasa.turn import Turn
from actions.remind_personal import mine, shares

_NAMES_ONE = re.compile("提醒|闹钟|闹铃")
_OF_VISIT = re.compile("约|预定|服务|上门|来|师傅|阿姨|护士|大夫|医生|单号")


def is_of_reminder(turn: Turn) -> bool:
    """「降压片那个往后推半个小时」, and 「都停了吧」 right after the reminders were told. Only of one's own."""
    if turn.pressed or turn.services or which.number_in(turn) or turn.entity("person"):
        return False
    found = [rule for rule in mine(turn.unit, turn.actor.id) if may_undo(turn, rule)]
    if not found:
        return False
    if _NAMES_ONE.search(turn.text) or any(shares(rule.detail["what"], turn.text) for rule in found):
        return True
    if _OF_VISIT.search(turn.text):
        return False
    return told_of_them(turn) or not turn.unit.bookings.standing(turn.actor.id, turn.now)
