"""Fetching updates: getUpdates and the webhook's settings."""

from __future__ import annotations

import asyncio
import re
import time
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from tests.botapi.errors import bad, conflict
from tests.botapi.methods.registry import Call, method
from tests.botapi.state import Bot, Json, Webhook

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PORTS = {None, 80, 88, 443, 8443}
KINDS = (
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages message_reaction message_reaction_count inline_query "
    "chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer "
    "my_chat_member chat_member chat_join_request chat_boost removed_chat_boost"
).split()


async def get_updates(call: Call, arrived: asyncio.Event, gone: asyncio.Future[Any]) -> list[Json]:
    """Wait for updates, `timeout` seconds at most. A newer call ends an older one with 409, as does a webhook.

    `gone` is done when the caller has hung up: nothing may be taken for a dead one.
    """
    world, bot, params = call.world, call.bot, call.params
    limit = params.number("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    until = time.monotonic() + min(max(params.number("timeout"), 0), 50)
    with world.lock:
        _check_no_webhook(bot)
        _take_allowed(call)
        bot.poll += 1
        mine = bot.poll
        bot.wake()
        _confirm(bot, params.number("offset"))
    while True:
        with world.lock:
            arrived.clear()
            if bot.poll != mine:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            if bot.webhook is not None:
                raise conflict("terminated by setWebhook request")
            if gone.done():
                return []
            found = [bot.again.popleft() for _ in range(min(len(bot.again), limit))]
            found += islice(bot.pending.values(), limit - len(found))
        left = until - time.monotonic()
        if found or left <= 0 or world.closing:
            return found
        bot.waiting += 1
        try:
            await asyncio.wait_for(arrived.wait(), left)
        except TimeoutError:
            continue
        finally:
            bot.waiting -= 1


def _check_no_webhook(bot: Bot) -> None:
    if bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )


def _confirm(bot: Bot, offset: int) -> None:
    """Forget the updates before `offset`; a negative one keeps only so many from the end."""
    if offset < 0:
        keep = list(bot.pending)[offset:]
        bot.pending = {number: bot.pending[number] for number in keep}
    elif offset > 0:
        bot.pending = {number: update for number, update in bot.pending.items() if number >= offset}


def _take_allowed(call: Call) -> None:
    """The kinds of updates wanted from now on; not said means as before, an empty list means the default."""
    wanted: Any = call.params.data("allowed_updates", "allowed_updates")
    if wanted is None:
        return
    if not isinstance(wanted, list) or not all(isinstance(kind, str) for kind in wanted):
        raise bad("can't parse allowed updates: expected an Array of String")
    call.bot.allowed = {kind.lower() for kind in wanted} & set(KINDS) or None


@method("setWebhook")
def set_webhook(call: Call) -> Any:
    url, params = call.params.text("url"), call.params
    if not url:
        return delete_webhook(call)
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]+", secret):
        raise bad("secret token contains unallowed characters")
    _check_url(url)
    _take_allowed(call)
    if params.flag("drop_pending_updates"):
        call.bot.pending.clear()
    connections = params.number("max_connections", 40)
    call.bot.webhook = Webhook(url=url, secret=secret, max_connections=min(max(connections, 1), 100))
    call.world.poke(call.bot)
    return True


def _check_url(url: str) -> None:
    """HTTPS on one of four ports; on loopback anything goes, as with Telegram's own server in its local mode."""
    if url.startswith("wrong:") or "://" not in url:
        raise bad("bad webhook: invalid webhook URL specified")
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    call.bot.webhook = None
    if call.params.flag("drop_pending_updates"):
        call.bot.pending.clear()
    call.world.poke(call.bot)
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    hook, bot = call.bot.webhook, call.bot
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.pending),
    }
    if hook:
        info["max_connections"] = hook.max_connections
        info["ip_address"] = "127.0.0.1"
        if hook.last_error:
            info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    if bot.allowed is not None:
        info["allowed_updates"] = sorted(bot.allowed)
    return info
