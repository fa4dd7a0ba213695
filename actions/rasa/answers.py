"""Answers to questions: benefits, services, bookings, where somebody is. The same inside a form and outside."""

from __future__ import annotations

import re
from datetime import timedelta

from actions.book import standing
from actions.family import Relative, permit
from actions.look_up_benefits import entitlements_of, judge_wish
from actions.rasa import calendar, queueing, series_end, which
from actions.rasa.describe import explained, left, where
from actions.rasa.turn import Event, Turn, press
from actions.say import Choice
from actions.series_words import line as series_line
from actions.words import price
from domain import standards
from domain.benefits import Entitlement
from domain.bookings import Booking
from domain.errors import NotAllowed, NotFound
from domain.judging import Refusal
from domain.people import Scope

# 「助浴怎么做」: how it goes, not what it costs.
_HOW = re.compile("怎么(?:个)?(?:做|洗|弄|来|进行|服务|操作)|(?:流程|步骤)")


def benefits(turn: Turn) -> list[Event]:
    """`action_benefits`: all of them, or one service's, for whom it was asked about."""
    for relative in _known(turn):
        try:
            permit(turn.house, turn.unit, turn.actor, relative.person.id, Scope.SEE_PLAN, "see_plan")
        except NotAllowed:
            turn.say("may_not_see_plan", who=turn.called(relative))
            continue
        if turn.services:
            for code in turn.services[:2]:
                _one_service(turn, relative, code)
        else:
            _all(turn, relative)
    return []


def _known(turn: Turn) -> list[Relative]:
    """Whom it is about; says so where it is somebody whom we do not know."""
    try:
        return turn.whom()
    except NotFound:
        turn.say("not_family", (turn.button("human", press("request_human"), once=False),))
        return []


def _all(turn: Turn, relative: Relative) -> None:
    items = _present(turn, entitlements_of(turn.house, turn.unit, relative.person))
    if not items:
        turn.say(
            "no_plan", (turn.button("human", press("request_human"), once=False),), who=turn.called(relative)
        )
        return
    plans = [
        p.name
        for e, p in turn.unit.benefits.enrolments(items[0].grant.holder_id)
        if e.ends_before > turn.house.today()
    ]
    lines = "\n".join(left(turn, item, relative.person.id) for item in items)
    usable = list(dict.fromkeys(item.benefit.services[0] for item in items if item.own_left > 0))[:3]
    turn.say(
        "benefits_all",
        [] if turn.loop else [_book_button(turn, code) for code in usable],
        who=turn.called(relative),
        plan="、".join(dict.fromkeys(plans)),
        lines=lines,
    )


def _present(turn: Turn, items: list[Entitlement]) -> list[Entitlement]:
    """Without next year's part of what there is now: it is granted early for what is booked then already."""
    today = turn.house.today()
    now = {item.benefit.id for item in items if item.grant.starts_on <= today}
    return [item for item in items if item.grant.starts_on <= today or item.benefit.id not in now]


def _one_service(turn: Turn, relative: Relative, code: str) -> None:
    service = turn.house.catalogue.service(code)
    person = relative.person
    items = [i for i in entitlements_of(turn.house, turn.unit, person) if code in i.benefit.services]
    items = _present(turn, items)
    named_city = turn.city()
    if named_city is not None and items:
        city = turn.unit.people.city_named(named_city)
        covered = [i for i in items if i.benefit.cities is None or (city and city.id in i.benefit.cities)]
        offered = bool(city and turn.unit.providers.offerings(code, city.id))
        turn.say("city_yes" if covered and offered else "city_no", city=named_city, service=service.name)
        if not (covered and offered):
            return
    if not items:
        _not_covered(turn, relative, code)
        return
    lines = "\n".join(left(turn, item, person.id) for item in items)
    channels = [c for c in service.channels if c in items[0].benefit.channels]
    channel = (turn.entity("channel") or channels)[0]
    verdict = judge_wish(turn.house, turn.unit, person, code, channel, turn.house.today() + timedelta(days=1))
    carried = verdict.entitlement is not None
    choices = (_book_button(turn, code),) if carried and not turn.loop else ()
    turn.say("benefits_one", choices, who=turn.called(relative), service=service.name, lines=lines)
    if not carried:
        why = explained(turn, verdict, person, service)
        turn.say_text(why.sentence, () if turn.loop else why.steps)


