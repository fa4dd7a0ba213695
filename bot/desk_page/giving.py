"""`guanjia desk-access NAME`: a password and a second factor for the desk, or neither any more."""

from __future__ import annotations

import sys

import structlog
import typer

from actions import desk_access
from actions.house import House
from actions.sealing import seal_of
from bot.troubles import Trouble
from domain.clock import SystemClock
from domain.people import Person


def seal(house: House) -> None:
    """Once at the start: no second factor stands readable in the store, nor under a secret that is not ours any more."""
    with house.store.write() as unit:
        lost = desk_access.seal_all(unit, seal_of(house))
    if lost:
        mend = "GUANJIA_SECRET has changed: start once with the old one as GUANJIA_SECRET_BEFORE, or give new ones with `guanjia desk-access NAME`"
        structlog.get_logger().warning("second_factors_unreadable", people=lost, mend=mend)


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
            link = desk_access.give(unit, seal_of(house), person, password, now)
    except desk_access.BadPassword as bad:
        raise Trouble(house.words.say(bad.name)) from bad
    typer.echo("put this into an authenticator now; it is not shown again:", err=True)
    typer.echo(link)


def _password(person: Person) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(f"password for {person.name}", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
