"""The desk's logins by table: how long they hold, what locks, which passwords will do, who may come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.desk_door import (
    FAILURES,
    IDLE,
    LIVES,
    LOCKED,
    DeskAccess,
    DeskSession,
    may_read_trail,
    may_work,
    password_trouble,
)
from domain.people import Role

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def session(begun: timedelta, seen: timedelta, ended: timedelta | None = None) -> DeskSession:
    return DeskSession(
        id="ds",
        digest="d",
        person_id="p",
        door="password",
        begun_at=NOW - begun,
        seen_at=NOW - seen,
        ended_at=None if ended is None else NOW - ended,
    )


@pytest.mark.parametrize(
    ("begun", "seen", "ended", "holds"),
    [
        (timedelta(0), timedelta(0), None, True),
        (timedelta(hours=2), IDLE - SECOND, None, True),
        (timedelta(hours=2), IDLE, None, False),
        (LIVES - SECOND, timedelta(0), None, True),
        (LIVES, timedelta(0), None, False),
        (timedelta(hours=1), MINUTE, MINUTE, False),
        (timedelta(hours=1), MINUTE, timedelta(0), False),
    ],
)
def test_how_long_a_login_holds(
    begun: timedelta, seen: timedelta, ended: timedelta | None, holds: bool
) -> None:
    assert session(begun, seen, ended).holds_at(NOW) is holds


@given(st.timedeltas(timedelta(0), LIVES), st.timedeltas(timedelta(0), LIVES))
def test_a_login_holds_just_until_it_says(begun: timedelta, seen: timedelta) -> None:
    one = session(begun, min(begun, seen))

    assert one.holds_at(one.ends_at - timedelta(microseconds=1))
    assert not one.holds_at(one.ends_at)
    assert one.ends_at <= one.begun_at + LIVES


def test_too_many_failures_lock_for_a_while_and_a_good_one_forgets_them() -> None:
    access = DeskAccess(person_id="p", password="", secret="", changed_at=NOW)
    for _ in range(FAILURES - 1):
        access.failed(NOW)
    assert not access.is_locked(NOW)
    access.succeeded()
    for _ in range(FAILURES):
        access.failed(NOW)

    assert access.is_locked(NOW)
    assert access.is_locked(NOW + LOCKED - SECOND)
    assert not access.is_locked(NOW + LOCKED)


@pytest.mark.parametrize(
    ("password", "trouble"),
    [
        ("一句自己记得住的话最好", None),
        ("correct horse battery", None),
        ("a" * 128 + "b", "length"),
        ("short1!", "length"),
        ("aaaaaaaaaaaa", "easy"),
        ("abababababab", "easy"),
        ("my-chen-jing-2026", "easy"),
        ("MY-CHEN-JING-2026", "easy"),
        ("我是陈静我是陈静今天", "easy"),
    ],
)
def test_which_passwords_will_do(password: str, trouble: str | None) -> None:
    assert password_trouble(password, ("chen-jing", "陈静", None)) == trouble


@pytest.mark.parametrize("role", Role)
def test_who_works_at_the_desk_and_who_reads_its_trail(role: Role) -> None:
    assert may_work(role) is (role in (Role.LIFE, Role.DOCTOR, Role.SUPERVISOR, Role.ADMIN))
    assert may_read_trail(role) is (role in (Role.SUPERVISOR, Role.ADMIN))
