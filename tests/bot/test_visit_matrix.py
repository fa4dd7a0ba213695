"""Who may read, report and judge a visit, as one table: the elder, each child, who comes, who does not, butlers.

`matrix.py` says how a row is read; a 409 is for who was let in, and told that the visit is not so far.
"""

from __future__ import annotations

import pytest

from domain.people import Scope
from tests.bot.matrix import BUTLERS, DESK, KIN, Row, World, named, reach, those
from tests.bot.matrix_world import JPEG

V = "/api/v1/visits"
SEES = {**reach(Scope.SEE_VISITS), "carer": 200}
# Reporting is for who comes, and for butlers in their place.
REPORTS, EARLY = {**DESK, "carer": 200}, those(409, *BUTLERS, "carer")
KEY = {"message_id": "1"}
# Who has reported or asked for something does not judge it.
SECOND = {"life": 403, "doctor": 200, "supervisor": 200}
LATER = {"field": "began_at", "value": "2026-11-23T15:05", "reason": "x"}
AWAY = {"begin": "2026-12-01T08:00", "end": "2026-12-01T18:00", "reason": "x"}
TABLE: tuple[Row, ...] = (
    ("GET", V, None, DESK),
    ("GET", f"{V}/{{coming_visit}}", None, SEES),
    # What the elder keeps private does not exist for relatives, whatever else they may.
    ("GET", f"{V}/{{private_visit}}", None, {**REPORTS, "elder": 200}),
    ("GET", f"{V}/{{led_visit}}/photos/{{photo}}", None, SEES),
    *(("GET", f"{V}/{{coming_visit}}/{part}", None, REPORTS) for part in ("events", "corrections")),
    *(
        ("POST", f"{V}/{{coming_visit}}/{step}", {**KEY, **more}, EARLY)
        for step, more in (
            ("on_the_way", {}),
            ("arrived", {"lat": 30.0, "lon": 120.0}),
            ("begin", {}),
            ("done", {"steps": [1]}),
            ("not_possible", {"reason": "nobody_home"}),
            ("leave/note", {}),
            ("leave/photo", {}),
            ("note", {"text": "x"}),
            ("correct", LATER),
        )
    ),
    ("POST", f"{V}/{{coming_visit}}/photos", JPEG, EARLY),
    # Without the elder's own leave nobody writes, not even who was there; with it those who report do.
    ("POST", f"{V}/{{led_visit}}/note", {**KEY, "text": "x"}, those(403, *BUTLERS, "carer")),
    ("POST", f"{V}/{{led_visit}}/photos", JPEG, REPORTS),
    ("POST", f"{V}/{{led_visit}}/leave/note", None, REPORTS),
    ("POST", f"{V}/{{led_visit}}/correct", LATER, REPORTS),
    # The elder and the family say whether somebody came; staff have no say in that.
    ("POST", f"{V}/{{coming_visit}}/confirm", KEY, {**KIN, **those(409, "elder", "child_see_visits")}),
    ("POST", f"{V}/{{led_visit}}/confirm", KEY, {**KIN, **those(200, "elder", "child_see_visits")}),
    ("POST", f"{V}/{{private_visit}}/confirm", KEY, {"elder": 409}),
    ("POST", f"{V}/{{coming_visit}}/verify", KEY, dict.fromkeys(BUTLERS, 409)),
    ("POST", f"{V}/{{led_visit}}/verify", KEY, SECOND),
    ("POST", f"{V}/{{led_visit}}/corrections/{{correction}}", {"agreed": True}, SECOND),
    # The standard of a service is for those who come and for coordinators; the operator keeps it.
    (
        "GET",
        "/api/v1/services/assisted_bathing/standard",
        None,
        {**REPORTS, **those(200, "other_carer", "admin")},
    ),
    ("POST", "/api/v1/staff/s1/absences", AWAY, DESK),
)
READING, DOING = [row for row in TABLE if row[0] == "GET"], [row for row in TABLE if row[0] != "GET"]


def test_who_may_read(world: World) -> None:
    assert {named(row): wrong for row in READING if (wrong := world.differs(row))} == {}


@pytest.mark.parametrize("row", DOING, ids=named)
def test_who_may(world: World, row: Row) -> None:
    assert world.differs(row) == {}
