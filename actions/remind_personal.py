"""Personal reminders: medicine, measuring, a birthday. Each occurrence plans the next one, from its planned moment.

What changes is the next version of the rule; what a relative may do with an elder's reminders is the elder's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from actions.family import KIN, permit
from actions.house import House
from actions.remind_hand import Row, Said, Standing, key_of
from actions.remind_plan import keep_rule, plan_all
from actions.visit_people import button, tell
from domain.clock import local_day
from domain.conversations import Lane
from domain.errors import NotFound
from domain.people import ConsentUse, Person, Scope
from domain.policy import Basis
from domain.recurrence import Recurrence
from domain.reminders import Instance, Rule, RuleKind
from domain.sending import Reason
from domain.slots import at
from domain.store import Unit
from nlu.zh.say import say_day, say_when

KINDS = (RuleKind.PERSONAL, RuleKind.MEDICINE)
# So long after its hour a reminder helps; one without an hour helps all day.
_USEFUL, _DAY_ENDS = timedelta(hours=3), time(21)
# After so many times without 「吃过了」 in a row a child hears of it, where the elder lets them get alerts.
_MISSES = 2
_LEAST = 2


@dataclass(frozen=True)
class Wish:
    """What to remind of. `rule` is an RFC 5545 rule, or None for one moment (`once`); `hour` says that it was named.

    It is said so much before (`lead`) what the rule or the moment names: three days before a birthday.
    """

    what: str
    rule: str | None = None
    once: datetime | None = None
    hour: bool = True
    medicine: bool = False
    lead: timedelta = timedelta(0)

    def anchor(self, now: datetime) -> date:
        """The day from which every second day is counted: the first that is still to come."""
        assert self.rule is not None
        each = ";".join(part for part in self.rule.split(";") if not part.startswith("INTERVAL="))
        first = Recurrence(each, local_day(now)).next_after(now + self.lead)
        return local_day(first) if first is not None else local_day(now)

    def first_after(self, now: datetime) -> datetime | None:
        """When it is said first; None where it never is any more."""
        if self.rule is not None:
            following = Recurrence(self.rule, self.anchor(now)).next_after(now + self.lead)
        else:
            following = self.once
        moment = following - self.lead if following is not None else None
        return moment if moment is not None and moment > now else None

    def detail(self, now: datetime, key: str) -> dict[str, str]:
        """As a rule keeps it; `key` is the message that asked for it."""
        kept = {"what": self.what, "hour": "1" if self.hour else "", "key": key}
        if self.rule is not None:
            kept |= {"rule": self.rule, "anchor": self.anchor(now).isoformat()}
        if self.lead:
            kept["lead"] = str(self.lead // timedelta(minutes=1))
        return kept


def set_reminder(house: House, unit: Unit, actor: Person, person: Person, wish: Wish, key: str) -> Rule:
    """Remind somebody of something; the same key a second time returns what was set the first time.

    Raises NotFound or NotAllowed where the actor may not do so for this person, NotFound where it never comes.
    """
    permit(house, unit, actor, person.id, Scope.BOOK, "reminder")
    series = f"my:{key}"
    done = unit.reminders.latest(series)
    return done or _version(house, unit, actor, person.id, wish, key, series, 1)


def change_reminder(house: House, unit: Unit, actor: Person, rule_id: str, wish: Wish, key: str) -> Rule:
    """Another time for it: the version that holds ends, the next one begins; the same key changes once.

    Raises NotFound for what there is not (any more) or never comes, NotAllowed.
    """
    rule = _own(unit, rule_id)
    permit(house, unit, actor, rule.person_id, to_undo(rule, actor), "reminder")
    latest = unit.reminders.latest(rule.series)
    assert latest is not None
    if latest.detail.get("key") == key:
        return latest
    if latest.ended_at is not None or wish.first_after(house.now()) is None:
        raise NotFound(rule_id)
    unit.reminders.end(latest, Reason.MOVED, house.now())
    return _version(house, unit, actor, rule.person_id, wish, key, rule.series, latest.version + 1)


def reminders_of(house: House, unit: Unit, actor: Person, person_id: str) -> Sequence[Rule]:
    """The personal reminders that somebody has, for them or a relative. Raises NotFound, NotAllowed."""
    permit(house, unit, actor, person_id, Scope.SEE_VISITS, "reminders")
    return mine(unit, person_id)


def mine(unit: Unit, person_id: str) -> Sequence[Rule]:
    """The personal reminders that a person has."""
    return unit.reminders.living_of(person_id, *KINDS)


def shares(what: str, text: str) -> bool:
    """Whether two characters beside each other are in both: 降压药 in 「别提醒降压药了」."""
    return any(what[i : i + _LEAST] in text for i in range(len(what) - _LEAST + 1))


def stop_reminder(house: House, unit: Unit, actor: Person, rule_id: str) -> Rule:
    """No more of it; a second time changes nothing. Raises NotFound for a stranger's, NotAllowed."""
    rule = _own(unit, rule_id)
    permit(house, unit, actor, rule.person_id, to_undo(rule, actor), "reminder")
    if rule.ended_at is None:
        unit.reminders.end(rule, Reason.STOPPED, house.now())
    return rule


