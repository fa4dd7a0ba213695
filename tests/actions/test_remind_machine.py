"""Random histories of reminders: rules, time that jumps, moves, cancels, answers, wishes, restarts, workers side by side.

Every reminder that is due is said once or has its reason; none twice; none in a quiet window that is not urgent.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, time, timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from actions import remind, remind_plan
from actions.house import House
from actions.notices import pause
from actions.remind_answers import answered
from actions.remind_personal import Wish, change_reminder, set_reminder, stop_reminder
from actions.remind_visits import end_visit, plan_visit
from domain.bookings import BOOKED, Booking, Status
from domain.clock import FixedClock
from domain.errors import NotFound
from domain.people import Consent, Kinship, Person, Scope
from domain.quiet import DEFAULT, Window
from domain.recurrence import Recurrence
from domain.reminders import Instance, InstanceState, Outcome, Rule
from domain.sending import Reason
from domain.store import Store
from tests.actions.care import who
from tests.actions.reminded import booked_row
from tests.conftest import NOW

_worlds = count(1)
# How each occurrence of all histories ended, so that the test can say that it met everything.
STATES: Counter[str] = Counter()
_CHINESE = "RSCALE=CHINESE;FREQ="
_RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;BYHOUR=8;BYMINUTE=0",
    "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0",
    "FREQ=DAILY;X-CLOCKS=0730,1315,2200",
    "FREQ=DAILY;INTERVAL=2;BYHOUR=13;BYMINUTE=30",
    "FREQ=WEEKLY;BYDAY=TU,FR;BYHOUR=9;BYMINUTE=0",
    "FREQ=WEEKLY;BYDAY=WE",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    f"{_CHINESE}MONTHLY;BYMONTHDAY=1,15,30",
    f"{_CHINESE}YEARLY;BYMONTH=10;BYMONTHDAY=20",
    "FREQ=YEARLY;X-TERM=大雪",
)
WISHES = st.one_of(
    st.builds(
        lambda rule, medicine, days: Wish(
            "吃药" if medicine else "打电话",
            rule=rule,
            hour=Recurrence(rule, NOW.date()).named_hour,
            medicine=medicine,
            lead=timedelta(days=days),
        ),
        st.sampled_from(_RULES),
        st.booleans(),
        st.sampled_from([0, 0, 3]),
    ),
    st.builds(lambda minutes: (minutes,), st.integers(5, 4000)),
)
_WINDOWS = (
    None,
    [],
    [Window(time(20), time(9)).row()],
    [w.row() for w in (*DEFAULT, Window(time(9), time(11)))],
    # Hardly an hour of the day is left: what can come neither later nor earlier does not come.
    [Window(time(7), time(6)).row()],
)


class Reminded(RuleBasedStateMachine):
    """Two elders with one daughter, bookings that come and go, and a clock that only runs forward."""

    def __init__(self, house: House, clock: FixedClock) -> None:
        super().__init__()
        self.house, self.clock = house, clock
        clock.moment = NOW
        self.name, self.numbers, self.bookings = f"r{next(_worlds)}", count(1), []
        self.series: list[str] = []
        self.seen: set[str] = set()
        with house.store.write() as unit:
            self.people = [f"{self.name}{part}" for part in ("a", "b", "child")]
            for person_id in self.people:
                unit.people.add(Person(id=person_id, name=person_id, city_id="c1", district_id="d1"))
            unit.flush()
            for elder in self.people[:2]:
                unit.people.add(Kinship(elder_id=elder, relative_id=self.people[2], relation="mother"))
                unit.people.add(
                    Consent(
                        id=f"{elder}:see",
                        elder_id=elder,
                        relative_id=self.people[2],
                        scope=Scope.SEE_VISITS,
                        granted_at=NOW,
                    )
                )
            for person_id in self.people[1:]:
                unit.conversations.of(person_id)

    @rule(elder=st.integers(0, 1), hours=st.integers(1, 80), half=st.booleans())
    def book(self, elder: int, hours: int, half: bool) -> None:
        begin = self.clock.now() + timedelta(hours=hours, minutes=30 * half)
        number = next(self.numbers)
        with self.house.store.write() as unit:
            booking = booked_row(self.people[elder], f"{self.name}:{number}", begin)
            unit.bookings.add(booking)
            unit.flush()
            plan_visit(self.house, unit, booking)
        self.bookings.append(booking.id)

    @rule(person=st.integers(0, 2), wish=WISHES)
    def remind_me(self, person: int, wish) -> None:
        """A personal reminder, by a rule or once."""
        key = f"{self.name}:{next(self.numbers)}"
        with self.house.store.write() as unit, suppress(NotFound):
            actor = who(unit, self.people[person])
            set_reminder(self.house, unit, actor, actor, self.wish_at(wish), key)
            self.series.append(f"my:{key}")

    def wish_at(self, wish) -> Wish:
        if isinstance(wish, Wish):
            return wish
        return Wish("关火", once=self.clock.now() + timedelta(minutes=wish[0]))

    @precondition(lambda self: self.series)
    @rule(data=st.data(), wish=st.one_of(st.none(), WISHES))
    def stop_or_change(self, data, wish) -> None:
        with self.house.store.write() as unit, suppress(NotFound):
            latest = unit.reminders.latest(data.draw(st.sampled_from(self.series)))
            actor = who(unit, latest.person_id)
            if wish is None:
                stop_reminder(self.house, unit, actor, latest.id)
            else:
                key = f"{self.name}:{next(self.numbers)}"
                change_reminder(self.house, unit, actor, latest.id, self.wish_at(wish), key)

    def some(self, unit, data) -> Booking:
        booking = unit.bookings.locked(data.draw(st.sampled_from(self.bookings)))
        assert booking is not None
        return booking

    @precondition(lambda self: self.bookings)
    @rule(data=st.data(), hours=st.integers(-20, 60))
    def move(self, data, hours: int) -> None:
        with self.house.store.write() as unit:
            booking = self.some(unit, data)
            if booking.status in BOOKED:
                length = booking.end - booking.begin
                booking.begin = max(booking.begin + timedelta(hours=hours), self.house.now())
                booking.end = booking.begin + length
                unit.flush()
                plan_visit(self.house, unit, booking)

    @precondition(lambda self: self.bookings)
    @rule(data=st.data(), hooked=st.booleans())
    def cancel(self, data, hooked: bool) -> None:
        """Also where nobody told the reminders: it is found out when they are due."""
        with self.house.store.write() as unit:
            booking = self.some(unit, data)
            if booking.status in BOOKED:
                booking.status = Status.CANCELLED
                unit.flush()
                if hooked:
                    end_visit(self.house, unit, booking, Reason.CANCELLED)

    @precondition(lambda self: self.bookings)
    @rule(data=st.data())
    def answer(self, data) -> None:
        with self.house.store.write() as unit:
            said = [i for i in self.instances(unit) if i.message_key is not None]
            if said:
                one = data.draw(
                    st.sampled_from(sorted(said, key=lambda i: (i.planned_at, i.person_id, i.occurrence)))
                )
                answered(self.house, unit, who(unit, one.person_id), one.message_key or "")

    @rule(person=st.integers(0, 2), windows=st.sampled_from(_WINDOWS), fewer=st.booleans())
    def wish(self, person: int, windows, fewer: bool) -> None:
        with self.house.store.write() as unit:
            notices = unit.reminders.notices(self.people[person])
            unit.reminders.add(notices)
            notices.windows, notices.fewer = windows, fewer
            unit.flush()
            for instance in unit.reminders.waiting_of(self.people[person]):
                remind_plan.place(self.house, unit, instance)

    @rule(person=st.integers(0, 2), hours=st.integers(1, 60))
    def pauses(self, person: int, hours: int) -> None:
        """Nothing that can wait, for hours or for days; what is planned again and again goes on after it."""
        with self.house.store.write() as unit:
            until = self.house.now() + timedelta(hours=hours)
            pause(self.house, unit, who(unit, self.people[person]), until)

    @rule()
    def consent_ends(self) -> None:
        with self.house.store.write() as unit:
            for consent in unit.people.consents_of(self.people[1]):
                consent.revoked_at = consent.revoked_at or self.house.now()

    @rule(minutes=st.sampled_from([5, 45, 180, 600, 1500, 4000]))
    def time_jumps(self, minutes: int) -> None:
        """The machine was away meanwhile."""
        self.clock.advance(timedelta(minutes=minutes))
        self.work(1)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        """Stepping through each due moment, as the demo's clock does."""
        end = self.clock.now() + timedelta(hours=hours)
        while True:
            with self.house.store.read() as unit:
                due = unit.reminders.next_due()
            if due is None or due > end:
                break
            self.clock.moment = max(due, self.clock.moment)
            remind.work_off(self.house)
            self.not_in_the_quiet()
        self.clock.moment = end

    @rule(claimed=st.integers(1, 20))
    def killed(self, claimed: int) -> None:
        """In the middle of its work: nothing of it stays, and nothing is lost."""
        with suppress(KeyboardInterrupt), self.house.store.write() as unit:
            remind._work(self.house, unit, unit.reminders.claim(self.house.now(), claimed))
            unit.flush()
            raise KeyboardInterrupt

    @rule(workers=st.sampled_from([2, 3]))
    def work(self, workers: int) -> None:
        """Several workers over the same rows, each with a store of its own as after a restart."""
        stores = [Store(self.house.store.url) for _ in range(workers)]
        houses = [
            House(store, self.clock, self.house.calendar, self.house.catalogue, self.house.words)
            for store in stores
        ]
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(remind.work_off, houses))
        for store in stores:
            store.close()
        with self.house.store.read() as unit:
            due = unit.reminders.next_due()
            assert due is None or due > self.clock.now()
        self.not_in_the_quiet()

    def instances(self, unit) -> list[Instance]:
        return [one for rule in self.versions(unit) for one in unit.reminders.instances(rule.id)]

    def versions(self, unit) -> list[Rule]:
        """Every version of every rule of this history."""
        found: list[Rule] = []
        for series in (*(f"visit:{booking_id}" for booking_id in self.bookings), *self.series):
            latest = unit.reminders.latest(series)
            numbers = range(1, (latest.version if latest else 0) + 1)
            found += [unit.reminders.version(series, number) for number in numbers]
        return found

    def teardown(self) -> None:
        """What this history did not get to is no later history's."""
        with self.house.store.write() as unit:
            for one in self.instances(unit):
                STATES[str(one.reason or one.state)] += 1
                if one.due_at is not None:
                    one.skip(Reason.STOPPED)

    @invariant()
    def every_one_is_said_once_or_has_its_reason(self) -> None:
        with self.house.store.read() as unit:
            said: dict[str, int] = {}
            for one in self.instances(unit):
                tries = unit.reminders.attempts(one.id)
                sent = [a for a in tries if a.outcome is Outcome.SENT]
                assert (one.state is InstanceState.PENDING) == (one.due_at is not None)
                assert len(sent) == (one.state is InstanceState.SENT)
                assert [a.number for a in tries] == sorted({a.number for a in tries})
                if one.state is InstanceState.SKIPPED:
                    assert one.reason not in (None, Reason.FAILED)
                if one.state is InstanceState.SENT:
                    assert one.message_key is not None
                    assert unit.conversations.by_key(one.message_key) is not None
                    said[one.message_key] = said.get(one.message_key, 0) + 1
                    assert one.sent_at is not None
                    assert one.sent_at <= one.useful_until
                    assert one.id in self.seen
            for person_id in self.people:
                conversation = unit.conversations.of_existing(person_id)
                if conversation is None:
                    continue
                messages = [
                    m.key
                    for m in unit.conversations.last(conversation.id, 500)
                    if m.key.startswith("rm:ri_") and m.key.count(":") == 1
                ]
                assert len(messages) == len(set(messages))
                assert set(messages) <= said.keys()

    @invariant()
    def no_occurrence_of_a_rule_is_left_out(self) -> None:
        """From its making to its end, or to the next that is still to come, each planned moment has its row, once."""
        with self.house.store.read() as unit:
            for rule in self.versions(unit):
                if "rule" not in rule.detail:
                    continue
                lead = timedelta(minutes=int(rule.detail.get("lead", "0")))
                instances = unit.reminders.instances(rule.id)
                planned = [one.planned_at for one in instances]
                recurrence = Recurrence(rule.detail["rule"], date.fromisoformat(rule.detail["anchor"]))
                moment, wanted = rule.created_at, []
                while len(wanted) < len(planned):
                    moment = recurrence.next_after(moment + lead) - lead
                    wanted.append(moment)
                assert planned == wanted
                assert (instances[-1].due_at is None) == (rule.ended_at is not None)

    def not_in_the_quiet(self) -> None:
        """Looked at right after the work, while the wishes under which it was done still hold."""
        now = self.clock.now()
        with self.house.store.read() as unit:
            for one in self.instances(unit):
                if one.state is InstanceState.SENT and one.id not in self.seen:
                    self.seen.add(one.id)
                    assert one.sent_at == now
                    quiet = unit.reminders.notices(one.person_id).quiet(self.house.calendar)
                    assert one.urgent or quiet.until(now) is None


