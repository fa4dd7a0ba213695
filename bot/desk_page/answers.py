"""Ready answers as a supervisor keeps them at the desk, with who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from actions import ready_editing
from actions.ready import Ready
from bot.api.access import Ports
from bot.desk_page.access import Here
from bot.desk_page.trail import noted
from domain.clock import local
from domain.ready_answers import GAPS, ReadyAnswer

router = APIRouter(prefix="/desk/answers", include_in_schema=False, dependencies=[Depends(noted)])


class AnswerIn(BaseModel):
    """`version` is the one that was read: who comes second is told so."""

    title: str = Field(max_length=200)
    queue: str = Field(max_length=20)
    text: str = Field(max_length=4000)
    version: int = 0


class WordsOut(BaseModel):
    title: str
    queue: str
    text: str


class AnswerOut(WordsOut):
    """`shipped` is how it was at first, null for one that was added."""

    code: str
    version: int
    shipped: WordsOut | None


class ChangeOut(WordsOut):
    version: int
    gone: bool
    who: str
    at: datetime


class AnswersOut(BaseModel):
    items: list[AnswerOut]
    gaps: list[str]


@router.get("")
def kept(found: Here, parts: Ports) -> AnswersOut:
    """All that hold, with the gaps that may stand in them. 403 for who is no supervisor, here and below."""
    with parts.house.store.read() as unit:
        items = [
            AnswerOut(
                code=one.answer.code,
                version=one.version,
                shipped=_words(one.shipped) if one.shipped else None,
                **_words(one.answer).model_dump(),
            )
            for one in ready_editing.kept(unit, found.person)
        ]
    return AnswersOut(items=items, gaps=sorted(GAPS))


@router.post("", status_code=201)
def add(body: AnswerIn, found: Here, parts: Ports) -> dict[str, str]:
    """A new one. 422 for what cannot be kept."""
    return _keep(body, found, parts, None)


@router.put("/{code}")
def mend(code: str, body: AnswerIn, found: Here, parts: Ports) -> dict[str, str]:
    """Another title, queue or text. 409 where somebody else was faster."""
    return _keep(body, found, parts, code)


@router.delete("/{code}", status_code=204)
def take_away(code: str, found: Here, parts: Ports, version: Annotated[int, Query(ge=0)] = 0) -> None:
    """It is used no more."""
    with parts.house.store.write() as unit:
        ready_editing.take_away(parts.house, unit, found.person, code, version)


@router.get("/{code}/history")
def history(code: str, found: Here, parts: Ports) -> list[ChangeOut]:
    """Every version, the newest first, with who wrote it."""
    with parts.house.store.read() as unit:
        rows = ready_editing.history(unit, found.person, code)
        names = {one.author_id: unit.people.get(one.author_id) for one in rows}
    people = {author: person.name if person else "" for author, person in names.items()}
    return [
        ChangeOut(
            version=one.version,
            gone=one.gone,
            who=people[one.author_id],
            at=local(one.at),
            **_words(one).model_dump(),
        )
        for one in rows
    ]


def _words(one: Ready | ReadyAnswer) -> WordsOut:
    return WordsOut(title=one.title, queue=one.queue, text=one.text)


def _keep(body: AnswerIn, found: Here, parts: Ports, code: str | None) -> dict[str, str]:
    with parts.house.store.write() as unit:
        wish = (body.title, body.queue, body.text)
        made = ready_editing.keep(parts.house, unit, found.person, code, wish, body.version)
        return {"code": made.code}
