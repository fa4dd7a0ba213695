"""The words and options of `guanjia broadcast …`; what they do is in `broadcasting.py`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from bot.troubles import Trouble

app = typer.Typer(help="The same words for many people.", no_args_is_help=True)
As = Annotated[str, typer.Option("--as", help="in whose name: somebody of the staff, by handle or id")]
Id = Annotated[str, typer.Argument(help="the id of the broadcast")]
Some = Annotated[list[str] | None, typer.Option()]
_OPERATOR = "admin"


@app.command()
def write(
    text: Annotated[str, typer.Argument(help="the words, or @FILE")],
    as_: As = _OPERATOR,
    title: str = "",
    when: Annotated[
        str | None,
        typer.Option(help="an ISO time, an RFC 5545 rule, 「每年立秋上午9点」; at once where none is"),
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
    from bot.broadcasting import write as run
    from domain.broadcasts import Audience, Condition

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
    run(as_, text, title, when, timedelta(hours=useful), audience)


@app.command()
def preview(broadcast_id: Id, as_: As = _OPERATOR) -> None:
    """How many it is for now, how they would be reached, and ten of them."""
    from bot.broadcasting import preview as run

    run(as_, broadcast_id)


@app.command(name="test")
def to_oneself(broadcast_id: Id, as_: As = _OPERATOR) -> None:
    """Send it to oneself."""
    from bot.broadcasting import try_out as run

    run(as_, broadcast_id)


@app.command()
def show(broadcast_id: Id, as_: As = _OPERATOR) -> None:
    """How it goes: its state, and its recipients by state and reason."""
    from bot.broadcasting import show as run

    run(as_, broadcast_id)


@app.command()
def watch(broadcast_id: Id, as_: As = _OPERATOR) -> None:
    """The same again and again, until it is over."""
    from bot.broadcasting import watch as run

    run(as_, broadcast_id)


@app.command(name="list")
def list_(as_: As = _OPERATOR, most: Annotated[int, typer.Option(min=1, max=200)] = 20) -> None:
    """The newest ones."""
    from bot.broadcasting import list_all as run

    run(as_, most)


def _add(name: str, text: str) -> None:
    def step(broadcast_id: Id, as_: As = _OPERATOR) -> None:
        from bot.broadcasting import step as run

        run(as_, broadcast_id, name)

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


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Trouble(f"{text} is no day; write it as 2026-11-01") from None
