"""The profile form: a new address or telephone, how to be called, and facts that later visits should know."""

from __future__ import annotations

import re
from typing import Any

from actions.rasa.asking import confidence, is_aside, says_no, says_yes
from actions.rasa.turn import Event, Turn, press, slot
from nlu.zh import lexicon

SLOTS = ("profile_field", "profile_value", "profile_ok")
ALL = SLOTS
_SURELY = 0.5
_A_FACT = 4

_PHONE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d){8}(?!\d)")
_ADDRESS = re.compile(
    r"(?:搬(?:到|去|家到|进)了?|住(?:在|到|进)?了?|地址(?:改成|换成|改为|变成|是|：|:)|改到|换到)\s*(?P<value>[^，。！？,!?]{4,60})"
)
_PLACE = re.compile(
    r"(?:区|县|市|路|街|巷|弄|胡同|村|镇|小区|花园|大院|里|苑|园).{0,30}\d+|\d+\s*(?:号|栋|幢|单元|室|楼|层)"
)
_CALL = re.compile(r"(?:叫我|称呼我|喊我)(?:一声)?(?:为|作)?(?P<value>[^，。！？,!?吧就行啊呀呢了]{2,8})")
_NAME = re.compile(r"(?:名字|姓名|名)(?:应该)?(?:是|叫|改成|改为|:|：)(?P<value>[\u4e00-\u9fff·]{2,8})")
_GOOD_NAME = re.compile(r"[\u4e00-\u9fff·]{2,20}|[A-Za-z][A-Za-z .'’-]{1,40}")
_TONGUE = re.compile(
    r"(?:讲|说|用|听得懂|换成)(?P<value>普通话|国语|粤语|广东话|白话|上海话|四川话|闽南[语话]|客家话|潮汕话|温州话|东北话|英[语文])"
)
_WORDS = (
    ("phone", ("电话", "手机", "号码")),
    ("address", ("地址", "搬家", "搬到", "搬去", "搬了", "住址", "门牌", "住到")),
    ("name", ("名字", "姓名", "改名")),
    ("address_as", ("叫我", "称呼", "喊我")),
    ("dialect", ("方言", "普通话", "粤语", "广东话", "英语", "语言")),
)
# What is to change was not said: 「我要改资料」.
_ONLY_CHANGE = re.compile(
    r"^(?:我|我们|你|帮我|给我|想|要|把|的|一下|个人|信息|资料|档案|改|换|更新|修改|变更|登记|下)+$"
)
_LEAVES = re.compile("^(?:那|还是|算了)*[，, ]*(?:不改了|先不改|不用改|别改|不换了|不弄了)")
# Whatever is said is the answer here, unless it is surely another matter.
_FREE = ("name", "address", "address_as", "note", "dialect")
_ANOTHER = frozenset(
    {
        "request_human",
        "help",
        "stop",
        "emergency",
        "crisis",
        "report_fraud",
        "book_service",
        "query_entitlement",
    }
)


def validate(turn: Turn) -> list[Event]:
    """`validate_profile_form`: what is to change, to what. No event means an aside."""
    kept: dict[str, Any] = {name: turn.slots.get(name) for name in ALL}
    starting = turn.requested is None
    found = _value(turn, kept["profile_field"])
    fits = not starting and (_leaves(turn) or _free_answer(turn, kept["profile_field"]))
    answers = found is not None or bool(turn.choice)
    if not starting and not fits and is_aside(turn, answers=answers, task="update_profile"):
        return []
    heard = _take_in(turn, kept, found, starting)
    events = [slot(name, value) for name, value in kept.items()]
    if kept["profile_ok"]:
        events.append(slot("requested_slot", None))
    events.append(slot("misses", 0 if heard or starting else int(turn.slots.get("misses") or 0) + 1))
    return events


def _leaves(turn: Turn) -> bool:
    return not turn.pressed and _LEAVES.search(turn.text) is not None


def _free_answer(turn: Turn, field: str | None) -> bool:
    """Whether the words are taken as they stand: a name or an address looks like anything to a model."""
    if turn.pressed or turn.requested != "profile_value" or field not in _FREE:
        return False
    return not (turn.intent in _ANOTHER and confidence(turn) >= _SURELY)


