"""A Bot API server of our own, on loopback, as strict as Telegram's.

No public server can be had on Python 3.11, and a lenient stand-in would let through what Telegram refuses. Tests and
benchmarks run a real python-telegram-bot application against this one.

    with BotApi(limits=False) as api:  # in a thread; spawned() is the same in a process of its own
        user = api.create_user("王")
        app = ApplicationBuilder().token(api.token).base_url(api.base_url).base_file_url(api.base_file_url).build()
        ...  # start it, then
        api.says(user, "你好")
        api.wait_sent(user, text="您好")

The verbs are in `making` (bots, people, chats, limits, breaks), `acting` and `sharing` (what people do) and `watching`
(what the bot did). Refusals are worded as Telegram's own server words them.
"""

from __future__ import annotations

from tests.botapi.control import ControlError
from tests.botapi.remote import RemoteBotApi, spawned
from tests.botapi.server import BotApi

__all__ = ["BotApi", "ControlError", "RemoteBotApi", "spawned"]
