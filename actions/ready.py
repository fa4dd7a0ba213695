"""Ready answers for the desk, with what is known of the member filled in.

They stand in `words/ready/*.yml`; what a supervisor changed (`ready_editing.py`) is in the store and goes before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from actions.desk_booking import bookable
from actions.hand_over import readable
from actions.house import House
from actions.whereabouts import where
from domain.people import Person
from domain.ready_answers import GAPS, gaps_of
from domain.store import Unit
from nlu.zh.say import say_when

FOLDER = Path(__file__).parent / "words" / "ready"


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
    gaps = {name for one in found for name in gaps_of(one.text)}
    if len(codes) != len(set(codes)) or gaps - GAPS:
        raise ValueError(f"{folder}: a code stands twice, or a gap is unknown: {sorted(gaps - GAPS)}")
    return tuple(found)


def current(unit: Unit) -> list[Ready]:
    """The answers as they hold: those of the files where nobody changed them, and those that were added."""
    changed = unit.ready_answers.newest()
    codes = [one.code for one in load()]
    found = [changed.get(one.code) or one for one in load()]
    found += [one for code, one in changed.items() if code not in codes]
    return [
        Ready(one.code, one.title, one.queue, one.text)
        for one in found
        if isinstance(one, Ready) or not one.gone
    ]


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
    found = [one for one in current(unit) if one.queue in (ticket.queue, "both")]
    texts = [(one, one.text.format(**gaps).strip()) for one in found]
    return [Filled(one.code, one.title, text, blank in text) for one, text in texts]
