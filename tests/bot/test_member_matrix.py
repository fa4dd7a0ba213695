"""Who may read and do what about a member, as one table: the elder, each child, strangers, those whose work it is.

`matrix.py` says how a row is read.
"""

from __future__ import annotations

import pytest

from domain.people import Scope
from tests.bot.matrix import ALL, DESK, DOCTOR, Row, World, named, reach, those
from tests.bot.matrix_world import JPEG

ME, MEMBER = "/api/v1/me", "/api/v1/members/mei"
SEE_PLAN, SEE_VISITS = reach(Scope.SEE_PLAN), reach(Scope.SEE_VISITS)
BOOK, CANCEL = reach(Scope.BOOK), reach(Scope.CANCEL)
PILLS = {"what": "吃降压药", "rule": "FREQ=DAILY;BYHOUR=8", "message_id": "1"}
FOUND = {"level": 2, "assessed_on": "2026-11-20", "valid_until": "2027-11-20"}
SAY = {"sender": "x", "message": "你好"}
TABLE: tuple[Row, ...] = (
    # What is the token's owner's own, whoever that is, and nobody else's.
    *(
        ("GET", f"{ME}{part}", None, ALL)
        for part in (
            "",
            "/messages",
            "/events",
            "/conversation",
            "/conversation/events",
            "/incidents",
            "/surveys",
        )
    ),
    ("POST", "/webhooks/rest/webhook", SAY, ALL),
    ("POST", f"{ME}/attachments?kind=photo&message_id=a1", JPEG, ALL),
    ("POST", f"{ME}/calendar", None, ALL),
    ("DELETE", f"{ME}/calendar", None, ALL),
    ("GET", f"{ME}/attachments/{{file}}", None, {"elder": 200}),
    ("POST", f"{ME}/surveys/{{survey}}", {"score": 5, "message_id": "1"}, {"elder": 200}),
    # The elder's, for the family as far as consent goes.
    ("GET", f"{ME}/entitlements?for=mei", None, SEE_PLAN),
    ("GET", f"{ME}/eligibility?service=assisted_bathing&for=mei", None, SEE_PLAN),
    *(
        ("GET", f"{ME}/{name}?for=mei", None, SEE_VISITS)
        for name in ("bookings", "series", "surveys", "reminders")
    ),
    ("GET", f"{ME}/series/{{series}}", None, SEE_VISITS),
    ("GET", "/api/v1/series/{series}", None, SEE_VISITS),
    # Those who come read the visits of their own day there, whomever they name.
    ("GET", f"{ME}/visits?for=mei", None, {**SEE_VISITS, "carer": 200, "other_carer": 200}),
    ("POST", f"{ME}/reminders?for=mei", PILLS, BOOK),
    # What one set oneself one may undo; what the elder set is as a visit to cancel.
    ("PUT", f"{ME}/reminders/{{reminder}}", PILLS, CANCEL),
    ("DELETE", f"{ME}/reminders/{{reminder}}", None, CANCEL),
    ("PUT", f"{ME}/reminders/{{childs_reminder}}", PILLS, {**CANCEL, "child_book": 200}),
    ("DELETE", f"{ME}/reminders/{{childs_reminder}}", None, {**CANCEL, "child_book": 200}),
    ("POST", "/api/v1/bookings/{coming_booking}/cancel", None, CANCEL),
    # What the elder keeps private does not exist for relatives, whatever else they may.
    ("POST", "/api/v1/bookings/{private_booking}/cancel", None, {**DESK, "elder": 200}),
    ("POST", "/api/v1/bookings/{strangers_booking}/cancel", None, {**DESK, "stranger": 200}),
    ("POST", "/api/v1/bookings/{coming_booking}/fail", {"reason": "weather"}, DESK),
    # Dropping it is the member's own ending: that staff do it is no failure.
    ("POST", "/api/v1/bookings/{coming_booking}/fail", {"reason": "timely"}, dict.fromkeys(DESK, 403)),
    # For those whose work it is.
    *(("GET", f"{MEMBER}{part}", None, DESK) for part in ("", "/entitlements", "/bookings")),
    ("GET", "/api/v1/surveys", None, DESK),
    # A finding is an assessor's, or written down by a supervisor; a case is a doctor's to open.
    ("POST", f"{MEMBER}/assessments", FOUND, {**those(403, "life", "doctor"), "supervisor": 200}),
    ("POST", f"{MEMBER}/cases", {"key": "1"}, {"life": 403, **DOCTOR}),
)
READING, DOING = [row for row in TABLE if row[0] == "GET"], [row for row in TABLE if row[0] != "GET"]


def test_who_may_read(world: World) -> None:
    assert {named(row): wrong for row in READING if (wrong := world.differs(row))} == {}


@pytest.mark.parametrize("row", DOING, ids=named)
def test_who_may(world: World, row: Row) -> None:
    assert world.differs(row) == {}
