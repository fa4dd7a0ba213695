"""Logs: structured, on standard error, and never with anybody's words or data in them."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import EventDict

from domain.store.failures import explained


def _in_short(_logger: object, _method: str, event: EventDict) -> EventDict:
    """What is the machine's matter and not ours is one line: a night without the database must not fill the disk."""
    error = event.get("exc_info")
    if isinstance(error, Exception) and (reason := explained(error)) is not None:
        del event["exc_info"]
        event["reason"] = reason
    return event


def quiet() -> None:
    """For commands whose standard output is data: only warnings, on standard error."""
    setup("WARNING")


def setup(level: str) -> None:
    """Every process sets this up once."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _in_short,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
