"""What the booking form asks, one question at a time, with what a thumb can press; and the read-back."""

from __future__ import annotations

from actions import needs
from actions.look_up_benefits import entitlements_of
from actions.rasa import papers, series_questions
from actions.rasa.asking import unpack
from actions.rasa.booking_draft import Draft, verdict_on
from actions.rasa.describe import explained, where
from actions.rasa.turn import Event, Turn, press
from actions.say import Choice
from actions.words import price
from domain.bookings import Booking
from domain.clock import local_day
from domain.measures import shown

_REHAB = ("rehab_neuro", "rehab_ortho", "rehab_cardio", "rehab_pain")


def ask_for(turn: Turn) -> list[Event]:
    """Whom is it for?"""
    family = turn.whom()
    choices = [
        Choice(f"{turn.called(r)} {r.person.name}", press("inform", choice=f"for:{r.person.id}"))
        for r in family
    ]
    if turn.actor.id not in [relative.person.id for relative in family] and not turn.entity("person"):
        choices.append(turn.button("myself", press("inform", choice=f"for:{turn.actor.id}")))
    turn.say("ask_for", choices[:4])
    return []


def ask_service(turn: Turn) -> list[Event]:
    """Which service? What the person is entitled to stands on the buttons."""
    if turn.went_to_person:
        return []
    member = turn.unit.people.get(turn.slots.get("booking_for") or "") or turn.actor
    usable = [item for item in entitlements_of(turn.house, turn.unit, member) if item.balance.left > 0]
    codes = list(dict.fromkeys(item.benefit.services[0] for item in usable))[:3]
    if "康复" in turn.text:
        # The word alone leaves open which of the four lines it is.
        codes = [code for code in turn.house.catalogue.services if code in _REHAB]
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
    if turn.went_to_person:
        return []
    draft = Draft.of(turn)
    offers = turn.unit.providers.offerings(draft["service"], draft.member.city_id, draft["channel"])
    leave = turn.button("leave", press("stop"))
    person = turn.button("human", press("request_human", choice="benefit_dispute"), once=False)
    steps = explained(turn, verdict_on(draft), draft.member, draft.service).steps
    better = [step for step in steps if step.action != person.action][:1]
    if not offers:
        turn.say("no_provider", (person, leave), service=draft.service.name)
    else:
        pay = turn.button("self_pay", press("inform", choice="self_pay"), price=price(offers[0].price_cents))
        turn.say("ask_pay", (*better, pay, person, leave), price=price(offers[0].price_cents))
    return []


def ask_time(turn: Turn) -> list[Event]:
    """Which day, what time?"""
    if (asked := series_questions.asks_time(turn)) is not None:
        return asked
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
    if turn.went_to_person or series_questions.asks_visit(turn):
        return []
    offers, window = turn.slots.get("booking_offers") or [], turn.slots.get("booking_time") or {}
    other = turn.button("other_time", press("inform", choice="other_time"))
    queue = turn.button("wait", press("inform", choice="wait"))
    if window.get("none"):
        service = turn.house.catalogue.service(turn.slots["booking_service"])
        person = turn.button("human", press("request_human", choice="no_time"), once=False)
        turn.say(
            "ask_wait", (queue, other, person, turn.button("leave", press("stop"))), service=service.name
        )
        return []
    choices = [
        Choice(turn.when(unpack(offer).begin), press("inform", choice=f"offer:{number}"))
        for number, offer in enumerate(offers)
    ]
    if window.get("full"):
        choices.append(queue)
    turn.say(_again(turn, "ask_slot") if offers else "ask_time_again", [*choices, other])
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read back who, what, which day, what time, where, what it costs; then yes or no."""
    if series_questions.reads_back(turn):
        return []
    booking = turn.unit.bookings.get(turn.slots["booking_slot"])
    assert booking is not None
    choices = papers.below(turn, booking)
    if not booking_day_is_known(turn, booking):
        turn.say("holiday_unknown")
    turn.say_text(read_back(turn, booking), choices)
    return []


def booking_day_is_known(turn: Turn, booking: Booking) -> bool:
    """Whether it is settled that this is done on that day: official holidays are announced each November."""
    service = turn.house.catalogue.service(booking.service)
    goes_on = service.on_holidays and booking.channel != "store"
    return goes_on or turn.house.calendar.knows(local_day(booking.begin))


def read_back(turn: Turn, booking: Booking) -> str:
    """Everything that a yes commits to, in one breath."""
    member = turn.unit.people.get(booking.member_id)
    assert member is not None
    if booking.grant_id is None:
        cost = turn.word("cost_self", price=price(booking.price_cents))
    else:
        benefit = turn.unit.benefits.benefit(turn.unit.benefits.grant(booking.grant_id).benefit_id)
        kind = "copay" if booking.price_cents else "benefit"
        if benefit.unit != "visit":
            kind += "_amount"
        cost = turn.word(
            f"cost_{kind}",
            benefit=benefit.name,
            price=price(booking.price_cents),
            amount=shown(benefit.unit, booking.amount),
            unit=turn.word(f"unit_{benefit.unit}"),
        )
    return turn.word(
        "read_back",
        who=f"{turn.call(member)}（{member.name}）" if member.id != turn.actor.id else turn.call(member),
        service=turn.house.catalogue.service(booking.service).name,
        when=turn.when(booking.begin),
        where=where(turn, booking),
        cost=cost,
        ready=needs.ready_line(turn.house, turn.unit, booking),
    )


def _again(turn: Turn, name: str) -> str:
    """The question's other wording where the first one was not understood."""
    return f"{name}_again" if turn.slots.get("misses") else name
