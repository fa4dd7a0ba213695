"""What is asked again and again finds its rows by an index: no look takes longer because more has happened before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event

from domain.sending import Reason
from domain.store import Store, Unit
from tests.conftest import NOW

# Tables that only ever grow, or that hold a row for every member.
_LARGE = (
    "messages|deliveries|bookings|booking_events|reminder_instances|reminder_attempts|waits|visits|buttons|"
    "broadcast_recipients|tickets|persons|conversations|accounts|series_visits|balances|ledger_entries|sent_files|"
    "topics|ticket_events|surveys|survey_answers|reminder_rules"
)
_FULL = re.compile(rf"SCAN ({_LARGE})(_\d+)?(?! USING)\b.*")
_DAY = (NOW, NOW + timedelta(days=1))
_LOOKS: dict[str, Callable[[Unit], object]] = {
    "what is due on a door": lambda u: u.doors.due_lanes("telegram", NOW, (0, 1, 2, 3), (1, 2)),
    "claiming on a door": lambda u: u.doors.claim("telegram", "w", NOW, 12, (3,), (1, 2)),
    "what is on its way to a chat": lambda u: u.doors.open_of("a"),
    "unanswered": lambda u: u.conversations.unanswered(),
    "unanswered of one": lambda u: u.conversations.next_unanswered("c"),
    "queued": lambda u: u.conversations.queued(),
    "the next lapse": lambda u: u.bookings.next_lapse(),
    "lapsed": lambda u: u.bookings.lapsed(NOW),
    "what somebody holds": lambda u: u.bookings.held_by("p"),
    "keeping what somebody holds": lambda u: u.bookings.renew("p", *_DAY),
    "days of staff": lambda u: u.bookings.stops(["s"], *_DAY),
    "rooms": lambda u: u.bookings.busy_rooms(["r"], *_DAY),
    "an elder's day": lambda u: u.bookings.busy_member("p", *_DAY),
    "unplanned": lambda u: u.reminders.unplanned(*_DAY, 100),
    "reminders' next": lambda u: u.reminders.next_due(),
    "claiming reminders": lambda u: u.reminders.claim(NOW, 200),
    "reminders near": lambda u: u.reminders.claim_near(["p"], *_DAY),
    "reminders of a message": lambda u: u.reminders.of_message("rm:ri"),
    "reminders of a person to come": lambda u: u.reminders.waiting_of("p"),
    "a person's rules": lambda u: u.reminders.living_of("p", "personal"),
    "the occurrences of a rule": lambda u: u.reminders.instances("rr"),
    "misses in a row": lambda u: u.reminders.unanswered(["rr"]),
    "ending a rule's reminders": lambda u: u.reminders.close("rr", Reason.MOVED),
    "what waits for the end of quiet": lambda u: u.doors.next_put_off(NOW),
    "what somebody was asked": lambda u: u.surveys.asked_since("p", NOW),
    "tickets before a question": lambda u: u.surveys.tickets_about(["p", "q"], NOW),
    "recipients": lambda u: u.recipients.claim("run", NOW, 50),
    "how recipients ended": lambda u: u.recipients.settle("run", NOW),
    "whether a run is over": lambda u: u.recipients.is_over("run"),
    "taking a broadcast back": lambda u: u.recipients.withdraw("bc", Reason.TAKEN_BACK, NOW),
    "going on with a broadcast": lambda u: u.recipients.hurry("bc", NOW),
    "counting a run": lambda u: u.recipients.counts(["run"]),
    "waiting's next": lambda u: u.waiting.next_due(),
    "waits that close": lambda u: u.waiting.closing(NOW),
    "who waits": lambda u: u.waiting.queue("c", "home", *_DAY),
    "an offer": lambda u: u.waiting.offered_to("p"),
    "broadcasts on their way": lambda u: u.recipients.on_the_way(NOW),
    "broadcasts' next": lambda u: u.broadcasts.next_due(NOW, 400),
    "visits' next": lambda u: u.visits.next_due(),
    "the desk's next": lambda u: u.tickets.next_due(),
    "series' next": lambda u: u.series.next_due(),
    "topics to begin": lambda u: u.topics.unbegun("-1", ("life", "doctor")),
    "beginning topics": lambda u: u.topics.begin("-1", ("life", "doctor")),
    "topics to tell": lambda u: u.topics.stale("-1", NOW, 20),
    "files to fetch": lambda u: u.topics.to_fetch("telegram", 4),
    "a rest that expires": lambda u: u.lapses.next_expiry(),
}


@pytest.fixture
def sqlite(tmp_path, sqlite_template) -> Store:
    path = tmp_path / "store.db"
    path.write_bytes(sqlite_template.read_bytes())
    made = Store(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.mark.parametrize("look", _LOOKS)
def test_it_looks_at_no_whole_table(sqlite: Store, look: str) -> None:
    asked: list[tuple[str, object]] = []
    event.listen(
        sqlite.engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, given, *_: asked.append((statement, given)),
    )
    with sqlite.write() as unit:
        _LOOKS[look](unit)
    queries = [one for one in asked if one[0].startswith(("SELECT", "UPDATE", "WITH"))]
    assert queries
    with sqlite.engine.connect() as connection:
        plans = [
            row[3]
            for statement, given in queries
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    assert [step for step in plans if _FULL.fullmatch(step)] == []
