"""The page's login: the same signed token as a bearer's, in a cookie that no script and no other site can use."""

from __future__ import annotations

from fastapi import Request, Response

from bot.api.access import COOKIE
from bot.settings import Settings
from bot.tokens import make


def sign_in(request: Request, response: Response, settings: Settings, person_id: str) -> None:
    """Let the browser that asked speak for this person."""
    seconds = settings.token_hours * 3600
    response.set_cookie(
        COOKIE,
        make(settings.signing_secret, person_id, seconds),
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def sign_out(response: Response) -> None:
    """Let the browser speak for nobody."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
