"""The waiting list: a time that somebody gives up is offered to one person for ten minutes, then to the next.

An offer is a held booking, so the database itself sees to it that nobody else has the same time. Who is next is worked
out by the tick, from rows with a due time, each taken by one worker.
"""

from __future__ import annotations

from actions import needs
from actions.book import Order, confirm, hold, lapse, release
from actions.family import permit
from actions.find_times import Ask, find_times
from actions.freed import LISTENERS, Freed
from actions.house import House
from actions.looking import CarerWish
from actions.say import Choice, press, put
from actions.whereabouts import where
from domain.bookings import BOOKED, Booking, Slot, Status
from domain.clock import local_day
from domain.conversations import Lane
from domain.errors import Exhausted, NotAllowed, NotFound, NotReady, Taken
from domain.ids import new_id
from domain.people import Person, Scope
from domain.store import Unit
from domain.waiting import OFFER_FOR, FreedTime, Wait, WaitState
from nlu.zh.say import say_day, say_when

# How many are served in one tick; the rest in the next.
_AT_ONCE = 50


def queue_up(house: House, unit: Unit, actor: Person, ask: Ask, key: str, *, self_pay: bool = False) -> Wait:
    """Put somebody on the list for what they asked for. The same wish a second time is the first.

    Raises NotReady where something must be there before, NotAllowed or NotFound where the actor may not book for the
    member.
    """
    member, service, channel, window = ask.member, ask.service, ask.channel, ask.window
    permit(house, unit, actor, member.id, Scope.BOOK, f"wait:{service.code}")
    done = unit.waiting.by_key(key)
    if done is not None:
        return done
    for wait in unit.waiting.open_of(member.id, service.code):
        if wait.channel == channel and (wait.begin, wait.end) == window:
            return wait
    assert member.city_id is not None
    needs.check(house, unit, member, service.code, local_day(window[0]))
    now = house.now()
    wait = Wait(
        id=new_id("wt"),
        key=key,
        member_id=member.id,
        asked_by=actor.id,
        city_id=member.city_id,
        service=service.code,
        channel=channel,
        begin=window[0],
        end=window[1],
        closes_at=max(now, window[1] - service.notice),
        created_at=now,
        self_pay=self_pay,
        gender=ask.wish.gender,
        dialect=ask.wish.dialect,
    )
    unit.waiting.add(wait)
    unit.flush()
    return wait


def on_freed(house: House, unit: Unit, given: Freed) -> None:
    """A time was given up: have it offered, if anybody waits for one like it."""
    offered = unit.waiting.time_of(given.booking_id)
    if offered is not None:
        offered.due_at = house.now()
        return
    member = unit.people.get(given.member_id)
    if member is None or member.city_id is None:
        return
    if not unit.waiting.queue(member.city_id, given.channel, given.slot.begin, given.slot.end, limit=1):
        return
    unit.waiting.add(
        FreedTime(
            id=new_id("ft"),
            city_id=member.city_id,
            channel=given.channel,
            begin=given.slot.begin,
            end=given.slot.end,
            due_at=house.now(),
            created_at=house.now(),
        )
    )


LISTENERS.append(on_freed)


def work_off(house: House) -> int:
    """One helping of what is due: offers made and passed on, waits whose window is over. Returns how many."""
    with house.store.read() as unit:
        due = unit.waiting.next_due()
    if due is None or due > house.now():
        return 0
    done = 0
    while done < _AT_ONCE:
        with house.store.write() as unit:
            freed = unit.waiting.due_time(house.now())
            if freed is None:
                break
            _step(house, unit, freed)
            done += 1
    with house.store.write() as unit:
        for wait in unit.waiting.closing(house.now()):
            if unit.waiting.change(wait, WaitState.OVER):
                _push(house, unit, wait, "wait_over", f"{wait.id}:over", _again(house, unit, wait))
            done += 1
    return done


def _step(house: House, unit: Unit, freed: FreedTime) -> None:
    """Look what became of the offer that stands, and make the next; who is not to be disturbed now is asked later."""
    freed.due_at = None
    if freed.booking_id is not None and not _passed(house, unit, freed):
        return
    later = []
    for wait in unit.waiting.queue(freed.city_id, freed.channel, freed.begin, freed.end):
        if wait.id in freed.tried:
            continue
        quiet_until = unit.reminders.notices(wait.asked_by).quiet(house.calendar).until(house.now())
        if quiet_until is not None:
            later.append(quiet_until)
        elif _offer(house, unit, freed, wait):
            return
    # Whoever would be asked after it has begun has nothing of it.
    freed.due_at = min((moment for moment in later if moment < freed.begin), default=None)


def _passed(house: House, unit: Unit, freed: FreedTime) -> bool:
    """Whether the offer that stands is over without a yes; if not, nothing more is to be done now."""
    assert freed.booking_id is not None
    booking = unit.bookings.locked(freed.booking_id)
    if booking is not None and booking.status in BOOKED:
        return False
    if booking is not None and booking.status is Status.HELD:
        if booking.hold_until is not None and booking.hold_until > house.now():
            freed.due_at = booking.hold_until
            return False
        lapse(house, unit, booking)
        freed.due_at = None
    wait = unit.waiting.get(freed.wait_id or "")
    if wait is not None and wait.state is WaitState.OFFERED and unit.waiting.change(wait, WaitState.WAITING):
        _push(house, unit, wait, "wait_passed", f"{freed.booking_id}:passed")
    freed.booking_id = freed.wait_id = None
    return True