def _not_covered(turn: Turn, relative: Relative, code: str) -> None:
    service = turn.house.catalogue.service(code)
    verdict = judge_wish(
        turn.house,
        turn.unit,
        relative.person,
        code,
        service.channels[0],
        turn.house.today() + timedelta(days=1),
    )
    if verdict.refusal not in (None, Refusal.NOT_COVERED):
        why = explained(turn, verdict, relative.person, service)
        turn.say_text(why.sentence, () if turn.loop else why.steps)
        return
    offers = turn.unit.providers.offerings(code, relative.person.city_id)
    if offers:
        choices = () if turn.loop else (_book_button(turn, code),)
        turn.say(
            "not_covered_price",
            choices,
            who=turn.called(relative),
            service=service.name,
            price=price(offers[0].price_cents),
        )
    else:
        turn.say("not_covered", who=turn.called(relative), service=service.name)


def _book_button(turn: Turn, code: str) -> Choice:
    name = turn.house.catalogue.service(code).name
    return turn.button("book_service", press("book_service", service=code), once=False, service=name)


def service_info(turn: Turn) -> list[Event]:
    """`action_service_info`: what it is, who comes, what to have ready, what it costs here."""
    codes = turn.services or [
        c for c in (turn.slots.get("booking_service"), turn.slots.get("last_service")) if c
    ]
    if not codes:
        turn.say("ask_which_service", (turn.button("benefits", press("query_entitlement"), once=False),))
        return []
    service = turn.house.catalogue.service(codes[0])
    learnt = [{"event": "slot", "name": "last_service", "value": service.code, "timestamp": None}]
    if _HOW.search(turn.text):
        choices = () if turn.loop else (_book_button(turn, service.code),)
        how = standards.load()[service.code].how
        turn.say(
            "service_how",
            choices,
            service=service.name,
            how=how,
            minutes=_length(service.minutes),
            never=service.never,
        )
        return learnt
    whom = list(turn.whom() if not turn.entity("person") else _known(turn)) or [Relative(turn.actor, "self")]
    city = whom[0].person.city_id
    offers = turn.unit.providers.offerings(service.code, city)
    cost = (
        turn.word("price_from", price=price(offers[0].price_cents)) if offers else turn.word("price_unknown")
    )
    choices = () if turn.loop else (_book_button(turn, service.code),)
    turn.say(
        "service_info",
        choices,
        service=service.name,
        about=service.about,
        who=service.who,
        minutes=_length(service.minutes),
        prepare=service.prepare,
        never=service.never,
        cost=cost,
        channels="、".join(turn.word(f"channel_{c}") for c in service.channels),
    )
    return learnt


def _length(minutes: int) -> str:
    if minutes >= 1440:
        return "一整天，可以连着好多天"
    if minutes < 60:
        return f"{minutes}分钟"
    hours, rest = divmod(minutes, 60)
    return f"{hours}个{'半' if rest == 30 else ''}小时" if rest in (0, 30) else f"{hours}小时{rest}分钟"


def my_bookings(turn: Turn) -> list[Event]:
    """`action_my_bookings`: what is booked, for whom it was asked about."""
    listed = False
    for relative in _asked_about(turn):
        try:
            found = standing(turn.house, turn.unit, turn.actor, relative.person)
        except NotAllowed:
            turn.say("may_not_see_visits", who=turn.called(relative))
            listed = True
            continue
        found = which.narrowed(turn, found, by_time=False)
        if found:
            listed = True
            _list(turn, relative, found)
        listed = queueing.tell(turn, relative.person, turn.called(relative)) or listed
    if not listed and not turn.said:
        turn.say(
            which.none_found(turn),
            () if turn.loop else (turn.button("book", press("book_service"), once=False),),
        )
    return []


def _asked_about(turn: Turn) -> list[Relative]:
    try:
        named = turn.named()
    except NotFound:
        turn.say("not_family")
        return []
    if named:
        return named
    own = Relative(turn.actor, "self")
    return [own, *(r for r in turn.whom() if r.person.id != turn.actor.id)]


def _list(turn: Turn, relative: Relative, found: list[Booking]) -> None:
    plans, alone = series_end.grouped(turn, found)
    told = [series_line(turn.house, turn.unit, plan, coming) for plan, coming in plans]
    told += [
        turn.word(
            "booking_line",
            service=turn.house.catalogue.service(b.service).name,
            when=turn.when(b.begin),
            where=where(turn, b),
            number=b.number,
        )
        for b in alone
    ]
    lines = "\n".join(told[:6])
    choices = (
        turn.button("move", press("reschedule_booking"), once=False),
        turn.button("drop", press("cancel_booking"), once=False),
        turn.button("calendar", press("query_booking", choice=calendar.GIVE), once=False),
    )
    turn.say(
        "bookings", () if turn.loop else choices, who=turn.called(relative), count=len(found), lines=lines
    )
