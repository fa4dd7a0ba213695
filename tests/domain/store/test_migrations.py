"""A database from before this version is brought to it with what it holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from domain.store import Store
from domain.store.migrate import _config, upgrade

_BEFORE = (
    "INSERT INTO persons (id, name, role, notes) VALUES ('p', 'x', 'member', '{}')",
    "INSERT INTO plans (id, code, name) VALUES ('pl', 'pl', 'x')",
    (
        "INSERT INTO benefits (id, plan_id, code, name, unit, amount, period, services, channels, wait_days, gap_days, "
        "copay_cents, shared_with, priority) VALUES "
        "('y', 'pl', 'y', 'x', 'visit', 3, 'year', '[]', '[]', 0, 0, 0, 'none', 100), "
        "('m', 'pl', 'm', 'x', 'visit', 3, 'month', '[]', '[]', 0, 0, 0, 'none', 100)"
    ),
    (
        "INSERT INTO enrolments (id, person_id, plan_id, starts_on, ends_before) VALUES "
        "('e', 'p', 'pl', '2026-01-01', '2027-01-01')"
    ),
    (
        "INSERT INTO grants (id, benefit_id, holder_id, enrolment_id, amount, starts_on, ends_before, priority, created_at) "
        "VALUES ('gy', 'y', 'p', 'e', 3, '2026-01-01', '2027-01-01', 100, '2026-01-01 00:00:00'), "
        "('gm', 'm', 'p', 'e', 3, '2026-11-01', '2026-12-01', 100, '2026-01-01 00:00:00')"
    ),
    "INSERT INTO balances (grant_id, allowed, held, used) VALUES ('gy', 3, 1, 0), ('gm', 3, 0, 0)",
    "INSERT INTO grant_people (person_id, grant_id) VALUES ('p', 'gy'), ('p', 'gm')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty store at the revision before benefits had terms."""
    if request.param == "sqlite":
        made = Store(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        import psycopg

        server = request.getfixturevalue("postgres_url")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS older WITH (FORCE)")
            connection.execute("CREATE DATABASE older")
        made = Store(server.replace("/postgres?", "/older?"))
    config = _config()
    with made.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    yield made
    made.close()


def test_grants_from_before_know_when_they_lapse_and_renew(older: Store) -> None:
    with older.engine.begin() as connection:
        for statement in _BEFORE:
            connection.execute(text(statement))

    upgrade(older)

    with older.read() as unit:
        year, month = unit.benefits.balance("gy"), unit.benefits.balance("gm")
        assert (year.ends_before, year.warn_on) == (date(2027, 1, 1), date(2026, 12, 2))
        assert (month.ends_before, month.warn_on) == (date(2026, 12, 1), None)
        assert unit.benefits.grant("gm").renews_on == date(2026, 12, 1)
        # The membership ends with the year.
        assert unit.benefits.grant("gy").renews_on is None
        benefit, plan = unit.benefits.benefit("y"), unit.benefits.plan("pl")
        assert (benefit.rollover_max, benefit.needs_assessment, benefit.case_days) == (0, False, 90)
        assert plan is not None
        assert (plan.late_hours, plan.no_show) == (4, "take")
