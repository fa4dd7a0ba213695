"""One of everything that somebody could ask for: tickets of each desk, visits in each state, plans, files, words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from actions import broadcast, complaints, hand_over, remind_personal, sent_files, visit_checks, visit_leave
from actions.broadcast import Draft
from actions.broadcast_when import NOW as AT_ONCE
from actions.hand_over import Cause
from actions.house import House
from actions.say import put
from actions.visit_arrival import arrive
from actions.visits import Report, begin, finish, on_the_way
from domain.broadcasts import Audience
from domain.clock import FixedClock
from domain.people import Consent, Kinship, Person, Role, Scope
from domain.store import Unit
from domain.surveys import Survey, SurveyKind
from domain.tickets import Audience as Readers
from domain.topics import Kept
from tests.actions.care import AFTERNOON, book, booking_of, plan, who
from tests.actions.planning import firm, planned
from tests.actions.visiting import BATH
from tests.conftest import NOW

CHILDREN = {scope: f"child_{scope}" for scope in Scope}
JPEG = b"\xff\xd8\xff\xe1\x00\x08Exif00\xff\xda\x00\x02rest"
_KIN = (*CHILDREN.values(), "child_none", "child_past")


def lay(house: House, clock: FixedClock, folder: Path) -> dict[str, str]:
    """The ids of all of it, by the names that the tables have for them."""
    with house.store.write() as unit:
        _people(unit)
    plan(house, {"amount": 20})
    made = _visits(house, clock, folder) | _tickets(house, folder)
    made["series"] = planned(house, "FREQ=WEEKLY;BYDAY=WE;BYHOUR=11;BYMINUTE=0;COUNT=2")
    firm(house, made["series"])
    with house.store.write() as unit:
        mei, child = who(unit, "mei"), who(unit, "child_book")
        for name, by in (("reminder", mei), ("childs_reminder", child)):
            wish = remind_personal.Wish("喝水", once=NOW + timedelta(days=1))
            made[name] = remind_personal.set_reminder(house, unit, by, mei, wish, name).id
        for name in ("draft", "waiting", "stopped"):
            draft = Draft("周六上午有健康讲座。", "讲座", Audience(), AT_ONCE, timedelta(days=1))
            made[name] = broadcast.write(house, unit, who(unit, "life1"), draft, name).id
        broadcast.start(house, unit, who(unit, "life1"), made["waiting"])
        broadcast.STEPS["take-back"](house, unit, who(unit, "life1"), made["stopped"])
    return made


def _people(unit: Unit) -> None:
    roles = {
        "carer": Role.CARER,
        "other_carer": Role.CARER,
        "supervisor": Role.SUPERVISOR,
        "admin": Role.ADMIN,
    }
    unit.people.add(*(Person(id=name, name=name, role=role) for name, role in roles.items()))
    unit.people.add(*(Person(id=name, name=name) for name in _KIN))
    unit.flush()
    staff = unit.providers.staff("s1")
    assert staff is not None
    staff.person_id = "carer"
    for name in _KIN:
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
                    granted_at=NOW - timedelta(days=9),
                    **ends,
                )
            )


def _visits(house: House, clock: FixedClock, folder: Path) -> dict[str, str]:
    """A visit to come, one that the elder keeps private, and one of yesterday that a life butler reported."""
    clock.moment = NOW - timedelta(days=3)
    begins = (NOW - timedelta(days=1)).replace(hour=15)
    bookings = {"led": book(house, begins)}
    with house.store.write() as unit:
        visit = unit.visits.of_booking(bookings["led"])
        assert visit is not None
        life, mei = who(unit, "life1"), who(unit, "mei")
        clock.moment = begins - timedelta(minutes=20)
        on_the_way(house, unit, life, visit.id, Report("1"))
        clock.moment = begins
        arrive(house, unit, life, visit.id, Report("2"))
        begin(house, unit, life, visit.id, Report("3"), ["allergies", "dog", "opens"])
        visit_leave.answer(house, unit, mei, visit.id, "photo", yes=True)
        photo, kept = visit_leave.photo(house, unit, life, visit.id, JPEG)
        _keep(folder / photo.path, kept)
        clock.advance(timedelta(minutes=85))
        finish(house, unit, life, visit.id, Report("4"), BATH)
        clock.moment = NOW
        asked = visit_checks.correct(house, unit, life, visit.id, "began_at", begins, "记错了")
        booking = booking_of(unit, bookings["led"])
        unit.surveys.add(
            Survey(
                id="su1",
                kind=SurveyKind.VISIT,
                subject=booking.id,
                person_id="mei",
                member_id="mei",
                booking_id=booking.id,
                created_at=NOW,
                asked_at=NOW,
            )
        )
        made = {"photo": photo.id, "correction": asked.id, "survey": "su1"}
    bookings["coming"] = book(house)
    bookings["private"] = book(house, AFTERNOON + timedelta(days=1))
    plan(house, {"amount": 20}, code="strangers", holder="stranger")
    bookings["strangers"] = book(house, AFTERNOON + timedelta(days=2), member="stranger", actor="stranger")
    with house.store.write() as unit:
        booking_of(unit, bookings["private"]).private = True
    with house.store.read() as unit:
        for name, booking_id in bookings.items():
            found = unit.visits.of_booking(booking_id)
            assert found is not None
            made[f"{name}_visit"], made[f"{name}_booking"] = found.id, booking_id
    return made


def _keep(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


# A ticket of each kind, by whom: `held` is claimed by the life butler of the table, `taken` by another one.
_TICKETS = (
    ("life", "life", "request", "mei"),
    ("doctor", "doctor", "health", "mei"),
    ("taken", "life", "request", "stranger"),
    ("held", "life", "request", "huan"),
)


def _tickets(house: House, folder: Path) -> dict[str, str]:
    made = {}
    with house.store.write() as unit:
        for number, (name, queue, topic, by) in enumerate(_TICKETS):
            conversation, cause = unit.conversations.of(by), Cause(queue, topic)
            if name == "held":
                cause = Cause(queue, topic, member=who(unit, "mei"))
            made[name] = hand_over.open_ticket(
                house, unit, conversation, who(unit, by), cause, f"k{number}"
            ).id
        of_child = unit.conversations.of("child_none")
        made["complaint"] = complaints.file(house, unit, of_child, who(unit, "child_none"), "k9")[0].id
        hand_over.claim(house, unit, who(unit, "life2"), made["taken"])
        hand_over.claim(house, unit, who(unit, "life1"), made["held"])
        for name, extra in (("file", None), ("doctors_file", {"audience": Readers.DOCTOR})):
            message = put(unit, unit.conversations.of("mei"), "照片", key=name, now=house.now(), extra=extra)
            unit.flush()
            sent = sent_files.came(house, unit, message, {"kind": "photo", "ref": "1", "size": len(JPEG)})
            assert sent is not None
            sent.state, sent.type = Kept.KEPT, "image/jpeg"
            _keep(folder / sent.path, JPEG)
            made[name] = sent.id
    return made
