"""The words of a visit: on the way, done, not possible, the card to the family, the card for those who come."""

from __future__ import annotations

from actions import needs
from actions.house import House
from actions.say import Choice
from actions.series_words import course_line
from actions.visit_people import button, carer_of, elder_of, hour, readers, staff_name, staff_of, tell
from domain import standards
from domain.bookings import Booking
from domain.clock import local_day
from domain.conversations import Lane
from domain.people import Person
from domain.standards import Standard
from domain.store import Unit
from domain.visits import Visit, VisitState
from nlu.zh.say import say_clock, say_when

# Facts of a home by their keys in `Person.notes`, in the order in which they are read at a door.
_FACTS = ("floor", "stairs", "dog", "opens", "hearing")
_STEPS: dict[VisitState, str] = {
    VisitState.ASSIGNED: "on_the_way",
    VisitState.ON_THE_WAY: "arrive",
    VisitState.ARRIVED: "begin",
    VisitState.IN_SERVICE: "done",
}


def service_of(house: House, booking: Booking) -> str:
    return house.catalogue.service(booking.service).name


def on_the_way(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    """The elder hears who has set out, about when they come, and the four digits for the door."""
    name = "visit_on_the_way_online" if booking.channel == "online" else "visit_on_the_way"
    assert visit.expected_at is not None
    gaps = {
        "staff": staff_name(house, staff_of(unit, visit, booking)),
        "service": service_of(house, booking),
        "clock": say_clock(visit.expected_at),
        **({} if booking.channel == "online" else {"code": visit.code}),
    }
    tell(house, unit, elder_of(unit, booking), house.words.say(name, **gaps), f"{visit.id}:on_the_way")


def after(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    """The elder is asked whether it was so; the family gets the card."""
    assert visit.ended_at is not None
    begin = visit.arrived_at or visit.began_at or booking.begin
    staff = staff_name(house, staff_of(unit, visit, booking))
    text = house.words.say(
        "visit_after",
        staff=staff,
        service=service_of(house, booking),
        begin=say_clock(begin),
        end=say_clock(visit.ended_at),
    )
    tell(house, unit, elder_of(unit, booking), text, f"{visit.id}:after", _came(house, visit))
    for reader in readers(house, unit, booking, "visit_card"):
        card = house.words.say(
            "visit_card",
            who=reader.called,
            service=service_of(house, booking),
            staff=staff,
            begin=hour(begin),
            end=hour(visit.ended_at),
            **_done(house, visit, booking),
        )
        if visit.flags:
            card += "\n" + house.words.say("visit_card_flagged")
        tell(house, unit, reader.person, card, f"{visit.id}:card:{reader.person.id}", _came(house, visit))


def _came(house: House, visit: Visit) -> list[Choice]:
    return [
        button(house, "came", f"came:yes:{visit.id}"),
        button(house, "came_not", f"came:no:{visit.id}"),
        button(house, "came_words", f"came:words:{visit.id}"),
    ]


def ask_site(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    """Where nobody reports a visit to a site, the elder is asked."""
    site = unit.providers.site(booking.site_id) if booking.site_id else None
    text = house.words.say(
        "visit_after_site", service=service_of(house, booking), place=site.name if site else ""
    )
    choices = [
        button(house, "went", f"came:yes:{visit.id}"),
        button(house, "went_not", f"came:no:{visit.id}"),
    ]
    tell(house, unit, elder_of(unit, booking), text, f"{visit.id}:site", choices, Lane.REMINDER)


def _done(house: House, visit: Visit, booking: Booking) -> dict[str, str]:
    standard = standards.load()[booking.service]
    say = house.words.say
    left = [s.text for n, s in enumerate(standard.steps, 1) if n not in visit.steps]
    records = [f"{value}" for value in visit.records.values()]
    return {
        "done": say("visit_card_done" if left else "visit_card_all", count=len(visit.steps)),
        "records": say("visit_card_records", records="，".join(records)) if records else "",
        "left_out": say("visit_card_left_out", steps="、".join(left)) if left else "",
    }


def tell_carer(house: House, unit: Unit, name: str, booking: Booking, staff_id: str | None) -> None:
    """Those who come hear of a visit that is new to them, or no longer theirs (`visit_new_carer`, `visit_gone_carer`)."""
    carer = carer_of(unit, unit.providers.staff(staff_id)) if staff_id else None
    if carer is None:
        return
    elder = elder_of(unit, booking)
    gaps = {
        "when": say_when(booking.begin, house.now()),
        "name": elder.name,
        "service": service_of(house, booking),
        "address": booking.address or house.words.say("no_address"),
    }
    used = {gap: gaps[gap] for gap in house.words.gaps(name)}
    key = f"{booking.id}:{name}:{staff_id}:{booking.begin.isoformat()}"
    tell(house, unit, carer, house.words.say(name, **used), key, lane=Lane.REMINDER)


def nudge(house: House, unit: Unit, visit: Visit, booking: Booking, key: str) -> bool:
    """Ask whoever is to come where they are; False where they have no account of ours."""
    carer = carer_of(unit, staff_of(unit, visit, booking))
    if carer is None:
        return False
    gaps = {"clock": say_clock(booking.begin), "name": elder_of(unit, booking).name}
    text = house.words.say("visit_late_carer", service=service_of(house, booking), **gaps)
    tell(house, unit, carer, text, key, next_buttons(house, visit))
    return True


def facts(house: House, unit: Unit, elder: Person, standard: Standard) -> list[tuple[str, str]]:
    """What those who come should know of the home and the person, as (label, value)."""
    say, known = house.words.say, needs.facts_of(unit, elder, house.today())
    found = [(say(f"fact_{key}"), elder.notes[key]) for key in _FACTS if elder.notes.get(key)]
    if elder.dialect:
        found.append((say("fact_dialect"), elder.dialect))
    for need in standard.needs:
        value = known.get(need.text)
        if value and need.text not in _FACTS:
            found.append((say(f"need_{need.text}"), value))
    # What the elder asked us to note for those who come.
    found += [("·", value) for key, value in elder.notes.items() if key.startswith("note_")]
    return found


def unknown(house: House, unit: Unit, elder: Person, standard: Standard) -> list[str]:
    """What must be known before and is not, in words."""
    known = needs.facts_of(unit, elder, house.today())
    return [house.words.say(f"need_{need}") for need in standard.unknown(known)]


def staff_card(house: House, unit: Unit, visit: Visit, booking: Booking) -> str:
    """One visit for those who come: when, who, where, the stairs, the dog, what is to be known."""
    elder, standard = elder_of(unit, booking), standards.load()[booking.service]
    say = house.words.say
    lines = [
        say("visit_fact", label=label, value=value) for label, value in facts(house, unit, elder, standard)
    ]
    if course := course_line(house, unit, booking):
        lines.insert(0, course)
    if missing := unknown(house, unit, elder, standard):
        lines.append(say("visit_unknown", needs="、".join(missing)))
    if elder.phone:
        lines.append(say("visit_phone", phone=elder.phone))
    age = elder.age_on(local_day(booking.begin))
    return say(
        "visit_staff_card",
        state=say(f"state_{visit.state}"),
        clock=say_clock(booking.begin),
        service=service_of(house, booking),
        name=elder.name,
        age=say("visit_age", age=age) if age is not None else say("visit_age_unknown"),
        address=booking.address or say("no_address"),
        facts="\n".join(lines) or say("visit_facts_none"),
    )


def steps(house: House, service: str) -> str:
    """The whole standard for those who come: the steps, and what is never done."""
    standard, say = standards.load()[service], house.words.say
    lines = [
        say("visit_step", number=number, star="＊" if step.must else "", text=step.text)
        for number, step in enumerate(standard.steps, 1)
    ]
    name = house.catalogue.service(service).name
    return say("visit_steps", service=name, steps="\n".join(lines), never="；".join(standard.never))


def next_buttons(house: House, visit: Visit) -> list[Choice]:
    """What those who come may press now."""
    step = _STEPS.get(visit.state)
    if step is None:
        return []
    return [
        button(house, f"visit_{step}", f"visit:{step}:{visit.id}"),
        button(house, "visit_not_possible", f"visit:cannot:{visit.id}", once=False),
    ]
