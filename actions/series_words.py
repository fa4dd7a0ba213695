"""A plan of visits in people's words: its rule, its days, what is special about some of them, what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from actions.house import House
from actions.needs import ready_line
from actions.whereabouts import where
from actions.words import price
from domain import products
from domain.bookings import BOOKED, Booking, Status
from domain.clock import local, local_day
from domain.series import Rule, Series, SeriesVisit, read_rule
from domain.store import Unit
from domain.store.series import Row
from nlu.zh.say import say_clock, say_day, say_when

_WEEKDAYS = "一二三四五六日"
_DIGITS = "零一二三四五六七八九十"
_LUNAR_MONTHS = {1: "正", 11: "冬", 12: "腊"}
_LISTED = 6


def rule_in_words(house: House, rule: Rule) -> str:
    """「每周二、五」, 「农历每月初一、十五」."""
    word = house.words.say
    if rule.freq == "DAILY":
        names = {1: "rule_daily", 2: "rule_other_day"}
        return (
            word(names[rule.interval])
            if rule.interval in names
            else word("rule_every_days", gap=rule.interval)
        )
    if rule.freq == "WEEKLY":
        days = "、".join(_WEEKDAYS[day] for day in rule.weekdays)
        if rule.interval == 1:
            return word("rule_weekly", days=days)
        return word("rule_weeks", weeks="两" if rule.interval == 2 else rule.interval, days=days)
    if rule.freq == "YEARLY":
        month = rule.months[0] if rule.months else 1
        name = _LUNAR_MONTHS.get(month, _number(month)) if rule.lunar else str(month)
        return word("rule_lunar_year" if rule.lunar else "rule_yearly", month=name, days=_days(rule))
    return word("rule_lunar" if rule.lunar else "rule_monthly", days=_days(rule))


def told(house: House, rule: Rule) -> str:
    """The rule, or where it goes round but once, its days: 「周三和周五」 come not every week."""
    if rule.freq == "WEEKLY" and rule.count is not None and rule.count <= len(rule.weekdays):
        return house.words.say("rule_once", days="、".join(_WEEKDAYS[day] for day in rule.weekdays))
    return rule_in_words(house, rule)


def _days(rule: Rule) -> str:
    return "、".join(_lunar_day(day) if rule.lunar else f"{day}号" for day in rule.month_days)


def _number(number: int) -> str:
    return _DIGITS[number] if number <= 10 else f"十{_DIGITS[number - 10]}"


def _lunar_day(day: int) -> str:
    if day <= 10:
        return f"初{_DIGITS[day]}"
    if day < 20:
        return _number(day)
    return {20: "二十", 30: "三十"}.get(day, f"廿{_DIGITS[day % 10]}")


def held(rows: Sequence[Row]) -> list[tuple[SeriesVisit, Booking]]:
    """The visits that stand on a time, by time."""
    found = [(v, b) for v, b in rows if b is not None and b.status in (Status.HELD, Status.LAPSED, *BOOKED)]
    return sorted(found, key=lambda row: row[1].begin)


def clock_of(bookings: Sequence[Booking]) -> str:
    """The hour at which most of them begin."""
    counts = Counter(local(booking.begin).time() for booking in bookings)
    usual = counts.most_common(1)[0][0]
    return next(say_clock(b.begin) for b in bookings if local(b.begin).time() == usual)


def read_back(house: House, unit: Unit, series: Series, who: str) -> str:
    """Everything that a yes commits to, a line for each thing."""
    word, rows = house.words.say, unit.series.rows(series.id)
    standing = held(rows)
    bookings = [booking for _, booking in standing]
    service = house.catalogue.service(series.service)
    rule, product = read_rule(series.rule), products.load().get(series.product or "")
    lines = [
        word(
            "series_read",
            who=who,
            what=f"「{product.name}」" if product else service.name,
            rule=told(house, rule),
            clock=clock_of(bookings),
            count=len(bookings),
        )
    ]
    if product is not None:
        lines.append(word("series_product", goals="；".join(product.goals)))
    lines += _when(house, rule, rows, standing)
    lines.append(_places(house, unit, bookings) + "。")
    lines.append(_cost(house, unit, bookings) + "。")
    if ready := ready_line(house, unit, bookings[0]):
        lines.append(ready)
    return "\n".join([*lines, word("series_ask_ok")])


def _when(
    house: House, rule: Rule, rows: Sequence[Row], standing: Sequence[tuple[SeriesVisit, Booking]]
) -> list[str]:
    word, today = house.words.say, house.today()
    bookings = [booking for _, booking in standing]
    days = [local_day(booking.begin) for booking in bookings]
    lines = []
    if rule.freq in ("MONTHLY", "YEARLY") and len(days) <= _LISTED:
        # Nobody carries these days in their head.
        lines.append(word("series_days", days="；".join(say_day(day, today) for day in days)))
    else:
        lines.append(word("series_span", first=say_day(days[0], today), last=say_day(days[-1], today)))
    for visit, booking in standing:
        if visit.holiday is not None and visit.moved_from is not None:
            lines.append(
                word(
                    "series_moved",
                    day=say_day(visit.moved_from, today),
                    holiday=visit.holiday,
                    instead=say_day(local_day(booking.begin), today),
                )
            )
    if rests := _rests(rule, [*days, *(visit.day for visit, _ in rows if visit.skipped)]):
        lines.append(word("series_rests", days="；".join(say_day(day, today) for day in rests)))
    usual = clock_of(bookings)
    if odd := [b for b in bookings if say_clock(b.begin) != usual]:
        times = "；".join(say_when(b.begin, house.now()) for b in odd)
        lines.append(word("series_odd", count=len(odd), times=times))
    if skipped := [visit.day for visit, _ in rows if visit.skipped]:
        lines.append(word("series_skipped", days="；".join(say_day(day, today) for day in skipped)))
    if unknown := [local_day(b.begin) for v, b in standing if v.provisional]:
        lines.append(word("series_provisional", day=say_day(unknown[0], today), count=len(unknown)))
    return lines


def _rests(rule: Rule, days: Sequence[date]) -> list[date]:
    """The days that a plan for every day leaves out."""
    if rule.freq != "DAILY" or rule.interval != 1 or len(days) < 2:
        return []
    whole = [min(days) + timedelta(days=n) for n in range((max(days) - min(days)).days)]
    return [day for day in whole if day not in days]


def _places(house: House, unit: Unit, bookings: Sequence[Booking]) -> str:
    """Where, and who comes or answers: everybody, where they are several. Each visit has a link of its own, told later."""
    first = bookings[0]
    found = dict.fromkeys(booking.staff_id for booking in bookings if booking.staff_id)
    if first.channel == "store" or (first.channel == "home" and len(found) < 2):
        return where(house, unit, first) + _other_sites(house, unit, bookings)
    names = [staff.name for staff_id in found if (staff := unit.providers.staff(staff_id)) is not None]
    if first.channel == "online":
        return house.words.say("where_online", staff="、".join(names))
    address = first.address or house.words.say("no_address")
    return house.words.say("where_home", staff="、".join(names), address=address)


def _other_sites(house: House, unit: Unit, bookings: Sequence[Booking]) -> str:
    """The visits for which the nearest site is full."""
    elsewhere = [b for b in bookings if b.site_id and b.site_id != bookings[0].site_id]
    told = []
    for booking in elsewhere:
        site = unit.providers.site(str(booking.site_id))
        day = say_day(local_day(booking.begin), house.today())
        told.append(house.words.say("series_elsewhere", day=day, site=site.name if site else ""))
    return "".join(told)


def _cost(house: House, unit: Unit, bookings: Sequence[Booking]) -> str:
    word = house.words.say
    counts: Counter[str] = Counter()
    for booking in bookings:
        if booking.grant_id is not None:
            counts[unit.benefits.benefit(unit.benefits.grant(booking.grant_id).benefit_id).name] += 1
    parts = [word("series_cost_benefit", benefit=name, count=count) for name, count in counts.items()]
    extra = {b.price_cents for b in bookings if b.grant_id is not None and b.price_cents}
    if extra:
        parts.append(word("series_cost_own", price=price(max(extra))))
    own = [booking.price_cents for booking in bookings if booking.grant_id is None]
    if own:
        parts.append(word("series_cost_self", count=len(own), price=price(sum(own))))
    elif not extra:
        parts.append(word("series_cost_free"))
    return "，".join(parts)


def line(house: House, unit: Unit, series: Series, coming: Sequence[Booking]) -> str:
    """A series in one line, with the next visit."""
    following = coming[0]
    planned = {b.id: v.day for v, b in unit.series.rows(series.id) if b is not None}
    usual = clock_of(coming)
    odd = [b for b in coming if local_day(b.begin) != planned.get(b.id) or say_clock(b.begin) != usual]
    times = "；".join(say_when(b.begin, house.now()) for b in odd)
    return house.words.say(
        "series_line",
        service=house.catalogue.service(series.service).name,
        rule=told(house, read_rule(series.rule)),
        count=len(coming),
        when=say_when(following.begin, house.now()),
        where=where(house, unit, following),
        number=following.number,
        last=say_day(local_day(coming[-1].begin), house.today()),
        odd=house.words.say("series_line_odd", times=times) if odd else "",
    )


def course_line(house: House, unit: Unit, booking: Booking) -> str | None:
    """What a visit is to a care product, for those who come; None where it belongs to none."""
    found = unit.series.of_bookings([booking.id]).get(booking.id)
    product = products.load().get(found[0].product or "") if found is not None else None
    if found is None or product is None:
        return None
    return house.words.say(
        f"visit_course_{found[1].part}",
        name=product.name,
        number=found[1].ordinal,
        goals="；".join(product.goals),
    )
