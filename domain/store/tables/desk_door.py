"""The desk's access, its logins, and the trail of what was done there."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from domain.store.columns import Json, Utc
from domain.store.tables.base import Id, identifier, metadata, ref, row_number

desk_access = Table(
    "desk_access",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("password", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Column("last_step", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Utc),
)
desk_sessions = Table(
    "desk_sessions",
    metadata,
    identifier(),
    Column("digest", String(64), nullable=False, unique=True),
    ref("person_id", "persons", index=True),
    Column("door", String(16), nullable=False),
    Column("begun_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("ended_by", Id),
)
# No key to tickets or people: what was tried is kept, whether there was such a thing or not.
desk_acts = Table(
    "desk_acts",
    metadata,
    row_number(),
    Column("at", Utc, nullable=False),
    Column("actor_id", Id),
    Column("what", String(60), nullable=False),
    Column("ticket_id", Id),
    Column("member_id", Id),
    Column("detail", Json, nullable=False),
    Index("ix_desk_acts_actor", "actor_id", "id"),
)
