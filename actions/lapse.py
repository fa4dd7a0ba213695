"""What the calendar does to benefits: rests expire or roll over, and before that an offer is made to use them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import structlog

from actions import needs
from actions.enrol import roll_over
from actions.find_times import NOTICE, Ask, find_times
from actions.house import House
from actions.look_up_benefits import judge_wish
from actions.remind_hand import Said
from actions.remind_plan import keep_rule, plan
from actions.say import Choice, press, put
from actions.words import price
from domain.benefits import Benefit
from domain.bookings import Slot
from domain.catalogue import Service
from domain.clock import local, local_day
from domain.conversations import Lane
from domain.judging import Verdict
from domain.measures import shown
from domain.people import Person, Scope
from domain.quiet import Quiet
from domain.reminders import RuleKind
from domain.slots import at
from domain.store import Unit
from domain.store.lapses import Row
from nlu.zh.say import say_day, say_when

log = structlog.get_logger()
_EXPIRED_AT_ONCE, _UNHEARD_AT_ONCE, _OFFERED_AT_ONCE = 500, 5_000, 20
# How far ahead a time is proposed.
_AHEAD = timedelta(days=14)


def next_due(house: House, unit: Unit) -> datetime | None:
    """When something of this file is due next."""
    expiry, warning = unit.lapses.next_expiry(), unit.lapses.next_warning()
    moments = []
    if expiry is not None:
        moments.append(at(expiry, time(0)))
    if warning is not None:
        moments.append(_daytime(house, max(at(warning, time(0)), house.now())))
    return min(moments, default=None)


def _daytime(house: House, moment: datetime) -> datetime:
    """The moment itself, or the end of the usual quiet; those who wish it otherwise are asked by `OfferHand`."""
    return Quiet(house.calendar).waking(moment)


def work_off(house: House) -> int:
    """One helping of what is due, in short transactions; returns how many rests were looked after."""
    done = 0
    with house.store.read() as unit:
        due = next_due(house, unit)
    if due is None or due > house.now():
        return 0
    with house.store.write() as unit:
        done += _expire(house, unit)
    if _daytime(house, house.now()) == house.now():
        with house.store.write() as unit:
            done += unit.lapses.drop_unheard(house.today(), _UNHEARD_AT_ONCE)
        done += _offer_some(house)
    return done


def _expire(house: House, unit: Unit) -> int:
    rows = unit.lapses.over(house.today(), _EXPIRED_AT_ONCE)
    for grant, benefit, balance in rows:
        if benefit.rollover_max:
            roll_over(house, unit, grant, benefit, balance.left)
    unit.lapses.expire(rows, house.now())
    return len(rows)


def _offer_some(house: House) -> int:
    """Offers to some holders, each in a transaction of its own: one that fails keeps nobody else from theirs."""
    with house.store.read() as unit:
        waiting = [grant.holder_id for grant, _, _ in unit.lapses.to_warn(house.today(), _OFFERED_AT_ONCE)]
    done = 0
    for holder_id in dict.fromkeys(waiting):
        try:
            done += _offer_to(house, holder_id, propose=True)
        except Exception as error:
            log.error("offer_failed", error=type(error).__name__, exc_info=error)
            done += _offer_to(house, holder_id, propose=False)
    return done


def _offer_to(house: House, holder_id: str, *, propose: bool) -> int:
    """One message about everything of a holder's that is about to lapse, with one thing proposed."""
    with house.store.write() as unit:
        rows = unit.lapses.of_holder(holder_id, house.today())
        for _, _, balance in rows:
            balance.warn_on = None
        left = [row for row in rows if row[2].left > 0 and row[0].ends_before > house.today()]
        holder = unit.people.get(holder_id)
        hearer = hearer_of(house, unit, holder) if holder is not None else None
        if left and propose and holder is not None and hearer is not None:
            if _waits(house, unit, hearer[0]):
                _put_off(house, unit, holder, hearer[0], left)
            else:
                said, key = offer(house, unit, holder, hearer[1], left), f"lapse:{left[0][0].id}"
                reader = unit.conversations.of(hearer[0].id)
                put(
                    unit,
                    reader,
                    said.text,
                    key=key,
                    now=house.now(),
                    choices=said.choices,
                    lane=Lane.REMINDER,
                )
        return len(rows)


