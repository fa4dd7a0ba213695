"""The desk's logins: who may come in, how long a login lives, and the trail of what was done there.

Times here are real ones, not the demo clock's: a login that ends in thirty minutes ends when people think it does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.people import Role

# The four who work at the desk; those who come to homes have `/staff`.
DESK_ROLES = (Role.LIFE, Role.DOCTOR, Role.SUPERVISOR, Role.ADMIN)
READERS_OF_TRAIL = (Role.SUPERVISOR, Role.ADMIN)
# A shift's length at most, and a long tea. Both are this project's own choice within what OWASP suggests.
LIVES, IDLE = timedelta(hours=12), timedelta(minutes=30)
# A login's last use is written down no more often than this.
_SEEN_EVERY = timedelta(minutes=1)
FAILURES, LOCKED = 5, timedelta(minutes=15)
SHORTEST, LONGEST = 10, 128


@dataclass(eq=False, kw_only=True)
class DeskAccess:
    """How somebody proves who they are: `password` is an argon2 hash, `secret` of the second factor, sealed.

    `last_step` is the last code's, which works no second time; `failures` count since the last good sign-in.
    """

    person_id: str
    password: str
    secret: str
    changed_at: datetime
    last_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def failed(self, now: datetime) -> None:
        """Count a wrong try; too many in a row lock it for a while."""
        self.failures += 1
        if self.failures >= FAILURES:
            self.failures, self.locked_until = 0, now + LOCKED

    def succeeded(self) -> None:
        self.failures, self.locked_until = 0, None


@dataclass(eq=False, kw_only=True)
class DeskSession:
    """One login in one browser. `digest` is of the secret in its cookie; `door` is `password` or `demo`."""

    id: str
    digest: str
    person_id: str
    door: str
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None

    def holds_at(self, now: datetime) -> bool:
        """Whether it still speaks for its owner: not ended, not idle for too long, not older than a shift."""
        return self.ended_at is None and now < self.ends_at

    @property
    def ends_at(self) -> datetime:
        """When it ends if nothing more is done."""
        return min(self.begun_at + LIVES, self.seen_at + IDLE)

    def wants_touch(self, now: datetime) -> bool:
        return now - self.seen_at >= _SEEN_EVERY


@dataclass(eq=False, kw_only=True)
class DeskAct:
    """A line of the trail: who did what, to which ticket, about whom. Never words, never a password."""

    at: datetime
    actor_id: str | None
    what: str
    ticket_id: str | None = None
    member_id: str | None = None
    detail: dict[str, str] = field(default_factory=dict)
    id: int | None = None


def may_work(role: Role) -> bool:
    """Whether the desk is for somebody of this role."""
    return role in DESK_ROLES


def may_read_trail(role: Role) -> bool:
    return role in READERS_OF_TRAIL


def password_trouble(password: str, names: tuple[str | None, ...]) -> str | None:
    """Why a password will not do, `length` or `easy`; None where it will.

    Length is what counts (NIST SP 800-63B-4, 3.1.1.2); no rules of composition, nothing of one's own name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return "length"
    if len(set(password)) < 5 or any(n and len(n) > 1 and n.lower() in password.lower() for n in names):
        return "easy"
    return None
