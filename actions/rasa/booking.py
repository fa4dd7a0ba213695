"""The booking form: whom for, what, over which channel, when, out of what, and yes or no. One question at a time.

Every turn the draft takes in what was said, then goes as far as it can by itself: a time that is free is held
before it is read back. What happens is decided here; Rasa leads from question to question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actions.book import Order, hold, release, release_lapsed, renew
from actions.family import permit
from actions.find_times import NOTICE, Ask, find_times
from actions.look_up_benefits import judge_wish
from actions.rasa.asking import (
    is_aside,
    joined,
    pack,
    says_no,
    says_yes,
    search_windows,
    trouble_with,
    unpack,
    window_of,
)
from actions.rasa.describe import refusal, where
from actions.rasa.turn import Event, Turn, press, slot
from actions.say import Choice
from domain.benefits import Verdict
from domain.bookings import Booking, Slot, Status
from domain.catalogue import Service
from domain.clock import local_day
from domain.errors import Exhausted, NotAllowed, NotFound, Taken
from domain.people import Person, Scope

SLOTS = (
    "booking_for",
    "booking_service",
    "booking_channel",
    "booking_pay",
    "booking_time",
    "booking_slot",
    "booking_ok",
)
ALL = (*SLOTS, "booking_offers")


def cleared() -> list[Event]:
    """The events that empty the form."""
    return [slot(name, None) for name in ALL]


@dataclass
class Draft:
    """The booking so far, from Rasa's slots, and what this turn changes in it."""

    turn: Turn
    slots: dict[str, Any]

    @classmethod
    def of(cls, turn: Turn) -> Draft:
        return cls(turn, {name: turn.slots.get(name) for name in ALL})

    def __getitem__(self, name: str) -> Any:
        return self.slots[f"booking_{name}"]

    def put(self, **values: Any) -> None:
        for name, value in values.items():
            self.slots[f"booking_{name}"] = value

    def forget_slot(self) -> None:
        """Let a held time go, and what depends on it."""
        if self["slot"]:
            release(self.turn.house, self.turn.unit, self["slot"])
        self.put(slot=None, ok=None, offers=None)

    @property
    def member(self) -> Person:
        found = self.turn.unit.people.get(self["for"])
        if found is None:
            raise NotFound(str(self["for"]))
        return found

    @property
    def service(self) -> Service:
        return self.turn.house.catalogue.service(self["service"])

    def events(self) -> list[Event]:
        """What Rasa is to remember; always at least one, which tells that the words were an answer."""
        return [slot(name, self.slots[name]) for name in ALL]


def validate(turn: Turn) -> list[Event]:
    """`validate_booking_form`: take in what was said and go on as far as possible. No event means an aside."""
    draft = Draft.of(turn)
    starting = turn.requested is None
    if draft["slot"]:
        held = turn.unit.bookings.get(draft["slot"])
        if held is not None and held.status is Status.CONFIRMED:
            # The confirmation went through although Rasa never heard of it (a cut in between): the form is over.
            return [slot(name, None) for name in ALL] + [slot("requested_slot", None)]
        renew(turn.house, turn.unit, draft["slot"])
    try:
        taken_in = _take_in(draft, starting)
        if taken_in is None:
            return []
        _go_on(draft)
    except NotFound:
        turn.say("not_family")
        return [*draft.events(), slot("booking_ok", "left"), slot("requested_slot", None)]
    except NotAllowed:
        member = draft.member
        turn.say("may_not_book", (turn.button("human", press("request_human")),), who=turn.call(member))
        return [*draft.events(), slot("booking_ok", "left"), slot("requested_slot", None)]
    events = draft.events()
    if draft["ok"] is not None:
        events.append(slot("requested_slot", None))
    if not starting and not taken_in:
        events.append(slot("misses", int(turn.slots.get("misses") or 0) + 1))
    elif turn.slots.get("misses"):
        events.append(slot("misses", 0))
    return events


