"""Providers, sites and staff in the store: who could give a service, and when they work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, exists, func, select

from domain.bookings import OCCUPYING
from domain.providers import Absence, Carer, Offering, Provider, Room, Site, Staff
from domain.standards import Standard, qualifies
from domain.store import tables as t
from domain.store.collection import Collection
from domain.store.columns import spelled

# Weekday (Monday is 0) to the working periods of it, local time.
WeeklyHours = dict[int, list[tuple[time, time]]]


class Providers(Collection):
    """The alliance of providers."""

    def get(self, provider_id: str) -> Provider | None:
        return self._session.get(Provider, provider_id)

    def by_ids(self, provider_ids: Sequence[str]) -> dict[str, Provider]:
        """Providers by id."""
        found = self._session.scalars(select(Provider).where(t.providers.c.id.in_(provider_ids)))
        return {provider.id: provider for provider in found}

    def locked(self, provider_id: str) -> Provider:
        """The provider as it stands now, kept from others until the transaction ends; for its counts."""
        found = select(Provider).where(t.providers.c.id == provider_id).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one()

    def staff(self, staff_id: str) -> Staff | None:
        return self._session.get(Staff, staff_id)

    def some_staff(self, staff_ids: Some[str]) -> Sequence[Staff]:
        """Those of these ids; whoever keeps them can ask for each without asking the database."""
        return self._session.scalars(select(Staff).where(t.staff.c.id.in_(staff_ids))).all()

    def site(self, site_id: str) -> Site | None:
        return self._session.get(Site, site_id)

    def offerings(
        self,
        service: str,
        city_id: str | None = None,
        channel: str | None = None,
        district_id: str | None = None,
    ) -> Sequence[Offering]:
        """Who gives a service (in a city, over a channel) at which price, active providers only.

        With a district, only those whose area it is; a provider that names no area goes everywhere.
        """
        found = (
            select(Offering)
            .join(Provider, t.providers.c.id == t.offerings.c.provider_id)
            .where(t.offerings.c.service == service, t.providers.c.status == "active")
            .order_by(t.offerings.c.price_cents, t.offerings.c.id)
        )
        if city_id is not None:
            found = found.where(t.offerings.c.city_id == city_id)
        if channel is not None:
            found = found.where(t.offerings.c.channel == channel)
        if district_id is not None:
            c = t.provider_districts.c
            area = exists().where(c.provider_id == t.offerings.c.provider_id)
            found = found.where(~area | area.where(c.district_id == district_id))
        return self._session.scalars(found).all()

    def carers(
        self,
        provider_ids: Sequence[str],
        kind: str,
        days: tuple[date, date],
        week: tuple[datetime, datetime],
        *,
        district_id: str | None = None,
        gender: str | None = None,
        standard: Standard | None = None,
    ) -> list[Carer]:
        """The providers' staff with a certificate of this kind that touches the days (both included).

        With a district, only those who go there; with a standard, only those whose grade and practice are enough.
        `week` is the time over which their load is counted.
        """
        s, c, b = t.staff.c, t.certificates.c, t.bookings.c
        load = (
            select(func.count())
            .where(b.staff_id == s.id, spelled(b.status, *OCCUPYING), b.begin >= week[0], b.begin < week[1])
            .scalar_subquery()
        )
        rated = (s.rating_sum, s.rating_count)
        facts = (s.id, s.provider_id, s.gender, s.dialects, s.lat, s.lon, s.daily_limit, *rated)
        found = (
            select(*facts, load, c.valid_from, c.valid_until, c.grade, c.practised_since)
            .join(t.certificates, c.staff_id == s.id)
            .where(
                s.provider_id.in_(provider_ids),
                c.kind == kind,
                c.valid_from <= days[1],
                c.valid_until >= days[0],
            )
        )
        if district_id is not None:
            found = found.join(t.staff_districts, t.staff_districts.c.staff_id == s.id).where(
                t.staff_districts.c.district_id == district_id
            )
        if gender is not None:
            found = found.where(s.gender == gender)
        terms: dict[str, tuple[tuple[date, date], ...]] = {}
        people: dict[str, tuple[Any, ...]] = {}
        for *known, since, until, grade, practised in self._session.execute(found):
            if standard is not None and not qualifies(standard, grade, practised, days[0]):
                continue
            people[known[0]] = tuple(known)
            terms[known[0]] = (*terms.get(known[0], ()), (since, until))
        return [
            Carer(own, provider_id, sex, tuple(tongues), (lat, lon), limit, terms[own], count, (stars, times))
            for own, provider_id, sex, tongues, lat, lon, limit, stars, times, count in people.values()
        ]

    def locked_staff(self, staff_id: str) -> Staff | None:
        """Somebody whose day nobody else may fill until the transaction ends."""
        # A weaker lock than FOR UPDATE: rows that refer to this one (foreign keys) do not wait for it.
        found = select(Staff).where(t.staff.c.id == staff_id).with_for_update(key_share=True)
        return self._session.scalars(found).one_or_none()

    def rate_staff(self, staff_id: str, more: int, once: int) -> None:
        """Add to the counts of somebody's ratings."""
        s = t.staff.c
        rated = t.staff.update().where(s.id == staff_id)
        self._session.execute(
            rated.values(rating_sum=s.rating_sum + more, rating_count=s.rating_count + once)
        )

    def lock_all(self, staff_ids: Iterable[str], room_ids: Iterable[str]) -> None:
        """Keep these people's days and these rooms from others, in one fixed order, until the transaction ends."""
        for kind, table, ids in ((Staff, t.staff, staff_ids), (Room, t.rooms, room_ids)):
            found = select(kind).where(table.c.id.in_(sorted(set(ids)))).order_by(table.c.id)
            self._session.execute(found.with_for_update(key_share=True))

    def is_certified(self, person_id: str, kind: str, day: date) -> bool:
        """Whether this account belongs to a member of staff with such a certificate on a day."""
        found = (
            select(t.certificates.c.id)
            .join(t.staff, t.staff.c.id == t.certificates.c.staff_id)
            .where(
                t.staff.c.person_id == person_id,
                t.certificates.c.kind == kind,
                t.certificates.c.valid_from <= day,
                t.certificates.c.valid_until >= day,
            )
            .limit(1)
        )
        return self._session.scalar(found) is not None

    def cover(self, staff_id: str, district_id: str) -> None:
        """Let somebody visit homes of a district."""
        self._session.execute(t.staff_districts.insert().values(staff_id=staff_id, district_id=district_id))

    def shifts(self, staff_ids: Sequence[str]) -> dict[str, WeeklyHours]:
        """The weekly shifts of each, by weekday."""
        c = t.shifts.c
        return self._weekly(select(c.staff_id, c.weekday, c.starts, c.ends).where(c.staff_id.in_(staff_ids)))

    def absences(self, staff_ids: Sequence[str], begin: datetime, end: datetime) -> dict[str, list[Absence]]:
        """When each is away within a period."""
        wanted = select(Absence).where(
            t.absences.c.staff_id.in_(staff_ids), t.absences.c.begin < end, t.absences.c.end > begin
        )
        found: dict[str, list[Absence]] = defaultdict(list)
        for absence in self._session.scalars(wanted):
            found[absence.staff_id].append(absence)
        return found

    def rooms(self, provider_ids: Sequence[str], city_id: str, service: str) -> list[tuple[Site, Room]]:
        """The rooms of these providers in a city in which a service is given."""
        found = (
            select(Site, Room)
            .join(Room, t.rooms.c.site_id == t.sites.c.id)
            .where(t.sites.c.provider_id.in_(provider_ids), t.sites.c.city_id == city_id)
            .order_by(t.rooms.c.id)
        )
        return [(site, room) for site, room in self._session.execute(found) if service in room.services]

    def hours(self, site_ids: Sequence[str]) -> dict[str, WeeklyHours]:
        """The opening periods of each site, by weekday."""
        c = t.site_hours.c
        return self._weekly(select(c.site_id, c.weekday, c.opens, c.closes).where(c.site_id.in_(site_ids)))

    def _weekly(self, rows: Select[Any]) -> dict[str, WeeklyHours]:
        found: dict[str, WeeklyHours] = defaultdict(lambda: defaultdict(list))
        for owner_id, weekday, begin, end in self._session.execute(rows):
            found[owner_id][weekday].append((begin, end))
        return found

    def offering(self, provider_id: str, service: str, channel: str, city_id: str) -> Offering | None:
        """What a provider offers of a service in a city over a channel."""
        c = t.offerings.c
        found = select(Offering).where(
            c.provider_id == provider_id, c.service == service, c.channel == channel, c.city_id == city_id
        )
        return self._session.scalar(found)
