"""The server itself: plain ASGI, because a connection has to be cut in the middle of an answer."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

from tests.botapi import params as reading
from tests.botapi.breaks import Break
from tests.botapi.control import Control, ControlError, verbs
from tests.botapi.errors import ApiError, flood, forbidden
from tests.botapi.methods import METHODS, NAMES, Call
from tests.botapi.methods.updates import get_updates
from tests.botapi.state import Bot, Json
from tests.botapi.webhook import Deliverer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 52 * 1024 * 1024  # bytes
GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)


class Cut(Exception):
    """The connection is to be cut."""


class App:
    """Bot methods under /bot<token>/, files under /file/bot<token>/, the tests' own side under /_control/."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.world = control.world
        self.arrived: dict[str, asyncio.Event] = {}
        self.deliverers: dict[str, Deliverer] = {}
        self.client: httpx.AsyncClient | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        body = await _body(receive)
        path = scope["path"]
        try:
            if path.startswith("/_control/"):
                await self._control(path.removeprefix("/_control/"), body, send)
            elif path.startswith("/file/bot"):
                await self._file(path.removeprefix("/file/bot"), send)
            elif path.startswith("/bot") and path.count("/") == 2:
                await self._method(scope, body, receive, send)
            else:
                await _answer(send, 404, {"ok": False, "error_code": 404, "description": "Not Found"})
        except Cut:
            await _cut(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self.world.loop = asyncio.get_running_loop()
        self.client = httpx.AsyncClient(trust_env=False)
        for bot in self.world.bots.values():
            self._attend(bot)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.gather(*(d.close() for d in self.deliverers.values()))
        await self.client.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    def _attend(self, bot: Bot) -> None:
        """Be there for a bot: for its long poll and its webhook."""
        if bot.token in self.arrived:
            return
        assert self.client is not None
        event = self.arrived[bot.token] = asyncio.Event()
        deliverer = self.deliverers[bot.token] = Deliverer(self.world, bot, self.client)

        def wake() -> None:
            event.set()
            deliverer.wake()

        bot.wake = wake

    async def _method(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        token, _, name = scope["path"].removeprefix("/bot").partition("/")
        bot, at = self.world.bots.get(token), time.monotonic()
        if bot is None:
            await _answer(send, 401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        self._attend(bot)
        name = NAMES.get(name.lower(), "getUpdates" if name.lower() == "getupdates" else name)
        noted: Json = {"at": at, "bot": token, "method": name, "chat": None, "status": 0, "params": {}}
        try:
            result = await self._run(scope, bot, name, body, receive, noted)
        except ApiError as wrong:
            noted |= {"status": wrong.code, "description": wrong.description}
            await _answer(send, wrong.code, wrong.as_json())
        except Gateway:
            noted["status"] = 502
            await _answer(send, 502, GATEWAY, "text/html")
        except Cut:
            noted["description"] = "cut"
            raise
        else:
            noted["status"] = 200
            await _answer(send, 200, {"ok": True, "result": result})
        finally:
            self.control.note(noted)

    async def _run(
        self, scope: Scope, bot: Bot, name: str, body: bytes, receive: Receive, noted: Json
    ) -> Any:
        if len(body) > LARGEST_BODY:
            raise ApiError(413, "Request Entity Too Large")
        headers = dict(scope["headers"])
        content_type = headers.get(b"content-type", b"").decode()
        params = reading.read(scope["query_string"], content_type, body)
        chat = params.number("chat_id") or None
        noted |= {"params": params.values, "chat": chat}
        if name not in METHODS and name != "getUpdates":
            raise ApiError(404, "Not Found: method not found")
        with self.world.lock:
            delay, hit = self.world.breaks.of(name, chat, bot.token)
        if delay:
            await asyncio.sleep(delay / 1000)
        before(hit)
        call = Call(self.world, bot, name, params)
        if name == "getUpdates":
            result: Any = await self._poll(call, receive)
        else:
            with self.world.lock:
                result = METHODS[name](call)
        if hit and hit.kind == "cut_after":
            raise Cut
        return result

    async def _poll(self, call: Call, receive: Receive) -> list[Json]:
        """A getUpdates that notices when its caller hangs up."""
        arrived = self.arrived[call.bot.token]
        gone = asyncio.ensure_future(receive())
        gone.add_done_callback(lambda _: arrived.set())
        try:
            return await get_updates(call, arrived, gone)
        finally:
            gone.cancel()

    async def _file(self, path: str, send: Send) -> None:
        token, _, wanted = path.partition("/")
        files = self.world.files.values() if token in self.world.bots else ()
        file = next((f for f in files if f.path == wanted), None)
        if file is None:
            await _answer(send, 404, {"ok": False, "error_code": 404, "description": "Not Found"})
            return
        content = bytes(file.size) if file.content is None else file.content
        await _answer(send, 200, content, "application/octet-stream")

    async def _control(self, name: str, body: bytes, send: Send) -> None:
        """A verb of the tests', in a thread, because some of them wait."""
        if name not in verbs():
            await _answer(send, 404, {"ok": False, "description": f"no such verb: {name}"})
            return
        try:
            how = json.loads(body or b"{}", object_hook=_bytes_again)
            result = await asyncio.to_thread(getattr(self.control, name), **how)
        except (ControlError, TypeError, ValueError, KeyError) as wrong:
            await _answer(send, 400, {"ok": False, "description": f"{type(wrong).__name__}: {wrong}"})
            return
        await _answer(send, 200, {"ok": True, "result": result})


class Gateway(Exception):
    """Nginx answers instead of Telegram."""


def before(hit: Break | None) -> None:
    """What breaks a call before it is handled."""
    match hit.kind if hit else "":
        case "flood":
            assert hit is not None
            raise flood(hit.retry_after)
        case "blocked":
            raise forbidden("bot was blocked by the user")
        case "bad_gateway":
            raise Gateway
        case "cut_before":
            raise Cut


def _bytes_again(found: Json) -> Any:
    return base64.b64decode(found["base64"]) if set(found) == {"base64"} else found


async def _body(receive: Receive) -> bytes:
    pieces = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


async def _answer(send: Send, status: int, body: Json | bytes, kind: str = "application/json") -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(raw)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": raw})


async def _cut(receive: Receive, send: Send) -> None:
    """Drop the connection without a word. ASGI knows no such thing, so uvicorn's own transport is taken."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]
    await receive()  # until uvicorn has seen it too, or it would answer with 500
