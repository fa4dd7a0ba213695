"""What no database can hold, in the paths, the words and the ids of the desk: a kind no, never our fault."""

from __future__ import annotations

import pytest
from fastapi import Request

from bot.api.streaming import FURTHEST, begin_after
from tests.bot.at_desk import AtDeskAs, Ticket

NUL, HUGE = "a%00b", "9" * 40
DAY = {"day": "2026-11-26", "booking": "a\0b"}


@pytest.mark.parametrize(
    ("method", "way", "body"),
    [
        *(
            ("GET", f"/desk/api/v1/tickets/{NUL}{part}", None)
            for part in ("", "/messages", "/history", "/notes", "/alerts", "/incident", "/attachments/x")
        ),
        *(("GET", f"/desk/tickets/{NUL}/{part}", None) for part in ("lines", "answers", "booked")),
        ("GET", f"/desk/api/v1/tickets?q={NUL}", None),
        ("GET", f"/desk/api/v1/tickets?member={NUL}&after={NUL}", None),
        ("GET", f"/desk/api/v1/members/{NUL}", None),
        ("GET", f"/desk/search?q={NUL}", None),
        ("GET", f"/desk/trail?actor={NUL}", None),
        ("GET", f"/desk/trail?before={HUGE}", None),
        ("GET", f"/desk/answers/{NUL}/history", None),
        ("GET", f"/desk/broadcast/{NUL}", None),
        ("DELETE", f"/desk/session/all/{NUL}", None),
        ("POST", f"/desk/api/v1/tickets/{NUL}/claim", {}),
        ("POST", f"/desk/api/v1/bookings/{NUL}/cancel", {}),
        ("POST", f"/desk/tickets/{NUL}/words", {"text": "您好", "message_id": "1"}),
        ("POST", f"/desk/tickets/{NUL}/picture?message_id=1", None),
        ("POST", "/desk/tickets/{ticket}/words", {"text": "您好", "message_id": "a\0b"}),
        ("POST", "/desk/tickets/{ticket}/times", DAY),
        ("POST", "/desk/api/v1/tickets/{ticket}/notes", {"text": "记\0一笔"}),
        ("GET", f"/desk/tickets/{{ticket}}/lines?before={HUGE}", None),
    ],
)
def test_it_is_a_kind_no(
    at_desk: AtDeskAs, ticket: Ticket, method: str, way: str, body: dict[str, str] | None
) -> None:
    browser = at_desk("boss")
    one = ticket()
    assert browser.post(f"/desk/api/v1/tickets/{one}/claim", json={}).status_code == 200

    answer = browser.request(method, way.replace("{ticket}", one), json=body)

    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.status_code in (404, 422)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in str(answer.json()["detail"]))


def test_a_stream_from_beyond_the_last_number_is_no_error() -> None:
    asked = Request({"type": "http", "headers": [(b"last-event-id", HUGE.encode())]})

    assert begin_after(asked, 0) == FURTHEST
