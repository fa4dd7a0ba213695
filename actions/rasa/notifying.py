"""`action_notifications`: which messages come, when, and to whom, changed in one turn wherever that is clear."""

from __future__ import annotations

from datetime import date, time, timedelta

from actions import notices as wishes
from actions.family import elders_of
from actions.rasa.turn import Event, Turn, press
from actions.say import Choice
from domain.clock import local_day
from domain.people import Person, Scope
from domain.quiet import Days, Window
from domain.slots import at
from nlu.zh.notice_wish import NoticeWish, read, speaks_of_messages
from nlu.zh.say import say_clock, say_when

_SEES = {Scope.SEE_VISITS, Scope.ALERTS}
_DAUGHTER, _SON = ("女儿", "闺女", "姑娘", "丫头"), ("儿子", "小子", "崽")


def notifications(turn: Turn) -> list[Event]:
    """Change what was asked for, else say how it stands and what can be changed."""
    named = [word for word in turn.entity("person") if word != "self"]
    if turn.choice is not None:
        _pressed(turn, turn.choice)
        return []
    if _about_an_elder(turn, named):
        return []
    wish = read(turn.text, turn.now, turn.house.calendar, relative=bool(named))
    if wish.what == "not_to":
        _not_to(turn)
    elif wish.what in ("to", "only_to"):
        _to(turn, only=wish.what == "only_to")
    else:
        _do(turn, wish)
    return []


def misheard(turn: Turn) -> bool:
    """Whether words that were heard as talk change what we send; outside a form only."""
    return not turn.loop and not turn.pressed and speaks_of_messages(turn.text)


def _pressed(turn: Turn, choice: str) -> None:
    """A button: `to:<person>`, `only_to:<person>`, or the name of a wish."""
    what, _, subject = choice.partition(":")
    relative = turn.unit.people.get(subject) if subject else None
    if what in ("to", "only_to"):
        mine = relative is not None and turn.unit.people.kinship(turn.actor.id, relative.id) is not None
        if mine and relative is not None:
            _send_to(turn, relative, only=what == "only_to")
        else:
            _to(turn, only=what == "only_to")
    elif what == "evening":
        _do(turn, NoticeWish("quiet", ((time(18), time(7), "all"),)))
    elif what in ("fewer", "off", "usual"):
        _do(turn, NoticeWish(what))  # type: ignore[arg-type]
    else:
        _do(turn, NoticeWish("ask"))


def _do(turn: Turn, wish: NoticeWish) -> None:
    house, unit, actor = turn.house, turn.unit, turn.actor
    usual = turn.button("notices_usual", press("manage_notifications", choice="usual"), once=False)
    if wish.what == "quiet":
        windows = [Window(begin, end, Days(days)) for begin, end, days in wish.hours]
        wishes.add_quiet(house, unit, actor, windows)
        turn.say("notices_quiet", (usual,), hours=_spoken(turn, windows))
    elif wish.what == "pause" and wish.until is not None:
        wishes.pause(house, unit, actor, wish.until)
        turn.say("notices_pause", (usual,), until=say_when(wish.until, turn.now))
    elif wish.what == "fewer":
        wishes.fewer(house, unit, actor)
        evening = turn.button("notices_evening", press("manage_notifications", choice="evening"))
        turn.say("notices_fewer", (evening, usual))
    elif wish.what == "off":
        wishes.unsubscribe(house, unit, actor)
        turn.say("notices_off")
    elif wish.what == "on":
        wishes.subscribe(house, unit, actor)
        turn.say("notices_on")
    elif wish.what == "no_surveys":
        wishes.no_surveys(house, unit, actor)
        turn.say("follow_never", (usual,))
    elif wish.what == "usual":
        notices = wishes.as_usual(house, unit, actor)
        turn.say("notices_as_usual", hours=_spoken(turn, wishes.windows_of(notices)))
    else:
        _ask(turn)


def _ask(turn: Turn) -> None:
    """How it stands, and what can be changed."""
    notices = turn.unit.reminders.notices(turn.actor.id)
    choices = [
        turn.button(f"notices_{what}", press("manage_notifications", choice=what))
        for what in ("evening", "fewer", "to", "off")
    ]
    name = "notices_now_fewer" if notices.fewer else "notices_now"
    turn.say(name, choices, hours=_spoken(turn, wishes.windows_of(notices)))


