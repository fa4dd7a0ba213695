"""Ready answers for the desk, with what is known of the member filled in. The answers stand in `words/ready/*.yml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

from actions.desk_booking import bookable
from actions.hand_over import readable
from actions.house import House
from actions.whereabouts import where
from domain.people import Person
from domain.store import Unit
from nlu.zh.say import say_when

FOLDER = Path(__file__).parent / "words" / "ready"
GAPS = frozenset({"called", "me", "service", "when", "where", "number", "tail"})


@dataclass(frozen=True)
class Ready:
    """An answer as it is written; `queue` is `life`, `doctor` or `both`."""

    code: str
    title: str
    queue: str
    text: str


@dataclass(frozen=True)
class Filled:
    """An answer for one ticket; `blanks` are left for the writer to fill in."""

    code: str
    title: str
    text: str
    blanks: bool


@cache
def load(folder: Path = FOLDER) -> tuple[Ready, ...]:
    """All answers. Raises ValueError for a code that stands twice, or a gap that nobody fills."""
    found = [
        Ready(**row)
        for path in sorted(folder.glob("*.yml"))
        for row in yaml.safe_load(path.read_text("utf-8"))
    ]
    codes = [one.code for one in found]
    gaps = {name for one in found for _, name, _, _ in Formatter().parse(one.text) if name}
    if len(codes) != len(set(codes)) or gaps - GAPS:
        raise ValueError(f"{folder}: a code stands twice, or a gap is unknown: {sorted(gaps - GAPS)}")
    return tuple(found)


def answers(house: House, unit: Unit, actor: Person, ticket_id: str) -> Sequence[Filled]:
    """The answers of a ticket's queue, filled in. Raises NotFound for who may not read it."""
    ticket = readable(unit, actor, ticket_id)
    member = unit.people.get(ticket.member_id)
    assert member is not None
    blank = house.words.say("desk_gap")
    known = {"called": member.called, "me": actor.name, "tail": (member.phone or "")[-4:] or blank}
    booking = next(iter(bookable(house, unit, member)), None)
    if booking is not None:
        known |= {
            "service": house.catalogue.service(booking.service).name,
            "when": say_when(booking.begin, house.now()),
            "where": where(house, unit, booking),
            "number": booking.number,
        }
    gaps = {gap: known.get(gap, blank) for gap in GAPS}
    found = [one for one in load() if one.queue in (ticket.queue, "both")]
    texts = [(one, one.text.format(**gaps).strip()) for one in found]
    return [Filled(one.code, one.title, text, blank in text) for one, text in texts]
