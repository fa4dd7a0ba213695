"""People, families and consents in the store."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.people import City, Consent, ConsentUse, District, Kinship, Person, Role, Scope
from domain.store import tables as t
from domain.store.collection import Collection


class People(Collection):
    """Everybody with an account, and what binds them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._consents: dict[str, list[Consent]] = {}

    def some(self, people: Some[str]) -> Sequence[Person]:
        """Those of these ids; whoever keeps them can `get` each without asking the database."""
        return self._session.scalars(select(Person).where(t.persons.c.id.in_(people))).all()

    def living(self, people: Some[str]) -> set[str]:
        """Those of these ids who live, as far as we know."""
        c = t.persons.c
        return set(self._session.scalars(select(c.id).where(c.id.in_(people), c.died_on.is_(None))))

    def hold_families(self, elders: Some[str]) -> Sequence[Kinship]:
        """Load what these elders let whom do, and their kinships, in two statements; this unit then asks no more."""
        found = select(Consent).where(t.consents.c.elder_id.in_(elders), t.consents.c.revoked_at.is_(None))
        self._consents = {elder: [] for elder in elders}
        for consent in self._session.scalars(found):
            self._consents[consent.elder_id].append(consent)
        return self._session.scalars(select(Kinship).where(t.kinships.c.elder_id.in_(elders))).all()

    def get(self, person_id: str) -> Person | None:
        return self._session.get(Person, person_id)

    def by_handle(self, handle: str) -> Person | None:
        return self._session.scalar(select(Person).where(t.persons.c.handle == handle))

    def by_phone(self, phone: str) -> Person | None:
        return self._session.scalar(select(Person).where(t.persons.c.phone == phone))

    def with_handles(self) -> Sequence[Person]:
        """Those who have a name to sign in by: the demo's people."""
        found = select(Person).where(t.persons.c.handle.is_not(None)).order_by(t.persons.c.id)
        return self._session.scalars(found).all()

    def at_home(self, person_id: str) -> tuple[Person, District | None] | None:
        """Somebody and the district in which they live."""
        found = (
            select(Person, District)
            .outerjoin(District, t.districts.c.id == t.persons.c.district_id)
            .where(t.persons.c.id == person_id)
        )
        row = self._session.execute(found).one_or_none()
        return None if row is None else (row[0], row[1])

    def any(self) -> bool:
        """Whether there is anybody at all."""
        return self._session.scalar(select(t.persons.c.id).limit(1)) is not None

    def with_roles(self, *roles: Role) -> Sequence[Person]:
        """The staff with one of these roles, in a fixed order."""
        found = select(Person).where(t.persons.c.role.in_(roles)).order_by(t.persons.c.id)
        return self._session.scalars(found).all()

    def elders_of(self, relative_id: str) -> list[tuple[Kinship, Person]]:
        """Those for whom this person is a relative, with what they are to them."""
        found = (
            select(Kinship, Person)
            .join(Person, t.persons.c.id == t.kinships.c.elder_id)
            .where(t.kinships.c.relative_id == relative_id)
            .order_by(t.kinships.c.rank, t.persons.c.id)
        )
        return [(kinship, person) for kinship, person in self._session.execute(found)]

    def relatives_of(self, elder_id: str) -> list[tuple[Kinship, Person]]:
        """The relatives of an elder in the order in which they are alerted."""
        found = (
            select(Kinship, Person)
            .join(Person, t.persons.c.id == t.kinships.c.relative_id)
            .where(t.kinships.c.elder_id == elder_id)
            .order_by(t.kinships.c.rank, t.persons.c.id)
        )
        return [(kinship, person) for kinship, person in self._session.execute(found)]

    def kinship(self, elder_id: str, relative_id: str) -> Kinship | None:
        return self._session.get(Kinship, (elder_id, relative_id))

    def consents(self, elder_id: str, relative_id: str, moment: datetime) -> dict[Scope, Consent]:
        """What the elder lets this relative do at this moment."""
        if elder_id in self._consents:
            held = (one for one in self._consents[elder_id] if one.relative_id == relative_id)
            return {one.scope: one for one in held if one.holds_at(moment)}
        found = select(Consent).where(
            t.consents.c.elder_id == elder_id,
            t.consents.c.relative_id == relative_id,
            t.consents.c.revoked_at.is_(None),
            or_(t.consents.c.expires_at.is_(None), t.consents.c.expires_at > moment),
        )
        return {c.scope: c for c in self._session.scalars(found) if c.holds_at(moment)}

    def consents_of(self, elder_id: str) -> Sequence[Consent]:
        """Every consent that the elder ever gave."""
        found = select(Consent).where(t.consents.c.elder_id == elder_id).order_by(t.consents.c.granted_at)
        return self._session.scalars(found).all()

    def uses_of(self, elder_id: str, limit: int = 50) -> Sequence[ConsentUse]:
        """The newest lines of the log of use."""
        found = (
            select(ConsentUse)
            .where(t.consent_uses.c.elder_id == elder_id)
            .order_by(t.consent_uses.c.id.desc())
            .limit(limit)
        )
        return self._session.scalars(found).all()

    def city(self, city_id: str) -> City | None:
        return self._session.get(City, city_id)

    def city_named(self, name: str) -> City | None:
        return self._session.scalar(select(City).where(t.cities.c.name == name))

    def district(self, district_id: str) -> District | None:
        return self._session.get(District, district_id)

    def districts(self, city_id: str) -> Sequence[District]:
        found = select(District).where(t.districts.c.city_id == city_id).order_by(t.districts.c.id)
        return self._session.scalars(found).all()
