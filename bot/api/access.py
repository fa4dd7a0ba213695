"""Who is asking: the bearer token, and what the API answers where it says no."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.parts import Parts
from bot.tokens import BadToken, read
from domain.people import Person, Role

_bearer = HTTPBearer(auto_error=False, description="what `guanjia token NAME` prints")


def parts(request: Request) -> Parts:
    """Everything that was wired together at the start."""
    found: Parts = request.app.state.parts
    return found


def token_owner(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> str:
    """The id of the token's owner, read without the database. 401 where there is no good token."""
    if credentials is None:
        raise HTTPException(401, "需要登录：请带上 Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})
    try:
        return read(parts(request).settings.signing_secret, credentials.credentials)
    except BadToken as error:
        sentence = "登录过期了，请重新登录" if error.expired else "登录信息不对，请重新登录"
        raise HTTPException(401, sentence, {"WWW-Authenticate": "Bearer"}) from error


def owner(request: Request, person_id: Annotated[str, Depends(token_owner)]) -> Person:
    """The token's owner. 401 where that account is no more."""
    with parts(request).house.store.read() as unit:
        person = unit.people.get(person_id)
    if person is None:
        raise HTTPException(401, "这个账号不在了，请重新登录", {"WWW-Authenticate": "Bearer"})
    return person


def staff(person: Annotated[Person, Depends(owner)]) -> Person:
    """A butler or a supervisor. 404 for others: what they may not see does not exist."""
    if not person.role.is_butler:
        raise HTTPException(404, "没有这一项")
    return person


def admin(person: Annotated[Person, Depends(owner)]) -> Person:
    """The operator. 404 for others."""
    if person.role is not Role.ADMIN:
        raise HTTPException(404, "没有这一项")
    return person


Ports = Annotated[Parts, Depends(parts)]
Owner = Annotated[Person, Depends(owner)]
OwnerId = Annotated[str, Depends(token_owner)]
Staff = Annotated[Person, Depends(staff)]
Admin = Annotated[Person, Depends(admin)]
