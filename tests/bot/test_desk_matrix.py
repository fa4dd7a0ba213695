"""Who may do what at the desk, as one table: every role and every scope of a child, times every way of it.

`matrix.py` says how a row is read. What is refused is not changed, so that all refusals are asked for in one world.
"""

from __future__ import annotations

import pytest

from tests.bot.matrix import AT_DESK, DESK, DOCTOR, LIFE, REPORTS, Row, World, named, those
from tests.bot.matrix_world import JPEG

T = "/api/v1/tickets"
D, B = "/desk/tickets", "/api/v1/broadcasts"
DOOR = dict.fromkeys(AT_DESK, 200)
WRITES = {"life": 200, **REPORTS}
RUNS = {**those(403, *AT_DESK), "supervisor": 200}
WORDS = {"text": "周六上午有健康讲座。"}
ANSWER = {"title": "x", "queue": "life", "text": "x"}
DAY = {"day": "2026-11-30"}
BATH = {"service": "assisted_bathing", "channel": "home"}
BOOK = {**BATH, "begin": "2026-11-30T10:00", "message_id": "1"}
MOVE = {"begin": "2026-11-30T10:00", "message_id": "1"}
HELPING = (
    ("words", {"text": "x", "message_id": "1"}),
    ("picture?message_id=1", JPEG),
    ("times", {**DAY, **BATH}),
    ("times", {**DAY, "booking": "{coming_booking}"}),
    ("bookings", BOOK),
    ("bookings", {**MOVE, "booking": "{coming_booking}"}),
)
TABLE: tuple[Row, ...] = (
    ("GET", T, None, DESK),
    ("GET", f"{T}/{{life}}", None, LIFE),
    ("GET", f"{T}/{{doctor}}", None, DOCTOR),
    *(
        ("GET", f"{T}/{{{queue}}}/{part}", None, may)
        for queue, may in (("life", LIFE), ("doctor", DOCTOR))
        for part in ("messages", "history", "alerts", "notes", "incident")
    ),
    ("POST", f"{T}/{{life}}/notes", {"text": "x"}, LIFE),
    ("POST", f"{T}/{{doctor}}/notes", {"text": "x"}, DOCTOR),
    ("POST", f"{T}/{{life}}/notes", {"text": "x", "audience": "doctor"}, {"life": 403, "supervisor": 200}),
    ("POST", f"{T}/{{life}}/claim", {}, LIFE),
    ("POST", f"{T}/{{doctor}}/claim", {}, DOCTOR),
    # Claimed by another butler of the desk: only the claimer speaks, and only a supervisor ends it for them.
    ("POST", f"{T}/{{taken}}/claim", {}, {"life": 409, "supervisor": 409}),
    ("POST", f"{T}/{{taken}}/reply", {"text": "x"}, {"life": 403, "supervisor": 403}),
    ("POST", f"{T}/{{taken}}/wait", {"until": "2026-11-25", "reason": "x"}, {"life": 403, "supervisor": 403}),
    ("POST", f"{T}/{{taken}}/resolve", {"outcome": "x"}, {"life": 403, "supervisor": 403}),
    ("POST", f"{T}/{{taken}}/release", None, {"life": 403, "supervisor": 200}),
    ("POST", f"{T}/{{taken}}/transfer", {"queue": "doctor", "reason": "x"}, {"life": 403, "supervisor": 200}),
    ("POST", f"{T}/{{taken}}/close", {"outcome": "x"}, {"life": 403, "supervisor": 200}),
    ("POST", f"{T}/{{life}}/reopen", {"reason": "x"}, {"life": 409, "supervisor": 409}),
    (
        "POST",
        f"{T}/{{complaint}}/complaint",
        {"step": "extend", "text": "x", "kind": "complex"},
        LIFE,
    ),
    (
        "POST",
        f"{T}/{{complaint}}/complaint",
        {"step": "extend", "text": "x", "kind": "special"},
        {"life": 403, "supervisor": 200},
    ),
    ("GET", "/api/v1/desk/shifts", None, DESK),
    ("GET", "/api/v1/desk/hours", None, DESK),
    ("PUT", "/api/v1/desk/shifts/life1", {"items": []}, {"life": 403, "doctor": 403, "supervisor": 200}),
    ("GET", "/api/v1/reports/desk", None, {"supervisor": 200, "admin": 200}),
    ("GET", "/api/v1/reports/fulfilment", None, {"supervisor": 200, "admin": 200}),
    ("GET", "/api/v1/outbox", None, DESK),
    ("GET", f"{T}/events", None, DESK),
    ("GET", f"{T}/{{life}}/attachments/{{file}}", None, LIFE),
    ("GET", f"{T}/{{doctor}}/attachments/{{file}}", None, DOCTOR),
    # What was sent to a doctor stays with doctors, whichever ticket of the same conversation somebody holds.
    ("GET", f"{T}/{{doctor}}/attachments/{{doctors_file}}", None, DOCTOR),
    ("GET", f"{T}/{{life}}/attachments/{{doctors_file}}", None, {}),
    ("GET", "/api/v1/reports/satisfaction", None, REPORTS),
    # The desk's own ways, for who has signed in there.
    *(("GET", f"/desk/{way}", None, DOOR) for way in ("board", "search?q=x", "events", "services", "staff")),
    ("GET", "/desk/ratings", None, DESK),
    *(("GET", f"/desk/report/{name}", None, REPORTS) for name in ("fulfilment", "satisfaction", "desk")),
    ("GET", "/desk/trail", None, REPORTS),
    *(
        ("GET", f"{D}/{{{queue}}}/{part}", None, may)
        for queue, may in (("life", LIFE), ("doctor", DOCTOR))
        for part in ("lines", "answers", "booked")
    ),
    # Speaking, sending, booking and moving on the elder's behalf are the claimer's, and nobody's while nobody is.
    *(
        ("POST", f"{D}/{{{ticket}}}/{way}", body, may)
        for way, body in HELPING
        for ticket, may in (
            ("life", those(403, "life", "supervisor")),
            ("doctor", those(403, "doctor", "supervisor")),
            ("taken", those(403, "life", "supervisor")),
            ("held", {"life": 200, "supervisor": 403}),
        )
    ),
    # Another member's booking does not exist for who helps this one.
    ("POST", f"{D}/{{held}}/times", {**DAY, "booking": "{strangers_booking}"}, {"supervisor": 403}),
    ("POST", f"{D}/{{held}}/bookings", {**MOVE, "booking": "{strangers_booking}"}, {"supervisor": 403}),
    # Logins: one's own, and for who reads the trail everybody's; `login` is the life butler's.
    ("GET", "/desk/session/all", None, DOOR),
    ("POST", "/desk/session/here", None, DOOR),
    ("DELETE", "/desk/session/all/{login}", None, {"life": 200, **REPORTS}),
    # The ready answers are the supervisor's to write.
    ("GET", "/desk/answers", None, RUNS),
    ("POST", "/desk/answers", ANSWER, RUNS),
    ("PUT", "/desk/answers/hello", ANSWER, RUNS),
    ("DELETE", "/desk/answers/hello", None, RUNS),
    ("GET", "/desk/answers/hello/history", None, RUNS),
    # Broadcasts: a doctor butler writes none; the second yes is a supervisor's or the operator's.
    ("GET", B, None, WRITES),
    ("POST", B, WORDS, WRITES),
    ("POST", f"{B}/preview", WORDS, WRITES),
    *(("GET", f"{B}/{{draft}}{part}", None, WRITES) for part in ("", "/preview", "/recipients")),
    ("GET", f"{B}/{{stopped}}/events", None, WRITES),
    ("PUT", f"{B}/{{draft}}", WORDS, WRITES),
    ("POST", f"{B}/{{draft}}/test", None, WRITES),
    ("POST", f"{B}/{{draft}}/start", None, WRITES),
    ("POST", f"{B}/{{waiting}}/approve", None, {"life": 403, **REPORTS}),
    *(
        ("POST", f"{B}/{{stopped}}/{step}", None, dict.fromkeys(WRITES, 409))
        for step in ("pause", "go-on", "stop")
    ),
    ("POST", f"{B}/{{waiting}}/take-back", None, WRITES),
    ("GET", "/desk/broadcast/choices", None, WRITES),
    ("POST", "/desk/broadcast/when", WORDS, WRITES),
    ("GET", "/desk/broadcast/{draft}", None, WRITES),
)


READING, DOING = [row for row in TABLE if row[0] == "GET"], [row for row in TABLE if row[0] != "GET"]


def test_who_may_read(world: World) -> None:
    assert {named(row): wrong for row in READING if (wrong := world.differs(row))} == {}


@pytest.mark.parametrize("row", DOING, ids=named)
def test_who_may(world: World, row: Row) -> None:
    assert world.differs(row) == {}