def _offer(house: House, unit: Unit, freed: FreedTime, wait: Wait) -> bool:
    """Hold the freed time for this one and tell them; False where there is nothing in it for them."""
    freed.tried = [*freed.tried, wait.id]
    member, asker = unit.people.get(wait.member_id), unit.people.get(wait.asked_by)
    service = house.catalogue.service(wait.service)
    assert member is not None
    assert asker is not None
    slot = _slot_in(house, unit, freed, wait, member)
    if slot is None:
        return False
    order = Order(asker, member, service, wait.channel, slot, self_pay=wait.self_pay)
    try:
        with unit.attempt():
            booking, _ = hold(house, unit, order, f"{wait.id}:{freed.id}", OFFER_FOR)
            if booking is None or not unit.waiting.change(wait, WaitState.OFFERED, booking_id=booking.id):
                raise Exhausted
    except (Taken, Exhausted, NotReady):
        return False
    except (NotAllowed, NotFound):
        # The consent under which somebody waited for another is gone.
        unit.waiting.change(wait, WaitState.OVER)
        return False
    freed.wait_id, freed.booking_id, freed.due_at = wait.id, booking.id, booking.hold_until
    _push_offer(house, unit, wait, booking, member)
    return True


def _slot_in(house: House, unit: Unit, freed: FreedTime, wait: Wait, member: Person) -> Slot | None:
    service = house.catalogue.service(wait.service)
    window = max(freed.begin, wait.begin), min(freed.end, wait.end)
    wish = CarerWish(wait.gender, wait.dialect)
    ask = Ask(
        member, service, wait.channel, window, freed.begin if freed.begin >= wait.begin else None, wish=wish
    )
    return next(iter(find_times(house, unit, ask, limit=1)), None)


def accept(house: House, unit: Unit, actor: Person, booking_id: str) -> Booking:
    """Take what was offered; after the ten minutes too, if it is still free. Raises as `confirm` does."""
    booking = confirm(house, unit, actor, booking_id)
    wait = unit.waiting.by_booking(booking_id)
    if wait is not None:
        unit.waiting.change(wait, WaitState.TAKEN, booking_id=booking_id)
    else:
        for other in unit.waiting.open_of(booking.member_id, booking.service):
            if other.channel == booking.channel and other.begin <= booking.begin < other.end:
                unit.waiting.change(other, WaitState.TAKEN)
    return booking


def decline(house: House, unit: Unit, actor: Person, booking_id: str) -> None:
    """Let an offer go to the next; the wait goes on for another time. Raises NotFound for somebody else's offer."""
    wait = unit.waiting.by_booking(booking_id)
    if wait is None or wait.asked_by != actor.id:
        raise NotFound(booking_id)
    unit.waiting.change(wait, WaitState.WAITING)
    release(house, unit, booking_id)


def leave_queue(house: House, unit: Unit, actor: Person, wait_id: str) -> None:
    """Wait no longer. Raises NotFound for somebody else's wait."""
    wait = unit.waiting.get(wait_id)
    if wait is None or actor.id not in (wait.asked_by, wait.member_id):
        raise NotFound(wait_id)
    held = wait.booking_id
    if unit.waiting.change(wait, WaitState.LEFT) and held is not None:
        release(house, unit, held)


def _push_offer(house: House, unit: Unit, wait: Wait, booking: Booking, member: Person) -> None:
    asker = unit.people.get(wait.asked_by)
    assert asker is not None
    text = house.words.say(
        "wait_offer",
        who="" if asker.id == member.id else f"给{member.name}",
        service=house.catalogue.service(wait.service).name,
        when=say_when(booking.begin, house.now()),
        where=where(house, unit, booking),
    )
    choices = [
        Choice(house.words.say("button_wait_yes"), press("inform", choice=f"wait_yes:{booking.id}")),
        Choice(house.words.say("button_wait_no"), press("inform", choice=f"wait_no:{booking.id}")),
    ]
    put(
        unit,
        unit.conversations.of(asker.id),
        text,
        key=f"{booking.id}:offer",
        now=house.now(),
        choices=choices,
    )


def _push(
    house: House, unit: Unit, wait: Wait, name: str, key: str, choices: list[Choice] | None = None
) -> None:
    quiet = unit.reminders.notices(wait.asked_by).quiet(house.calendar)
    text = house.words.say(
        name,
        service=house.catalogue.service(wait.service).name,
        day=say_day(local_day(wait.begin), house.today()),
    )
    put(
        unit,
        unit.conversations.of(wait.asked_by),
        text,
        key=key,
        now=house.now(),
        choices=choices or (),
        lane=Lane.REMINDER,
        not_before=quiet.until(house.now()),
    )


def _again(house: House, unit: Unit, wait: Wait) -> list[Choice]:
    facts = {"service": wait.service, "channel": wait.channel}
    kinship = unit.people.kinship(wait.member_id, wait.asked_by)
    if kinship is not None:
        facts["person"] = kinship.relation
    return [
        Choice(house.words.say("button_other_day"), press("book_service", **facts), once=False),
        Choice(house.words.say("button_human"), press("request_human", choice="no_time"), once=False),
    ]
