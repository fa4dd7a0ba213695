"""Providers, their sites and rooms, their staff with certificates, districts and shifts."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Time,
    UniqueConstraint,
)

from domain.store.columns import Json, Utc
from domain.store.tables.base import Id, identifier, metadata, ref, row_number

providers = Table(
    "providers",
    metadata,
    identifier(),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("status", String(12), nullable=False),
    Column("contract_from", Date),
    Column("contract_until", Date),
    Column("rating_sum", Integer, nullable=False, server_default="0"),
    Column("rating_count", Integer, nullable=False, server_default="0"),
    Column("visits_count", Integer, nullable=False, server_default="0"),
    Column("visits_in_time", Integer, nullable=False, server_default="0"),
)
# Where a provider works; one with no row here works wherever it has an offering.
provider_districts = Table(
    "provider_districts",
    metadata,
    Column("provider_id", Id, ForeignKey("providers.id"), primary_key=True),
    Column("district_id", Id, ForeignKey("districts.id"), primary_key=True),
)
offerings = Table(
    "offerings",
    metadata,
    identifier(),
    ref("provider_id", "providers", index=True),
    Column("service", String(40), nullable=False),
    Column("channel", String(8), nullable=False),
    ref("city_id", "cities"),
    Column("price_cents", Integer, nullable=False),
    Column("join", String(200)),
    UniqueConstraint("provider_id", "service", "channel", "city_id"),
    Index("ix_offerings_wish", "city_id", "service", "channel"),
)
sites = Table(
    "sites",
    metadata,
    identifier(),
    ref("provider_id", "providers", index=True),
    ref("city_id", "cities", index=True),
    ref("district_id", "districts"),
    Column("name", String(80), nullable=False),
    Column("address", String(200), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("phone", String(20)),
    Column("external_no", String(40)),
    Index("ix_sites_external_no", "provider_id", "external_no", unique=True),
)
site_hours = Table(
    "site_hours",
    metadata,
    row_number(),
    ref("site_id", "sites", index=True),
    Column("weekday", Integer, nullable=False),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    CheckConstraint("opens < closes", name="order"),
)
rooms = Table(
    "rooms",
    metadata,
    identifier(),
    ref("site_id", "sites", index=True),
    Column("name", String(40), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("services", Json, nullable=False),
    CheckConstraint("capacity > 0", name="capacity"),
)
staff = Table(
    "staff",
    metadata,
    identifier(),
    ref("provider_id", "providers", index=True),
    Column("name", String(80), nullable=False),
    Column("gender", String(8), nullable=False),
    ref("city_id", "cities", index=True),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("dialects", Json, nullable=False),
    ref("person_id", "persons", null=True),
    Column("daily_limit", Integer, nullable=False, server_default="8"),
    Column("external_no", String(40)),
    Column("rating_sum", Integer, nullable=False, server_default="0"),
    Column("rating_count", Integer, nullable=False, server_default="0"),
    Index("ix_staff_external_no", "provider_id", "external_no", unique=True),
)
certificates = Table(
    "certificates",
    metadata,
    identifier(),
    ref("staff_id", "staff", index=True),
    Column("kind", String(40), nullable=False),
    Column("number", String(40), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("grade", String(20)),
    Column("practised_since", Date),
    Column("warned_at", Utc),
    Index("ix_certificates_kind", "kind", "valid_until"),
)
staff_districts = Table(
    "staff_districts",
    metadata,
    Column("district_id", Id, ForeignKey("districts.id"), primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
)
shifts = Table(
    "shifts",
    metadata,
    row_number(),
    ref("staff_id", "staff", index=True),
    Column("weekday", Integer, nullable=False),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    CheckConstraint("starts < ends", name="order"),
)
absences = Table(
    "absences",
    metadata,
    row_number(),
    ref("staff_id", "staff", index=True),
    Column("begin", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("reason", String(60), nullable=False),
)
