"""Who is asking: the bearer token or the page's cookie, and what the API answers where it says no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.parts import Parts
from bot.tokens import BadToken, read
from domain.desk_door import may_work
from domain.people import Person, Role

COOKIE = "guanjia_session"
LOGIN_OVER = "这次登录已经结束了，请重新登录"
_SAFE = ("GET", "HEAD", "OPTIONS")
_bearer = HTTPBearer(auto_error=False, description="what `guanjia token NAME` prints")
_ASK = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Caller:
    """Whose login a request came with, since when, and whether it came from the page (by cookie)."""

    person_id: str
    login_at: datetime
    by_cookie: bool
    # Whether it still holds, for a stream: what ends at the desk is not known by its beginning.
    holds: Callable[[], bool] = lambda: True


def parts(request: Request) -> Parts:
    """Everything that was wired together at the start."""
    found: Parts = request.app.state.parts
    return found


def reader(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    """Whose login came with a request, read without the database. 401 where there is no good one.

    Who has signed in at the desk (`bot/desk_page`) was asked there, and is written on the request.
    """
    at_desk = getattr(request.state, "caller", None)
    if isinstance(at_desk, Caller):
        return at_desk
    token = credentials.credentials if credentials is not None else request.cookies.get(COOKIE)
    if not token:
        raise HTTPException(401, "需要登录：请带上 Authorization: Bearer …", _ASK)
    try:
        login = read(parts(request).settings.signing_secret, token)
    except BadToken as error:
        sentence = "登录过期了，请重新登录" if error.expired else "登录信息不对，请重新登录"
        raise HTTPException(401, sentence, _ASK) from error
    return Caller(login.person_id, login.at, by_cookie=credentials is None)


def caller(request: Request, found: Annotated[Caller, Depends(reader)]) -> Caller:
    """Who is asking. 403 where a page of another site uses the cookie to change something."""
    if found.by_cookie and request.method not in _SAFE and not from_here(request, needed=True):
        raise HTTPException(403, "这个请求不是从我们的网页来的")
    return found


def from_here(request: Request, *, needed: bool) -> bool:
    """Whether the browser says that our own page sent this; `needed` refuses what says nothing about it."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return site == "same-origin" if site is not None else not needed


def owner(request: Request, found: Annotated[Caller, Depends(caller)]) -> Person:
    """Who is asking. 401 where that account is no more, or has shut this login out."""
    with parts(request).house.store.read() as unit:
        person = unit.people.get(found.person_id)
    if person is None:
        raise HTTPException(401, "这个账号不在了，请重新登录", _ASK)
    if not person.holds_login(found.login_at):
        raise HTTPException(401, LOGIN_OVER, _ASK)
    if found.by_cookie and may_work(person.role) and not parts(request).settings.demo:
        # A one-time code is enough for a member; what staff may see wants the desk's second factor.
        raise HTTPException(401, "请到工作台（/desk）登录", _ASK)
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
Asking = Annotated[Caller, Depends(caller)]
Owner = Annotated[Person, Depends(owner)]
Staff = Annotated[Person, Depends(staff)]
Admin = Annotated[Person, Depends(admin)]
