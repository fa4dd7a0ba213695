"""How a call to Telegram can fail, in the words of the port: not now, blocked, never, or nobody knows."""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.doors.port import Blocked, Later, Refused, SendError, Unknown

# The request was not out yet when this happened.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
# Telegram's words for a chat that is no more; nothing but them tells it from a mistake of ours.
_GONE = ("chat not found", "peer_id_invalid", "user not found", "user is deactivated")


def translated(error: TelegramError) -> SendError:
    """The port's error for one of the library's."""
    what = f"{type(error).__name__}: {error}"[:120]
    match error:
        case RetryAfter():
            return Later("429", pause(error))
        case Forbidden() | ChatMigrated():
            return Blocked(what)
        case BadRequest():
            gone = any(words in str(error).lower() for words in _GONE)
            return Blocked(what) if gone else Refused(what)
        case NetworkError():
            return _network(error, what)
        case _:
            # The token is refused, or another instance fetches: the operator's to mend, and nothing is lost meanwhile.
            return Later(what)


def pause(error: RetryAfter) -> timedelta:
    """How long Telegram wants quiet; the library gives a number or, one day, a timedelta."""
    told = error.retry_after
    return told if isinstance(told, timedelta) else timedelta(seconds=told)


def _network(error: NetworkError, what: str) -> SendError:
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return Later(type(cause).__name__)
    if cause is None or isinstance(cause, TelegramError):
        return Later(what)  # an answer came, and it was 5xx
    return Unknown(type(cause).__name__)
