"""A plan of visits inside the booking form: planned at once, what is in the way settled one after the other, one yes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from actions.book import release_lapsed
from actions.find_times import find_times
from actions.looking import ANYBODY
from actions.rasa import later
from actions.rasa.asking import PAYS, ordinal, pack, says_no, says_yes, unpack
from actions.rasa.booking_draft import Draft, tell_lacking
from actions.rasa.describe import wanted as wanted_words
from actions.rasa.series_questions import other_days, phrase, series_of
from actions.rasa.series_wishes import is_unsettled, product_of, rule_of
from actions.rasa.turn import Turn, press
from actions.series import (
    Wanted,
    confirm_all,
    hold_again,
    let_go,
    open_visits,
    pay_for_rest,
    plan,
    search_for,
    skip,
    take,
)
from actions.series_times import Search
from actions.series_words import clock_of, held, told
from domain.clock import local_day
from domain.errors import Exhausted, NotAllowed, NotFound, NotReady, Taken, WrongState
from domain.series import (
    SeriesState,
    SeriesVisit,
    by_the_hour,
    read_hours,
    read_rule,
    read_start,
)
from domain.store.series import Row
from nlu.zh.say import say_day

_STOPS = re.compile("不办|不约|都不")
_FEWER = re.compile("只做|只要|权益里的|有额度的|不(?:想|要)?(?:自己)?(?:付|花)")
_SKIPS = re.compile("不做|不来|算了|去掉|跳过|少一次|不要|取消|空着")


def is_meant(draft: Draft) -> bool:
    """Whether the draft is a plan of visits and not one booking."""
    return bool(draft["series"] or draft["product"] or (draft["time"] or {}).get("rule"))


def is_firm(draft: Draft) -> bool:
    """Whether its series was confirmed although Rasa never heard of it."""
    series = draft.turn.unit.series.get(draft["series"]) if draft["series"] else None
    return series is not None and series.state is SeriesState.STANDING


def search(draft: Draft) -> None:
    """Plan the visits, hold them, and ask about the first of those that need a word."""
    turn = draft.turn
    if is_unsettled(draft) or draft["series"]:
        return
    release_lapsed(turn.house, turn.unit)
    _one_hour_at_a_time(draft)
    rule = rule_of(draft)
    for wish in dict.fromkeys((draft.wish, ANYBODY)):
        order = Wanted(
            turn.actor,
            draft.member,
            draft.service,
            draft["channel"],
            rule,
            wish,
            self_pay=draft["pay"] == "self",
            product=product_of(draft["product"]),
        )
        try:
            with turn.unit.attempt():
                series = plan(turn.house, turn.unit, order, f"{turn.key}:series")
                if not held(turn.unit.series.rows(series.id)):
                    raise Taken("time")
        except Taken:
            continue
        except NotReady as not_yet:
            tell_lacking(draft, not_yet.needs)
            return
        if wish != draft.wish:
            turn.say("series_nobody_like_that", wanted=wanted_words(turn, draft.wish))
            draft.put(wish={"any": True})
        draft.put(series=series.id)
        _advance(draft, first=True)
        return
    _nothing(draft, rule)


def _one_hour_at_a_time(draft: Draft) -> None:
    """「每天早晚」 is two plans: the first now, the other when it is done."""
    turn, window = draft.turn, draft["time"]
    rules = by_the_hour(str(window.get("rule") or "")) if window else []
    if len(rules) < 2:
        return
    draft.put(time={**window, "rule": rules[0], "said": _said(draft, rules[0])})
    for rule in rules[1:]:
        wish = later.booking_wish(
            turn,
            f"{_said(draft, rule)}{draft.service.name}",
            draft["service"],
            draft["channel"],
            draft["for"],
        )
        draft.further.append(wish)
        turn.say("kept_for_later", said=wish["text"])


def _said(draft: Draft, rule: str) -> str:
    """A rule as somebody would say it, with its first and its last day."""
    whole, start = read_rule(rule), read_start(rule)
    said = phrase(draft.turn.house, whole, read_hours(rule), whole.count)
    since = f"从{start.year}年{start.month}月{start.day}号开始" if start is not None else ""
    last = whole.until
    return f"{since}{said}" + (f"，到{last.year}年{last.month}月{last.day}号，" if last is not None else "")


def _nothing(draft: Draft, rule: str) -> None:
    """Not one visit has a time: say so, and name other days of the week on which there are some."""
    turn = draft.turn
    turn.say("series_none", said=draft["time"]["said"])
    draft.put(time=None, offers=other_days(draft, rule))


def _find(draft: Draft) -> Search:
    return search_for(draft.turn.house, draft.turn.unit, series_of(draft), draft.member)


def _advance(draft: Draft, *, first: bool = False) -> None:
    """The next question: a visit without a time, visits without a benefit, or the read-back."""
    turn, rows = draft.turn, draft.turn.unit.series.rows(draft["series"])
    open_rows = [(visit, booking) for visit, booking in rows if visit.is_open]
    missing = [visit for visit, booking in open_rows if booking is None]
    if missing:
        if first:
            turn.say("series_conflicts", count=len(rows), free=len(rows) - len(missing), open=len(missing))
        draft.put(slot=None, offers=[pack(slot) for slot in _find(draft).offers(missing[0])])
    elif open_rows:
        draft.put(slot=None, offers=[])
    elif not held(rows):
        turn.say("series_too_few")
        draft.put(slot=None, ok="left")
    else:
        draft.put(slot=draft["series"], offers=None)


def answer(draft: Draft, window: dict[str, Any] | None) -> bool:
    """An answer to the question about one visit, or about who pays; False where the words were none."""
    rows = open_visits(draft.turn.unit, draft["series"])
    missing = [visit for visit, booking in rows if booking is None]
    if missing:
        return _about_time(draft, missing[0], window)
    return bool(rows) and window is None and _about_pay(draft, rows)


def leaves_out(draft: Draft, window: dict[str, Any] | None) -> bool:
    """「12月3号那次不要」, when the whole is read back: only that one is left out."""
    turn = draft.turn
    if window is None or window.get("rule") or window["begin"] is None or turn.pressed:
        return False
    if _SKIPS.search(turn.text) is None or "day" in window["doubts"]:
        return False
    day = local_day(datetime.fromisoformat(window["begin"]))
    for visit, booking in held(turn.unit.series.rows(draft["series"])):
        if local_day(booking.begin) == day:
            skip(turn.house, turn.unit, turn.actor, draft["series"], [visit.ordinal])
            turn.say("series_skip_done")
            _advance(draft)
            return True
    return False


def _about_time(draft: Draft, visit: SeriesVisit, window: dict[str, Any] | None) -> bool:
    turn, offers, choice = draft.turn, draft["offers"] or [], draft.turn.choice or ""
    picked = int(choice.removeprefix("offer:")) if choice.startswith("offer:") else None
    if picked is None and window is None:
        picked = ordinal(turn)
    if picked is not None and picked < len(offers):
        _take(draft, visit, offers[picked])
        return True
    if window is not None and not window.get("rule") and window["begin"] is not None:
        _other_time(draft, visit, window)
        return True
    stops = _STOPS.search(turn.text) is not None
    words = not (turn.pressed or stops) and (_SKIPS.search(turn.text) is not None or says_no(turn))
    agreed = not offers and says_yes(turn)
    if choice == "series_skip" or words or agreed:
        skip(turn.house, turn.unit, turn.actor, draft["series"], [visit.ordinal])
        turn.say("series_skip_done")
        _advance(draft)
        return True
    return False


def _take(draft: Draft, visit: SeriesVisit, offer: dict[str, Any]) -> None:
    turn = draft.turn
    try:
        with turn.unit.attempt():
            take(turn.house, turn.unit, turn.actor, draft["series"], visit.ordinal, unpack(offer))
    except (Taken, Exhausted):
        turn.say("just_taken")
    _advance(draft)


def _other_time(draft: Draft, visit: SeriesVisit, window: dict[str, Any]) -> None:
    """A time that was said for this visit: taken where it is free, else what there is near it."""
    begin, end = (datetime.fromisoformat(window[name]) for name in ("begin", "end"))
    near = datetime.fromisoformat(window["near"]) if window["near"] else None
    if "day" in window["doubts"]:
        shift = visit.day - local_day(begin)
        begin, end, near = begin + shift, end + shift, near + shift if near else None
    found = find_times(draft.turn.house, draft.turn.unit, _find(draft).ask(visit.service, (begin, end), near))
    if near is not None and found and found[0].begin == near:
        _take(draft, visit, pack(found[0]))
        return
    if found:
        draft.put(offers=[pack(slot) for slot in found])
    else:
        draft.turn.say("no_other_times", said=window["said"])


def _about_pay(draft: Draft, rows: list[Row]) -> bool:
    turn, choice = draft.turn, draft.turn.choice or ""
    fewer = not turn.pressed and _FEWER.search(turn.text) is not None
    pays = not turn.pressed and PAYS.search(turn.text) is not None
    if choice == "series_pay" or (not fewer and (says_yes(turn) or pays)):
        pay_for_rest(turn.house, turn.unit, turn.actor, draft["series"])
    elif choice == "series_fewer" or says_no(turn) or fewer:
        skip(turn.house, turn.unit, turn.actor, draft["series"], [visit.ordinal for visit, _ in rows])
    else:
        return False
    _advance(draft)
    return True


def settle(draft: Draft) -> None:
    """At the yes: holds that lapsed are taken again; what is gone meanwhile is asked about."""
    turn = draft.turn
    if draft["ok"] != "yes" or not draft["series"]:
        return
    if not hold_again(turn.house, turn.unit, turn.actor, draft["series"]):
        turn.say("just_taken")
        draft.put(ok=None, slot=None)
        _advance(draft)


def finish(turn: Turn) -> None:
    """Make it firm, if that was the answer; else let it go."""
    draft = Draft.of(turn)
    if draft["ok"] != "yes":
        draft.forget_slot()
        return
    try:
        with turn.unit.attempt():
            series = confirm_all(turn.house, turn.unit, turn.actor, draft["series"])
    except (Taken, Exhausted, WrongState, NotFound):
        let_go(turn.house, turn.unit, draft["series"])
        turn.say("just_taken", (turn.button("book_again", press("book_service"), once=False),))
    except NotAllowed:
        let_go(turn.house, turn.unit, draft["series"])
        turn.say("may_not_book", who=turn.word("the_elder"))
    else:
        bookings = [booking for _, booking in held(turn.unit.series.rows(series.id))]
        service = turn.house.catalogue.service(series.service)
        turn.say(
            "series_booked",
            (turn.button("my_bookings", press("query_booking"), once=False),),
            service=service.name,
            rule=told(turn.house, read_rule(series.rule)),
            clock=clock_of(bookings),
            count=len(bookings),
            first=say_day(local_day(bookings[0].begin), turn.house.today()),
            prepare=service.prepare,
        )
