"""What the booking form asks about a plan of visits, and its read-back."""

from __future__ import annotations

from actions.house import House
from actions.rasa import papers
from actions.rasa.asking import unpack
from actions.rasa.booking_draft import Draft
from actions.rasa.series_wishes import is_unsettled, product_of
from actions.rasa.turn import Event, Turn, press, slot
from actions.say import Choice
from actions.series import open_visits
from actions.series_times import Search
from actions.series_words import clock_of, held, read_back, rule_in_words
from actions.words import price
from domain import products
from domain.clock import local_day
from domain.errors import NotFound
from domain.series import Hours, Rule, Series, SeriesVisit, read_hours, read_rule, with_hours
from domain.slots import at
from domain.store.series import Row
from nlu.zh.say import say_clock, say_day

_LISTED = 4
_MORNING = read_hours("BYHOUR=8")


def series_of(draft: Draft) -> Series:
    """The series that the draft holds. Raises NotFound."""
    series = draft.turn.unit.series.get(draft["series"])
    if series is None:
        raise NotFound(str(draft["series"]))
    return series


def other_days(draft: Draft, rule: str) -> list[str]:
    """Phrases for the same plan on other weekdays."""
    search = _search(draft, rule)
    count = read_rule(rule).count if draft["product"] is None else None
    return [phrase(draft.turn.house, each, search.hours, count) for each in search.other_days()]


def phrase(house: House, rule: Rule, hours: Hours, count: int | None) -> str:
    """A rule as somebody would say it, such as is understood again: 「每周四下午3点，一共8次」."""
    clock = say_clock(at(house.today(), hours.exact)) if hours.exact is not None else ""
    part = {8: "上午", 11: "中午", 13: "下午", 17: "傍晚", 18: "晚上"}.get(hours.begin.hour, "")
    # Without the comma 「3点一」 would be one minute past three.
    return f"{rule_in_words(house, rule)}{clock or part}" + (f"，一共{count}次" if count else "")


def _search(draft: Draft, rule: str) -> Search:
    turn = draft.turn
    return Search(turn.house, turn.unit, draft.member, draft["service"], draft["channel"], rule, draft.wish)


def asks_time(turn: Turn) -> list[Event] | None:
    """Ask which product, from which day, or on which days; None where it is no series.

    The days that are offered are remembered, for one who says 「第一个」.
    """
    draft = Draft.of(turn)
    product, offers = product_of(draft["product"]), draft["offers"] or []
    leave = turn.button("leave", press("stop"))
    if is_unsettled(draft):
        _ask_product(draft)
        return []
    if offers and isinstance(offers[0], str) and product is None:
        turn.say("ask_series_free", [*_phrases(offers), leave])
        return []
    if offers and "rule" in offers[0]:
        phrases = other_days(draft, offers[0]["rule"])
        turn.say("series_which_days", [*_phrases(phrases), leave], said=offers[0]["said"])
        return [slot("booking_offers", phrases)]
    if product is None:
        return None
    if read_rule(product.rhythm).freq == "DAILY":
        today = turn.house.today()
        days = _search(draft, product.rule).first_days()
        starts = [Choice(say_day(d, today), press("inform", time=f"{d.month}月{d.day}日")) for d in days]
        turn.say("ask_series_start", [*starts, leave], service=draft.service.name)
        return []
    phrases = other_days(draft, with_hours(product.rule, _MORNING))
    turn.say("ask_series_days", [*_phrases(phrases), leave], service=draft.service.name)
    return [slot("booking_offers", phrases)]


def _phrases(phrases: list[str]) -> list[Choice]:
    return [Choice(phrase, press("inform", time=phrase)) for phrase in phrases[:3]]


def _ask_product(draft: Draft) -> None:
    turn = draft.turn
    choices = [
        turn.button("product", press("inform", choice=f"product:{p.code}"), name=p.name, count=p.visits)
        for p in products.of_service(draft["service"])
    ]
    turn.say("ask_product", [*choices, turn.button("leave", press("stop"))], service=draft.service.name)


def asks_visit(turn: Turn) -> bool:
    """Ask about one visit, or about who pays for some; False where it is no series."""
    draft = Draft.of(turn)
    if is_unsettled(draft):
        _ask_product(draft)
        return True
    if not draft["series"]:
        return False
    rows = open_visits(turn.unit, draft["series"])
    missing = [visit for visit, booking in rows if booking is None]
    if missing:
        _ask_visit(draft, missing[0])
    else:
        _ask_pay(draft, rows)
    return True


def _ask_visit(draft: Draft, visit: SeriesVisit) -> None:
    turn, today = draft.turn, draft.turn.house.today()
    bookings = [booking for _, booking in held(turn.unit.series.rows(draft["series"]))]
    exact = read_hours(series_of(draft).rule).exact
    clock = f"，{clock_of(bookings)}" if exact is not None and bookings else ""
    choices = [
        Choice(turn.when(unpack(offer).begin), press("inform", choice=f"offer:{number}"))
        for number, offer in enumerate(draft["offers"] or [])
    ]
    name = "ask_series_visit" if choices else "ask_series_visit_none"
    if choices and turn.slots.get("misses"):
        name = "ask_series_visit_again"
    choices.append(turn.button("series_skip", press("inform", choice="series_skip")))
    if not draft["offers"]:
        choices.append(turn.button("human", press("request_human"), once=False))
    gaps = {"when": f"{say_day(visit.day, today)}{clock}"}
    turn.say(name, choices, **{gap: gaps[gap] for gap in turn.house.words.gaps(name)})


def _ask_pay(draft: Draft, rows: list[Row]) -> None:
    """Which visits no benefit carries, and what they cost."""
    turn, today = draft.turn, draft.turn.house.today()
    bookings = [booking for _, booking in rows if booking is not None]
    covered = len(held(turn.unit.series.rows(draft["series"]))) - len(bookings)
    days = [say_day(local_day(booking.begin), today) for booking in bookings]
    listed = "；".join(days) if len(days) <= _LISTED else f"从{days[0]}到{days[-1]}"
    gaps = {
        "covered": covered,
        "days": listed,
        "count": len(bookings),
        "price": price(max(booking.price_cents for booking in bookings)),
    }
    name = "ask_series_pay" if covered else "ask_series_pay_all"
    choices = [turn.button("series_pay", press("inform", choice="series_pay"))]
    if covered:
        choices.append(turn.button("series_fewer", press("inform", choice="series_fewer"), count=covered))
    choices += [
        turn.button("human", press("request_human"), once=False),
        turn.button("leave", press("stop")),
    ]
    turn.say(name, choices, **{gap: gaps[gap] for gap in turn.house.words.gaps(name)})


def reads_back(turn: Turn) -> bool:
    """Read the whole plan back in short; False where it is no series."""
    draft = Draft.of(turn)
    if not draft["series"]:
        return False
    bookings = [booking for _, booking in held(turn.unit.series.rows(draft["series"]))]
    choices = papers.below(turn, bookings[0])
    member = draft.member
    who = turn.call(member)
    who = f"{who}（{member.name}）" if member.id != turn.actor.id else who
    turn.say_text(read_back(turn.house, turn.unit, series_of(draft), who), choices)
    return True
