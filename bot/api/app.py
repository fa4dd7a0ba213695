"""The application: the doors mounted on the parts, and every error a clear sentence with its status."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.broadcast import sentence as broadcast_sentence
from actions.complaints import NoStep
from actions.desk_words import BadChoices
from actions.desk_work import BadWish
from actions.photograph import BadPhoto
from actions.report import BadPeriod
from actions.visit_checks import BadCorrection
from bot.api import (
    attach,
    benefits,
    broadcasts,
    calendar,
    conversation,
    demo,
    desk,
    desk_watch,
    incidents,
    mine,
    outbox,
    reminders,
    reports,
    sent_files,
    series,
    surveys,
    talk,
    visits,
)
from bot.api.access import LOGIN_OVER, Ports
from bot.desk_page.mounting import mount as mount_desk
from bot.parts import Parts
from bot.staff_page import page as staff_page
from bot.telegram.web import router as telegram_router
from bot.ticking import receiving, ticking
from bot.way import LoginOver
from bot.web import invitations, page, sessions
from domain.broadcasts import BadBroadcast
from domain.errors import (
    Exhausted,
    NotAllowed,
    NotFound,
    NotReady,
    OutOfDate,
    RuleBroken,
    Taken,
    Unstorable,
    WrongState,
)
from domain.ready_answers import BadAnswer
from domain.visits import NotAllowedHere, TooSoon, WrongCode

log = structlog.get_logger()
_STATUS: dict[type[RuleBroken], tuple[int, str]] = {
    NotFound: (404, "没有这一项"),
    NotAllowed: (403, "没有得到许可"),
    Taken: (409, "已经被占用了"),
    NotReady: (409, "有一样要先办好才能约"),
    Exhausted: (409, "额度已经用完了"),
    WrongState: (409, "已经不能这样做了"),
    OutOfDate: (409, "刚刚被别人改过，请重新看一遍"),
    Unstorable: (422, "里面有存不下的字或者太大的数，请改一改再试"),
    WrongCode: (422, "这四个数不对"),
    TooSoon: (409, "还没到时候"),
    NotAllowedHere: (403, "要老人同意了才行"),
    BadCorrection: (422, "更正要写明哪一项、什么时间、什么原因"),
    BadPeriod: (422, "开始的日子要在结束之前，最长十年"),
    BadChoices: (422, "选项要两到四个，每个最多二十个字，不能重复"),
    BadWish: (422, "这样办不了，请看一下队列和时间"),
    NoStep: (422, "投诉没有这一步，或者没写原因"),
    BadAnswer: (422, "现成的话要有名目和内容，不能太长，空格只能用单子上的那几个"),
    BadPhoto: (422, "照片要 JPEG 或 PNG，不能太大，也不能太多"),
}


def create(parts: Parts, *, works: bool = True) -> FastAPI:
    """The application over these parts; `works` is false beside a process that works (`guanjia work`)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with ticking(parts) if works else receiving(parts):
            yield
        parts.streams.stop()

    app = FastAPI(title="管家 guanjia", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.parts = parts
    app.include_router(talk.router)
    app.include_router(conversation.router)
    app.include_router(mine.router)
    app.include_router(series.router)
    # Before the desk: `/tickets/events` is no ticket.
    app.include_router(desk_watch.router)
    app.include_router(desk.router)
    app.include_router(sent_files.router)
    app.include_router(sent_files.own_router)
    app.include_router(attach.router)
    app.include_router(page.router)
    app.include_router(sessions.router)
    app.include_router(invitations.router)
    app.include_router(outbox.router)
    if parts.telegram is not None:
        app.include_router(telegram_router(parts.telegram))
    app.include_router(benefits.router)
    app.include_router(visits.router)
    app.include_router(reports.router)
    app.include_router(surveys.router)
    app.include_router(broadcasts.router)
    app.include_router(calendar.router)
    app.include_router(reminders.router)
    app.include_router(incidents.router)
    app.include_router(incidents.own_router)
    app.include_router(staff_page.router)
    staff = (
        desk_watch.router,
        desk.router,
        incidents.router,
        sent_files.router,
        benefits.router,
        visits.router,
        reports.router,
        outbox.router,
        broadcasts.router,
    )
    mount_desk(app, staff)
    if parts.clock is not None:
        app.include_router(demo.router)
    _health(app)
    _actions(app)
    app.add_exception_handler(RuleBroken, _rule_broken)
    app.add_exception_handler(BadBroadcast, _bad_broadcast)
    app.add_exception_handler(LoginOver, _login_over)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(Exception, _our_fault)
    return app


def _health(app: FastAPI) -> None:
    @app.get("/livez", tags=["health"])
    async def livez() -> dict[str, str]:
        """The process is alive; what a supervisor restarts on."""
        return {"status": "ok"}

    @app.get("/healthz", tags=["health"])
    async def healthz(parts: Ports) -> JSONResponse:
        """All parts answer: 200; else 503 with the part that does not."""
        found = await parts.health()
        well = all(state == "ok" for state in found.values())
        return JSONResponse({"status": "ok" if well else "not ready", "parts": found}, 200 if well else 503)


def _actions(app: FastAPI) -> None:
    @app.post("/rasa/actions", include_in_schema=False)
    async def actions(request: Request, parts: Ports) -> Response:
        shown = request.headers.get("x-guanjia-secret", "")
        if not hmac.compare_digest(shown.encode(), parts.settings.action_secret.encode()):
            raise HTTPException(401, "not Rasa")
        call: dict[str, Any] = await request.json()
        assert parts.actions is not None
        try:
            done = await parts.actions.run(call)
        except ActionExecutionRejection as rejected:
            return JSONResponse({"error": str(rejected), "action_name": rejected.action_name}, 400)
        return JSONResponse(done.model_dump() if hasattr(done, "model_dump") else done)


async def _rule_broken(_: Request, error: Exception) -> JSONResponse:
    status, sentence = _STATUS.get(type(error), (409, "办不了"))  # type: ignore[arg-type]
    code = getattr(error, "code", "rule_broken")
    return JSONResponse({"detail": sentence, "code": code}, status)


async def _bad_broadcast(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BadBroadcast)
    parts: Parts = request.app.state.parts
    detail = broadcast_sentence(parts.house, error)
    return JSONResponse({"detail": detail, "code": error.code, "problem": error.problem}, 422)


async def _login_over(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": LOGIN_OVER}, 401, {"WWW-Authenticate": "Bearer"})


async def _bad_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Where and what, never the value itself: it may be somebody's data.
    problems = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors()]
    return JSONResponse({"detail": "请求的内容不对", "problems": problems}, 422)


async def _our_fault(request: Request, error: Exception) -> JSONResponse:
    # The way as it is written in the code: a path may hold a secret.
    way = getattr(request.scope.get("route"), "path", "")
    log.error("request_failed", path=way, error=type(error).__name__, exc_info=error)
    return JSONResponse({"detail": "我们这边出错了，请过一会儿再试"}, 500)
