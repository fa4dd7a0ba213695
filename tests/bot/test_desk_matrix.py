"""Who may do what, as one table: every role and every scope of a child, times every way of the API about people.

200 stands for whatever went well (or was refused by its state, which one must be let in to be told).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions import hand_over
from actions.hand_over import Cause
from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from domain.people import Consent, Kinship, Person, Role, Scope
from tests.actions.care import book, who
from tests.conftest import NOW

SECRET = "a secret of the tests, long enough for SHA-256"
CHILDREN = {scope: f"child_{scope}" for scope in Scope}
EVERYBODY = (
    "elder",
    *CHILDREN.values(),
    "child_none",
    "child_past",
    "stranger",
    "carer",
    "life",
    "doctor",
    "supervisor",
    "admin",
)
IDS = {"elder": "mei", "life": "life1", "doctor": "doc1"}
STAFF = {"life", "doctor", "supervisor"}
SEE_PLAN = {"elder": 200, "child_see_plan": 200, **dict.fromkeys(STAFF, 200)}
SEE_VISITS = {"elder": 200, "child_see_visits": 200, **dict.fromkeys(STAFF, 200)}
# A relative whose consent does not reach so far is told so; for everybody else it does not exist.
KIN = dict.fromkeys((*CHILDREN.values(), "child_none", "child_past"), 403)
DESK = dict.fromkeys(STAFF, 200)
LIFE, DOCTOR = {"life": 200, "supervisor": 200}, {"doctor": 200, "supervisor": 200}
T = "/api/v1/tickets"
# Method, way, body, who may (everybody else: 404).
TABLE: tuple[tuple[str, str, dict | None, dict[str, int]], ...] = (
    ("GET", "/api/v1/me/entitlements?for=mei", None, {**KIN, **SEE_PLAN}),
    ("GET", "/api/v1/me/bookings?for=mei", None, {**KIN, **SEE_VISITS}),
    ("GET", "/api/v1/me/visits?for=mei", None, {**KIN, **SEE_VISITS, "carer": 200}),
    ("GET", "/api/v1/members/mei", None, DESK),
    ("GET", "/api/v1/members/mei/entitlements", None, DESK),
    ("GET", "/api/v1/members/mei/bookings", None, DESK),
    ("GET", "/api/v1/visits", None, DESK),
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
)


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def tickets(house: House) -> dict[str, str]:
    """A ticket of each kind, and everybody who could ask for one."""
    with house.store.write() as unit:
        roles = {"carer": Role.CARER, "supervisor": Role.SUPERVISOR, "admin": Role.ADMIN}
        unit.people.add(*(Person(id=name, name=name, role=role) for name, role in roles.items()))
        for name in (*CHILDREN.values(), "child_none", "child_past"):
            unit.people.add(Person(id=name, name=name))
        unit.flush()
        for name in (*CHILDREN.values(), "child_none", "child_past"):
            unit.people.add(Kinship(elder_id="mei", relative_id=name, relation="mother", rank=5))
        for scope in Scope:
            over = {"revoked_at": NOW - timedelta(days=1)}
            for child, ends in ((CHILDREN[scope], {}), ("child_past", over)):
                unit.people.add(
                    Consent(
                        id=f"{child}{scope}",
                        elder_id="mei",
                        relative_id=child,
                        scope=scope,
                        granted_at=NOW - timedelta(days=2),
                        **ends,
                    )
                )
    book(house)
    made = {}
    with house.store.write() as unit:
        for number, (name, queue, topic, by) in enumerate(
            (
                ("life", "life", "request", "mei"),
                ("doctor", "doctor", "health", "mei"),
                ("taken", "life", "request", "stranger"),
            )
        ):
            conversation = unit.conversations.of(by)
            cause = Cause(queue, topic)
            made[name] = hand_over.open_ticket(
                house, unit, conversation, who(unit, by), cause, f"k{number}"
            ).id
        from actions import complaints

        filed, _ = complaints.file(house, unit, unit.conversations.of("huan"), who(unit, "huan"), "k9")
        made["complaint"] = filed.id
        hand_over.claim(house, unit, who(unit, "life2"), made["taken"])
    return made


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]} {row[2] or ''}")
def test_who_may(api: TestClient, house: House, tickets: dict[str, str], row) -> None:
    method, way, body, may = row
    path = way.format(**tickets)
    found = {}
    for name in EVERYBODY:
        if may.get(name) == 200 and method != "GET":
            continue  # what goes well changes the world: last, each in the state that was asked about
        found[name] = _ask(api, method, path, body, name)
    first = next((name for name in EVERYBODY if may.get(name) == 200 and method != "GET"), None)
    if first is not None:
        found[first] = _ask(api, method, path, body, first)

    assert found == {name: may.get(name, 404) for name in found}


def _ask(api: TestClient, method: str, path: str, body: dict | None, name: str) -> int:
    token = make(SECRET, IDS.get(name, name), 60)
    answer = api.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
    return 200 if answer.is_success else answer.status_code
