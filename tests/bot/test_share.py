"""Which workers are there, so that each keeps to its part of the account's limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from actions.house import House
from bot.doors import share
from bot.doors.share import Share


def test_who_has_just_come_sends_no_bulk_until_the_others_know(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(share.time, "monotonic", lambda: now[0])
    first, second = Share(house, "telegram", "a"), Share(house, "telegram", "b")
    assert first.is_due()
    assert first.beat() == (1, True)
    assert not first.is_due()
    assert second.beat() == (2, False)
    assert Share(house, "other", "c").beat() == (1, True)

    now[0] += 9.0
    assert first.is_due()
    assert first.beat() == second.beat() == (2, True)
    second.leave()
    assert first.beat() == (1, True)


def test_who_says_nothing_is_taken_for_dead_and_its_part_is_taken_over(house: House) -> None:
    long_ago = datetime.now(UTC) - timedelta(seconds=20)
    with house.store.write() as unit:
        unit.doors.beat("telegram", "dead", long_ago, long_ago - timedelta(seconds=15))
    assert Share(house, "telegram", "a").beat() == (1, True)
