"""The command line: `guanjia …`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.broadcast_commands import app as broadcast
from bot.settings import Settings, load
from bot.troubles import Trouble, explain
from domain.clock import SystemClock, local_day, parse_moment

app = typer.Typer(
    help="管家: a care concierge for old people who live at home.", no_args_is_help=True, add_completion=False
)
report = typer.Typer(help="Reports over a period.", no_args_is_help=True)
app.add_typer(report, name="report")
app.add_typer(broadcast, name="broadcast")
_LONGEST_HOURS = 24 * 3650
Now = Annotated[str | None, typer.Option("--now", help="an ISO time; without a zone it is Shanghai's")]


def main() -> None:
    """The entry point. What can be mended is one sentence and exit code 1, never a traceback."""
    try:
        app()
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        typer.echo(f"guanjia: {sentence}", err=True)
        sys.exit(1)


@app.command()
def up(
    now: Now = None, port: Annotated[int | None, typer.Option(help="the port to serve on")] = None
) -> None:
    """Serve everything on this machine: the butler, Rasa as its child, the demo world where the store is empty."""
    from bot.running import up as run

    run(_settings(port), _moment(now) if now else None)


@app.command()
def serve(port: Annotated[int | None, typer.Option(help="the port to serve on")] = None) -> None:
    """Serve the doors and the API alone; Rasa runs elsewhere (GUANJIA_RASA_URL), `work` does what is due and sends."""
    from bot.running import serve as run

    run(_settings(port))


@app.command()
def work() -> None:
    """Work off what is due and send what is to be sent, without HTTP: beside `serve`, as often as there is need."""
    from bot.working import work as run

    run(load())


@app.command()
def chat(
    as_: Annotated[
        str, typer.Option("--as", help="whose token: wang-xiulan, li-qiang, chen-jing, …")
    ] = "wang-xiulan",
    server: Annotated[str | None, typer.Option(help="where the butler serves")] = None,
) -> None:
    """Talk with the butler, or as a coordinator with members, in the terminal."""
    from bot.terminal import chat as run

    settings = load()
    run(settings, as_, server or settings.butler)


@app.command()
def parse(now: Now = None) -> None:
    """Sentences in, one a line; what is understood of each out, as JSON lines."""
    from bot.parsing import parse as run

    run(load(), _moment(now) if now else SystemClock().now())


@app.command(name="time")
def time_(
    now: Annotated[str, typer.Option("--now", help="an ISO time; without a zone it is Shanghai's")],
) -> None:
    """Phrases in, one a line; the first time in each out, as JSON lines."""
    from bot.parsing import times as run

    run(_moment(now))


@app.command()
def seed(
    members: Annotated[int, typer.Option(min=0, help="how many members")] = 2_000,
    now: Now = None,
) -> None:
    """Lay the demo world into an empty store, the same every time."""
    from rich.progress import Progress

    from bot.seeding import is_seeded
    from bot.seeding import seed as lay
    from bot.wiring import ready

    made = ready(load())
    if is_seeded(made.store):
        raise Trouble(
            "the store is not empty; the demo world goes into an empty one (move var/guanjia.db away)"
        )
    moment = _moment(now) if now else made.now()
    with Progress() as progress:
        task = progress.add_task("members", total=members)
        lay(made.store, members, local_day(moment), lambda n: progress.advance(task, n), moment)
    typer.echo(f"{members} members, and the demo people")


@app.command(name="import")
def import_(
    files: Annotated[list[Path] | None, typer.Argument(help="CSV or XLSX; members.csv, 会员.xlsx, …")] = None,
    sheet: Annotated[
        str | None, typer.Option(help="what stands in the files, where their names do not say it")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check every row and write nothing")] = False,
    template: Annotated[str | None, typer.Option(help="print an empty file for this sheet")] = None,
) -> None:
    """Take in members, families, plans, grants, providers, sites, staff or certificates; each file wholly or not."""
    from bot.importing import print_template, take
    from bot.wiring import ready

    if template is not None:
        print_template(template)
        return
    if not files:
        raise Trouble("which file? `guanjia import members.csv`, or --template members for an empty one")
    if not take(ready(load()), files, sheet, dry_run=dry_run):
        raise typer.Exit(1)


Since = Annotated[str | None, typer.Option("--from", help="the first day; 30 days back")]
Until = Annotated[str | None, typer.Option("--to", help="the last day; today")]
ToCsv = Annotated[Path | None, typer.Option("--csv", help="write it to this file as CSV")]
ToHtml = Annotated[Path | None, typer.Option("--html", help="write it as a page with plots")]


@report.command()
def fulfilment(
    by: Annotated[str, typer.Option(help="provider, service or city")] = "provider",
    since: Since = None,
    until: Until = None,
    to_csv: ToCsv = None,
    to_html: ToHtml = None,
) -> None:
    """What came of what was booked: verified, late, not there, rated."""
    from bot.reporting import Wish
    from bot.reporting import fulfilment as run
    from bot.wiring import ready

    run(ready(load()), Wish(by, since, until, to_csv, to_html))


@report.command()
def satisfaction(
    by: Annotated[str, typer.Option(help="service, provider, carer, city or month")] = "service",
    since: Since = None,
    until: Until = None,
    to_csv: ToCsv = None,
    to_html: ToHtml = None,
) -> None:
    """How what took place was liked: who answered, the mean, four and five, recommendation, open complaints."""
    from bot.reporting import Wish
    from bot.reporting import satisfaction as run
    from bot.wiring import ready

    run(ready(load()), Wish(by, since, until, to_csv, to_html))


@report.command(name="desk")
def desk_report(
    by: Annotated[str, typer.Option(help="queue, person or hour")] = "queue",
    since: Since = None,
    until: Until = None,
    to_csv: ToCsv = None,
    to_html: ToHtml = None,
) -> None:
    """How the desks did: opened, first reply, resolution, in time or late."""
    from bot.reporting import Wish
    from bot.reporting import desk as run
    from bot.wiring import ready

    run(ready(load()), Wish(by, since, until, to_csv, to_html))


@app.command()
def token(
    name: str,
    hours: Annotated[float | None, typer.Option(help="how long it lives, in hours of real time")] = None,
) -> None:
    """Print a bearer token for somebody, by handle or id, and nothing else."""
    from bot.tokens import make
    from bot.wiring import house

    settings = load()
    lives = hours if hours is not None else settings.token_hours
    if not 0 < lives <= _LONGEST_HOURS:
        raise Trouble("--hours is more than 0, and ten years at most")
    with house(settings).store.read() as unit:
        person = unit.people.by_handle(name) or unit.people.get(name)
    if person is None:
        raise Trouble(f"there is nobody called {name}; `guanjia seed` lays the demo people")
    typer.echo(make(settings.signing_secret, person.id, lives * 3600))


@app.command(name="desk-access")
def desk_access(
    name: str,
    revoke: Annotated[bool, typer.Option("--revoke", help="let them come to the desk no more")] = False,
) -> None:
    """Set somebody's password for the desk (asked for, or one line of standard input); prints the second factor's link once."""
    from bot.desk_page.giving import give
    from bot.wiring import ready

    give(ready(load()), name, revoke=revoke)


@app.command()
def train() -> None:
    """Train Rasa's model, if what it is trained from has changed."""
    from bot.training import train as run

    run(load())


@app.command()
def doctor() -> None:
    """Say what is set up, what is missing, and how to mend it."""
    from bot.checkup import checkup

    if not checkup(load()):
        raise typer.Exit(1)


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text)
    except ValueError:
        raise Trouble(f"--now {text} is no ISO time; write it as 2026-11-24T09:30") from None


def _settings(port: int | None) -> Settings:
    return load(port=port) if port is not None else load()


logs.quiet()
