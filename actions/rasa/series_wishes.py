"""What words say about a plan of visits: which care product, how many, on which days, at which hour."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from actions.rasa.asking import ordinal, recurring, window_of_phrase
from actions.rasa.booking_draft import Draft
from actions.rasa.turn import Turn
from domain import products
from domain.clock import local
from domain.products import Product
from domain.series import Hours, read_hours, read_rule, read_start, with_count, with_hours, with_start
from nlu.zh import times
from nlu.zh.numbers import to_int

# What makes a wish for one of the lines a wish for a care product.
_PRODUCT = re.compile("疗程|一个阶段|短期|长期|一段时间|包月")
_LENGTHS = {"short": re.compile("短"), "long": re.compile("长")}
# A care product is wanted, and whether the short or the long one is not said yet.
UNSETTLED = "?"
_COUNT = re.compile(
    r"^(?:那|就|改成|改|要|做|约|一共|总共|先|来|给我)*(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:次|回|趟)(?:吧|就行|够了|好了|行了)?[。！]?$"
)


def product_of(code: str | None) -> Product | None:
    """The product of a slot's code; None where there is none or it is not settled."""
    return products.load().get(code or "")


def take_in_product(draft: Draft) -> bool:
    """A care product that was chosen, or that the words ask for."""
    turn, choice = draft.turn, draft.turn.choice or ""
    found = product_of(choice.removeprefix("product:")) if choice.startswith("product:") else None
    if found is None and is_unsettled(draft) and not turn.pressed:
        lines = products.of_service(draft["service"])
        found = next((p for p in lines if _LENGTHS[p.length].search(turn.text)), None)
        picked = ordinal(turn) if found is None else None
        found = lines[picked] if picked is not None and picked < len(lines) else found
    if found is not None:
        draft.forget_slot()
        draft.put(product=found.code, service=found.service)
        return True
    return _asked_for(draft)


def is_unsettled(draft: Draft) -> bool:
    """Whether a care product is wanted and it is not said yet which."""
    return str(draft["product"] or "").startswith(UNSETTLED)


def _asked_for(draft: Draft) -> bool:
    """Note that the words want a care product, and its length if they say it, until the line is known."""
    turn, service = draft.turn, draft["service"]
    asks = not turn.pressed and _PRODUCT.search(turn.text) is not None
    said = [length for length, words in _LENGTHS.items() if words.search(turn.text)]
    if asks and draft["product"] is None:
        draft.put(product=f"{UNSETTLED}{said[0]}" if len(said) == 1 else UNSETTLED)
    if not is_unsettled(draft) or service is None:
        return asks
    lines = products.of_service(service)
    length = str(draft["product"]).removeprefix(UNSETTLED)
    found = next((line.code for line in lines if line.length == length), None)
    draft.put(product=found or (UNSETTLED if lines else None))
    return asks


def picked_days(draft: Draft) -> dict[str, Any] | None:
    """「第一个」, where the question was on which days."""
    offers, picked = draft["offers"] or [], ordinal(draft.turn)
    if draft.turn.requested != "booking_time" or picked is None or picked >= len(offers):
        return None
    phrase = offers[picked]
    return window_of_phrase(draft.turn, phrase) if isinstance(phrase, str) else None


def some_days(turn: Turn) -> dict[str, Any] | None:
    """「周三和周五」: as many visits; None where not several days are named side by side."""
    found = None if turn.pressed else times.several(turn.text, turn.now, turn.house.calendar)
    return recurring(turn, found) if found is not None else None


def fits(draft: Draft) -> bool:
    """Whether the words answer an open question of a series by their form, whatever the model takes them for."""
    turn = draft.turn
    if turn.pressed:
        return False
    if is_unsettled(draft) and any(each.search(turn.text) for each in _LENGTHS.values()):
        return True
    return _count(draft) is not None or picked_days(draft) is not None


def _count(draft: Draft) -> int | None:
    found = None if draft.turn.pressed else _COUNT.search(draft.turn.text.strip())
    return to_int(found["count"]) if found and (draft["time"] or {}).get("rule") else None


def take_in_count(draft: Draft) -> bool:
    """「一共八次」: so many visits instead."""
    count = _count(draft)
    if count is None or count < 1:
        return False
    draft.forget_slot()
    draft.put(time={**draft["time"], "rule": with_count(draft["time"]["rule"], count)})
    return True


def joined(before: dict[str, Any] | None, said: dict[str, Any]) -> dict[str, Any] | None:
    """What was said, with what of a rule was not said again: other days keep the hours, other hours the days."""
    if before is None or not before.get("rule") or said.get("begin") is None or said.get("which_days"):
        return None
    rule = str(before["rule"])
    if said.get("rule"):
        new = str(said["rule"])
        start = read_start(rule)
        if start is not None and read_start(new) is None:
            new = with_start(new, start)
        if "BYHOUR" not in new:
            new = with_hours(new, read_hours(rule))
        count = read_rule(rule).count
        return {**said, "rule": with_count(new, count) if count and "COUNT" not in new else new}
    if said.get("since"):
        day = local(datetime.fromisoformat(said["begin"])).date()
        return {**before, "rule": with_start(rule, day), "said": f"{before['said']}，从{said['said']}起"}
    if said.get("vague") or "day" not in said["doubts"]:
        return None
    return {**before, "rule": with_hours(rule, hours_of(said)), "said": f"{before['said']}{said['said']}"}


def hours_of(window: dict[str, Any]) -> Hours:
    if window["near"]:
        return Hours(exact=local(datetime.fromisoformat(window["near"])).time())
    begin, end = (local(datetime.fromisoformat(window[name])) for name in ("begin", "end"))
    return Hours(begin.time(), end.time()) if begin.date() == end.date() else Hours()


def rule_of(draft: Draft) -> str:
    """The rule that was said; a product's own rhythm where only a day or an hour was."""
    window, product = draft["time"], product_of(draft["product"])
    rule = window.get("rule")
    if rule is None:
        assert product is not None
        rule = with_hours(product.rhythm, hours_of(window))
        if "day" not in window["doubts"]:
            rule = with_start(rule, local(datetime.fromisoformat(window["begin"])).date())
    return with_count(rule, product.visits) if product is not None and "COUNT" not in rule else str(rule)


# How often a week, and days that lie well apart for it.
_APART = {1: "WE", 2: "TU,FR", 3: "MO,WE,FR", 4: "MO,TU,TH,FR", 5: "MO,TU,WE,TH,FR"}


def on_some_days(window: dict[str, Any]) -> str:
    """A rule with days for one that says only how often: 「一礼拜两回」, 「每个月」."""
    rule = str(window["rule"])
    if "FREQ=MONTHLY" in rule:
        return f"{rule};BYMONTHDAY=1"
    times = next((d.removeprefix("times_") for d in window["doubts"] if d.startswith("times_")), "1")
    days = _APART.get(int(times) if times.isdigit() else 1, _APART[5])
    return f"{rule};BYDAY={days}"
