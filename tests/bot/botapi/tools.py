"""Bots and bare calls against the loopback Bot API server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.botapi import BotApi

CLIENT = httpx.Client(trust_env=False)


SECRET = "s3cret_-"


Context = ContextTypes.DEFAULT_TYPE


def with_bot(api: BotApi, act: Callable[[Bot], Coroutine[Any, Any, Any]], token: str | None = None) -> Any:
    """Run a coroutine with a real Bot."""

    async def run() -> Any:
        async with Bot(token or api.token, base_url=api.base_url, base_file_url=api.base_file_url) as bot:
            return await act(bot)

    return asyncio.run(run())


def ask(api: BotApi, method: str, token: str | None = None, **params: Any) -> dict[str, Any]:
    """One bare call, as JSON; the answer as it stands."""
    answer = CLIENT.post(f"{api.base_url}{token or api.token}/{method}", json=params)
    body = answer.json()
    assert body["ok"] is (answer.status_code == 200)
    assert body.get("error_code", 200) == answer.status_code
    return body


async def echo(update: Update, context: Context) -> None:
    assert update.message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="ok")]])
    await update.message.reply_text(f"听到：{update.message.text}", reply_markup=keyboard)


async def pressed(update: Update, context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("行")
    await update.callback_query.edit_message_text("定好了")


@asynccontextmanager
async def application(api: BotApi, hook: int | None = None) -> AsyncIterator[Application]:
    """A real application that echoes: by polling, or by a webhook on the port `hook`."""
    builder = ApplicationBuilder().token(api.token).base_url(api.base_url).base_file_url(api.base_file_url)
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.add_handler(CallbackQueryHandler(pressed))
    async with app:
        assert app.updater is not None
        await app.start()
        if hook is None:
            await app.updater.start_polling()
        else:
            address = {"listen": "127.0.0.1", "port": hook, "url_path": "hook"}
            url = f"http://127.0.0.1:{hook}/hook"
            await app.updater.start_webhook(**address, webhook_url=url, secret_token=SECRET)
        yield app
        await app.updater.stop()
        await app.stop()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def soon(waiting: Callable[..., Any], *args: Any, **kwargs: Any) -> Coroutine[Any, Any, Any]:
    """Wait in a thread, so that the bot in this loop can act."""
    return asyncio.to_thread(waiting, *args, **kwargs)


def buttons(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}
