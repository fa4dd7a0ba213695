"""The tables, by topic."""

from __future__ import annotations

from domain.store.tables.base import facts, metadata
from domain.store.tables.benefits import (
    assessments,
    balances,
    benefits,
    cases,
    enrolments,
    entries,
    grant_people,
    grants,
    plans,
)
from domain.store.tables.bookings import (
    booking_events,
    bookings,
    occupants,
)
from domain.store.tables.broadcasts import (
    broadcast_events,
    broadcast_recipients,
    broadcast_runs,
    broadcasts,
)
from domain.store.tables.conversations import (
    alerts,
    buttons,
    conversations,
    messages,
    ticket_events,
    tickets,
)
from domain.store.tables.desk import (
    complaints,
    duties,
    helped,
    ticket_notes,
)
from domain.store.tables.desk_door import (
    desk_access,
    desk_acts,
    desk_sessions,
)
from domain.store.tables.doors import (
    accounts,
    calendar_links,
    codes,
    consent_requests,
    deliveries,
    door_senders,
    invitations,
)
from domain.store.tables.incidents import incident_lines
from domain.store.tables.people import (
    cities,
    consent_uses,
    consents,
    districts,
    kinships,
    persons,
)
from domain.store.tables.providers import (
    absences,
    certificates,
    offerings,
    provider_districts,
    providers,
    rooms,
    shifts,
    site_hours,
    sites,
    staff,
    staff_districts,
)
from domain.store.tables.ready_answers import ready_answers
from domain.store.tables.reminders import (
    notice_changes,
    notices,
    reminder_attempts,
    reminder_instances,
    reminder_rules,
)
from domain.store.tables.series import (
    series,
    series_visits,
)
from domain.store.tables.surveys import (
    survey_answers,
    surveys,
)
from domain.store.tables.topics import (
    sent_files,
    topic_posts,
    topics,
)
from domain.store.tables.visits import (
    sweeps,
    visit_corrections,
    visit_events,
    visit_photos,
    visits,
)
from domain.store.tables.waiting import (
    freed_times,
    join_checks,
    waits,
)

__all__ = [
    "absences",
    "accounts",
    "alerts",
    "assessments",
    "balances",
    "benefits",
    "booking_events",
    "bookings",
    "broadcast_events",
    "broadcast_recipients",
    "broadcast_runs",
    "broadcasts",
    "buttons",
    "calendar_links",
    "cases",
    "certificates",
    "cities",
    "codes",
    "complaints",
    "consent_requests",
    "consent_uses",
    "consents",
    "conversations",
    "deliveries",
    "desk_access",
    "desk_acts",
    "desk_sessions",
    "districts",
    "door_senders",
    "duties",
    "enrolments",
    "entries",
    "facts",
    "freed_times",
    "grant_people",
    "grants",
    "helped",
    "incident_lines",
    "invitations",
    "join_checks",
    "kinships",
    "messages",
    "metadata",
    "notice_changes",
    "notices",
    "occupants",
    "offerings",
    "persons",
    "plans",
    "provider_districts",
    "providers",
    "ready_answers",
    "reminder_attempts",
    "reminder_instances",
    "reminder_rules",
    "rooms",
    "sent_files",
    "series",
    "series_visits",
    "shifts",
    "site_hours",
    "sites",
    "staff",
    "staff_districts",
    "survey_answers",
    "surveys",
    "sweeps",
    "ticket_events",
    "ticket_notes",
    "tickets",
    "topic_posts",
    "topics",
    "visit_corrections",
    "visit_events",
    "visit_photos",
    "visits",
    "waits",
]
