"""The one policy for who may see and do what. Pure: it is handed the facts and answers with a basis or an error.

What somebody may not see does not exist for them (NotFound); what an elder's consent does not reach is
NotAllowed, which names the scope that is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain import alert_policy
from domain.errors import NotAllowed, NotFound
from domain.people import Consent, Kinship, Person, Role, Scope
from domain.tickets import Audience


class Basis(StrEnum):
    """On what ground somebody acts for an elder; kept in the log of use."""

    SELF = "self"
    CONSENT = "consent"
    STAFF = "staff"
    EMERGENCY = "emergency"
    ASKED = "asked"


@dataclass(frozen=True)
class Reach:
    """A permission that was found: the ground, and the consent it rests on where there is one."""

    basis: Basis
    consent_id: str | None = None


# A doctor butler and a life butler each see only their own queue; a supervisor sees both.
QUEUES: dict[Role, tuple[str, ...]] = {
    Role.LIFE: ("life",),
    Role.DOCTOR: ("doctor",),
    Role.SUPERVISOR: ("life", "doctor"),
    Role.ADMIN: (),
}
# What staff may do for a member without the member's consent to a relative: it is their work.
_STAFF_MAY: dict[Role, frozenset[Scope]] = {
    Role.LIFE: frozenset({Scope.SEE_PLAN, Scope.SEE_VISITS, Scope.BOOK, Scope.CANCEL}),
    Role.DOCTOR: frozenset({Scope.SEE_PLAN, Scope.SEE_VISITS, Scope.BOOK, Scope.CANCEL}),
    Role.SUPERVISOR: frozenset({Scope.SEE_PLAN, Scope.SEE_VISITS, Scope.BOOK, Scope.CANCEL}),
}


def reach(
    actor: Person, subject_id: str, scope: Scope, kinship: Kinship | None, consents: Mapping[Scope, Consent]
) -> Reach:
    """On what ground `actor` may do what `scope` names for the subject.

    Raises NotFound for somebody who is no relative, NotAllowed for a relative whose consent ends before it.
    """
    if actor.id == subject_id:
        return Reach(Basis.SELF)
    if scope in _STAFF_MAY.get(actor.role, frozenset()):
        return Reach(Basis.STAFF)
    if actor.role is not Role.MEMBER or kinship is None:
        raise NotFound(subject_id)
    consent = consents.get(scope)
    if consent is None:
        raise NotAllowed(scope)
    return Reach(Basis.CONSENT, consent.id)


def may_see_booking(reach_basis: Basis, *, private: bool) -> bool:
    """An item that the elder keeps private does not exist for relatives."""
    return not private or reach_basis in (Basis.SELF, Basis.STAFF)


def may_report(actor: Person, carer_id: str | None) -> Basis:
    """On what ground somebody reports the steps of a visit: it is theirs, or they are a butler in the carer's place.

    Raises NotFound for everybody else.
    """
    if actor.role is Role.CARER and carer_id is not None and actor.id == carer_id:
        return Basis.SELF
    if actor.role.is_butler:
        return Basis.STAFF
    raise NotFound("visit")


def may_judge(actor: Person, others: Collection[str | None]) -> None:
    """Verifying a visit or agreeing to a correction is a butler's, and never that of one of those who asked for it.

    Raises NotFound for who is no butler, NotAllowed (`second_person`) for one of `others`.
    """
    if not actor.role.is_butler:
        raise NotFound("visit")
    if actor.id in others:
        raise NotAllowed("second_person")


def may_read_reports(actor: Person) -> None:
    """How providers do is for supervisors and the operator. Raises NotFound for everybody else."""
    if actor.role not in (Role.SUPERVISOR, Role.ADMIN):
        raise NotFound("report")


_WRITES = (Role.LIFE, Role.SUPERVISOR, Role.ADMIN)


def writes_broadcasts(actor: Person) -> bool:
    """Whether somebody writes, starts, pauses and ends broadcasts."""
    return actor.role in _WRITES


def may_broadcast(actor: Person) -> None:
    """For those who write broadcasts. Raises NotFound for everybody else."""
    if not writes_broadcasts(actor):
        raise NotFound("broadcast")


def may_approve(actor: Person, author_id: str) -> None:
    """The second person's yes: a supervisor's or the operator's, and never the author's.

    Raises NotFound for who may not write, NotAllowed (`approve`, `second_person`).
    """
    may_broadcast(actor)
    if actor.role not in (Role.SUPERVISOR, Role.ADMIN):
        raise NotAllowed("approve")
    if actor.id == author_id:
        raise NotAllowed("second_person")


def may_see_names(actor: Person) -> bool:
    """Whether somebody may read who the people of an audience are: those whose work it is, not who runs the machine."""
    return actor.role.is_butler


def queues_of(actor: Person) -> tuple[str, ...]:
    """The queues whose tickets this person may read."""
    return QUEUES.get(actor.role, ())


def audiences_of(actor: Person) -> tuple[Audience, ...]:
    """The private notes that somebody may read: a doctor's are for doctors and the supervisor."""
    if actor.role in (Role.DOCTOR, Role.SUPERVISOR):
        return tuple(Audience)
    return (Audience.ALL,) if actor.role is Role.LIFE else ()


def audiences_in(queue: str) -> tuple[Audience, ...]:
    """The private notes that may stand where all butlers of a queue read."""
    return tuple(Audience) if queue == "doctor" else (Audience.ALL,)


def may_note(actor: Person, audience: Audience) -> None:
    """Nobody writes what they may not read. Raises NotAllowed."""
    if audience not in audiences_of(actor):
        raise NotAllowed("note")


def may_read_words(queue: str, payload: Mapping[str, object]) -> bool:
    """Whether those who work in a queue may read a line of the conversation: talks with a doctor stay with doctors."""
    return queue == "doctor" or payload.get("audience") != Audience.DOCTOR


def may_end(actor: Person, owner_id: str | None) -> None:
    """Closing, transferring, putting off: the claimer's, a supervisor's, anybody's of the desk while nobody has it.

    Raises NotAllowed.
    """
    if owner_id not in (None, actor.id) and actor.role is not Role.SUPERVISOR:
        raise NotAllowed("claim")


def runs_desk(actor: Person) -> bool:
    """Whether somebody says how the desk works."""
    return actor.role is Role.SUPERVISOR


def may_run_desk(actor: Person) -> None:
    """Who is on shift, how long a hard complaint may take, the ready answers: the supervisor's. Raises NotAllowed."""
    if not runs_desk(actor):
        raise NotAllowed("supervisor")


def may_read_incident(actor: Person, person_id: str, queue: str | None = None) -> None:
    """The record of a danger is for whom it happened to, for those who work in the queue that it came to, and for the
    supervisor. Raises NotFound for everybody else."""
    if actor.id != person_id and actor.role is not Role.SUPERVISOR and queue not in queues_of(actor):
        raise NotFound("incident")


def may_alert(category: str, consent: Consent | None) -> Basis | None:
    """On what ground a relative is told of a danger; None where the elder does not want it and life is not at risk.

    By the written policy, `data/alerts.toml`.
    """
    if consent is not None:
        return Basis.CONSENT
    return Basis.EMERGENCY if category in alert_policy.load().overrides else None
