"""Certificates: one that has lapsed or was taken away takes its owner out of every later visit; one that will is told.

A sweep every six hours looks over them; whoever moves the sweep's row on does it, so that any number of processes may try.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import structlog

from actions.house import House
from actions.replan import replan
from actions.scores import tell_supervisor
from domain import standards
from domain.bookings import Status
from domain.clock import local_day
from domain.store import Unit

log = structlog.get_logger()
SWEEP, EVERY = "certificates", timedelta(hours=6)
WARN_BEFORE = timedelta(days=30)


def work_off(house: House) -> int:
    """Sweep, if it is due; returns how many visits were planned anew."""
    now = house.now()
    with house.store.read() as unit:
        due = unit.visits.next_sweep(SWEEP)
    if due is not None and due > now:
        return 0
    with house.store.write() as unit:
        if not unit.visits.take_sweep(SWEEP, now, _following(now)):
            return 0
    return sweep(house)


def next_due(unit: Unit) -> datetime | None:
    """When the next sweep is due."""
    return unit.visits.next_sweep(SWEEP)


def _following(now: datetime) -> datetime:
    """Six hours on from the last full hour; with the fixed hours of Shanghai one of them is midnight."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour + EVERY - timedelta(hours=(hour.hour + 8) % 6)


def sweep(house: House) -> int:
    """Plan anew what somebody is no longer certified for, and warn of what will lapse; returns how many were planned."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for code, standard in standards.load().items():
        kinds[standard.certificate].append(code)
    planned = 0
    for kind, services in kinds.items():
        with house.store.read() as unit:
            found = [booking.id for booking in unit.visits.uncertified(kind, services, house.now())]
        for booking_id in found:
            try:
                planned += _plan(house, booking_id, kind)
            except Exception as error:  # six hours on it is looked at again; the others' are looked at now
                log.error(
                    "booking_not_replanned", booking=booking_id, error=type(error).__name__, exc_info=error
                )
    with house.store.write() as unit:
        warn(house, unit)
    return planned


def _plan(house: House, booking_id: str, kind: str) -> int:
    """One booking, in a transaction of its own: one that can not be planned does not keep back the others."""
    with house.store.write() as unit:
        booking = unit.bookings.locked(booking_id)
        if booking is None or booking.status is not Status.CONFIRMED or booking.staff_id is None:
            return 0
        if unit.visits.certified_on(booking.staff_id, kind, local_day(booking.begin)) is not None:
            return 0
        replan(house, unit, booking, "certificate", booking.booked_by)
    return 1


def warn(house: House, unit: Unit) -> int:
    """One ticket for the supervisor about the certificates that end within thirty days; each is told of once."""
    today = house.today()
    found = unit.visits.lapsing(today, today + WARN_BEFORE)
    for certificate, _ in found:
        certificate.warned_at = house.now()
    if found:
        lines = [f"{member.name} {c.kind} {c.number} {c.valid_until}" for c, member in found]
        task = {"say": house.words.say("certificates_lapsing", count=len(found)), "list": "\n".join(lines)}
        key = f"certificates:{found[0][0].id}:{today}"
        tell_supervisor(house, unit, f"certificates:{today}", key, task)
    return len(found)