def _waits(house: House, unit: Unit, hearer: Person) -> bool:
    """Whether this one does not want to hear it now, or at all."""
    notices = unit.reminders.notices(hearer.id)
    return notices.fewer or notices.quiet(house.calendar).until(house.now()) is not None


def _put_off(house: House, unit: Unit, holder: Person, hearer: Person, rows: Sequence[Row]) -> None:
    """The offer becomes a reminder: said when the hearer's own quiet is over, or not, with the reason."""
    now, ends = house.now(), at(min(row[0].ends_before for row in rows), time(0))
    rule = keep_rule(
        house,
        unit,
        RuleKind.OFFER,
        f"offer:{rows[0][0].id}:{house.today():%Y%m%d}",
        holder.id,
        {"grants": ",".join(row[0].id for row in rows)},
    )
    plan(house, unit, rule, hearer.id, "offer", now, ends, joins=False)


def hearer_of(house: House, unit: Unit, holder: Person) -> tuple[Person, str] | None:
    """Who hears of it: the holder, else the first of the family who may see the plan and book."""
    if unit.lapses.can_hear(holder.id):
        return holder, "self"
    for kinship, relative in unit.people.relatives_of(holder.id):
        may = unit.people.consents(holder.id, relative.id, house.now())
        if {Scope.SEE_PLAN, Scope.BOOK} <= may.keys() and unit.lapses.can_hear(relative.id):
            return relative, kinship.relation
    return None


def offer(house: House, unit: Unit, holder: Person, relation: str, rows: Sequence[Row]) -> Said:
    """What is said of rests that are about to lapse, with one time proposed; `relation` is `self` or the elder's to the hearer."""
    found = next((hit for row in rows if (hit := _proposal(house, unit, holder, row)) is not None), None)
    lead = found[0] if found else rows[0]
    grant, benefit, balance = lead
    others = [row[1].name for row in rows if row is not lead]
    word = house.words.say
    text = word(
        "lapsing" if relation == "self" else "lapsing_child",
        who=holder.name,
        benefit=benefit.name,
        left=shown(benefit.unit, balance.left),
        unit=word(f"unit_{benefit.unit}"),
        day=say_day(grant.ends_before - timedelta(days=1), house.today()),
    )
    if others:
        text += word("lapsing_too", others="、".join(others[:3]))
    choices = [Choice(word("button_not_now"), press("deny"))]
    if found is not None:
        _, service, channel, slot, verdict = found
        facts = {"service": service.code, "channel": channel}
        if relation != "self":
            facts["person"] = relation
        text += "\n" + word(
            "lapsing_offer",
            service=service.name,
            when=say_when(slot.begin, house.now()),
            cost=_cost(house, verdict),
        )
        moment = f"at:{local(slot.begin).isoformat()}"
        choices = [
            Choice(word("button_take_it"), press("book_service", **facts, choice=moment)),
            Choice(word("button_other_time"), press("book_service", **facts)),
            *choices,
        ]
    elif others:
        choices = [Choice(word("button_benefits"), press("query_entitlement"), once=False), *choices]
    return Said(text, choices)


def _cost(house: House, verdict: Verdict) -> str:
    if verdict.own_cents:
        return house.words.say("lapsing_cost", price=price(verdict.own_cents))
    return house.words.say("lapsing_free")


def _proposal(
    house: House, unit: Unit, holder: Person, row: Row
) -> tuple[Row, Service, str, Slot, Verdict] | None:
    """A free time for a service of a benefit within a fortnight, from tomorrow on, that the benefit carries."""
    grant, benefit, _ = row
    tomorrow = at(house.today() + timedelta(days=1), time(9))
    window = max(tomorrow, house.now() + NOTICE), min(house.now() + _AHEAD, at(grant.ends_before, time(0)))
    for code, channel in _ways(house, benefit):
        service = house.catalogue.service(code)
        day = local_day(window[0])
        verdict = judge_wish(house, unit, holder, code, channel, day)
        if verdict.entitlement is None or verdict.entitlement.grant.id != grant.id:
            continue
        if needs.lacking(house, unit, holder, code, day):
            continue
        slots = find_times(house, unit, Ask(holder, service, channel, window), limit=1)
        if slots:
            return row, service, channel, slots[0], verdict
    return None


def _ways(house: House, benefit: Benefit) -> list[tuple[str, str]]:
    return [
        (code, channel)
        for code in benefit.services
        for channel in house.catalogue.service(code).channels
        if channel in benefit.channels
    ]