def _take_in(draft: Draft, starting: bool) -> bool | None:
    """Put what was said into the draft. None for an aside, False where nothing in it was an answer."""
    turn = draft.turn
    window = window_of(turn)
    answers = bool(window or turn.services or turn.entity("channel") or turn.choice)
    if not starting and is_aside(turn, answers=answers, task="book_service"):
        return None
    heard = _who(draft, starting) | _what(draft) | _channel(draft)
    if window is not None and not (turn.choice or "").startswith("offer:"):
        _when(draft, window)
        heard = True
    return _choice(draft, window is not None) or heard or starting


def _who(draft: Draft, starting: bool) -> bool:
    turn = draft.turn
    if turn.choice is not None and turn.choice.startswith("for:"):
        draft.put(**{"for": turn.choice.removeprefix("for:")})
        return True
    if turn.entity("person"):
        named = turn.named()
        if named and named[0].person.id != draft["for"]:
            draft.forget_slot()
            draft.put(**{"for": named[0].person.id, "pay": None})
        return bool(named)
    if draft["for"] is None and starting:
        whom = turn.whom()
        if len(whom) == 1:
            draft.put(**{"for": whom[0].person.id})
    return False


def _what(draft: Draft) -> bool:
    turn = draft.turn
    if not turn.services:
        return False
    if turn.services[0] != draft["service"]:
        draft.forget_slot()
        draft.put(service=turn.services[0], channel=None, pay=None)
    return True


def _channel(draft: Draft) -> bool:
    turn = draft.turn
    said = turn.entity("channel")
    if not said or draft["service"] is None:
        return False
    if said[0] not in draft.service.channels:
        turn.say(
            "channel_not_there",
            service=draft.service.name,
            channels="、".join(turn.word(f"channel_{c}") for c in draft.service.channels),
        )
    elif said[0] != draft["channel"]:
        draft.forget_slot()
        draft.put(channel=said[0], pay=None)
    return True


def _when(draft: Draft, window: dict[str, Any]) -> None:
    turn = draft.turn
    draft.forget_slot()
    window = joined(draft["time"], window)
    trouble = trouble_with(turn, window)
    if trouble is not None:
        turn.say(trouble, said=window["said"])
        draft.put(time=None)
        return
    if "recurring" in window["doubts"]:
        turn.say("series_first_only")
    draft.put(time=window)


def _choice(draft: Draft, timed: bool) -> bool:
    """Take in a yes, a no, or a button, for the question that was open."""
    turn = draft.turn
    choice = turn.choice or ""
    if choice.startswith("offer:") and draft["offers"]:
        number = int(choice.removeprefix("offer:"))
        if number < len(draft["offers"]):
            draft.put(slot=None)
            _hold(draft, unpack(draft["offers"][number]))
        return True
    if choice == "self_pay":
        draft.put(pay="self")
        return True
    if choice == "other_time":
        draft.forget_slot()
        draft.put(time=None)
        return True
    if turn.requested == "booking_slot" and not timed:
        picked, offers = _ordinal(turn), draft["offers"] or []
        if picked is not None and picked < len(offers):
            _hold(draft, unpack(offers[picked]))
            return True
    if turn.requested == "booking_ok" and draft["slot"]:
        if says_yes(turn) and not timed:
            draft.put(ok="yes")
            return True
        if says_no(turn) and not timed:
            draft.forget_slot()
            draft.put(time=None)
            return True
    if turn.requested == "booking_slot" and says_no(turn) and not timed:
        draft.forget_slot()
        draft.put(time=None)
        return True
    if turn.requested == "booking_pay" and not timed:
        if says_yes(turn) or _PAYS.search(turn.text):
            draft.put(pay="self")
            return True
        if says_no(turn):
            draft.put(ok="left")
            turn.say("left_task")
            return True
    return False


_PAYS = re.compile("自己(?:付|出|掏|花)|自费|(?:我|俺)(?:付|出|掏)(?:钱)?")
_ORDINALS = (("第一", "头一个", "1", "一"), ("第二", "2", "二", "中间"), ("第三", "3", "三", "最后"))


def _ordinal(turn: Turn) -> int | None:
    """第二个, 头一个, 最后那个: which of the offers was meant."""
    text = turn.text.strip()
    if len(text) > 12:
        return None
    return next((number for number, words in enumerate(_ORDINALS) if any(w in text for w in words)), None)


