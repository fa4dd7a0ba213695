"""`guanjia desk-access NAME`: a password and a second factor for the desk, or neither any more."""

from __future__ import annotations

import sys

import typer

from actions import desk_access
from actions.house import House
from bot.troubles import Trouble
from domain.clock import SystemClock
from domain.people import Person


def give(house: House, name: str, *, revoke: bool) -> None:
    """Ask for the password, which never stands in the command itself; the link is printed this once and kept nowhere."""
    now = SystemClock().now()
    with house.store.read() as unit:
        person = desk_access.named(unit, name)
    if person is None:
        raise Trouble(f"nobody called {name} works at the desk (life, doctor, supervisor, admin)")
    if revoke:
        with house.store.write() as unit:
            desk_access.take_away(unit, person, now)
        typer.echo(f"{name} comes to the desk no more; every login of theirs has ended")
        return
    password = _password(person)
    try:
        with house.store.write() as unit:
            link = desk_access.give(unit, person, password, now)
    except desk_access.BadPassword as bad:
        raise Trouble(house.words.say(bad.name)) from bad
    typer.echo("put this into an authenticator now; it is not shown again:", err=True)
    typer.echo(link)


def _password(person: Person) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(f"password for {person.name}", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
