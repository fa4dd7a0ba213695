"""Coming to the desk: a password and a second factor, logins that end, and the trail of what was done.

Every function is handed the real time: a login lives by it, whatever the demo's clock says. Neither passwords nor codes
are kept, told or logged; a login is known by the digest of its secret alone.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actions.accounts import Locked, phone_of
from actions.sealing import Seal, Unreadable
from domain import totp
from domain.desk_door import DeskAccess, DeskAct, DeskSession, may_work, password_trouble
from domain.errors import RuleBroken
from domain.ids import new_id
from domain.people import Person
from domain.store import Unit

ISSUER = "管家工作台"
# RFC 9106's second choice of parameters (64 MiB, three passes, four lanes), which is the library's own.
_HASHER = PasswordHasher()


@cache
def _nobody() -> DeskAccess:
    """What is checked where nobody of that name has access, so that the time taken tells nobody who has."""
    password = _HASHER.hash(secrets.token_hex(8))
    return DeskAccess(person_id="", password=password, secret="", changed_at=datetime.now(UTC))


@cache
def _no_secret() -> str:
    """The second factor that is checked where there is none, likewise."""
    return totp.new_secret()


class BadPassword(RuleBroken):
    """The password will not do; `name` is that of the sentence which says why."""

    code = "bad_password"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Tried:
    """What came of a try to sign in: the person where all of it was right."""

    person: Person | None
    known: str | None


def give(unit: Unit, seal: Seal, person: Person, password: str, now: datetime, by: str | None = None) -> str:
    """Give somebody a password and a new second factor; every login ends. Returns the link for the authenticator.

    Raises BadPassword.
    """
    trouble = password_trouble(password, (person.handle, person.name, person.phone))
    if trouble is not None:
        raise BadPassword(f"desk_password_{trouble}")
    secret, kept = totp.new_secret(), unit.desk_door.access(person.id)
    sealed = seal.close(secret, person.id)
    if kept is None:
        unit.desk_door.add(
            DeskAccess(person_id=person.id, password=_HASHER.hash(password), secret=sealed, changed_at=now)
        )
    else:
        kept.password, kept.secret, kept.changed_at, kept.last_step = _HASHER.hash(password), sealed, now, 0
        kept.succeeded()
    unit.desk_door.end_all(person.id, now, by)
    note(unit, now, by, "access.given", member_id=person.id)
    return totp.link(secret, person.handle or person.name, ISSUER)


def take_away(unit: Unit, person: Person, now: datetime, by: str | None = None) -> None:
    """Somebody comes to the desk no more; every login ends at once."""
    kept = unit.desk_door.access(person.id)
    if kept is not None:
        unit.desk_door.remove(kept)
    unit.desk_door.end_all(person.id, now, by)
    note(unit, now, by, "access.taken", member_id=person.id)


def named(unit: Unit, name: str) -> Person | None:
    """Who signs in by this name: a handle, a telephone or an id, of somebody who works at the desk."""
    phone = phone_of(name)
    person = unit.people.by_handle(name) or (unit.people.by_phone(phone) if phone else None)
    person = person or unit.people.get(name)
    return person if person is not None and may_work(person.role) else None


def password_of(unit: Unit, name: str) -> str | None:
    """The hash of the name's password, if somebody of that name has access."""
    person = named(unit, name)
    kept = unit.desk_door.access(person.id, locked=False) if person is not None else None
    return kept.password if kept is not None else None


def password_is(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes as long where there is none. Slow on purpose: hold no lock meanwhile."""
    try:
        return _HASHER.verify(kept or _nobody().password, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def try_to_enter(
    unit: Unit, seal: Seal, name: str, code: str, now: datetime, *, password_right: bool
) -> Tried:
    """Judge both factors together, so that nobody learns which was wrong. Raises Locked.

    A wrong try is counted, so the caller must let the transaction be kept.
    """
    person = named(unit, name)
    kept = unit.desk_door.access(person.id) if person is not None else None
    if kept is not None and kept.is_locked(now):
        assert kept.locked_until is not None
        raise Locked(kept.locked_until)
    one = kept or _nobody()
    secret = _opened(seal, one)
    step = totp.matching_step(secret or _no_secret(), code, now, one.last_step)
    if kept is None or person is None:
        return Tried(None, None)
    if step is None or secret is None or not password_right:
        kept.failed(now)
        note(unit, now, person.id, "login.refused")
        return Tried(None, person.id)
    kept.last_step = step
    kept.succeeded()
    return Tried(person, person.id)


def _opened(seal: Seal, one: DeskAccess) -> str | None:
    """The second factor's secret; None where it cannot be read, which is as good as none."""
    try:
        return seal.open(one.secret, one.person_id)
    except Unreadable:
        return None


def seal_all(unit: Unit, seal: Seal) -> int:
    """Seal what stood plain or under the secret before; how many cannot be read, and want a new second factor."""
    lost = 0
    for kept in unit.desk_door.accesses():
        try:
            kept.secret = seal.renewed(kept.secret, kept.person_id)
        except Unreadable:
            lost += 1
    return lost


def begin(unit: Unit, person: Person, door: str, now: datetime) -> str:
    """A new login; returns the secret for its cookie, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    unit.desk_door.add(
        DeskSession(
            id=new_id("ds"),
            digest=digest_of(secret),
            person_id=person.id,
            door=door,
            begun_at=now,
            seen_at=now,
        )
    )
    note(unit, now, person.id, "login.begun", door=door)
    return secret


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def who(unit: Unit, secret: str, now: datetime) -> tuple[DeskSession, Person] | None:
    """Whose login this is, while it holds."""
    session = unit.desk_door.session(digest_of(secret))
    if session is None or not session.holds_at(now):
        return None
    person = unit.people.get(session.person_id)
    if person is None or not may_work(person.role) or not person.holds_login(session.begun_at):
        return None
    return session, person


def end(unit: Unit, session: DeskSession, now: datetime, by: str) -> None:
    """End a login; a second time changes nothing."""
    if session.ended_at is None:
        session.ended_at, session.ended_by = now, by
        whose = None if by == session.person_id else session.person_id
        note(unit, now, by, "login.ended", member_id=whose)


def note(
    unit: Unit,
    now: datetime,
    actor_id: str | None,
    what: str,
    *,
    ticket_id: str | None = None,
    member_id: str | None = None,
    **detail: str,
) -> None:
    """Add a line to the trail."""
    unit.desk_door.add(
        DeskAct(
            at=now,
            actor_id=actor_id,
            what=what[:60],
            ticket_id=ticket_id[:40] if ticket_id else None,
            member_id=member_id[:40] if member_id else None,
            detail=detail,
        )
    )
