"""A plan of visits: the days of a recurring wish (RFC 5545; lunar months after RFC 7529), moved where a holiday is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lunar_python import Lunar, Solar

from domain.calendar import Calendar
from domain.slots import at

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A plan without a number of visits is made for so many (a week of what is daily); further ones come later.
USUAL, USUAL_DAILY, MOST = 4, 7, 30
# How far ahead a plan of visits may reach; a single booking reaches less far.
FURTHEST = timedelta(days=200)
_HORIZON = timedelta(days=400)
# What a part of a day means, by the hour that stands in the rule (BYHOUR without a minute).
_PARTS = {8: (8, 12), 11: (11, 14), 12: (13, 18), 17: (17, 19), 18: (18, 22), 20: (18, 22)}


@dataclass(frozen=True)
class Rule:
    """What of an RFC 5545 rule the plans need. `lunar` counts months by the Chinese calendar (RSCALE=CHINESE)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    lunar: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it says on which days; 「一礼拜两回」 does not."""
        return bool(self.freq == "DAILY" or self.weekdays or self.month_days)

    @property
    def number(self) -> int:
        """How many visits are planned at once; until a day, as many as there are."""
        if self.until is not None and self.count is None:
            return MOST
        usual = USUAL_DAILY if self.freq == "DAILY" and self.interval == 1 else USUAL
        return min(self.count or usual, MOST)


@dataclass(frozen=True)
class Hours:
    """When on its day a visit may begin (Shanghai); `exact` is the very moment, where one was said."""

    begin: time = time(0)
    end: time = time(23, 59)
    exact: time | None = None

    def window(self, day: date) -> tuple[datetime, datetime]:
        """The period of a day in which it may begin."""
        if self.exact is not None:
            return at(day, self.exact), at(day, self.exact) + timedelta(minutes=1)
        return at(day, self.begin), at(day, self.end)


@dataclass(frozen=True)
class Occurrence:
    """One day of the plan. `moved_from` is the day that a holiday took; `is_known` whether the calendar covers it."""

    day: date
    moved_from: date | None = None
    holiday: str | None = None
    is_known: bool = True


def read_rule(text: str) -> Rule:
    """The rule of a text like `FREQ=WEEKLY;BYDAY=WE;COUNT=8`. Raises ValueError for a part that is none."""
    parts = dict(part.split("=", 1) for part in text.removeprefix("RRULE:").split(";") if part)
    freq = parts.get("FREQ", "")
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise ValueError(f"no such frequency: {freq!r}")
    until = parts.get("UNTIL")
    return Rule(
        freq=freq,
        interval=int(parts.get("INTERVAL", "1")),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=date.fromisoformat(until[:8]) if until else None,
        weekdays=tuple(_WEEKDAYS.index(day[-2:]) for day in parts.get("BYDAY", "").split(",") if day),
        month_days=tuple(int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day),
        months=tuple(int(month.rstrip("L")) for month in parts.get("BYMONTH", "").split(",") if month),
        lunar=parts.get("RSCALE") == "CHINESE",
    )


def read_hours(text: str) -> Hours:
    """The hours of the same text: the very moment (BYMINUTE), a part of the day (BYHOUR alone), else all day."""
    parts = dict(part.split("=", 1) for part in text.split(";") if part)
    if "BYHOUR" not in parts:
        return Hours()
    hour = int(parts["BYHOUR"].split(",")[0])
    if "BYMINUTE" in parts:
        return Hours(exact=time(hour, int(parts["BYMINUTE"])))
    begin, end = _PARTS.get(hour, (hour, min(hour + 2, 23)))
    return Hours(time(begin), time(end))


def read_start(text: str) -> date | None:
    """The day from which on the plan is wished (DTSTART), where one was said."""
    found = next((part for part in text.split(";") if part.startswith("DTSTART=")), None)
    return date.fromisoformat(found.removeprefix("DTSTART=")[:8]) if found else None


def with_start(text: str, day: date) -> str:
    """The text of a rule that begins on a day or after it."""
    kept = [part for part in text.split(";") if part and not part.startswith("DTSTART=")]
    return ";".join([f"DTSTART={day:%Y%m%d}", *kept])


def with_count(text: str, count: int) -> str:
    """The text of a rule with another number of visits."""
    kept = [part for part in text.split(";") if part and not part.startswith("COUNT=")]
    return ";".join([*kept, f"COUNT={count}"])


def by_the_hour(text: str) -> list[str]:
    """A rule of several hours a day (「每天早晚」) as rules of one each; a number of visits is shared out among them."""
    parts = dict(part.split("=", 1) for part in text.split(";") if part)
    hours = parts.get("BYHOUR", "").split(",")
    if len(hours) < 2:
        return [text]
    if "COUNT" in parts:
        parts["COUNT"] = str(max(1, int(parts["COUNT"]) // len(hours)))
    return [";".join(f"{k}={v}" for k, v in {**parts, "BYHOUR": hour}.items()) for hour in hours]


def with_hours(text: str, hours: Hours) -> str:
    """The text of a rule with other hours."""
    kept = [part for part in text.split(";") if part and not part.startswith(("BYHOUR=", "BYMINUTE="))]
    if hours.exact is not None:
        kept += [f"BYHOUR={hours.exact.hour}", f"BYMINUTE={hours.exact.minute}"]
    elif hours != Hours():
        # A part of the day is written by the hour that stands for it.
        kept.append(
            f"BYHOUR={next((h for h, (b, _) in _PARTS.items() if b == hours.begin.hour), hours.begin.hour)}"
        )
    return ";".join(kept)


def days_of(rule: Rule, first: date) -> list[date]:
    """The days of the rule from a day on, as many as it counts, in order."""
    wanted = rule.number
    found: list[date] = []
    for day in _matching(rule, first):
        if rule.until is not None and day > rule.until:
            break
        found.append(day)
        if len(found) == wanted:
            break
    return found


def _matching(rule: Rule, first: date) -> Iterator[date]:
    # The first day that fits sets the beat of an interval (the week, the month), as DTSTART does.
    anchor: date | None = None
    for number in range(_HORIZON.days * max(1, rule.interval)):
        day = first + timedelta(days=number)
        if not _fits(rule, day):
            continue
        anchor = anchor or day
        if _beat(rule, anchor, day) % rule.interval == 0:
            yield day


def _fits(rule: Rule, day: date) -> bool:
    if rule.weekdays and day.weekday() not in rule.weekdays:
        return False
    if not (rule.month_days or rule.months):
        return rule.freq in ("DAILY", "WEEKLY")
    month, number, length = _lunar(day) if rule.lunar else (day.month, day.day, _length(day))
    if rule.months and month not in rule.months:
        return False
    # The thirtieth of a month that has none is its last day (RFC 7529: SKIP=BACKWARD).
    wanted = rule.month_days or (number,)
    return any(number == (min(want, length) if want > 0 else length + 1 + want) for want in wanted)


def _beat(rule: Rule, anchor: date, day: date) -> int:
    """How many of the rule's periods lie between two days."""
    if rule.freq == "DAILY":
        return (day - anchor).days
    if rule.freq == "WEEKLY":
        return (_monday(day) - _monday(anchor)).days // 7
    if rule.freq == "YEARLY":
        return day.year - anchor.year
    if rule.lunar:
        return round((day - anchor).days / 29.53)
    return (day.year - anchor.year) * 12 + day.month - anchor.month


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _length(day: date) -> int:
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (after - timedelta(days=1)).day


