"""Random histories of visits and questions: never more than one question and one nudge for each person and visit.

And none in a quiet window, none after bad news or while a complaint is open, none to whom the elder does not let know,
and in a week of the yearly question no other.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count, pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from actions import remind
from actions.follow_up import plan_follow_up
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.rate import Answer, decline, rate
from domain.clock import FixedClock
from domain.people import Consent, Kinship, Person, Scope
from domain.reminders import Instance, InstanceState
from domain.sending import Reason
from domain.store import Store, Unit
from domain.surveys import COMPLAINTS, WEEK, How, SurveyKind
from domain.tickets import LIVE, TicketState
from domain.visits import Method, Visit, VisitState
from tests.actions.care import who
from tests.actions.reminded import booked_row
from tests.conftest import NOW

_worlds = count(1)
STATES: Counter[str] = Counter()


class Asked(RuleBasedStateMachine):
    """An elder with two children, visits that end, answers that come or do not, and a clock that only runs forward."""

    def __init__(self, house: House, clock: FixedClock) -> None:
        super().__init__()
        self.house, self.clock = house, clock
        clock.moment = NOW
        self.name, self.numbers, self.visits = f"f{next(_worlds)}", count(1), list[tuple[str, str]]()
        self.elder, *self.children = (f"{self.name}{part}" for part in ("elder", "one", "two"))
        self.seen: set[str] = set()
        with house.store.write() as unit:
            for person_id in (self.elder, *self.children):
                unit.people.add(Person(id=person_id, name=person_id, city_id="c1", district_id="d1"))
            unit.flush()
            for child in self.children:
                unit.people.add(Kinship(elder_id=self.elder, relative_id=child, relation="mother"))
            unit.people.add(
                Consent(
                    id=f"{self.name}see",
                    elder_id=self.elder,
                    relative_id=self.children[0],
                    scope=Scope.SEE_VISITS,
                    granted_at=NOW,
                )
            )
            for person_id in (self.elder, *self.children):
                unit.conversations.of(person_id)

    @rule(hours=st.integers(1, 60))
    def visit_ends(self, hours: int) -> None:
        """Reported twice, as it may be."""
        self.clock.advance(timedelta(hours=hours))
        self.work(1)
        number, now = next(self.numbers), self.house.now()
        with self.house.store.write() as unit:
            booking = booked_row(self.elder, f"{self.name}:{number}", now - timedelta(hours=1))
            unit.bookings.add(booking)
            unit.flush()
            visit = Visit(
                id=f"v{booking.id}",
                booking_id=booking.id,
                state=VisitState.DONE,
                code="1234",
                created_at=now,
                began_at=booking.begin,
                ended_at=now,
                method=Method.CODE,
            )
            unit.visits.add(visit)
            unit.flush()
            for _ in range(2):
                plan_follow_up(self.house, unit, visit, booking)
        self.visits.append((visit.id, booking.id))

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), score=st.sampled_from([5, 4, 5, 4, 2, 1]), no=st.booleans())
    def answer(self, data: st.DataObject, score: int, no: bool) -> None:
        with self.house.store.write() as unit:
            found = [
                survey
                for person_id in (self.elder, *self.children)
                for survey, _ in unit.surveys.page(person_id=person_id)
                if survey.kind is SurveyKind.VISIT
            ]
            if found:
                one = data.draw(st.sampled_from(sorted(found, key=lambda s: (s.subject, s.person_id))))
                actor = who(unit, one.person_id)
                if no:
                    decline(self.house, unit, actor, one.id)
                else:
                    key = f"{self.name}:{next(self.numbers)}"
                    rate(self.house, unit, actor, one.id, Answer(key, How.BUTTON, score=score))

    @rule(what=st.sampled_from(["complaint", "emergency:fall"]))
    def goes_wrong(self, what: str) -> None:
        with self.house.store.write() as unit:
            elder = who(unit, self.elder)
            cause = Cause("life", what, member=elder)
            key = f"{self.name}:{next(self.numbers)}"
            open_ticket(self.house, unit, unit.conversations.of(elder.id), elder, cause, key)

    @rule()
    def all_is_settled(self) -> None:
        with self.house.store.write() as unit:
            for ticket in unit.surveys.tickets_about([self.elder, *self.children], self.house.now()):
                ticket.state = TicketState.CLOSED

    @precondition(lambda self: self.visits)
    @rule(data=st.data())
    def never_was(self, data: st.DataObject) -> None:
        with self.house.store.write() as unit:
            visit = unit.visits.get(data.draw(st.sampled_from(self.visits))[0])
            assert visit is not None
            visit.state = VisitState.NOT_POSSIBLE

    @rule(days=st.sampled_from([1, 2, 20, 60]))
    def time_passes(self, days: int) -> None:
        """Stepping through each due moment, as the demo's clock does."""
        end = self.clock.now() + timedelta(days=days)
        while True:
            with self.house.store.read() as unit:
                due = remind.next_due(unit)
            if due is None or due > end:
                break
            self.clock.moment = max(due, self.clock.moment)
            remind.work_off(self.house)
            self.look()
        self.clock.moment = end

    @rule(workers=st.sampled_from([1, 3]))
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
        self.look()

    def instances(self, unit: Unit) -> list[Instance]:
        series = [f"follow:{booking_id}" for _, booking_id in self.visits]
        series += [f"recommend:{person_id}" for person_id in (self.elder, *self.children)]
        rules = [found for one in series if (found := unit.reminders.latest(one)) is not None]
        return [instance for found in rules for instance in unit.reminders.instances(found.id)]

    def look(self) -> None:
        """Right after the work, while what it was judged by still holds."""
        now = self.clock.now()
        with self.house.store.read() as unit:
            tickets = unit.surveys.tickets_about([self.elder], now - timedelta(days=7))
            bad = any(t.topic.startswith("emergency:") for t in tickets) or any(
                t.topic in COMPLAINTS and t.state in LIVE for t in tickets
            )
            for one in self.instances(unit):
                if one.state is InstanceState.SENT and one.id not in self.seen:
                    self.seen.add(one.id)
                    assert one.sent_at == now
                    assert unit.reminders.notices(one.person_id).quiet(self.house.calendar).until(now) is None
                    rule_ = unit.reminders.rule(one.rule_id)
                    assert rule_ is not None
                    if (booking_id := rule_.detail.get("booking")) is not None:
                        assert not bad
                        visit = unit.visits.of_booking(booking_id)
                        assert visit is not None
                        assert visit.state is VisitState.DONE
                        assert one.person_id in (self.elder, self.children[0])

    def teardown(self) -> None:
        """What this history did not get to is no later history's."""
        with self.house.store.write() as unit:
            for one in self.instances(unit):
                STATES[str(one.reason or f"{one.occurrence[:4]} {one.state}")] += 1
                if one.due_at is not None:
                    one.skip(Reason.STOPPED)

    @rule(score=st.sampled_from([5, 5, 4, 2]), days=st.sampled_from([2, 3]))
    def visit_is_rated(self, score: int, days: int) -> None:
        """A visit whose question is answered by everybody who was asked, before the second time of asking."""
        self.visit_ends(4)
        self.time_passes(1)
        with self.house.store.write() as unit:
            for survey in unit.surveys.of_booking(self.visits[-1][1]):
                key = f"{self.name}:{next(self.numbers)}"
                said = Answer(key, How.BUTTON, score=score)
                rate(self.house, unit, who(unit, survey.person_id), survey.id, said)
        self.time_passes(days)

    @invariant()
    def one_question_and_one_nudge_for_each_person_and_visit(self) -> None:
        with self.house.store.read() as unit:
            said: Counter[tuple[str, str]] = Counter()
            for one in self.instances(unit):
                if one.state is InstanceState.SENT:
                    assert one.message_key is not None
                    assert unit.conversations.by_key(one.message_key) is not None
                    said[one.rule_id, one.person_id] += 1
            for person_id in (self.elder, *self.children):
                surveys = [survey for survey, _ in unit.surveys.page(person_id=person_id, limit=200)]
                assert len({survey.subject for survey in surveys}) == len(surveys)
                for survey in surveys:
                    if survey.nudged_at is not None and survey.asked_at is not None:
                        assert survey.nudged_at > survey.asked_at
                conversation = unit.conversations.of_existing(person_id)
                assert conversation is not None
                words = Counter(
                    unit.conversations.buttons(m.key)[0].action.split(":")[1]
                    for m in unit.conversations.last(conversation.id, 500)
                    if m.key.startswith("rm:ri_") and unit.conversations.buttons(m.key)
                )
                assert all(times <= 2 for times in words.values())
                asked = sorted((s.asked_at, s.kind) for s in surveys if s.asked_at is not None)
                for (one_at, one_kind), (two_at, two_kind) in pairwise(asked):
                    if SurveyKind.RECOMMEND in (one_kind, two_kind):
                        assert two_at - one_at >= WEEK
            follow = {
                found.id
                for _, booking_id in self.visits
                if (found := unit.reminders.latest(f"follow:{booking_id}")) is not None
            }
            assert all(times <= 2 for (rule_id, _), times in said.items() if rule_id in follow)


def test_random_histories_of_questions(house: House, clock: FixedClock) -> None:
    run_state_machine_as_test(
        lambda: Asked(house, clock),
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The histories met what they are about.
    assert {"ask sent", "nudg sent", "2026 sent", "answered", "not_done", "no_consent"} <= STATES.keys()
    assert {"complaint", "bad_news", "enough"} <= STATES.keys()
