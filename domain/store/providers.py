"""Providers, sites and staff in the store: who could give a service, and when they work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, select

from domain.providers import Absence, Certificate, Offering, Provider, Room, Shift, Site, SiteHours, Staff
from domain.standards import Standard, qualifies
from domain.store import tables as t
from domain.store.collection import Collection


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

    def certified(
        self,
        provider_ids: Sequence[str],
        kind: str,
        first: date,
        last: date,
        district_id: str | None,
        standard: Standard | None = None,
    ) -> list[tuple[Staff, list[tuple[date, date]]]]:
        """The providers' staff with a certificate of this kind that touches the days, each with its terms.

        With a district, only those who go there; with a standard, only those whose grade and practice are enough.
        Terms include both ends.
        """
        found = (
            select(Staff, Certificate)
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
        for member, certificate in self._session.execute(found):
            grade, since = certificate.grade, certificate.practised_since
            if standard is None or qualifies(standard, grade, since, first):
                term = (certificate.valid_from, certificate.valid_until)
                people.setdefault(member.id, (member, []))[1].append(term)
        return list(people.values())

    def cover(self, staff_id: str, district_id: str) -> None:
        """Let somebody visit homes of a district."""
        self._session.execute(t.staff_districts.insert().values(staff_id=staff_id, district_id=district_id))

    def cover_area(self, provider_id: str, district_id: str) -> None:
        """Name a district as part of a provider's area."""
        self._session.execute(
            t.provider_districts.insert().values(provider_id=provider_id, district_id=district_id)
        )

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
