"""answerCallbackQuery: each press may be answered once, and not too late."""

from __future__ import annotations

import time

from tests.botapi.errors import bad
from tests.botapi.methods.registry import Call, method

CALLBACK_LIVES = 15 * 60.0  # seconds
ANSWER_LENGTH = 200


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    query, text = call.params.text("callback_query_id"), call.params.text("text")
    pressed = call.bot.callbacks.get(query)
    if pressed is None or time.monotonic() - pressed > CALLBACK_LIVES:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(text) > ANSWER_LENGTH:
        raise bad("MESSAGE_TOO_LONG")
    del call.bot.callbacks[query]
    call.bot.answers.append(
        {"callback_query_id": query, "text": text, "show_alert": call.params.flag("show_alert")}
    )
    return True
