"""`guanjia broadcast`: broadcasts from the operator's shell, in the name of somebody of the staff."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.table import Table

from actions import broadcast
from actions.broadcast import Draft, Preview
from actions.broadcast_when import NOW, read
from actions.house import House
from bot.api.broadcast_shapes import BroadcastOut, shown
from bot.settings import load
from bot.troubles import Trouble
from bot.wiring import ready
from domain.broadcasts import Audience, BadBroadcast, BroadcastState
from domain.clock import local
from domain.errors import NotAllowed, NotFound, WrongState
from domain.people import Person
from domain.policy import may_broadcast
from domain.store import Unit

T = TypeVar("T")
_LAST = (BroadcastState.STOPPED, BroadcastState.DONE, BroadcastState.TAKEN_BACK)
_NOT_BEGUN = (BroadcastState.DRAFT, BroadcastState.WAITING, BroadcastState.SCHEDULED)


def write(as_: str, text: str, title: str, when: str | None, useful: timedelta, audience: Audience) -> None:
    """Keep a draft; print its id and whom it is for."""

    def make(house: House, unit: Unit, actor: Person) -> tuple[str, Preview]:
        moment = read(house, when) if when is not None else NOW
        made = broadcast.write(house, unit, actor, Draft(_words(text), title, audience, moment, useful))
        return made.id, broadcast.preview_of(house, unit, actor, made.id)

    made, found = _do(as_, make)
    typer.echo(made)
    _show_preview(found)


def preview(as_: str, broadcast_id: str) -> None:
    """How many it is for now, how they would be reached, and ten of them."""
    _show_preview(_do(as_, lambda house, unit, actor: broadcast.preview_of(house, unit, actor, broadcast_id)))


def try_out(as_: str, broadcast_id: str) -> None:
    """To oneself."""
    _do(as_, lambda house, unit, actor: broadcast.try_out(house, unit, actor, broadcast_id))


def step(as_: str, broadcast_id: str, name: str) -> None:
    """One of `broadcast.STEPS`, and how it stands then."""
    _print(
        _do(
            as_,
            lambda house, unit, actor: shown(unit, broadcast.STEPS[name](house, unit, actor, broadcast_id)),
        )
    )


def show(as_: str, broadcast_id: str) -> None:
    """How it stands."""
    _print(_look(broadcast_id, as_))


def watch(as_: str, broadcast_id: str) -> None:
    """How it stands, whenever that has changed, until it is over or has not begun."""
    last = None
    while True:
        found = _look(broadcast_id, as_)
        if found != last:
            _print(found)
        if found.state in (*_LAST, *_NOT_BEGUN):
            return
        last = found
        time.sleep(1.0)


def list_all(as_: str, most: int) -> None:
    """The newest ones, one a line."""

    def look(_: House, unit: Unit, actor: Person) -> list[BroadcastOut]:
        may_broadcast(actor)
        return [shown(unit, one) for one in unit.broadcasts.newest(most)]

    for one in _do(as_, look):
        typer.echo(f"{one.id}  {one.state:<10}  {one.total:>6}  {one.title}")


def _do(as_: str, act: Callable[[House, Unit, Person], T]) -> T:
    """Do something in somebody's name, in one transaction. Raises Trouble with a sentence for what cannot be."""
    house = ready(load())
    with _told(house), house.store.write() as unit:
        actor = unit.people.by_handle(as_) or unit.people.get(as_)
        if actor is None:
            raise Trouble(f"there is nobody called {as_}; say in whose name: --as supervisor")
        return act(house, unit, actor)


@contextmanager
def _told(house: House) -> Iterator[None]:
    try:
        yield
    except BadBroadcast as error:
        raise Trouble(broadcast.sentence(house, error)) from None
    except NotFound:
        raise Trouble("there is no such broadcast, or it is not for this person; see --as") from None
    except NotAllowed as error:
        why = (
            "the author cannot approve their own"
            if error.scope == "second_person"
            else "only a supervisor or admin"
        )
        raise Trouble(f"not allowed: {why}; see --as") from None
    except WrongState as error:
        raise Trouble(f"not possible: {error}") from None


def _look(broadcast_id: str, as_: str) -> BroadcastOut:
    return _do(as_, lambda _, unit, actor: shown(unit, broadcast.read(unit, actor, broadcast_id)))


def _words(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Trouble(f"{text[1:]} cannot be read as a text in UTF-8") from None


def _show_preview(found: Preview) -> None:
    reach = found.reach
    typer.echo(
        f"{reach.people} people: {reach.chat} by chat, {reach.page} on the page, {reach.none} by neither; "
        f"{reach.unwanted} do not want any"
        + ("; needs a second person's yes" if found.needs_approval else "")
    )
    table = Table("", "name", "city", "age")
    for one in found.examples:
        table.add_row(one.person_id, one.name, one.city, str(one.age or ""))
    Console().print(table)
    typer.echo(found.text)


def _print(found: BroadcastOut) -> None:
    following = f", next {local(found.next_at):%Y-%m-%d %H:%M}" if found.next_at else ""
    counts = ", ".join(f"{count} {state}" for state, count in sorted(found.counts.items()))
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(found.reasons.items()))
    typer.echo(
        f"{found.id} {found.state}{following}: {found.total} people; {counts}"
        + (f" ({reasons})" if reasons else "")
    )
