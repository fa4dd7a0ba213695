"""The tables. Names of constraints are fixed so that migrations can find them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from domain.benefits import EntryKind
from domain.bookings import OCCUPYING, Status
from domain.conversations import Speaker, State
from domain.people import Role, Scope
from domain.store.columns import Json, Utc, Word
from domain.tickets import Priority, TicketState

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = String(40)
_OCCUPYING = text("status IN (" + ", ".join(f"'{s}'" for s in OCCUPYING) + ")")


def _id() -> Column[str]:
    return Column("id", Id, primary_key=True)


def _row() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[str]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=null, index=index)


facts = Table(
    "facts", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False)
)

cities = Table("cities", metadata, _id(), Column("name", String(40), nullable=False, unique=True))
districts = Table(
    "districts",
    metadata,
    _id(),
    _ref("city_id", "cities", index=True),
    Column("name", String(40), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("speed_kmh", Float, nullable=False),
)
persons = Table(
    "persons",
    metadata,
    _id(),
    Column("name", String(80), nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("handle", String(60), unique=True),
    Column("phone", String(20), unique=True),
    Column("born_on", Date),
    Column("gender", String(8)),
    _ref("city_id", "cities", null=True),
    _ref("district_id", "districts", null=True),
    Column("address", String(200)),
    Column("dialect", String(20)),
    Column("address_as", String(40)),
    Column("notes", Json, nullable=False),
    Column("created_at", Utc),
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
    _id(),
    _ref("elder_id", "persons"),
    _ref("relative_id", "persons", index=True),
    Column("scope", Word(Scope), nullable=False),
    Column("granted_at", Utc, nullable=False),
    Column("expires_at", Utc),
    Column("revoked_at", Utc),
    Index("ix_consents_pair", "elder_id", "relative_id", "scope"),
)
consent_uses = Table(
    "consent_uses",
    metadata,
    _row(),
    _ref("elder_id", "persons", index=True),
    _ref("actor_id", "persons"),
    Column("scope", Word(Scope), nullable=False),
    Column("action", String(60), nullable=False),
    Column("basis", String(60), nullable=False),
    Column("at", Utc, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    _id(),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
)
benefits = Table(
    "benefits",
    metadata,
    _id(),
    _ref("plan_id", "plans", index=True),
    Column("code", String(40), nullable=False),
    Column("name", String(80), nullable=False),
    Column("unit", String(12), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("period", String(12), nullable=False),
    Column("services", Json, nullable=False),
    Column("channels", Json, nullable=False),
    Column("cities", Json),
    Column("wait_days", Integer, nullable=False),
    Column("gap_days", Integer, nullable=False),
    Column("copay_cents", Integer, nullable=False),
    Column("shared_with", String(12), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("min_age", Integer),
    CheckConstraint("amount >= 0", name="amount"),
)
enrolments = Table(
    "enrolments",
    metadata,
    _id(),
    _ref("person_id", "persons", index=True),
    _ref("plan_id", "plans"),
    Column("starts_on", Date, nullable=False),
    Column("ends_before", Date, nullable=False),
    CheckConstraint("starts_on < ends_before", name="term"),
)
grants = Table(
    "grants",
    metadata,
    _id(),
    _ref("benefit_id", "benefits"),
    _ref("holder_id", "persons"),
    _ref("enrolment_id", "enrolments", index=True),
    Column("amount", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_before", Date, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    # One grant per benefit, period and enrolment: enrolling twice grants once.
    UniqueConstraint("enrolment_id", "benefit_id", "starts_on"),
    CheckConstraint("amount >= 0", name="amount"),
)
grant_people = Table(
    "grant_people",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("grant_id", Id, ForeignKey("grants.id"), primary_key=True, index=True),
)
entries = Table(
    "entries",
    metadata,
    _row(),
    _ref("grant_id", "grants", index=True),
    Column("kind", Word(EntryKind), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("at", Utc, nullable=False),
    Column("booking_id", Id, index=True),
    Column("actor_id", Id),
    Column("reason", String(60)),
    CheckConstraint("amount > 0 OR kind = 'adjust'", name="amount"),
)
balances = Table(
    "balances",
    metadata,
    Column("grant_id", Id, ForeignKey("grants.id"), primary_key=True),
    Column("allowed", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    CheckConstraint("held >= 0 AND used >= 0 AND held + used <= allowed", name="left"),
)

providers = Table(
    "providers",
    metadata,
    _id(),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("status", String(12), nullable=False),
)
offerings = Table(
    "offerings",
    metadata,
    _id(),
    _ref("provider_id", "providers", index=True),
    Column("service", String(40), nullable=False),
    Column("channel", String(8), nullable=False),
    _ref("city_id", "cities"),
    Column("price_cents", Integer, nullable=False),
    UniqueConstraint("provider_id", "service", "channel", "city_id"),
    Index("ix_offerings_wish", "city_id", "service", "channel"),
)
sites = Table(
    "sites",
    metadata,
    _id(),
    _ref("provider_id", "providers", index=True),
    _ref("city_id", "cities", index=True),
    _ref("district_id", "districts"),
    Column("name", String(80), nullable=False),
    Column("address", String(200), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("phone", String(20)),
)
site_hours = Table(
    "site_hours",
    metadata,
    _row(),
    _ref("site_id", "sites", index=True),
    Column("weekday", Integer, nullable=False),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    CheckConstraint("opens < closes", name="order"),
)
rooms = Table(
    "rooms",
    metadata,
    _id(),
    _ref("site_id", "sites", index=True),
    Column("name", String(40), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("services", Json, nullable=False),
    CheckConstraint("capacity > 0", name="capacity"),
)
staff = Table(
    "staff",
    metadata,
    _id(),
    _ref("provider_id", "providers", index=True),
    Column("name", String(80), nullable=False),
    Column("gender", String(8), nullable=False),
    _ref("city_id", "cities", index=True),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("dialects", Json, nullable=False),
    _ref("person_id", "persons", null=True),
)
certificates = Table(
    "certificates",
    metadata,
    _id(),
    _ref("staff_id", "staff", index=True),
    Column("kind", String(40), nullable=False),
    Column("number", String(40), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("grade", String(20)),
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
    _row(),
    _ref("staff_id", "staff", index=True),
    Column("weekday", Integer, nullable=False),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    CheckConstraint("starts < ends", name="order"),
)
absences = Table(
    "absences",
    metadata,
    _row(),
    _ref("staff_id", "staff", index=True),
    Column("begin", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("reason", String(60), nullable=False),
)


def _occupied(name: str, column: str) -> Index:
    """The index that the guards against overlaps walk: only rows that stand on somebody's time."""
    return Index(name, column, "begin", sqlite_where=_OCCUPYING, postgresql_where=_OCCUPYING)


