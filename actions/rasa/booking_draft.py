"""The booking so far, and how far it goes by itself: the channel, the benefit, a free time that is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from actions import needs
from actions.book import release
from actions.family import permit
from actions.look_up_benefits import judge_wish
from actions.looking import ANYBODY, CARER_GENDER, CarerWish
from actions.rasa.describe import refusal
from actions.rasa.turn import Event, Turn, press, slot
from actions.series import let_go
from domain import products
from domain.catalogue import Service
from domain.clock import local_day
from domain.errors import NotFound
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
ALL = (*SLOTS, "booking_offers", "booking_wish", "booking_series", "booking_product")


def cleared() -> list[Event]:
    """The events that empty the form."""
    return [slot(name, None) for name in ALL]


@dataclass
class Draft:
    """The booking so far, from Rasa's slots, and what this turn changes in it."""

    turn: Turn
    slots: dict[str, Any]
    # Wishes that came out of this one, taken up when it is done.
    further: list[dict[str, Any]] = field(default_factory=list)

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
        if self["series"]:
            let_go(self.turn.house, self.turn.unit, self["series"])
        elif self["slot"]:
            release(self.turn.house, self.turn.unit, self["slot"])
        self.put(slot=None, ok=None, offers=None, series=None)

    @property
    def member(self) -> Person:
        found = self.turn.unit.people.get(self["for"])
        if found is None:
            raise NotFound(str(self["for"]))
        return found

    @property
    def service(self) -> Service:
        return self.turn.house.catalogue.service(self["service"])

    @property
    def wish(self) -> CarerWish:
        """Whom they would like to come: as said here, else as it stands in the profile."""
        if self["channel"] == "store":
            return ANYBODY
        said = self["wish"] or {}
        kept = None if said.get("any") else self.member.notes.get(CARER_GENDER)
        return CarerWish(said.get("gender") or kept, said.get("dialect"))

    def events(self) -> list[Event]:
        """What Rasa is to remember; always at least one, which tells that the words were an answer."""
        kept = [slot("later", [*(self.turn.slots.get("later") or []), *self.further])] if self.further else []
        return [*(slot(name, self.slots[name]) for name in ALL), *kept]


def go_on(draft: Draft) -> bool:
    """Fill in by itself whatever needs no question; tells whether a free time is to be looked for now."""
    turn = draft.turn
    if draft["ok"] or draft["for"] is None or draft["service"] is None:
        return False
    permit(turn.house, turn.unit, turn.actor, draft["for"], Scope.BOOK, f"book:{draft['service']}")
    if draft["channel"] is None and len(draft.service.channels) == 1:
        draft.put(channel=draft.service.channels[0])
    # What is held is held with its benefit: the last one is not "used up" by this very booking.
    if draft["channel"] is None or draft["slot"] is not None or draft["series"] is not None:
        return False
    window = draft["time"]
    missing = needs.lacking(turn.house, turn.unit, draft.member, _begins_with(draft), day_of(draft))
    if missing:
        tell_lacking(draft, missing)
        return False
    verdict = verdict_on(draft)
    if verdict.entitlement is None and draft["pay"] != "self":
        tell_refusal(draft, verdict)
        return False
    if verdict.entitlement is not None:
        draft.put(pay="benefit")
    return window is not None


def verdict_on(draft: Draft) -> Verdict:
    """Whether a benefit carries the draft: on the day that was said, else tomorrow."""
    turn = draft.turn
    return judge_wish(turn.house, turn.unit, draft.member, draft["service"], draft["channel"], day_of(draft))


def day_of(draft: Draft) -> date:
    """The day that was said, else tomorrow."""
    now, window = draft.turn.now, draft["time"]
    day = datetime.fromisoformat(window["near"] or window["begin"]) if window else now + timedelta(days=1)
    return local_day(max(day, now))


def _begins_with(draft: Draft) -> str:
    """The service of the first visit: a care product may begin with another one, its assessment."""
    product = products.load().get(draft["product"] or "")
    return product.assess if product is not None else str(draft["service"])


def tell_lacking(draft: Draft, missing: list[str]) -> None:
    """Say what must be there first and how to come by it; nothing is booked."""
    turn, member, need = draft.turn, draft.member, missing[0]
    steps = [turn.button("human", press("request_human"), once=False)]
    name = f"first_{need}"
    if need == needs.ASSESSMENT:
        if turn.unit.benefits.assessment(member.id, turn.house.today()) is not None:
            name += "_again"
        kinship = turn.unit.people.kinship(member.id, turn.actor.id)
        whom = {"person": kinship.relation} if kinship is not None and member.id != turn.actor.id else {}
        if turn.unit.providers.offerings(needs.ASSESSMENT, member.city_id, "home"):
            steps.insert(
                0, turn.button("assess", press("book_service", service=needs.ASSESSMENT, **whom), once=False)
            )
    turn.say(name, steps, service=draft.service.name, who=turn.call(member))
    draft.put(ok="left")


def tell_refusal(draft: Draft, verdict: Verdict) -> None:
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
