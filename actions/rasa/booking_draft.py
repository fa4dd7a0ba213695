"""The booking so far, and how far it goes by itself: the channel, the benefit, a free time that is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actions.book import Order, hold, release, release_lapsed
from actions.family import permit
from actions.find_times import NOTICE, Ask, find_times
from actions.look_up_benefits import judge_wish
from actions.rasa.asking import pack, search_windows
from actions.rasa.describe import refusal
from actions.rasa.turn import Event, Turn, slot
from domain.bookings import Slot
from domain.catalogue import Service
from domain.clock import local_day
from domain.errors import Exhausted, NotFound, Taken
from domain.judging import Refusal, Verdict
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


def go_on(draft: Draft) -> None:
    """Fill in by itself whatever needs no question, up to a held time."""
    turn = draft.turn
    if draft["ok"] or draft["for"] is None or draft["service"] is None:
        return
    permit(turn.house, turn.unit, turn.actor, draft["for"], Scope.BOOK, f"book:{draft['service']}")
    if draft["channel"] is None and len(draft.service.channels) == 1:
        draft.put(channel=draft.service.channels[0])
    # What is held is held with its benefit: the last one is not "used up" by this very booking.
    if draft["channel"] is None or draft["slot"] is not None:
        return
    window = draft["time"]
    verdict = verdict_on(draft)
    if verdict.entitlement is None and draft["pay"] != "self":
        _tell_refusal(draft, verdict)
        return
    if verdict.entitlement is not None:
        draft.put(pay="benefit")
    if window is not None:
        _search(draft, window)


def verdict_on(draft: Draft) -> Verdict:
    """Whether a benefit carries the draft: on the day that was said, else tomorrow."""
    turn, window = draft.turn, draft["time"]
    day = (
        datetime.fromisoformat(window["near"] or window["begin"]) if window else turn.now + timedelta(days=1)
    )
    return judge_wish(
        turn.house, turn.unit, draft.member, draft["service"], draft["channel"], local_day(max(day, turn.now))
    )


def _tell_refusal(draft: Draft, verdict: Verdict) -> None:
    """Say why no benefit carries it, once; whether to pay oneself is the next question."""
    asked = ["booking_for", "booking_service", "booking_channel"]
    if verdict.refusal is not Refusal.NOT_COVERED:
        # Another day may be refused for another reason.
        asked.append("booking_time")
    same = all(draft.slots[name] == draft.turn.slots.get(name) for name in asked)
    if draft["pay"] is None and draft.turn.requested == "booking_pay" and same:
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
        hold_time(draft, found[0])
        return
    draft.put(offers=[pack(each) for each in found])


def hold_time(draft: Draft, found: Slot) -> None:
    """Hold a time and its benefit while it is read back; a time that is gone meanwhile is said to be gone."""
    turn = draft.turn
    order = Order(
        turn.actor, draft.member, draft.service, draft["channel"], found, self_pay=draft["pay"] == "self"
    )
    try:
        with turn.unit.attempt():
            booking, verdict = hold(turn.house, turn.unit, order, key=f"{turn.key}:{found.begin.isoformat()}")
    except (Taken, Exhausted):
        turn.say("just_taken")
        draft.put(slot=None, offers=None)
        return
    if booking is None:
        _tell_refusal(draft, verdict)
        return
    draft.put(slot=booking.id)