def _lunar(day: date) -> tuple[int, int, int]:
    """Lunar month (a leap one is negative), day, and length of the month."""
    solar = Solar.fromYmd(day.year, day.month, day.day)
    found: Lunar = solar.getLunar()
    number = int(found.getDay())
    thirtieth = solar.next(30 - number).getLunar()
    return int(found.getMonth()), number, 30 if thirtieth.getDay() == 30 else 29


def planned(rule: Rule, first: date, calendar: Calendar, *, on_holidays: bool) -> list[Occurrence]:
    """The days of the plan, each on which nobody works moved to the next working day that is no other's.

    Days past the calendar's tables stay where they are and are provisional: whether they are off is not known yet.
    """
    days = days_of(rule, first)
    taken, plan = set(days), []
    for day in days:
        holiday = calendar.holiday_on(day)
        if holiday is None or on_holidays:
            plan.append(Occurrence(day, is_known=on_holidays or calendar.knows(day)))
            continue
        instead = moved_on(day, taken, calendar)
        taken.add(instead)
        plan.append(Occurrence(instead, moved_from=day, holiday=holiday, is_known=calendar.knows(instead)))
    return plan


def moved_on(day: date, taken: set[date], calendar: Calendar) -> date:
    """The first working day after one on which nobody works that is no other visit's."""
    while calendar.holiday_on(day) is not None or day in taken:
        day += timedelta(days=1)
    return day


class SeriesState(StrEnum):
    """`held` while it is read back; `over` when its last visit has been and what comes next was asked."""

    HELD = "held"
    STANDING = "standing"
    DROPPED = "dropped"
    OVER = "over"


class Part(StrEnum):
    """What a visit is to a care product: its beginning, its work, its end."""

    ASSESSMENT = "assessment"
    VISIT = "visit"
    REVIEW = "review"


@dataclass(eq=False, kw_only=True)
class Series:
    """A plan of visits. `rule` is its text (RFC 5545, RFC 7529) with hours and count; `key` makes a repeat harmless.

    `due_at` is when the member is asked whether to go on (care products only), `wishes` whom they would like to come.
    """

    id: str
    key: str
    member_id: str
    booked_by: str
    service: str
    channel: str
    rule: str
    created_at: datetime
    state: SeriesState = SeriesState.HELD
    product: str | None = None
    self_pay: bool = False
    wishes: dict[str, str] = field(default_factory=dict)
    due_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class SeriesVisit:
    """One visit of a series and its booking, if it has one.

    `day` is where the plan has it, `moved_from` the day that a holiday took; `provisional` tells that no calendar
    covers the day yet. `refusal` is why no benefit carries it, until somebody says that they pay; `skipped` that
    they do without it.
    """

    series_id: str
    ordinal: int
    part: Part
    service: str
    day: date
    provisional: bool
    moved_from: date | None = None
    holiday: str | None = None
    booking_id: str | None = None
    refusal: str | None = None
    skipped: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still needs a time, or a word about who pays."""
        return not self.skipped and (self.booking_id is None or self.refusal is not None)
