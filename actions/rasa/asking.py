"""What the forms share: which words are an answer, which are an aside, and when somebody said yes or no."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from actions.find_times import FURTHEST, NOTICE
from actions.rasa.turn import Turn
from domain.bookings import Slot
from domain.catalogue import Service
from domain.series import days_of, read_hours, read_rule, with_start
from domain.slots import Period
from nlu.zh import times
from nlu.zh.times import TimeExpr

# A question or a wish of another kind in the middle of a form: it is answered, and the form goes on.
ASIDES = frozenset(
    {
        "query_entitlement",
        "ask_service_info",
        "query_booking",
        "visit_status",
        "give_feedback",
        "complain",
        "consult_health",
        "emergency",
        "crisis",
        "report_fraud",
        "set_reminder",
        "query_reminder",
        "cancel_reminder",
        "manage_notifications",
        "link_family",
        "manage_privacy",
        "request_human",
        "help",
        "repeat",
        "bot_challenge",
        "greet",
        "goodbye",
        "thank",
        "chitchat",
        "out_of_scope",
        "stop",
    }
)
# Asides that are often what a model takes a short answer for; a time or a service in them makes them an answer.
_WEAK = frozenset({"greet", "goodbye", "thank", "chitchat", "out_of_scope", "repeat", "help", "set_reminder"})
# But 「每天早上八点提醒我吃药」 is no time of a visit.
_REMIND = re.compile("提醒|闹钟|闹铃")
_SURE = 0.35
# What buttons of messages stand for that came of the butler's own accord: no answer to any form's question.
PUSHED = ("wait_yes", "wait_no", "wait_leave", "join_yes", "join_no")


def confidence(turn: Turn) -> float:
    """How sure Rasa is of the intent; a button is sure."""
    return 1.0 if turn.pressed else float((turn.heard.get("intent") or {}).get("confidence") or 0.0)


# Each task by the wish that begins it. 「改到后天」 in the middle of a booking is an answer, 「取消助浴」 is none.
_TASKS = {"book_service": True, "reschedule_booking": True, "cancel_booking": False, "update_profile": False}


def is_aside(turn: Turn, *, answers: bool, task: str) -> bool:
    """Whether these words are another matter than `task`; `answers` tells that they hold what was asked for."""
    if (turn.choice or "").partition(":")[0] in PUSHED:
        return True
    if turn.went_to_person:
        # The button below a no of ours says why as its choice; it is no answer for all that.
        return True
    if turn.pressed and turn.intent != task and (turn.intent in _TASKS or turn.intent in ASIDES):
        # A button that begins something of its own, 「不来了」 below a reminder, whatever it carries.
        return True
    if turn.choice is not None or turn.intent == task:
        return False
    if turn.intent in _TASKS:
        return not (answers and _TASKS[turn.intent])
    if turn.intent not in ASIDES:
        return False
    weak = turn.intent in _WEAK and not _REMIND.search(turn.text)
    return not (answers and (weak or confidence(turn) < _SURE))


# A yes commits something: words that begin with a no are none, whatever the model makes of them.
_NO = re.compile("^(?:还是)?(?:不|别|甭|莫|没|先不|唔|勿|覅)|不取消|别取消|不改了|不用改|不约了")


def says_yes(turn: Turn) -> bool:
    if turn.choice is not None or turn.pressed:
        return turn.choice == "yes"
    return turn.intent == "affirm" and not _NO.search(turn.text)


def says_no(turn: Turn) -> bool:
    if turn.choice is not None or turn.pressed:
        return turn.choice == "no"
    return turn.intent == "deny" or bool(_NO.search(turn.text))


def window_of(turn: Turn) -> dict[str, Any] | None:
    """The time that was said, as a slot keeps it: its window, the moment asked for, the phrase, what is in doubt.

    None where no time was said. A time too vague to search in is the next two weeks.
    """
    heard = turn.time
    if turn.choice == "earliest":
        return _window(turn, None, heard.text)
    if heard.kind == "none":
        return None
    found = heard.window()
    doubts = list(heard.doubts)
    if found is None:
        if heard.kind == "vague" and "impossible" not in doubts:
            return {**_window(turn, None, heard.text), "doubts": doubts, "vague": True}
        if heard.kind != "recurring":
            return {"begin": None, "end": None, "near": None, "said": heard.text, "doubts": doubts}
        return recurring(turn, heard)
    begin, end = found
    near = begin if heard.kind == "point" and heard.grain in ("minute", "hour") else None
    return {
        "begin": begin.isoformat(),
        "end": end.isoformat(),
        "near": near.isoformat() if near else None,
        "said": heard.text,
        "doubts": doubts,
        **({"since": heard.since} if heard.since else {}),
    }


def _window(turn: Turn, near: datetime | None, said: str) -> dict[str, Any]:
    begin = turn.now + NOTICE
    return {
        "begin": begin.isoformat(),
        "end": (begin + timedelta(days=14)).isoformat(),
        "near": near.isoformat() if near else None,
        "said": said,
        "doubts": [],
    }


def window_of_phrase(turn: Turn, phrase: str) -> dict[str, Any] | None:
    """The time of a phrase that was offered, for one who says 「第一个」."""
    heard = times.first(phrase, turn.now, turn.house.calendar)
    return recurring(turn, heard) if heard.kind == "recurring" else None


def recurring(turn: Turn, heard: TimeExpr) -> dict[str, Any]:
    """A recurring wish: its rule, and the first day on which it could be."""
    text, said, doubts = str(heard.value), heard.text, list(heard.doubts)
    since = date.fromisoformat(heard.since) if heard.since else None
    if since is not None:
        text = with_start(text, since)
    rule, hours = read_rule(text), read_hours(text)
    if not rule.is_whole:
        return {**_window(turn, None, said), "doubts": doubts, "rule": text, "which_days": True}
    tomorrow = turn.house.today() + timedelta(days=1)
    days = days_of(replace(rule, count=1), max(since or tomorrow, tomorrow))
    if not days:
        return {"begin": None, "end": None, "near": None, "said": said, "doubts": ["impossible"]}
    begin, end = hours.window(days[0])
    return {
        "begin": begin.isoformat(),
        "end": end.isoformat(),
        "near": begin.isoformat() if hours.exact is not None else None,
        "said": said,
        "doubts": [*doubts, "recurring"],
        "rule": text,
    }


def joined(before: dict[str, Any] | None, said: dict[str, Any]) -> dict[str, Any]:
    """What was said, with the half that was not said again: 「不是明天，是后天」 keeps the hour, 「四点吧」 the day."""
    if before is None or before["near"] is None or said["begin"] is None or said.get("vague"):
        return said
    old = datetime.fromisoformat(before["near"])
    begin, end = datetime.fromisoformat(said["begin"]), datetime.fromisoformat(said["end"])
    if said["near"] is None and end - begin == timedelta(days=1):
        near = begin.replace(hour=old.hour, minute=old.minute)
        return {**said, "near": near.isoformat()}
    if said["near"] is not None and "day" in said["doubts"]:
        near = datetime.fromisoformat(said["near"]).replace(year=old.year, month=old.month, day=old.day)
        kept = [doubt for doubt in said["doubts"] if doubt not in ("day", "past")]
        return {
            **said,
            "begin": near.isoformat(),
            "end": (near + (end - begin)).isoformat(),
            "near": near.isoformat(),
            "doubts": kept,
        }
    return said


def trouble_with(turn: Turn, window: dict[str, Any], service: Service | None) -> str | None:
    """The name of the sentence that says why a time cannot be searched for, or None."""
    if window["begin"] is None:
        return "time_impossible" if "impossible" in window["doubts"] else "time_unclear"
    begin, end = datetime.fromisoformat(window["begin"]), datetime.fromisoformat(window["end"])
    if "weekday" in window["doubts"]:
        return "time_weekday"
    if end <= turn.now or "past" in window["doubts"]:
        return "time_past"
    if begin >= turn.now + (service.furthest if service else FURTHEST):
        return "time_too_far"
    notice = service.notice if service else NOTICE
    if ((window["near"] and datetime.fromisoformat(window["near"])) or end) < turn.now + notice:
        return "time_too_soon"
    return None


def say_trouble(turn: Turn, window: dict[str, Any], service: Service | None) -> bool:
    """Say why a time cannot be searched for; False where it can."""
    trouble = trouble_with(turn, window, service)
    if trouble is None:
        return False
    turn.say(
        trouble,
        said=window["said"],
        service=service.name if service else turn.word("services_mostly"),
        notice=_long(turn, service.notice if service else NOTICE),
        furthest=_long(turn, service.furthest if service else FURTHEST),
    )
    return True


def _long(turn: Turn, length: timedelta) -> str:
    """A length of time in the unit in which people say it."""
    minutes = int(length.total_seconds()) // 60
    if length.days >= 30 and length.days % 30 == 0:
        return turn.word("long_months", many=_count(length.days // 30))
    if length.days >= 1:
        return turn.word("long_days", many=_count(length.days))
    if minutes % 60 == 0:
        return turn.word("long_hours", many=_count(minutes // 60))
    return turn.word("long_minutes", many=minutes)


_FEW = "零一两三四五六七八九十"


def _count(number: int) -> str:
    return _FEW[number] if number < len(_FEW) else str(number)


def search_windows(window: dict[str, Any]) -> tuple[Period, Period, datetime | None]:
    """Where to look first (what was said; the whole day where a moment was), where next, and the moment itself."""
    begin, end = datetime.fromisoformat(window["begin"]), datetime.fromisoformat(window["end"])
    near = datetime.fromisoformat(window["near"]) if window["near"] else None
    if near is not None:
        day = near.replace(hour=0, minute=0, second=0, microsecond=0)
        begin, end = day, day + timedelta(days=1)
    return (begin, end), (begin, end + timedelta(days=7)), near


_MOMENTS = ("begin", "end", "staff_from", "staff_until")


def pack(found: Slot) -> dict[str, Any]:
    """A free time as Rasa's slot keeps it between two turns."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in vars(found).items()
    }


def unpack(kept: dict[str, Any]) -> Slot:
    """The free time again."""
    whole: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value is not None else value
        for name, value in kept.items()
    }
    return Slot(**whole)


_BARE = r"^(?:嗯|好|就|要|选|那|按|个)*{}(?:个|号)?(?:吧|好了|就行|行)?[。！]?$"
_ORDINALS = tuple(
    re.compile(f"{words}|{_BARE.format(number)}")
    for words, number in (
        ("第一|头一个|最前面|最早那", "[一1]"),
        ("第二|中间那|中间的", "[二2]"),
        ("第三|最后那|最后一个|最后面", "[三3]"),
    )
)
_A_SENTENCE = 12


def ordinal(turn: Turn) -> int | None:
    """第二个, 头一个, 最后那个: which of the offers was meant. 「一共几次」 means none."""
    text = turn.text.strip()
    if len(text) > _A_SENTENCE:
        return None
    return next((number for number, said in enumerate(_ORDINALS) if said.search(text)), None)


PAYS = re.compile("自己(?:付|出|掏|花)|自费|(?:我|俺)(?:付|出|掏)(?:钱)?")