def _go_on(draft: Draft) -> None:
    """Fill in by itself whatever needs no question, up to a held time."""
    turn = draft.turn
    if draft["ok"] or draft["for"] is None or draft["service"] is None:
        return
    permit(turn.house, turn.unit, turn.actor, draft["for"], Scope.BOOK, f"book:{draft['service']}")
    if draft["channel"] is None and len(draft.service.channels) == 1:
        draft.put(channel=draft.service.channels[0])
    if draft["channel"] is None:
        return
    window = draft["time"]
    day = (
        datetime.fromisoformat(window["near"] or window["begin"]) if window else turn.now + timedelta(days=1)
    )
    verdict = judge_wish(
        turn.house, turn.unit, draft.member, draft["service"], draft["channel"], local_day(max(day, turn.now))
    )
    if verdict.entitlement is None and draft["pay"] != "self":
        _tell_refusal(draft, verdict)
        return
    if verdict.entitlement is not None:
        draft.put(pay="benefit")
    if window is not None and draft["slot"] is None:
        _search(draft, window)


def _tell_refusal(draft: Draft, verdict: Verdict) -> None:
    """Say why no benefit carries it, once; whether to pay oneself is the next question."""
    if draft["pay"] is None and draft.turn.requested == "booking_pay":
        return
    draft.put(pay=None)
    draft.turn.say_text(refusal(draft.turn, verdict, draft.member, draft.service))


def _search(draft: Draft, window: dict[str, Any]) -> None:
    turn = draft.turn
    release_lapsed(turn.house, turn.unit)
    first, wider, near = search_windows(window)
    if near is None and draft["offers"] and turn.requested == "booking_slot":
        return
    ask = Ask(draft.member, draft.service, draft["channel"], first, near)
    found = find_times(turn.house, turn.unit, ask)
    if not found:
        found = find_times(
            turn.house, turn.unit, Ask(draft.member, draft.service, draft["channel"], wider, near)
        )
        if not found:
            offered = turn.unit.providers.offerings(draft["service"], draft.member.city_id, draft["channel"])
            turn.say("nothing_free" if offered else "no_provider", service=draft.service.name)
            draft.put(time=None, offers=None)
            return
        turn.say("day_full", said=window["said"])
    elif near is not None and found[0].begin != near:
        turn.say("time_taken", when=turn.when(max(near, turn.now + NOTICE)))
    if len(found) == 1 and near is not None and found[0].begin == near:
        _hold(draft, found[0])
        return
    draft.put(offers=[pack(each) for each in found])


def _hold(draft: Draft, found: Slot) -> None:
    """Hold a time and its benefit while it is read back; a time that is gone meanwhile is said to be gone."""
    turn = draft.turn
    order = Order(
        turn.actor, draft.member, draft.service, draft["channel"], found, self_pay=draft["pay"] == "self"
    )
    try:
        booking, verdict = hold(turn.house, turn.unit, order, key=f"{turn.key}:{found.begin.isoformat()}")
    except (Taken, Exhausted):
        turn.say("just_taken")
        draft.put(slot=None, offers=None)
        return
    if booking is None:
        _tell_refusal(draft, verdict)
        return
    draft.put(slot=booking.id)


def ask_for(turn: Turn) -> list[Event]:
    """Whom is it for?"""
    family = turn.whom()
    choices = [
        Choice(f"{turn.called(r)} {r.person.name}", press("inform", choice=f"for:{r.person.id}"))
        for r in family
    ]
    if turn.actor.id not in [relative.person.id for relative in family]:
        choices.append(turn.button("myself", press("inform", choice=f"for:{turn.actor.id}")))
    turn.say("ask_for", choices[:4])
    return []


