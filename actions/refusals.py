"""A refusal in words: a sentence for the elder, one for a child, what can be done about it, and the day it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from actions.family import KIN
from actions.find_times import FURTHEST
from actions.house import House
from actions.say import Choice, press
from domain.benefits import Benefit, Entitlement
from domain.catalogue import Service
from domain.judging import Refusal, Verdict
from domain.measures import shown, taken
from domain.people import Person
from domain.store import Unit
from nlu.zh.say import say_day

_ASSESSMENT = "ability_assessment"


@dataclass(frozen=True)
class Explained:
    """`sentence` is the one of the two that is meant for the one who asked; `steps` are buttons, the best first."""

    code: str
    for_elder: str
    for_child: str
    sentence: str
    steps: tuple[Choice, ...]
    changes_on: date | None


def explain(
    house: House, unit: Unit, actor: Person, member: Person, service: Service, verdict: Verdict
) -> Explained:
    """Put a verdict's refusal into words."""
    code = str(verdict.refusal or Refusal.NOT_COVERED)
    gaps = _gaps(house, unit, member, service, verdict)
    kinship = unit.people.kinship(member.id, actor.id)
    relative = KIN.get(kinship.relation, member.name) if kinship else member.name
    changes = ""
    if verdict.changes_on is not None:
        changes = house.words.say("changes_on", day=say_day(verdict.changes_on, house.today()))
    for_elder = house.words.say(f"refused_{code}", **gaps, who="您") + changes
    for_child = house.words.say(f"refused_{code}_child", **gaps, who=relative) + changes
    return Explained(
        code=code,
        for_elder=for_elder,
        for_child=for_child,
        sentence=for_elder if actor.id == member.id else for_child,
        steps=_steps(house, service, verdict, kinship.relation if kinship else None),
        changes_on=verdict.changes_on,
    )


def _gaps(house: House, unit: Unit, member: Person, service: Service, verdict: Verdict) -> dict[str, object]:
    """Everything that a sentence may name; each takes what it needs."""
    word, today = house.words.say, house.today()
    city = unit.people.city(member.city_id) if member.city_id else None
    gaps: dict[str, object] = {
        "service": service.name,
        "benefit": service.name,
        "city": city.name if city else word("your_city"),
    }
    item = verdict.about
    if item is None:
        return gaps
    benefit, balance = item.benefit, item.balance

    def count(steps: int) -> int | float:
        return shown(benefit.unit, steps)

    found = unit.benefits.assessment(member.id, today)
    return gaps | {
        "benefit": benefit.name,
        "opens": say_day(item.opens_on, today),
        "starts": say_day(item.grant.starts_on, today),
        "expires": say_day(item.expires_on, today),
        "wait_days": benefit.wait_days,
        "gap_days": benefit.gap_days,
        "unit": word(f"unit_{benefit.unit}"),
        "term": word(f"term_{benefit.period}"),
        "allowed": count(balance.allowed),
        "gone": _gone(house, item),
        "left": count(item.own_left),
        "pool": count(balance.left),
        "each": count(benefit.amount_each or balance.allowed),
        "needed": count(taken(benefit.unit, service.minutes, 0)),
        "min_age": benefit.min_age,
        "max_age": benefit.max_age,
        "channels": "、".join(word(f"channel_{c}") for c in benefit.channels),
        "cities": _cities(unit, benefit),
        "levels": _levels(house, benefit),
        "level": word(f"level_{found.level}") if found else "",
        "valid_until": say_day(found.valid_until, today) if found else "",
    }


def _gone(house: House, item: Entitlement) -> str:
    """What became of it: used, booked, or both."""
    unit, balance = item.benefit.unit, item.balance
    name = house.words.say(f"unit_{unit}")
    parts = [("gone_used", balance.used), ("gone_held", balance.held)]
    return "，".join(house.words.say(word, count=shown(unit, n), unit=name) for word, n in parts if n)


def _cities(unit: Unit, benefit: Benefit) -> str:
    named = [unit.people.city(city_id) for city_id in benefit.cities or ()]
    return "、".join(city.name for city in named if city is not None)


def _levels(house: House, benefit: Benefit) -> str:
    word = house.words.say
    least = word(f"level_{benefit.min_ability}") if benefit.min_ability is not None else None
    most = word(f"level_{benefit.max_ability}") if benefit.max_ability is not None else None
    if least and most:
        return word("levels_between", least=least, most=most)
    if least:
        return word("levels_from", least=least)
    return word("levels_to", most=most) if most else ""


def _steps(house: House, service: Service, verdict: Verdict, relation: str | None) -> tuple[Choice, ...]:
    """What may help: that day instead, an assessment first, the doctor butler, the way that is covered, a person."""
    word = house.words.say
    whom = {"person": relation} if relation else {}
    steps: list[Choice] = []
    day = verdict.changes_on
    if day is not None and house.today() < day < house.today() + FURTHEST - timedelta(days=1):
        said = f"{day.year}年{day.month}月{day.day}日"
        title = word("button_on_that_day", day=f"{day.month}月{day.day}日")
        steps.append(Choice(title, press("book_service", service=service.code, **whom, time=said), False))
    match verdict.refusal:
        case Refusal.NEEDS_ASSESSMENT | Refusal.ASSESSMENT_LAPSED | Refusal.WRONG_ABILITY:
            if service.code != _ASSESSMENT:
                action = press("book_service", service=_ASSESSMENT, **whom)
                steps.append(Choice(word("button_assess"), action, False))
        case Refusal.NO_CASE:
            steps.append(Choice(word("button_doctor"), press("request_human", role="doctor"), False))
        case Refusal.WRONG_CHANNEL:
            steps += [_other_way(house, service, channel, whom) for channel in _ways(verdict.about, service)]
    if verdict.refusal is not Refusal.NO_CASE:
        steps.append(Choice(word("button_human"), press("request_human", choice="benefit_dispute"), False))
    return tuple(steps)


def _ways(item: Entitlement | None, service: Service) -> list[str]:
    return [c for c in service.channels if item is not None and c in item.benefit.channels]


def _other_way(house: House, service: Service, channel: str, whom: dict[str, str]) -> Choice:
    title = house.words.say("button_this_channel", channel=house.words.say(f"channel_{channel}"))
    return Choice(title, press("book_service", service=service.code, channel=channel, **whom), False)
