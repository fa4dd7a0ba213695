"""What a person wants to hear of our own accord, and when: changed by talking, recorded, at once for what is to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.house import House
from actions.remind_plan import place
from domain.notices import NoticeChange, Notices
from domain.people import Person
from domain.quiet import DEFAULT, Window, together
from domain.store import Unit


def windows_of(notices: Notices) -> list[Window]:
    """The person's windows, the default where nothing was said."""
    if notices.windows is None:
        return list(DEFAULT)
    return [Window.read(row) for row in notices.windows]


def add_quiet(house: House, unit: Unit, actor: Person, more: Sequence[Window]) -> Notices:
    """More hours without messages; those of before stay."""
    notices = unit.reminders.notices(actor.id)
    notices.windows = [window.row() for window in together((*windows_of(notices), *more))]
    return _changed(house, unit, actor, notices, "quiet", windows=",".join(_short(w) for w in more))


def pause(house: House, unit: Unit, actor: Person, until: datetime) -> Notices:
    """Nothing that can wait until a moment."""
    notices = unit.reminders.notices(actor.id)
    notices.paused_from, notices.paused_until = house.now(), until
    return _changed(house, unit, actor, notices, "pause", until=until.isoformat())


def fewer(house: House, unit: Unit, actor: Person) -> Notices:
    """Only what is needed."""
    notices = unit.reminders.notices(actor.id)
    notices.fewer = True
    return _changed(house, unit, actor, notices, "fewer")


def unsubscribe(house: House, unit: Unit, actor: Person) -> Notices:
    """No broadcasts, from this moment on."""
    notices = unit.reminders.notices(actor.id)
    notices.broadcasts = False
    return _changed(house, unit, actor, notices, "unsubscribe")


def subscribe(house: House, unit: Unit, actor: Person) -> Notices:
    """Broadcasts again; everything else stays as it is."""
    notices = unit.reminders.notices(actor.id)
    notices.broadcasts = True
    return _changed(house, unit, actor, notices, "subscribe")


def not_to(house: House, unit: Unit, actor: Person) -> Notices:
    """Nobody else hears it any more, and the person herself does again."""
    notices = unit.reminders.notices(actor.id)
    notices.to_id, notices.own = None, True
    return _changed(house, unit, actor, notices, "not_to")


def send_to(house: House, unit: Unit, actor: Person, relative: Person, *, only: bool) -> Notices:
    """A relative hears what this person would; `only`: the person does not any more, but for what is urgent."""
    notices = unit.reminders.notices(actor.id)
    notices.to_id, notices.own = relative.id, not only
    return _changed(house, unit, actor, notices, "only_to" if only else "to", relative=relative.id)


def no_surveys(house: House, unit: Unit, actor: Person) -> Notices:
    """No question how it was, from this moment on."""
    notices = unit.reminders.notices(actor.id)
    notices.surveys = False
    return _changed(house, unit, actor, notices, "no_surveys")


def as_usual(house: House, unit: Unit, actor: Person) -> Notices:
    """Everything as for who never said anything."""
    notices = unit.reminders.notices(actor.id)
    notices.windows, notices.fewer, notices.broadcasts, notices.own = None, False, True, True
    notices.surveys = True
    notices.paused_from = notices.paused_until = notices.to_id = None
    return _changed(house, unit, actor, notices, "usual")


def _changed(house: House, unit: Unit, actor: Person, notices: Notices, what: str, **detail: str) -> Notices:
    now = house.now()
    notices.changed_at = now
    unit.reminders.add(
        notices,
        NoticeChange(person_id=notices.person_id, at=now, actor_id=actor.id, what=what, detail=detail),
    )
    unit.flush()
    for instance in unit.reminders.waiting_of(notices.person_id):
        place(house, unit, instance)
    unit.flush()
    return notices


def _short(window: Window) -> str:
    return "-".join(window.row().values())
