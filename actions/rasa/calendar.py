"""The calendar that people take with them: a link to it, and the link taken back. Words of it stand in many intents."""

from __future__ import annotations

import re

from actions import calendar_feed
from actions.rasa.turn import Turn, press
from actions.say import Choice

GIVE, TAKE_BACK = "calendar", "calendar_off"
# 「放到日历里」「日历链接」「取消日历订阅」, not 「日历上今天几号」.
_WORDS = re.compile(
    "(?:手机)?日历"
    "|.*(?:放|加|存|同步|导|订阅|写|记|看).{0,8}日历(?:里|上|中)?.{0,4}"
    "|.*日历(?:(?:里|上|中).{0,2}(?:看|显示|放|加|存)|.{0,2}(?:看到|看见|显示)).*"
    "|.*日历.{0,4}(?:链接|连接|地址|订阅).*"
    "|.*(?:收回|关|取消|删|停|撤).{0,6}日历.{0,4}"
    "|.*日历.{0,6}(?:收回|关掉|不要|不用|取消|删|停|撤).*"
)
_OFF = re.compile("收回|不要|不用|取消|删|关|停|撤")


def meant(turn: Turn) -> str | None:
    """What is wanted of the calendar, pressed or said; None where it is about something else."""
    if turn.choice in (GIVE, TAKE_BACK):
        return turn.choice
    text = turn.text.strip("。！？!?～~ ，,")
    if turn.pressed or not _WORDS.fullmatch(text):
        return None
    return TAKE_BACK if _OFF.search(text) else GIVE


def take(turn: Turn) -> bool:
    """Do what is wanted of the calendar; False where it is about something else."""
    wanted = meant(turn)
    if wanted == GIVE:
        _give(turn)
    elif wanted == TAKE_BACK:
        _take_back(turn)
    return wanted is not None


def _give(turn: Turn) -> None:
    # A message that is worked on twice is answered as the first time, with the link of the first time.
    told = turn.unit.conversations.by_key(f"{turn.key}:{len(turn.said)}") is not None
    made = None if told else calendar_feed.make(turn.house, turn.unit, turn.actor)
    # The address is a key: the door puts it in, and nobody reads it in the conversation later.
    text = turn.word("calendar_link", link=turn.word("calendar_masked"))
    extra: dict[str, object] | None = {calendar_feed.PAYLOAD: made.id} if made is not None else None
    turn.say_text(text, _button(turn, "calendar_off", TAKE_BACK), extra)


def _take_back(turn: Turn) -> None:
    ended = calendar_feed.revoke(turn.house, turn.unit, turn.actor)
    turn.say("calendar_over" if ended else "calendar_none", _button(turn, "calendar", GIVE))


def _button(turn: Turn, name: str, choice: str) -> tuple[Choice, ...]:
    if turn.loop:
        return ()
    return (turn.button(name, press("query_booking", choice=choice), once=False),)
