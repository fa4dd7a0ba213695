"""People, their families, and the elder's own consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account may be. Elders and their relatives are all members."""

    MEMBER = "member"
    LIFE = "life"
    DOCTOR = "doctor"
    SUPERVISOR = "supervisor"
    CARER = "carer"
    ADMIN = "admin"

    @property
    def is_butler(self) -> bool:
        """A human who may take over a conversation."""
        return self in (Role.LIFE, Role.DOCTOR, Role.SUPERVISOR)


class Scope(StrEnum):
    """What an elder can let a relative do."""

    SEE_PLAN = "see_plan"
    SEE_VISITS = "see_visits"
    BOOK = "book"
    CANCEL = "cancel"
    ALERTS = "alerts"


@dataclass(eq=False, kw_only=True)
class Person:
    """Somebody with an account. `phone` is a mainland number without blanks; `notes` are facts for visits.

    `lat` and `lon` are where the home is (degrees, WGS 84), where that is known; else the district's middle stands in.
    `external_no` is the number by which the insurer knows them.
    A login older than `logins_since` (real time) is over: that is how a lost telephone is shut out.
    """

    id: str
    name: str
    role: Role = Role.MEMBER
    handle: str | None = None
    phone: str | None = None
    born_on: date | None = None
    gender: str | None = None
    city_id: str | None = None
    district_id: str | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    dialect: str | None = None
    address_as: str | None = None
    notes: dict[str, str] = field(default_factory=dict)
    created_at: datetime | None = None
    logins_since: datetime | None = None
    external_no: str | None = None
    died_on: date | None = None

    def age_on(self, day: date) -> int | None:
        """Full years of life on a day, or None where the birthday is not known."""
        if self.born_on is None:
            return None
        before = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - before

    def holds_login(self, since: datetime) -> bool:
        """Whether a login of that moment (real time) still holds."""
        return self.logins_since is None or since >= self.logins_since

    @property
    def called(self) -> str:
        """How this person wishes to be addressed."""
        return self.address_as or self.name


@dataclass(eq=False, kw_only=True)
class Kinship:
    """`relation` says what the elder is to the relative (`mother`); `rank` is the order of alerts, first is 1."""

    elder_id: str
    relative_id: str
    relation: str
    rank: int = 1


@dataclass(eq=False, kw_only=True)
class Consent:
    """One scope that an elder gave one relative. Never changed but by `revoked_at`."""

    id: str
    elder_id: str
    relative_id: str
    scope: Scope
    granted_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether the consent is in force at a moment; its end is exclusive."""
        if self.revoked_at is not None and self.revoked_at <= moment:
            return False
        return self.granted_at <= moment and (self.expires_at is None or moment < self.expires_at)


@dataclass(eq=False, kw_only=True)
class ConsentUse:
    """A line of the log that the elder can read: who did what with which consent."""

    elder_id: str
    actor_id: str
    scope: Scope
    action: str
    basis: str
    at: datetime
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class City:
    """A city of the programme; `id` is its administrative division code."""

    id: str
    name: str


@dataclass(eq=False, kw_only=True)
class District:
    """A district with its middle (degrees, WGS 84) and the speed at which a carer gets about (km/h)."""

    id: str
    city_id: str
    name: str
    lat: float
    lon: float
    speed_kmh: float = 15.0
