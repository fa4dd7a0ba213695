"""Turns what the database refuses into the errors of `domain`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError

from domain.errors import Exhausted, OutOfDate, Taken, Unstorable
from domain.store.guards import TAKEN

# PostgreSQL's: a number out of range, bytes that are no text, an escape that JSON may have and a column may not.
_UNSTORABLE = ("22003", "22021", "22P05")


def refuse_unstorable(context: ExceptionContext) -> None:
    """Hears of every error of a statement, in reading and in writing. Raises Unstorable where a value is to blame that no
    column can hold: then whoever sent it is told so, instead of that something broke."""
    error = context.original_exception
    if (
        isinstance(error, UnicodeEncodeError | OverflowError)
        or "NUL (0x00)" in str(error)
        or getattr(error, "sqlstate", None) in _UNSTORABLE
    ):
        raise Unstorable from error


@contextmanager
def translated() -> Iterator[None]:
    """Raises Taken for an overlap, Exhausted for a balance below zero, OutOfDate for a lost race."""
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig)
        if TAKEN in text:
            raise Taken(text.split(TAKEN)[1].split(maxsplit=1)[0]) from error
        if isinstance(error, IntegrityError) and "ck_balances_left" in text:
            raise Exhausted from error
        if isinstance(error, IntegrityError) and (
            "uq_ready_answers" in text or "ready_answers.version" in text
        ):
            raise OutOfDate("lost a race") from error
        if getattr(error.orig, "sqlstate", None) in ("40001", "40P01"):
            raise OutOfDate("lost a race") from error
        raise


def explained(error: BaseException) -> str | None:
    """What is the matter with the database, as a sentence for the operator; None for another error."""
    if isinstance(error, ArgumentError):
        return "GUANJIA_DATABASE_URL is no database address (sqlite:///… or postgresql://…)"
    if not isinstance(error, DBAPIError):
        return None
    first = (str(error.orig).splitlines() or [""])[0][:120]
    if "disk is full" in first or getattr(error.orig, "sqlstate", None) == "53100":
        return "the disk is full; make room and start again"
    if "no such table" in first or getattr(error.orig, "sqlstate", None) == "42P01":
        return "the database is empty or of an older version; `guanjia seed`, `up`, `serve` or `work` brings it up to date"
    if "not a database" in first or "malformed" in first:
        return f"the database is damaged ({first}); stop whoever uses it and put a copy back"
    if not isinstance(error, OperationalError):
        return None
    return f"the database does not answer ({first}); see GUANJIA_DATABASE_URL"