bookings = Table(
    "bookings",
    metadata,
    _id(),
    Column("number", String(12), nullable=False, unique=True),
    _ref("member_id", "persons"),
    _ref("booked_by", "persons"),
    Column("service", String(40), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("begin", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("created_at", Utc, nullable=False),
    _ref("provider_id", "providers"),
    _ref("staff_id", "staff", null=True),
    Column("staff_from", Utc),
    Column("staff_until", Utc),
    _ref("site_id", "sites", null=True),
    _ref("room_id", "rooms", null=True),
    Column("address", String(200)),
    Column("join_url", String(200)),
    _ref("grant_id", "grants", null=True),
    Column("amount", Integer, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("occupies_member", Boolean, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("hold_until", Utc),
    Column("cancel_reason", String(60)),
    Column("version", Integer, nullable=False),
    # Without both ends a member of staff would stand on nobody's time.
    CheckConstraint('"begin" < "end"', name="order"),
    CheckConstraint(
        "staff_id IS NULL OR (staff_from IS NOT NULL AND staff_until IS NOT NULL AND staff_from < staff_until)",
        name="staff_time",
    ),
    CheckConstraint("status <> 'held' OR hold_until IS NOT NULL", name="hold"),
    Index("ix_bookings_member", "member_id", "begin"),
    _occupied("ix_bookings_staff", "staff_id"),
    _occupied("ix_bookings_room", "room_id"),
    Index(
        "ix_bookings_holds",
        "hold_until",
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
)
booking_events = Table(
    "booking_events",
    metadata,
    _row(),
    _ref("booking_id", "bookings", index=True),
    Column("kind", String(20), nullable=False),
    Column("at", Utc, nullable=False),
    _ref("actor_id", "persons"),
    Column("detail", Json, nullable=False),
)
# One row for each member of staff, room and elder with a booking. Its update makes transactions that want
# the same one wait for each other on PostgreSQL, at every isolation level (see guards.py).
occupants = Table(
    "occupants",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, unique=True),
    Column("owner", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("topics", Json, nullable=False),
)
messages = Table(
    "messages",
    metadata,
    _row(),
    _ref("conversation_id", "conversations"),
    Column("direction", String(4), nullable=False),
    Column("speaker", Word(Speaker), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("state", Word(State), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("author_id", Id),
    Column("reply_to", Integer, index=True),
    Column("payload", Json, nullable=False),
    Column("pushed", Boolean, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("owner_version", Integer),
    Column("sent_at", Utc),
    Column("reason", String(60)),
    Index("ix_messages_conversation", "conversation_id", "id"),
    Index(
        "ix_messages_open",
        "id",
        sqlite_where=text("state IN ('received','queued')"),
        postgresql_where=text("state IN ('received','queued')"),
    ),
)
buttons = Table(
    "buttons",
    metadata,
    _id(),
    _ref("conversation_id", "conversations"),
    Column("message_key", String(160), nullable=False, index=True),
    Column("title", String(80), nullable=False),
    Column("action", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("pressed_at", Utc),
    Column("once", Boolean, nullable=False),
)
tickets = Table(
    "tickets",
    metadata,
    _id(),
    Column("number", String(12), nullable=False, unique=True),
    _ref("member_id", "persons", index=True),
    _ref("conversation_id", "conversations", index=True),
    Column("queue", String(8), nullable=False),
    Column("topic", String(40), nullable=False),
    Column("priority", Word(Priority), nullable=False),
    Column("state", Word(TicketState), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("first_reply_due", Utc, nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("opened_by", Id, nullable=False),
    Column("card", Json, nullable=False),
    _ref("owner_id", "persons", null=True),
    Column("first_reply_at", Utc),
    Column("closed_at", Utc),
    Column("outcome", Text),
    Column("version", Integer, nullable=False),
    Index("ix_tickets_queue", "queue", "state"),
)
ticket_events = Table(
    "ticket_events",
    metadata,
    _row(),
    _ref("ticket_id", "tickets", index=True),
    Column("kind", String(20), nullable=False),
    Column("at", Utc, nullable=False),
    Column("actor_id", Id),
    Column("detail", Json, nullable=False),
)
alerts = Table(
    "alerts",
    metadata,
    _id(),
    _ref("ticket_id", "tickets", index=True),
    _ref("recipient_id", "persons", index=True),
    Column("message_key", String(160), nullable=False, index=True),
    Column("created_at", Utc, nullable=False),
    Column("delivered_at", Utc),
    Column("acknowledged_at", Utc),
)
