"""Who gives the services: providers, what they offer where, sites with rooms and hours, staff with certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

CALL = "call"


@dataclass(eq=False, kw_only=True)
class Provider:
    """A company of the alliance; `status` is `active` or `suspended`. The contract's days are both included.

    The counts are what `domain/scores.py` reckons with: ratings of one to five, and visits that began in time.
    """

    id: str
    code: str
    name: str
    status: str = "active"
    contract_from: date | None = None
    contract_until: date | None = None
    rating_sum: int = 0
    rating_count: int = 0
    visits_count: int = 0
    visits_in_time: int = 0


@dataclass(eq=False, kw_only=True)
class Offering:
    """A service that a provider gives in a city over a channel, at a price for those without a benefit.

    `join` is how one takes part online: `call` (they ring the member up) or a link with the gap `{number}`.
    """

    id: str
    provider_id: str
    service: str
    channel: str
    city_id: str
    price_cents: int
    join: str | None = None

    def link_for(self, number: str) -> str | None:
        """The link by which the booking of this number is joined, if it is by a link."""
        return None if self.join in (None, CALL) else str(self.join).format(number=number)


@dataclass(eq=False, kw_only=True)
class Site:
    """A place that people go to (degrees, WGS 84). `external_no` is the provider's own number for it."""

    id: str
    provider_id: str
    city_id: str
    district_id: str
    name: str
    address: str
    lat: float
    lon: float
    phone: str | None = None
    external_no: str | None = None


@dataclass(eq=False, kw_only=True)
class SiteHours:
    """One opening period of a weekday (Monday is 0), local time; several a day are several rows."""

    site_id: str
    weekday: int
    opens: time
    closes: time
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class Room:
    """A room or a row of chairs: so many people at once, for these services."""

    id: str
    site_id: str
    name: str
    capacity: int
    services: list[str]


@dataclass(eq=False, kw_only=True)
class Staff:
    """Somebody who visits or answers. `person_id` is their account, where they have one.

    `lat` and `lon` are where their days begin; they take no more than `daily_limit` bookings on one. `external_no` is
    the provider's own number for them. The counts are of ratings of one to five.
    """

    id: str
    provider_id: str
    name: str
    gender: str
    city_id: str
    lat: float
    lon: float
    dialects: list[str] = field(default_factory=list)
    person_id: str | None = None
    daily_limit: int = 8
    external_no: str | None = None
    rating_sum: int = 0
    rating_count: int = 0


@dataclass(frozen=True)
class Carer:
    """One who could come or answer, as a search for free times sees them; `terms` are the certificate's, ends included.

    `load` is how much stands in their week already, `rating` their (sum, count) of what they were rated.
    """

    id: str
    provider_id: str
    gender: str
    dialects: tuple[str, ...]
    base: tuple[float, float]
    daily_limit: int
    terms: tuple[tuple[date, date], ...]
    load: int = 0
    rating: tuple[int, int] = (0, 0)

    def is_certified_on(self, day: date) -> bool:
        """Whether the certificate is valid on a day."""
        return any(first <= day <= last for first, last in self.terms)


@dataclass(eq=False, kw_only=True)
class Certificate:
    """What somebody is certified for (`kind`), valid from a day to a day, both included.

    `practised_since` is when they began to practise; `warned_at` when the supervisor was told that it will lapse.
    """

    id: str
    staff_id: str
    kind: str
    number: str
    valid_from: date
    valid_until: date
    grade: str | None = None
    practised_since: date | None = None
    warned_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Shift:
    """A weekly working period of a member of staff (Monday is 0), local time."""

    staff_id: str
    weekday: int
    starts: time
    ends: time
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class Absence:
    """Somebody is not there, whatever the shift says."""

    staff_id: str
    begin: datetime
    end: datetime
    reason: str
    id: int | None = None
