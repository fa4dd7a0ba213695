"""What stands in the log: a line for what is the machine's matter, where it came from for what is ours, nobody's words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from domain.store import Store


@pytest.fixture(autouse=True)
def set_up_for_this_test_only() -> Iterator[None]:
    """What is set up here writes where only this test listens."""
    yield
    structlog.reset_defaults()


def logged(error: Exception, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    logs.setup("INFO")
    structlog.get_logger().error("outbox_failed", error=type(error).__name__, exc_info=error)
    found: dict[str, str] = json.loads(capsys.readouterr().err)
    return found


def test_a_database_that_is_away_is_one_short_line(capsys: pytest.CaptureFixture[str]) -> None:
    store = Store("postgresql://127.0.0.1:9/none")
    with pytest.raises(Exception, match="connection") as raised, store.read() as unit:
        unit.people.get("mei")
    line = logged(raised.value, capsys)

    assert "the database does not answer" in line["reason"]
    assert "exception" not in line
    assert len(json.dumps(line)) < 500


def test_a_mistake_of_ours_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        Path("x").relative_to("y")
    except ValueError as error:
        line = logged(error, capsys)

    assert "Traceback" in line["exception"]