def _take_in(turn: Turn, kept: dict[str, Any], found: tuple[str, str] | None, starting: bool) -> bool:
    choice = turn.choice or ""
    if choice.startswith("field:"):
        kept["profile_field"] = choice.removeprefix("field:")
        return True
    if not starting and _leaves(turn):
        kept["profile_ok"] = "left"
        turn.say("left_task")
        return True
    if turn.requested == "profile_ok" and kept["profile_value"]:
        if says_yes(turn):
            kept["profile_ok"] = "yes"
            return True
        if says_no(turn) and found is None:
            kept["profile_value"] = None
            return True
    if found is not None:
        kept["profile_field"], kept["profile_value"] = found
        return True
    if starting and not turn.pressed:
        field = next((name for name, words in _WORDS if any(word in turn.text for word in words)), None)
        if field is not None:
            kept["profile_field"] = field
        elif len(turn.text) >= _A_FACT and not _ONLY_CHANGE.fullmatch(turn.text):
            kept["profile_field"], kept["profile_value"] = "note", turn.text[:120]
        return True
    if turn.requested == "profile_value" and not turn.pressed and kept["profile_field"] != "phone":
        value = turn.text.strip()[:120]
        if kept["profile_field"] == "name" and not _GOOD_NAME.fullmatch(value):
            turn.say("name_unclear")
            return False
        kept["profile_value"] = value
        return True
    if turn.requested == "profile_value" and kept["profile_field"] == "phone":
        turn.say("phone_unclear")
    return False


def _value(turn: Turn, field: str | None) -> tuple[str, str] | None:
    """A new value in the words, and what it is of."""
    if turn.pressed:
        return None
    phone = _PHONE.search(turn.text)
    if phone:
        return "phone", re.sub(r"\D", "", phone.group())
    address = _ADDRESS.search(turn.text)
    if address and field in (None, "address"):
        value = re.sub(r"(了|啦|呢|哈|啊|那边|去了)+$", "", address["value"].strip())
        if _PLACE.search(value):
            return "address", value
    for name, pattern in (("name", _NAME), ("dialect", _TONGUE)):
        said = pattern.search(turn.text)
        if said and field in (None, name):
            return name, said["value"]
    call = _CALL.search(turn.text)
    if call and field in (None, "address_as"):
        return "address_as", call["value"]
    return None


def save(turn: Turn) -> None:
    """Write the agreed value; a telephone that is somebody else's is refused without telling whose."""
    person, field, value = turn.actor, str(turn.slots["profile_field"]), str(turn.slots["profile_value"])
    if field == "phone":
        other = turn.unit.people.by_phone(value)
        if other is not None and other.id != person.id:
            turn.say("phone_in_use", (turn.button("human", press("request_human"), once=False),))
            return
        person.phone = value
    elif field == "address":
        # Where the new home is, is not known yet: its district stands in for it.
        person.address, person.lat, person.lon = value, None, None
        _move_district(turn, value)
    elif field in ("name", "address_as", "dialect"):
        setattr(person, field, value)
    else:
        person.notes = {**person.notes, f"note_{len(person.notes) + 1}": value}
    turn.say(f"saved_{field}", value=value)


def _move_district(turn: Turn, value: str) -> None:
    """Another city or district in the address moves the member there: times are looked for where they live."""
    person = turn.actor
    cities = lexicon.find_cities(value)
    if (
        cities
        and (city := turn.unit.people.city_named(cities[0].value)) is not None
        and city.id != person.city_id
    ):
        person.city_id, person.district_id = city.id, None
    if person.city_id is not None:
        for district in turn.unit.people.districts(person.city_id):
            if district.name in value:
                person.district_id = district.id
        if person.district_id is None and (all_of := turn.unit.people.districts(person.city_id)):
            person.district_id = all_of[0].id


def ask_field(turn: Turn) -> list[Event]:
    """What is new?"""
    turn.say(
        "ask_profile_field",
        (
            turn.button("field_phone", press("inform", choice="field:phone")),
            turn.button("field_address", press("inform", choice="field:address")),
            turn.button("field_address_as", press("inform", choice="field:address_as")),
            turn.button("field_name", press("inform", choice="field:name")),
            turn.button("leave", press("stop")),
        ),
    )
    return []


def ask_value(turn: Turn) -> list[Event]:
    """What is it now?"""
    turn.say(f"ask_new_{turn.slots.get('profile_field') or 'note'}", (turn.button("leave", press("stop")),))
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read it back."""
    turn.say(
        f"read_back_{turn.slots['profile_field']}",
        (
            turn.button("yes", press("inform", choice="yes")),
            turn.button("no_again", press("inform", choice="no")),
            turn.button("leave", press("stop")),
        ),
        value=turn.slots["profile_value"],
    )
    return []
