"""A relative asks an elder for leave: the elder is asked in plain words, each purpose apart, one question at a time."""

from __future__ import annotations

from datetime import timedelta

from actions.consent import Bond, give, link, scope_names
from actions.house import House
from actions.say import Choice, put
from domain.doors import ConsentRequest
from domain.errors import NotFound, RuleBroken
from domain.family import REQUESTS_A_DAY, still_open
from domain.ids import new_id
from domain.people import Person, Scope
from domain.store import Unit

_A_DAY = timedelta(days=1)


class AskedOften(RuleBroken):
    """Somebody asks too many people for leave, or the same one again."""

    code = "asked_often"


def ask(
    house: House, unit: Unit, relative: Person, elder: Person, relation: str, scopes: list[Scope]
) -> ConsentRequest:
    """Put the first question to the elder. Raises AskedOften."""
    now = house.now()
    before = unit.doors.requests_by(relative.id, now - _A_DAY)
    if len(before) >= REQUESTS_A_DAY or any(request.elder_id == elder.id for request in before):
        raise AskedOften(elder.id)
    made = ConsentRequest(
        id=new_id("cr"),
        elder_id=elder.id,
        relative_id=relative.id,
        relation=relation,
        scopes=[str(scope) for scope in scopes],
        created_at=now,
    )
    unit.doors.add(made)
    unit.flush()
    _question(house, unit, made, elder, relative)
    return made


def answer(house: House, unit: Unit, elder: Person, request_id: str, scope: str, *, yes: bool) -> str | None:
    """The elder's yes or no to one purpose; what is yes holds at once. Returns what to say now, nothing where the next
    question follows. Raises NotFound where it is not the elder's, or is over."""
    request = unit.doors.request(request_id)
    if request is None or request.elder_id != elder.id or not still_open(request.created_at, house.now()):
        raise NotFound(request_id)
    if request.next_scope != scope:
        return house.words.say("button_pressed")
    relative = unit.people.get(request.relative_id)
    assert relative is not None
    request.answers = {**request.answers, scope: yes}
    if yes:
        link(unit, elder, relative, request.relation)
        give(
            house,
            unit,
            Bond(elder, relative, by=elder),
            [Scope(scope)],
            f"{request.id}:{scope}",
            "leave",
        )
    if request.next_scope is not None:
        _question(house, unit, request, elder, relative)
        return None
    return _over(house, unit, request, elder, relative)


def open_question(unit: Unit, conversation_id: str) -> str | None:
    """The question that was the last thing said to an elder (`<request>:<scope>`), for who answers it by typing."""
    last = next(
        (m for m in reversed(unit.conversations.last(conversation_id, 3)) if m.direction == "out"), None
    )
    asked = last.payload.get("leave") if last is not None else None
    return str(asked) if asked else None


def _question(house: House, unit: Unit, request: ConsentRequest, elder: Person, relative: Person) -> None:
    scope = request.next_scope
    assert scope is not None
    first = not request.answers
    text = house.words.say(
        "leave_first" if first else "leave_next",
        name=relative.name,
        tail=(relative.phone or "")[-4:],
        may=house.words.say(f"may_{scope}", elder="您"),
    )
    choices = (
        Choice(house.words.say("button_agree"), f"leave:{request.id}:{scope}:yes"),
        Choice(house.words.say("button_disagree"), f"leave:{request.id}:{scope}:no"),
    )
    put(
        unit,
        unit.conversations.of(elder.id),
        text,
        key=f"{request.id}:{scope}:asked",
        now=house.now(),
        choices=choices,
        extra={"leave": f"{request.id}:{scope}"},
    )


def _over(house: House, unit: Unit, request: ConsentRequest, elder: Person, relative: Person) -> str:
    """Everything is answered: the relative hears of what was not agreed to, the elder hears it all once more."""
    agreed = [Scope(scope) for scope in request.scopes if request.answers.get(scope)]
    refused = [Scope(scope) for scope in request.scopes if not request.answers.get(scope)]
    if refused:
        text = house.words.say("leave_refused", elder=elder.name, scopes=scope_names(house, refused))
        put(
            unit,
            unit.conversations.of(relative.id),
            text,
            key=f"{request.id}:refused",
            now=house.now(),
        )
    if not agreed:
        return house.words.say("leave_none", name=relative.name)
    return house.words.say("leave_done", name=relative.name, scopes=scope_names(house, agreed))
