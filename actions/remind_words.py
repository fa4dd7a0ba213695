"""The words of a visit's reminders, for the elder, the family, and whoever was asked in the climb."""

from __future__ import annotations

from collections.abc import Sequence

from actions.family import KIN
from actions.house import House
from actions.remind_hand import Said, key_of
from actions.say import Choice, press
from actions.visit_people import button, elder_of, tell
from actions.whereabouts import where
from domain.bookings import Booking
from domain.conversations import Lane
from domain.people import ConsentUse, Person, Scope
from domain.policy import Basis
from domain.reminders import Instance, Rule
from domain.store import Unit
from domain.visit_series import Step
from nlu.zh.say import say_when


def announce(house: House, unit: Unit, booking: Booking, instance: Instance, *, answered: bool) -> Said:
    """One announcement, or a rung of the climb, to whom it is for."""
    step = Step(instance.occurrence)
    elder = elder_of(unit, booking)
    choices = _choices(house, booking, instance, step, answered=answered)
    if instance.person_id != elder.id:
        who = _used(house, unit, booking, elder, instance.person_id)
        if step is Step.CHILD:
            _tell_elder(house, unit, booking, elder, instance)
            return Said(house.words.say("remind_child", who=who, **_gaps(house, unit, booking)), choices)
        gaps = _gaps(house, unit, booking)
        line = house.words.say("remind_visit_child", who=who, **gaps)
        return Said(line, choices, line.removesuffix("。"))
    gaps = _gaps(house, unit, booking)
    if step is Step.AGAIN:
        return Said(house.words.say("remind_again", **gaps), choices)
    text = house.words.say("remind_visit", **gaps)
    prepare = house.catalogue.service(booking.service).prepare
    if step is Step.DAY_BEFORE and prepare:
        text += "\n" + house.words.say("remind_prepare", prepare=prepare)
    return Said(text, choices, house.words.say("remind_line", **gaps))


def _gaps(house: House, unit: Unit, booking: Booking) -> dict[str, str]:
    return {
        "when": say_when(booking.begin, house.now()),
        "service": house.catalogue.service(booking.service).name,
        "where": _where(house, unit, booking),
    }


def _where(house: House, unit: Unit, booking: Booking) -> str:
    """The elder knows where she lives; the place of anything else is said in full."""
    if booking.channel != "home":
        return where(house, unit, booking)
    staff = unit.providers.staff(booking.staff_id) if booking.staff_id else None
    if staff is None:
        return house.words.say("remind_nobody_yet")
    return house.words.say("remind_comes", staff=staff.name)


def _choices(
    house: House, booking: Booking, instance: Instance, step: Step, *, answered: bool
) -> Sequence[Choice]:
    """「知道了」 only as long as nobody has said so; the other two always."""
    chosen = f"booking:{booking.id}"
    seen = "remind_tell" if step is Step.CHILD else "remind_seen"
    asked = [] if answered else [button(house, seen, f"remind:seen:{instance.id}")]
    return [
        *asked,
        button(house, "remind_move", press("reschedule_booking", choice=chosen), once=False),
        button(house, "remind_drop", press("cancel_booking", choice=chosen), once=False),
    ]


def called(unit: Unit, elder: Person, relative_id: str) -> str:
    """How the elder is called to one of the family."""
    kinship = unit.people.kinship(elder.id, relative_id)
    return KIN.get(kinship.relation, elder.name) if kinship is not None else elder.name


def _used(house: House, unit: Unit, booking: Booking, elder: Person, relative_id: str) -> str:
    """How the elder is called; that the consent was used is written to her log."""
    now = house.now()
    consent = unit.people.consents(elder.id, relative_id, now).get(Scope.SEE_VISITS)
    if consent is not None:
        unit.people.add(
            ConsentUse(
                elder_id=elder.id,
                actor_id=relative_id,
                scope=Scope.SEE_VISITS,
                action=f"reminder:{booking.service}",
                basis=f"{Basis.CONSENT}:{consent.id}",
                at=now,
            )
        )
    return called(unit, elder, relative_id)


def _tell_elder(house: House, unit: Unit, booking: Booking, elder: Person, instance: Instance) -> None:
    """That somebody else is asked now is told to the elder."""
    child = unit.people.get(instance.person_id)
    assert child is not None
    gaps = _gaps(house, unit, booking)
    text = house.words.say("remind_child_told", name=child.name, when=gaps["when"], service=gaps["service"])
    tell(house, unit, elder, text, f"{key_of(instance)}:told", lane=Lane.REMINDER)


def telephone_words(house: House, unit: Unit, booking: Booking, asked: Person | None) -> Said:
    """A butler telephones: the elder hears so, and whoever of the family was asked before."""
    gaps = _gaps(house, unit, booking)
    gaps.pop("where")
    if asked is not None:
        who = called(unit, elder_of(unit, booking), asked.id)
        text = house.words.say("remind_telephone_child", who=who, **gaps)
        key = f"rm:telephone:{booking.id}:{booking.begin.isoformat()}"
        tell(house, unit, asked, text, key, lane=Lane.REMINDER)
    return Said(house.words.say("remind_telephone", **gaps))


def seen_words(house: House, unit: Unit, booking: Booking) -> str:
    """The answer to 「知道了」."""
    return house.words.say(
        "remind_seen",
        when=say_when(booking.begin, house.now()),
        service=house.catalogue.service(booking.service).name,
    )


def title(rule: Rule, reader_id: str) -> str:
    """What a personal reminder is about; others read the person's own words: 「我爸生日」 is not of the reader's father."""
    what = rule.detail["what"]
    return what if reader_id == rule.person_id or not what.startswith("您") else f"「我{what[1:]}」"
