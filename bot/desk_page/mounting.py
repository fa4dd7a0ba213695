"""Everything under `/desk`: the page, its logins, its stream, and the API once more for who has signed in there.

The desk's cookie is sent under `/desk` alone, so the API is served there a second time, at `/desk/api/v1`: the same
functions, asked by the same person, with every opening and doing in the trail.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI

from bot.desk_page import (
    answers,
    board,
    broadcasting,
    helping,
    page,
    pictures,
    sessions,
    stream,
    trail,
)


def mount(app: FastAPI, api: tuple[APIRouter, ...]) -> None:
    """Put the desk into the application; `api` are the routers that staff use."""
    own = (page, sessions, board, stream, trail, helping, broadcasting, answers)
    for router in (each.router for each in own):
        app.include_router(router)
    app.include_router(pictures.router)
    for router in api:
        app.include_router(
            router, prefix="/desk", dependencies=[Depends(trail.noted)], include_in_schema=False
        )
