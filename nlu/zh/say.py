"""Days and hours as people read them: the weekday with every date, morning and afternoon with every hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

_SHANGHAI = timezone(timedelta(hours=8))
_WEEKDAYS = "一二三四五六日"
_NEAR = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def say_day(day: date, today: date) -> str:
    """「明天，11月25日，星期三」; 「12月3日，下个星期四」 within a fortnight; the year where it is another one."""
    weekday = f"星期{_WEEKDAYS[day.weekday()]}"
    plain = f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
    away = (day - today).days
    if away in _NEAR:
        return f"{_NEAR[away]}，{plain}，{weekday}"
    monday = today - timedelta(days=today.weekday())
    weeks = (day - monday).days // 7
    which = {0: "这个", 1: "下个"}.get(weeks, "") if away > 0 else ""
    return f"{plain}，{which}{weekday}"


def say_clock(moment: datetime) -> str:
    """「下午3点半」, on a clock in Shanghai."""
    local = moment.astimezone(_SHANGHAI)
    part = next(
        name
        for end, name in ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
        if local.hour < end
    )
    hour = local.hour if local.hour <= 12 else local.hour - 12
    minute = "" if local.minute == 0 else "半" if local.minute == 30 else f"{local.minute:02}分"
    return f"{part}{hour}点{minute}"


def say_when(moment: datetime, now: datetime) -> str:
    """Day and clock: 「后天，11月26日，星期四，下午3点」."""
    return f"{say_day(moment.astimezone(_SHANGHAI).date(), now.astimezone(_SHANGHAI).date())}，{say_clock(moment)}"
