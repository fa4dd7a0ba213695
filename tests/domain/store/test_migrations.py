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


_RATED = (
    "INSERT INTO persons (id, name, role, notes) VALUES ('p', 'x', 'member', '{}'), ('c', 'x', 'member', '{}')",
    "INSERT INTO providers (id, code, name, status) VALUES ('pr', 'pr', 'x', 'active')",
    "INSERT INTO cities (id, name) VALUES ('c1', 'x')",
    (
        "INSERT INTO staff (id, provider_id, name, gender, city_id, lat, lon, dialects) "
        "VALUES ('s', 'pr', 'x', 'female', 'c1', 0, 0, '[]')"
    ),
    (
        'INSERT INTO bookings (id, number, member_id, booked_by, service, channel, status, "begin", "end", key, '
        "created_at, provider_id, staff_id, staff_from, staff_until, amount, price_cents, occupies_member, private, version) "
        "VALUES "
        "('b', 'B', 'p', 'p', 'x', 'home', 'fulfilled', '2026-01-01 01:00:00', '2026-01-01 02:00:00', 'k', "
        "'2026-01-01 00:00:00', 'pr', 's', '2026-01-01 01:00:00', '2026-01-01 02:00:00', 1, 0, true, false, 1)"
    ),
    (
        "INSERT INTO booking_events (booking_id, kind, at, actor_id, detail) VALUES "
        "('b', 'booked', '2026-01-01 00:00:00', 'p', '{}'), "
        """('b', 'feedback', '2026-01-01 03:00:00', 'p', '{"text": "two", "rating": "2"}'), """
        """('b', 'feedback', '2026-01-01 04:00:00', 'p', '{"text": "four", "rating": "4"}'), """
        """('b', 'feedback', '2026-01-01 05:00:00', 'c', '{"text": "kind"}')"""
    ),
)


def test_ratings_from_before_are_surveys(older: Store) -> None:
    config = _config()
    with older.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        for statement in _RATED:
            connection.execute(text(statement))

    upgrade(older)

    with older.read() as unit:
        told = {s.person_id: s for s in unit.surveys.of_booking("b")}
        assert (told["p"].score, told["p"].words, told["p"].asked_at) == (4, "four", None)
        assert (told["c"].score, told["c"].words) == (None, "kind")
        assert [a.score for a in unit.surveys.answers(told["p"].id)] == [2, 4]
        staff = unit.providers.staff("s")
        assert staff is not None
        assert (staff.rating_sum, staff.rating_count) == (4, 1)
        assert [e.kind for e in unit.bookings.history("b")] == ["booked"]
