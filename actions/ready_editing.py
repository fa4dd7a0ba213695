"""Ready answers as a supervisor keeps them: mended, added, taken away, and taken back to how they were shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.house import House
from actions.ready import Ready, current, load
from domain.errors import NotFound, OutOfDate
from domain.ids import new_id
from domain.people import Person
from domain.policy import may_run_desk
from domain.ready_answers import ReadyAnswer, checked
from domain.store import Unit


@dataclass(frozen=True)
class Kept:
    """An answer as it holds; `version` is 0 while nobody changed it, `shipped` how it was at first, where it was."""

    answer: Ready
    version: int
    shipped: Ready | None


def kept(unit: Unit, actor: Person) -> list[Kept]:
    """All that hold, the shipped ones first. Raises NotAllowed for who is no supervisor."""
    may_run_desk(actor)
    shipped, changed = {one.code: one for one in load()}, unit.ready_answers.newest()
    versions = {code: row.version for code, row in changed.items()}
    return [Kept(one, versions.get(one.code, 0), shipped.get(one.code)) for one in current(unit)]


def keep(
    house: House, unit: Unit, actor: Person, code: str | None, wish: tuple[str, str, str], seen: int = 0
) -> ReadyAnswer:
    """Keep title, queue and text of an answer, a new one where there is no code; `seen` is the version that was read.

    Raises NotAllowed, NotFound, BadAnswer, OutOfDate where somebody else changed it meanwhile.
    """
    may_run_desk(actor)
    title, queue, text = checked(*wish)
    made = code or new_id("ra")
    return _add(house, unit, actor, (made, title, queue, text), seen, fresh=code is None)


def take_away(house: House, unit: Unit, actor: Person, code: str, seen: int) -> ReadyAnswer:
    """It is used no more. Raises as `keep`."""
    may_run_desk(actor)
    one = next((each for each in current(unit) if each.code == code), None)
    if one is None:
        raise NotFound(code)
    return _add(house, unit, actor, (code, one.title, one.queue, one.text), seen, gone=True)


def history(unit: Unit, actor: Person, code: str) -> Sequence[ReadyAnswer]:
    """Who changed it to what, the newest first. Raises NotAllowed."""
    may_run_desk(actor)
    return unit.ready_answers.history(code)


def _add(
    house: House,
    unit: Unit,
    actor: Person,
    what: tuple[str, str, str, str],
    seen: int,
    *,
    gone: bool = False,
    fresh: bool = False,
) -> ReadyAnswer:
    code, title, queue, text = what
    last = unit.ready_answers.of(code)
    if last is None and not fresh and code not in {one.code for one in load()}:
        raise NotFound(code)
    if seen != (last.version if last is not None else 0):
        raise OutOfDate(code)
    made = ReadyAnswer(
        code=code,
        version=seen + 1,
        title=title,
        queue=queue,
        text=text,
        gone=gone,
        author_id=actor.id,
        at=house.now(),
    )
    unit.ready_answers.add(made)
    unit.flush()
    return made
