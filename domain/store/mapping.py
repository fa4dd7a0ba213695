"""Joins the pure classes of `domain` to the tables. Imported once, by the engine."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.orm import registry

from domain import (
    benefits,
    bookings,
    conversations,
    desk,
    doors,
    notices,
    people,
    providers,
    reminders,
    series,
    tickets,
    topics,
    visits,
    waiting,
)
from domain.store import tables as t

_PAIRS: tuple[tuple[type, Table], ...] = (
    (people.City, t.cities),
    (people.District, t.districts),
    (people.Person, t.persons),
    (people.Kinship, t.kinships),
    (people.Consent, t.consents),
    (people.ConsentUse, t.consent_uses),
    (benefits.Plan, t.plans),
    (benefits.Benefit, t.benefits),
    (benefits.Enrolment, t.enrolments),
    (benefits.Grant, t.grants),
    (benefits.Entry, t.entries),
    (benefits.Balance, t.balances),
    (benefits.Case, t.cases),
    (benefits.Assessment, t.assessments),
    (providers.Provider, t.providers),
    (providers.Offering, t.offerings),
    (providers.Site, t.sites),
    (providers.SiteHours, t.site_hours),
    (providers.Room, t.rooms),
    (providers.Staff, t.staff),
    (providers.Certificate, t.certificates),
    (providers.Shift, t.shifts),
    (providers.Absence, t.absences),
    (bookings.Booking, t.bookings),
    (bookings.BookingEvent, t.booking_events),
    (conversations.Conversation, t.conversations),
    (conversations.Message, t.messages),
    (conversations.Button, t.buttons),
    (doors.Account, t.accounts),
    (doors.Delivery, t.deliveries),
    (doors.Code, t.codes),
    (doors.Invitation, t.invitations),
    (doors.CalendarLink, t.calendar_links),
    (doors.ConsentRequest, t.consent_requests),
    (series.Series, t.series),
    (series.SeriesVisit, t.series_visits),
    (tickets.Ticket, t.tickets),
    (tickets.TicketEvent, t.ticket_events),
    (tickets.Alert, t.alerts),
    (tickets.Note, t.ticket_notes),
    (tickets.Complaint, t.complaints),
    (tickets.Helped, t.helped),
    (desk.Duty, t.duties),
    (topics.Topic, t.topics),
    (topics.Sent, t.sent_files),
    (visits.Visit, t.visits),
    (visits.VisitEvent, t.visit_events),
    (visits.Correction, t.visit_corrections),
    (visits.Photo, t.visit_photos),
    (waiting.Wait, t.waits),
    (waiting.FreedTime, t.freed_times),
    (waiting.JoinCheck, t.join_checks),
    (reminders.Rule, t.reminder_rules),
    (reminders.Instance, t.reminder_instances),
    (reminders.Attempt, t.reminder_attempts),
    (notices.Notices, t.notices),
    (notices.NoticeChange, t.notice_changes),
)

mapper = registry(metadata=t.metadata)
for _kind, _table in _PAIRS:
    mapper.map_imperatively(_kind, _table)
