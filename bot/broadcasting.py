"""`guanjia broadcast`: broadcasts from the operator's shell, in the name of somebody of the staff."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from actions import broadcast
from actions.broadcast import Draft, Preview
from actions.broadcast_when import NOW, read
from actions.house import House
from bot.api.broadcast_shapes import BroadcastOut, shown
from bot.api.broadcasts import STEPS, sentence
from bot.troubles import Trouble
from domain.broadcasts import Audience, BadBroadcast, BroadcastState, Condition
from domain.clock import local
from domain.errors import NotAllowed, NotFound, WrongState
from domain.people import Person
from domain.store import Unit

app = typer.Typer(help="The same words for many people.", no_args_is_help=True)
As = Annotated[str, typer.Option("--as", help="in whose name: somebody of the staff, by handle or id")]
Id = Annotated[str, typer.Argument(help="the id of the broadcast")]
Some = Annotated[list[str] | None, typer.Option()]
_LAST = (BroadcastState.STOPPED, BroadcastState.DONE, BroadcastState.TAKEN_BACK)


@app.command()
def write(
    text: Annotated[str, typer.Argument(help="the words, or @FILE")],
    as_: As = "admin",
    title: str = "",
    when: Annotated[
        str | None, typer.Option(help="an ISO time, an RFC 5545 rule, 「每年立秋上午9点」; at once where none is")
    ] = None,
    useful: Annotated[float, typer.Option(help="for how many hours it is of use")] = 24,
    city: Some = None,
    plan: Some = None,
    min_age: int | None = None,
    max_age: int | None = None,
    unused: Annotated[list[str] | None, typer.Option(help="a benefit of which something is left")] = None,
    visited_before: Annotated[str | None, typer.Option(help="the last visit was before this day")] = None,
    visited_since: Annotated[str | None, typer.Option(help="a visit on or after this day")] = None,
    never_visited: bool = False,
    person: Annotated[list[str] | None, typer.Option(help="somebody by handle or id")] = None,
    but: Annotated[list[str] | None, typer.Option(help="not this one, by handle or id")] = None,
    but_city: Some = None,
    but_plan: Some = None,
    but_unused: Some = None,
) -> None:
    """Write a draft and show whom it is for; prints its id first. Nothing is sent yet."""
    include = Condition(
        cities=tuple(city or ()),
        plans=tuple(plan or ()),
        min_age=min_age,
        max_age=max_age,
        unused=tuple(unused or ()),
        visited_before=_day(visited_before),
        visited_since=_day(visited_since),
        never_visited=never_visited,
        people=tuple(person or ()),
    )
    exclude = Condition(
        cities=tuple(but_city or ()),
        plans=tuple(but_plan or ()),
        unused=tuple(but_unused or ()),
        people=tuple(but or ()),
    )
    audience = Audience(include=include, exclude=exclude if exclude != Condition() else None)

    def make(house: House, unit: Unit, actor: Person) -> tuple[str, Preview]:
        moment = read(house, when) if when is not None else NOW
        draft = Draft(_words(text), title, audience, moment, timedelta(hours=useful))
        made = broadcast.write(house, unit, actor, draft)
        return made.id, broadcast.preview_of(house, unit, actor, made.id)

    made, preview_ = _do(as_, make)
    typer.echo(made)
    _show_preview(preview_)


@app.command()
def preview(broadcast_id: Id, as_: As = "admin") -> None:
    """How many it is for now, how they would be reached, and ten of them."""
    _show_preview(_do(as_, lambda house, unit, actor: broadcast.preview_of(house, unit, actor, broadcast_id)))


@app.command()
def test(broadcast_id: Id, as_: As = "admin") -> None:
    """Send it to oneself."""
    _do(as_, lambda house, unit, actor: broadcast.test(house, unit, actor, broadcast_id))


@app.command()
def show(broadcast_id: Id, as_: As = "admin") -> None:
    """How it goes: its state, and its recipients by state and reason."""
    _print(_look(broadcast_id, as_))


@app.command()
def watch(broadcast_id: Id, as_: As = "admin") -> None:
    """The same again and again, until it is over."""
    last = None
    while True:
        found = _look(broadcast_id, as_)
        if found != last:
            _print(found)
        last = found
        waits = found.state in (BroadcastState.DRAFT, BroadcastState.WAITING, BroadcastState.SCHEDULED)
        if found.state in _LAST or waits:
            return
        time.sleep(1.0)


@app.command(name="list")
def list_(as_: As = "admin", most: Annotated[int, typer.Option(min=1, max=200)] = 20) -> None:
    """The newest ones."""

    def look(_: House, unit: Unit, actor: Person) -> list[BroadcastOut]:
        broadcast.may_broadcast(actor)
        return [shown(unit, one) for one in unit.broadcasts.list(most)]

    for one in _do(as_, look):
        typer.echo(f"{one.id}  {one.state:<10}  {one.total:>6}  {one.title}")


def _add(name: str, text: str) -> None:
    def step(broadcast_id: Id, as_: As = "admin") -> None:
        def do(house: House, unit: Unit, actor: Person) -> BroadcastOut:
            return shown(unit, STEPS[name](house, unit, actor, broadcast_id))

        _print(_do(as_, do))

    app.command(name=name, help=text)(step)


for _name, _text in (
    ("start", "Send it at its time; above a number of people it waits for a second person's yes."),
    ("approve", "The second person's yes; never the author's."),
    ("pause", "Nothing more goes out until it goes on."),
    ("go-on", "On from where it was paused."),
    ("stop", "End it here, with every run that was to come."),
    ("take-back", "Withdraw what has not reached anybody yet."),
):
    _add(_name, _text)


def _do(as_: str, act: Callable[[House, Unit, Person], Any]) -> Any:
    """Do something in somebody's name, in one transaction. Raises Trouble with a sentence for what cannot be."""
    house = _house()
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
        raise Trouble(sentence(house, error)) from None
    except NotFound:
        raise Trouble("there is no such broadcast, or it is not for this person; see --as") from None
    except NotAllowed as error:
        why = "the author cannot approve their own" if error.scope == "second_person" else "only a supervisor or admin"
        raise Trouble(f"not allowed: {why}; see --as") from None
    except WrongState as error:
        raise Trouble(f"not possible: {error}") from None


def _house() -> House:
    from bot.cli import _ready
    from bot.settings import load
    from bot.wiring import house

    return house(_ready(load()))


def _look(broadcast_id: str, as_: str) -> BroadcastOut:
    found: BroadcastOut = _do(
        as_, lambda _, unit, actor: shown(unit, broadcast.read(unit, actor, broadcast_id))
    )
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Trouble(f"{text} is no day; write it as 2026-11-01") from None


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
        f"{reach.unwanted} do not want any" + ("; needs a second person's yes" if found.needs_approval else "")
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
        f"{found.id} {found.state}{following}: {found.total} people; {counts}" + (f" ({reasons})" if reasons else "")
    )
