"""Providers, sites and staff in the store: who could give a service, and when they work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from domain.providers import Absence, Offering, Provider, Room, Shift, Site, SiteHours, Staff
from domain.store import tables as t
from domain.store.collection import Collection


class Providers(Collection):
    """The alliance of providers."""

    def get(self, provider_id: str) -> Provider | None:
        return self._session.get(Provider, provider_id)

    def staff(self, staff_id: str) -> Staff | None:
        return self._session.get(Staff, staff_id)

    def site(self, site_id: str) -> Site | None:
        return self._session.get(Site, site_id)

    def offerings(
        self, service: str, city_id: str | None = None, channel: str | None = None
    ) -> Sequence[Offering]:
        """Who gives a service (in a city, over a channel) at which price, active providers only."""
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
        return self._session.scalars(found).all()

    def certified(
        self, provider_ids: Sequence[str], kind: str, first: date, last: date, district_id: str | None
    ) -> list[tuple[Staff, list[tuple[date, date]]]]:
        """The providers' staff with a certificate of this kind that touches the days, each with its terms.

        With a district, only those who go there. Terms include both ends.
        """
        found = (
            select(Staff, t.certificates.c.valid_from, t.certificates.c.valid_until)
            .join(t.certificates, t.certificates.c.staff_id == t.staff.c.id)
            .where(
                t.staff.c.provider_id.in_(provider_ids),
                t.certificates.c.kind == kind,
                t.certificates.c.valid_from <= last,
                t.certificates.c.valid_until >= first,
            )
            .order_by(t.staff.c.id)
        )
        if district_id is not None:
            found = found.join(t.staff_districts, t.staff_districts.c.staff_id == t.staff.c.id).where(
                t.staff_districts.c.district_id == district_id
            )
        people: dict[str, tuple[Staff, list[tuple[date, date]]]] = {}
        for member, since, until in self._session.execute(found):
            people.setdefault(member.id, (member, []))[1].append((since, until))
        return list(people.values())

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

    def shifts(self, staff_ids: Sequence[str]) -> dict[str, list[Shift]]:
        """The weekly shifts of each."""
        found: dict[str, list[Shift]] = defaultdict(list)
        for shift in self._session.scalars(select(Shift).where(t.shifts.c.staff_id.in_(staff_ids))):
            found[shift.staff_id].append(shift)
        return found

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

    def hours(self, site_ids: Sequence[str]) -> dict[str, list[SiteHours]]:
        """The opening periods of each site."""
        found: dict[str, list[SiteHours]] = defaultdict(list)
        for row in self._session.scalars(select(SiteHours).where(t.site_hours.c.site_id.in_(site_ids))):
            found[row.site_id].append(row)
        return found