def _about_an_elder(turn: Turn, named: list[str]) -> bool:
    """A child speaks of a parent's messages: what comes to the parent is the parent's to say."""
    elders = elders_of(turn.unit, turn.actor) if named else []
    about = [r for r in elders if r.relation in named or "parents" in named]
    if not about:
        return False
    elder = about[0]
    may = turn.unit.people.consents(elder.person.id, turn.actor.id, turn.now)
    name = "notices_child_gets" if Scope.SEE_VISITS in may else "notices_child_asks"
    turn.say(name, who=turn.called(elder))
    return True


def _to(turn: Turn, *, only: bool) -> None:
    """To which of the family: clear where there is one whom the words fit."""
    family = [relative for _, relative in turn.unit.people.relatives_of(turn.actor.id)]
    wanted = _gender(turn.text)
    sure = [one for one in family if wanted in (None, one.gender)]
    fitting = sure or [one for one in family if one.gender is None]
    add, what = turn.button("add_family", press("link_family"), once=False), "only_to" if only else "to"
    choices = [
        Choice(one.name, press("manage_notifications", choice=f"{what}:{one.id}"))
        for one in (fitting or family)[:4]
    ]
    if not family:
        turn.say("notices_nobody", (add,))
    elif not fitting:
        turn.say("notices_not_that_one", (*choices, add), who=turn.word(f"notices_{wanted}"))
    elif len(sure) == 1:
        _send_to(turn, sure[0], only=only)
    else:
        turn.say("notices_which", choices)


def _not_to(turn: Turn) -> None:
    """To nobody else any more; what a consent of hers lets somebody see is said, for it goes on."""
    family = [relative for _, relative in turn.unit.people.relatives_of(turn.actor.id)]
    wanted = _gender(turn.text)
    fitting = [one for one in family if wanted in (None, one.gender)] or [
        f for f in family if f.gender is None
    ]
    notices = turn.unit.reminders.notices(turn.actor.id)
    if notices.to_id is not None and notices.to_id in [one.id for one in fitting]:
        wishes.not_to(turn.house, turn.unit, turn.actor)
    if not fitting:
        turn.say("notices_not_to_nobody")
        return
    told = [one for one in fitting if _SEES & set(turn.unit.people.consents(turn.actor.id, one.id, turn.now))]
    if told:
        turn.say("notices_not_to_sees", name="、".join(one.name for one in told))
    else:
        turn.say("notices_not_to", name="、".join(one.name for one in fitting))


def _gender(text: str) -> str | None:
    """Whether a daughter or a son was named."""
    if any(word in text for word in _DAUGHTER):
        return "female"
    return "male" if any(word in text for word in _SON) else None


def _send_to(turn: Turn, relative: Person, *, only: bool) -> None:
    may = turn.unit.people.consents(turn.actor.id, relative.id, turn.now)
    if Scope.SEE_VISITS not in may:
        turn.say(
            "notices_needs_leave",
            (turn.button("notices_leave", press("link_family"), once=False),),
            name=relative.name,
        )
        return
    wishes.send_to(turn.house, turn.unit, turn.actor, relative, only=only)
    turn.say("notices_only_to" if only else "notices_also_to", name=relative.name)


def _spoken(turn: Turn, windows: list[Window]) -> str:
    """「晚上6点到第二天早上7点」, several joined; those that lie in another are not said."""
    today = local_day(turn.now)
    told = [w for w in windows if not any(_within(w, other) for other in windows if other is not w)]
    return "，".join(_one(turn, window, today) for window in told) or turn.word("notices_no_hours")


def _within(inner: Window, outer: Window) -> bool:
    """Whether one window lies in another, whatever the day."""
    if outer.days not in (Days.ALL, inner.days) or inner == outer:
        return False
    day = date(2026, 1, 5)
    spans = []
    for window in (inner, outer):
        begin, end = at(day, window.starts), at(day, window.ends)
        spans.append((begin, end if end > begin else end + timedelta(days=1)))
    return spans[1][0] <= spans[0][0] and spans[0][1] <= spans[1][1]


def _one(turn: Turn, window: Window, today: date) -> str:
    which = turn.word(f"notices_days_{window.days}")
    if window.starts == window.ends:
        return which + turn.word("notices_all_day")
    until = say_clock(at(today, window.ends)).replace("上午7点", "早上7点")
    name = "notices_over_night" if window.ends <= window.starts else "notices_hours"
    return which + turn.word(name, begin=say_clock(at(today, window.starts)), end=until)
