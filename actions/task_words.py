"""What was being done when a person was asked for, as a coordinator reads it: names and values, never our own keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from actions.house import House
from domain.store import Unit
from nlu.zh.say import say_when

# The keys of `Cause.task` in the order in which they are read; what stands in no row is nobody's to read.
_ROWS = (
    ("task", ("task",)),
    ("for", ("booking_for", "reminding_for")),
    ("service", ("booking_service", "service")),
    ("channel", ("booking_channel", "channel")),
    ("number", ("moving_booking", "dropping_booking", "booking")),
    ("time", ("booking_slot", "moving_slot", "booking_time", "moving_time", "reminding_time", "begin")),
    ("pay", ("booking_pay",)),
    ("staff", ("staff",)),
    ("what", ("reminding_what", "profile_value")),
    ("who", ("family_who",)),
    ("words", ("words", "complaint")),
)
_NUMBER = 8  # letters of a booking's number at most


def told(house: House, unit: Unit, task: object) -> list[dict[str, str]]:
    """Rows of `name` and `value`, the most telling first; empty where nothing was being done."""
    if not isinstance(task, Mapping):
        return []
    return [{"name": name, "value": value} for name, value in _rows(house, unit, task)]


def _rows(house: House, unit: Unit, task: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for row, keys in _ROWS:
        value = next((str(task[key]) for key in keys if task.get(key)), "")
        said = _spoken(house, unit, row, value) if value else ""
        if said:
            yield house.words.say(f"card_task_{row}"), said[:200]


def _spoken(house: House, unit: Unit, row: str, value: str) -> str:
    if row in ("task", "channel", "pay"):
        name = {"task": f"card_doing_{value}", "channel": f"channel_{value}", "pay": f"card_pay_{value}"}[row]
        return house.words.say(name) if name in house.words.sentences else ""
    if row == "for":
        person = unit.people.get(value)
        return person.name if person is not None else ""
    if row == "service":
        service = house.catalogue.find(value)
        return service.name if service is not None else ""
    if row == "number":
        return _number(house, unit, value)
    if row == "time":
        return _time(house, value)
    # A relation is told in our own words only: 「李强」 is told, `mother` is not.
    return "" if row == "who" and value.isascii() else value


def _number(house: House, unit: Unit, value: str) -> str:
    """Of a booking's own number, or of the booking with this id: its number, what and when."""
    booking = unit.bookings.get(value)
    if booking is None:
        return value if len(value) <= _NUMBER else ""
    service = house.catalogue.service(booking.service).name
    return f"{booking.number} {service} {say_when(booking.begin, house.now())}"


def _time(house: House, value: str) -> str:
    """A moment, or what the elder said of it."""
    try:
        return say_when(datetime.fromisoformat(value), house.now())
    except ValueError:
        return value
