"""People, where they live, who is whose kin, and what they agreed to."""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, String, Table, text

from domain.people import Role, Scope
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number

cities = Table("cities", metadata, identifier(), Column("name", String(40), nullable=False, unique=True))
districts = Table(
    "districts",
    metadata,
    identifier(),
    ref("city_id", "cities", index=True),
    Column("name", String(40), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("speed_kmh", Float, nullable=False),
)
persons = Table(
    "persons",
    metadata,
    identifier(),
    Column("name", String(80), nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("handle", String(60), unique=True),
    Column("phone", String(20), unique=True),
    Column("born_on", Date),
    Column("gender", String(8)),
    ref("city_id", "cities", null=True),
    ref("district_id", "districts", null=True),
    Column("address", String(200)),
    Column("lat", Float),
    Column("lon", Float),
    Column("dialect", String(20)),
    Column("address_as", String(40)),
    Column("notes", Json, nullable=False),
    Column("created_at", Utc),
    Column("logins_since", Utc),
    Column("died_on", Date),
    Column("external_no", String(40)),
    Index("ix_persons_external_no", "external_no", unique=True),
    Index(
        "ix_persons_staff",
        "role",
        sqlite_where=text("role <> 'member'"),
        postgresql_where=text("role <> 'member'"),
    ),
)
kinships = Table(
    "kinships",
    metadata,
    Column("elder_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("relative_id", Id, ForeignKey("persons.id"), primary_key=True, index=True),
    Column("relation", String(20), nullable=False),
    Column("rank", Integer, nullable=False),
)
consents = Table(
    "consents",
    metadata,
    identifier(),
    ref("elder_id", "persons"),
    ref("relative_id", "persons", index=True),
    Column("scope", Word(Scope), nullable=False),
    Column("granted_at", Utc, nullable=False),
    Column("expires_at", Utc),
    Column("revoked_at", Utc),
    Index("ix_consents_pair", "elder_id", "relative_id", "scope"),
)
consent_uses = Table(
    "consent_uses",
    metadata,
    row_number(),
    ref("elder_id", "persons", index=True),
    ref("actor_id", "persons"),
    Column("scope", Word(Scope), nullable=False),
    Column("action", String(60), nullable=False),
    Column("basis", String(60), nullable=False),
    Column("at", Utc, nullable=False),
)