def _own(unit: Unit, rule_id: str) -> Rule:
    rule = unit.reminders.rule(rule_id)
    if rule is None or rule.kind not in KINDS:
        raise NotFound(rule_id)
    return rule


def to_undo(rule: Rule, actor: Person) -> Scope:
    """What a relative needs: what they set themselves they may undo, what the elder set is as a visit to cancel."""
    return Scope.BOOK if rule.created_by == actor.id else Scope.CANCEL


def _version(
    house: House, unit: Unit, actor: Person, person_id: str, wish: Wish, key: str, series: str, number: int
) -> Rule:
    now = house.now()
    first = wish.first_after(now)
    if first is None:
        raise NotFound("no such day")
    rule = keep_rule(
        house,
        unit,
        RuleKind.MEDICINE if wish.medicine else RuleKind.PERSONAL,
        series,
        person_id,
        wish.detail(now, key),
        by=actor.id,
        version=number,
    )
    _plan(house, unit, rule, first)
    return rule


def next_of(unit: Unit, rule: Rule) -> datetime | None:
    """When it comes next."""
    return next((instance.planned_at for instance in unit.reminders.waiting(rule.id)), None)


def lead_of(rule: Rule) -> timedelta:
    """So much before what it is about it is said."""
    return timedelta(minutes=int(rule.detail.get("lead", "0")))


def _plan(house: House, unit: Unit, rule: Rule, moment: datetime) -> None:
    """One occurrence. An hour that the person named passes the quiet windows."""
    named = bool(rule.detail["hour"])
    ends = moment + _USEFUL if named else max(at(local_day(moment), _DAY_ENDS), moment + _USEFUL)
    occurrence = moment.isoformat()
    planned = [(occurrence, moment, ends)]
    plan_all(house, unit, rule, rule.person_id, planned, urgent=named, joins=not named)


class PersonalHand:
    """What is known and done about a personal reminder."""

    def __init__(self) -> None:
        self._unanswered: dict[str, int] = {}

    def foresee(self, house: House, unit: Unit, rows: Sequence[Row]) -> None:
        """How often in a row medicine was reminded of without an answer."""
        pills = [rule.id for _, rule in rows if rule.kind is RuleKind.MEDICINE]
        if pills:
            self._unanswered = unit.reminders.unanswered(pills)

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        return Standing()

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        what = rule.detail["what"]
        if rule.kind is RuleKind.MEDICINE:
            _missed(house, unit, rule, instance, self._unanswered.get(rule.id, 0))
            taken = button(house, "remind_taken", f"remind:seen:{instance.id}")
            return Said(house.words.say("remind_medicine", what=what), [taken])
        seen = button(house, "remind_seen", f"remind:seen:{instance.id}")
        lead = lead_of(rule)
        if lead:
            when = say_when(instance.planned_at + lead, house.now())
            day = say_day(local_day(instance.planned_at + lead), house.today())
            line = house.words.say("remind_ahead", when=when if rule.detail["hour"] else day, what=what)
            return Said(line, [seen], line.removesuffix("。"))
        return Said(house.words.say("remind_personal", what=what), [seen], what)

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """The next one, reckoned from the planned moment of this one; a rule that comes once is over."""
        if rule.ended_at is not None or reason is Reason.DIED:
            return
        following = None
        if "rule" in rule.detail:
            anchor = date.fromisoformat(rule.detail["anchor"])
            lead = lead_of(rule)
            next_one = Recurrence(rule.detail["rule"], anchor).next_after(instance.planned_at + lead)
            following = next_one - lead if next_one is not None else None
        if following is None:
            unit.reminders.end(rule, Reason.DONE, house.now())
        else:
            _plan(house, unit, rule, following)


def _missed(house: House, unit: Unit, rule: Rule, instance: Instance, unanswered: int) -> None:
    """Two in a row without 「吃过了」: the first of the family who gets alerts hears of it, once for these two."""
    if unanswered == 0 or unanswered % _MISSES:
        return
    elder = unit.people.get(rule.person_id)
    assert elder is not None
    for kinship, relative in unit.people.relatives_of(elder.id):
        consent = unit.people.consents(elder.id, relative.id, house.now()).get(Scope.ALERTS)
        if consent is None or relative.died_on is not None or not unit.lapses.can_hear(relative.id):
            continue
        unit.people.add(
            ConsentUse(
                elder_id=elder.id,
                actor_id=relative.id,
                scope=Scope.ALERTS,
                action="reminder",
                basis=f"{Basis.CONSENT}:{consent.id}",
                at=house.now(),
            )
        )
        who = KIN.get(kinship.relation, elder.name)
        text = house.words.say("remind_missed", who=who, what=rule.detail["what"])
        tell(house, unit, relative, text, f"{key_of(instance)}:missed", lane=Lane.REMINDER)
        return
