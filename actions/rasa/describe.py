"""Things told in people's words: where a booking is, why a benefit says no, what is left of one."""

from __future__ import annotations

from actions.rasa.turn import Turn
from domain.benefits import Entitlement, Verdict
from domain.bookings import Booking
from domain.catalogue import Service
from domain.people import Person
from nlu.zh.say import say_day


def where(turn: Turn, booking: Booking) -> str:
    """The place, the way to join, or who comes."""
    staff = turn.unit.providers.staff(booking.staff_id) if booking.staff_id else None
    if booking.channel == "store" and booking.site_id:
        site = turn.unit.providers.site(booking.site_id)
        assert site is not None
        return turn.word("where_store", site=site.name, address=site.address)
    if booking.channel == "online":
        return turn.word("where_online", staff=staff.name if staff else "")
    address = booking.address or turn.word("no_address")
    if staff is None:
        return turn.word("where_home_nobody_yet", address=address)
    return turn.word("where_home", staff=staff.name, address=address)


def refusal(turn: Turn, verdict: Verdict, member: Person, service: Service) -> str:
    """One plain sentence for a refusal, with the date on which the answer changes."""
    code = verdict.refusal or "not_covered"
    sentence = turn.word(
        f"refused_{code}",
        who=turn.call(member),
        service=service.name,
        benefit=verdict.about.benefit.name if verdict.about else service.name,
        city=_city(turn, member),
    )
    if verdict.changes_on is not None:
        sentence += turn.word("changes_on", day=say_day(verdict.changes_on, turn.house.today()))
    return sentence


def _city(turn: Turn, member: Person) -> str:
    city = turn.unit.people.city(member.city_id) if member.city_id else None
    return city.name if city else turn.word("your_city")


def left(turn: Turn, item: Entitlement) -> str:
    """One line about one entitlement: its name, what is left of what, until when."""
    unit = turn.word(f"unit_{item.benefit.unit}")
    held = turn.word("held", count=item.balance.held, unit=unit) if item.balance.held else ""
    return turn.word(
        "entitlement_line",
        name=item.benefit.name,
        left=item.balance.left,
        allowed=item.balance.allowed,
        unit=unit,
        held=held,
        until=say_day(item.expires_on, turn.house.today()),
    )


def price(cents: int) -> str:
    """Money as people say it; yuan only, for prices are in whole yuan or said with their jiao."""
    return f"{cents // 100}元" if cents % 100 == 0 else f"{cents / 100:.2f}元"