def ask_service(turn: Turn) -> list[Event]:
    """Which service? What the person is entitled to stands on the buttons."""
    from actions.look_up_benefits import entitlements_of

    member = turn.unit.people.get(turn.slots.get("booking_for") or "") or turn.actor
    usable = [item for item in entitlements_of(turn.house, turn.unit, member) if item.balance.left > 0]
    codes = list(dict.fromkeys(item.benefit.services[0] for item in usable))[:3]
    choices = [
        Choice(turn.house.catalogue.service(code).name, press("inform", service=code)) for code in codes
    ]
    turn.say(
        _again(turn, "ask_service"), [*choices, turn.button("human", press("request_human"), once=False)]
    )
    return []


def ask_channel(turn: Turn) -> list[Event]:
    """To the store, online, or at home?"""
    service = turn.house.catalogue.service(turn.slots["booking_service"])
    choices = [turn.button(f"channel_{c}", press("inform", channel=c)) for c in service.channels]
    turn.say(_again(turn, "ask_channel"), choices, service=service.name)
    return []


def ask_pay(turn: Turn) -> list[Event]:
    """Pay oneself, or leave it? Only asked after a refusal was told."""
    draft = Draft.of(turn)
    offers = turn.unit.providers.offerings(draft["service"], draft.member.city_id, draft["channel"])
    leave = turn.button("leave", press("stop"))
    person = turn.button("human", press("request_human"), once=False)
    if not offers:
        turn.say("no_provider", (person, leave), service=draft.service.name)
    else:
        pay = turn.button("self_pay", press("inform", choice="self_pay"), price=price(offers[0].price_cents))
        turn.say("ask_pay", (pay, person, leave), price=price(offers[0].price_cents))
    return []


def ask_time(turn: Turn) -> list[Event]:
    """Which day, what time?"""
    service = turn.house.catalogue.service(turn.slots["booking_service"])
    choices = [
        turn.button("earliest", press("inform", choice="earliest")),
        turn.button("tomorrow", press("inform", time="明天")),
        turn.button("day_after", press("inform", time="后天")),
        turn.button("leave", press("stop")),
    ]
    turn.say(_again(turn, "ask_time"), choices, service=service.name)
    return []


def ask_slot(turn: Turn) -> list[Event]:
    """Which of these free times?"""
    offers = turn.slots.get("booking_offers") or []
    choices = [
        Choice(turn.when(unpack(offer).begin), press("inform", choice=f"offer:{number}"))
        for number, offer in enumerate(offers)
    ]
    other = turn.button("other_time", press("inform", choice="other_time"))
    turn.say(_again(turn, "ask_slot") if offers else "ask_time_again", [*choices, other])
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read back who, what, which day, what time, where, what it costs; then yes or no."""
    booking = turn.unit.bookings.get(turn.slots["booking_slot"])
    assert booking is not None
    choices = [
        turn.button("yes_book", press("inform", choice="yes")),
        turn.button("other_time", press("inform", choice="other_time")),
        turn.button("leave", press("stop")),
    ]
    turn.say_text(read_back(turn, booking), choices)
    return []


def read_back(turn: Turn, booking: Booking) -> str:
    """Everything that a yes commits to, in one breath."""
    member = turn.unit.people.get(booking.member_id)
    assert member is not None
    if booking.grant_id is None:
        cost = turn.word("cost_self", price=price(booking.price_cents))
    else:
        benefit = next(
            item.benefit
            for item in turn.unit.benefits.entitlements(member.id, turn.house.today())
            if item.grant.id == booking.grant_id
        )
        name = "cost_copay" if booking.price_cents else "cost_benefit"
        cost = turn.word(name, benefit=benefit.name, price=price(booking.price_cents))
    return turn.word(
        "read_back",
        who=f"{turn.call(member)}（{member.name}）" if member.id != turn.actor.id else turn.call(member),
        service=turn.house.catalogue.service(booking.service).name,
        when=turn.when(booking.begin),
        where=where(turn, booking),
        cost=cost,
    )


def price(cents: int) -> str:
    """Money as people say it; yuan only, for prices are in whole yuan or said with their jiao."""
    return f"{cents // 100}元" if cents % 100 == 0 else f"{cents / 100:.2f}元"


def _again(turn: Turn, name: str) -> str:
    """The question's other wording where the first one was not understood."""
    return f"{name}_again" if turn.slots.get("misses") else name