def test_random_histories_of_reminders(house: House, clock: FixedClock) -> None:
    met = {"sent", "moved", "cancelled", "quiet", "too_old", "stopped"}
    for histories in (30, 60, 120):  # more of them where these have not met what they are about
        run_state_machine_as_test(
            lambda: Reminded(house, clock),
            settings=settings(
                max_examples=histories,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
        if met <= STATES.keys():
            break
    assert met <= STATES.keys()


def test_many_workers_say_each_once(house: House, clock: FixedClock) -> None:
    """Four workers over the same due rows, one of them killed in the middle of its work."""
    with house.store.write() as unit:
        for number in range(60):
            person = Person(id=f"many{number}", name="x", city_id="c1", district_id="d1")
            unit.people.add(person)
            unit.flush()
            unit.conversations.of(person.id)
            booking = booked_row(person.id, f"many{number}", NOW + timedelta(days=1, hours=number % 3 + 1))
            unit.bookings.add(booking)
            unit.flush()
            plan_visit(house, unit, booking)
    clock.advance(timedelta(hours=4, minutes=30))

    def killed(_: int) -> int:
        with suppress(KeyboardInterrupt), house.store.write() as unit:
            remind._work(house, unit, unit.reminders.claim(house.now(), 40))
            raise KeyboardInterrupt
        return 0

    works = [killed, *[lambda _: remind.work_off(house)] * 4]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda pair: pair[1](pair[0]), enumerate(works)))
    remind.work_off(house)

    with house.store.read() as unit:
        for number in range(60):
            (first, *_) = unit.reminders.instances(unit.reminders.latest(f"visit:many{number}").id)
            assert (first.occurrence, first.state, first.attempts) == ("day_before", InstanceState.SENT, 1)
            (message,) = unit.conversations.last(unit.conversations.of(f"many{number}").id, 9)
            assert message.key == first.message_key
