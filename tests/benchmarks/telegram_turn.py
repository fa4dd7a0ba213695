"""A turn on Telegram, update in to reply at the server, beside an echo bot on the same library in the same run.

The Bot API server and the echo bot are processes of their own. Both bots fetch by polling and answer in alternation,
so that both meet the same load. The butler's turn asks what is left, through the real Rasa.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import RemoteBotApi
from tests.live.conftest import Butler, _apart, free_port, unhurried
from tests.live.telegram import Chat

ROUNDS, WARM = 60, 5
BUTLER, ECHO = "1111111111:AAbutler-of-the-benchmark", "2222222222:AAecho-of-the-benchmark"
WORDS = "助浴还剩几次"
_ECHO = """
import sys
from telegram.ext import ApplicationBuilder, MessageHandler, filters
async def echo(update, context):
    await update.message.reply_text(update.message.text)
token, url = sys.argv[1:]
app = ApplicationBuilder().token(token).base_url(url + "/bot").build()
app.add_handler(MessageHandler(filters.TEXT, echo))
app.run_polling()
"""


def figures() -> Iterator[tuple[str, float, str, int]]:
    patch, port = pytest.MonkeyPatch(), free_port()
    command = [sys.executable, "-m", "tests.botapi", "--port", str(port), "--no-limits"]
    server = subprocess.Popen(
        [*command, "--token", BUTLER, "--token", ECHO], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    echo = subprocess.Popen([sys.executable, "-c", _ECHO, ECHO, url], stderr=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as folder:
            patch.setattr("bot.rasa_child.environment", _apart(Path(folder)))
            api = RemoteBotApi(url)
            butler = Butler(Path(folder), api, BUTLER)
            unhurried(butler)
            butler.start()
            yield from _compare(butler, api)
            butler.stop()
            api.close()
    finally:
        patch.undo()
        for process in (echo, server):
            process.terminate()
            process.wait(10)


def _compare(butler: Butler, api: RemoteBotApi) -> Iterator[tuple[str, float, str, int]]:
    whole: list[float] = []
    echoed: list[float] = []
    for number in range(ROUNDS + WARM):
        chat = Chat(butler, api, {})
        took = [_timed(api, chat.user, BUTLER, WORDS), _timed(api, chat.user, ECHO, WORDS)]
        chat.stage.clear()
        if number >= WARM:
            whole.append(took[0])
            echoed.append(took[1])
    for name, times in (("", whole), ("echo_", echoed)):
        yield f"{name}p50_ms", statistics.median(times), "ms", ROUNDS
        yield f"{name}p95_ms", statistics.quantiles(times, n=20)[-1], "ms", ROUNDS


def _timed(api: RemoteBotApi, user: int, bot: str, words: str) -> float:
    """From the moment the update is with the server to the moment the reply is."""
    before = len(api.sent(user, bot=bot))
    began = time.monotonic()
    api.says(user, words, bot=bot)
    while len(found := api.sent(user, bot=bot)) == before:
        time.sleep(0.01)  # seldom, or looking would be what is measured
        assert time.monotonic() - began < 20, "no reply came"
    return float(found[before]["at"] - began) * 1000
