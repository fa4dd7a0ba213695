"""The loopback Bot API server, driven by python-telegram-bot as a bot would."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.bot.botapi.tools import (
    CLIENT,
    SECRET,
    application,
    ask,
    free_port,
    soon,
    with_bot,
)
from tests.botapi import BotApi, ControlError, spawned


@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_an_application_echoes_and_takes_a_press(api: BotApi, user: int, way: str) -> None:
    async def talk() -> None:
        async with application(api, free_port() if way == "webhook" else None):
            api.says(user, "你好")
            await soon(api.wait_sent, user)
            assert api.sent(user)[0]["buttons"] == [["好"]]
            api.presses(user, "好")
            await soon(api.wait_calls, "editMessageText")
            await soon(api.wait_confirmed)

    asyncio.run(talk())
    assert api.texts(user) == ["定好了"]
    assert [a["text"] for a in api.answers()] == ["行"]
    assert not api.doubled()


def test_a_webhook_is_tried_again_in_order_until_its_secret_is_right(api: BotApi, user: int) -> None:
    said = [str(n) for n in range(8)]

    async def talk() -> dict[str, Any]:
        async with application(api, free_port()) as app:
            api.send_secret("wrong")
            for text in said:
                api.says(user, text)
            await soon(api.wait_tries, 2)
            info = await app.bot.get_webhook_info()
            api.send_secret("")
            await soon(api.wait_tries, api.webhook()["tries"] + 2)
            assert api.sent(user) == []
            api.send_secret(None)
            await soon(api.wait_sent, user, len(said))
            await soon(api.wait_confirmed)
            return info.to_dict()

    info = asyncio.run(talk())
    assert info["last_error_message"].startswith("Wrong response from the webhook: 403 ")
    assert info["pending_update_count"] == len(said)
    assert api.texts(user) == [f"听到：{text}" for text in said]


def test_updates_are_given_again_with_their_number(api: BotApi, user: int) -> None:
    update = api.says(user, "/start 你好")
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]

    def fetch(**how: Any) -> list[int]:
        return [u["update_id"] for u in ask(api, "getUpdates", **how)["result"]]

    number = update["update_id"]
    assert fetch() == fetch() == [number]
    assert fetch(offset=number + 1) == []
    api.redeliver(number)
    assert fetch(offset=number + 1) == [number]
    later = [api.says(user, text)["update_id"] for text in "abc"]
    assert fetch(limit=2) == later[:2]
    assert fetch(offset=-1) == later[-1:] == api.pending()


def test_who_hung_up_takes_no_updates(api: BotApi, user: int) -> None:
    number = api.says(user, "一")["update_id"]
    ask(api, "getUpdates", offset=number + 1)
    with pytest.raises(httpx.ReadTimeout):
        CLIENT.get(f"{api.base_url}{api.token}/getUpdates?timeout=5", timeout=0.05)
    api.wait_calls("getUpdates", 2)
    api.redeliver(number)
    assert [u["update_id"] for u in ask(api, "getUpdates")["result"]] == [number]


def test_contacts_own_and_forged(api: BotApi, user: int) -> None:
    other = api.create_user("李")
    own = api.shares_contact(user)["message"]
    assert own["contact"] == {"phone_number": "8613900000001", "first_name": "王", "user_id": user}
    forged = api.shares_contact(user, phone="8613911111111", owner=other)["message"]
    assert (forged["from"]["id"], forged["contact"]["user_id"]) == (user, other)
    assert "user_id" not in api.shares_contact(user, owner=None)["message"]["contact"]


def test_limits(api: BotApi) -> None:
    first, second = api.create_user("甲"), api.create_user("乙")
    group = api.create_group("群", [first])
    crowd = [api.create_user(str(n)) for n in range(40)]
    api.set_limits()

    async def flood(bot: Bot, chat: int, most: int) -> int:
        for n in range(most + 1):
            try:
                await bot.send_message(chat, str(n))
            except RetryAfter as wait:
                assert n == most
                return int(wait._retry_after.total_seconds())
        raise AssertionError("no limit")

    async def act(bot: Bot) -> None:
        assert await flood(bot, first, 3) == 1
        await bot.send_message(second, "another chat is free")
        api.set_limits(group=5)
        assert await flood(bot, group, 5) in {59, 60}
        api.set_limits(burst=1, private=0.1)
        assert await flood(bot, first, 1) == 10
        api.set_limits(total=30)
        results = await asyncio.gather(
            *(bot.send_message(c, "to all") for c in crowd[:33]), return_exceptions=True
        )
        assert sum(isinstance(r, RetryAfter) for r in results) >= 1
        api.set_limits(on=False)
        await asyncio.gather(*(bot.send_message(c, "to all") for c in crowd))

    with_bot(api, act)


def test_breaks(api: BotApi, user: int) -> None:
    async def act(bot: Bot) -> None:
        api.break_next("flood", method="sendMessage", retry_after=7)
        with pytest.raises(RetryAfter, match="7 seconds"):
            await bot.send_message(user, "a")
        api.break_next("blocked", chat=user)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(user, "a")
        api.break_next("bad_gateway")
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(user, "a")
        api.break_next("cut_before", 2)
        for _ in range(2):
            with pytest.raises(NetworkError, match="httpx"):
                await bot.send_message(user, "a")
        assert api.sent(user) == []
        api.break_next("cut_after", method="sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(user, "a")
        assert api.texts(user) == ["a"]
        await bot.send_message(user, "a")
        assert api.doubled(user) == [{"chat": user, "text": "a", "times": 2}]
        late = api.break_next("delay", ms=80)
        begun = asyncio.get_running_loop().time()
        await bot.send_message(user, "b")
        assert asyncio.get_running_loop().time() - begun >= 0.08
        assert api.fired(late) == 1

    with_bot(api, act)
    assert [c.get("description") for c in api.calls("sendMessage")].count("cut") == 3


def test_the_dice_of_breaks_fall_alike_for_a_seed(api: BotApi, user: int) -> None:
    def statuses(seed: int) -> list[bool]:
        rule = api.break_randomly("blocked", 0.4, seed=seed, method="sendMessage")
        fell = [ask(api, "sendMessage", chat_id=user, text="x")["ok"] for _ in range(25)]
        assert api.fired(rule) == fell.count(False)
        api.mend(rule)
        return fell

    first = statuses(7)
    assert first == statuses(7) != statuses(8)
    assert 3 < first.count(False) < 20


def test_topics(api: BotApi, user: int) -> None:
    forum = api.create_group("值班", [user], forum=True)

    async def act(bot: Bot) -> None:
        topic = await bot.create_forum_topic(forum, "王阿姨")
        where = {"chat_id": forum, "message_thread_id": topic.message_thread_id}
        sent = await bot.send_message(text="新的单子", **where)
        assert sent.is_topic_message
        answer = api.says(user, "收到", chat=forum, thread=topic.message_thread_id)["message"]
        assert answer["message_thread_id"] == topic.message_thread_id
        assert answer["reply_to_message"]["forum_topic_created"]["name"] == "王阿姨"
        await bot.edit_forum_topic(name="王阿姨 ✓", **where)
        await bot.close_forum_topic(**where)
        with pytest.raises(BadRequest, match="Topic_not_modified"):
            await bot.close_forum_topic(**where)
        assert api.topics(forum)[0]["closed"]
        await bot.reopen_forum_topic(**where)
        await bot.delete_forum_topic(**where)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(text="x", **where)
        by_hand = api.creates_topic(user, forum, "手开")
        await bot.send_message(forum, "x", message_thread_id=by_hand)
        api.deletes_topic(forum, by_hand)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(forum, "x", message_thread_id=by_hand)
        with pytest.raises(BadRequest, match="Topic_id_invalid"):
            await bot.reopen_forum_topic(forum, by_hand)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(forum, "the general topic has no number", message_thread_id=1)

    with_bot(api, act)


def test_files(api: BotApi, user: int) -> None:
    content = b"OggS" + bytes(1000)
    small = api.sends_voice(user, content=content, duration=3)["message"]["voice"]["file_id"]
    large = api.sends_voice(user, size=21 * 1024 * 1024)["message"]["voice"]["file_id"]
    photo = api.sends_photo(user, "药盒", size=70_000)["message"]["photo"][-1]["file_id"]

    async def act(bot: Bot) -> None:
        assert bytes(await (await bot.get_file(small)).download_as_bytearray()) == content
        assert len(await (await bot.get_file(photo)).download_as_bytearray()) == 70_000
        with pytest.raises(BadRequest, match="File is too big"):
            await bot.get_file(large)
        sent = await bot.send_document(user, b"report", caption="报告", filename="a.txt")
        assert sent.document is not None
        await bot.send_document(user, sent.document.file_id)
        await bot.send_voice(user, content, duration=2)
        await bot.send_photo(user, b"\x89PNG\r\n\x1a\n" + bytes(20), caption="*图*", parse_mode="MarkdownV2")
        with pytest.raises(BadRequest, match="Image_process_failed"):
            await bot.send_photo(user, b"no picture")
        await bot.send_location(user, 39.9, 116.4)

    with_bot(api, act)
    assert [m["method"] for m in api.sent(user)] == [
        "sendDocument",
        "sendDocument",
        "sendVoice",
        "sendPhoto",
        "sendLocation",
    ]
    assert api.texts(user)[3] == "图"


def test_who_blocks_is_told_about_and_not_written_to(api: BotApi, user: int) -> None:
    change = api.blocks(user)["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")

    async def act(bot: Bot) -> None:
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(user, "x")
        with pytest.raises(ControlError):
            api.says(user, "x")
        api.unblocks(user)
        await bot.send_message(user, "x")
        members = [u.my_chat_member.new_chat_member.status for u in await bot.get_updates()]
        assert members == ["kicked", "member"]

    with_bot(api, act)


def test_groups_channels_edits_and_reactions(api: BotApi, user: int) -> None:
    shy = api.create_group("没有管理权", [user], admin=False)
    open_group, channel = api.create_group("群", [user], kind="group"), api.create_channel("频道")
    assert api.says(user, "闲聊", chat=shy)["update_id"] == 0
    assert api.says(user, "/list@guanjia_test_bot", chat=shy)["update_id"] > 0
    assert api.says(user, "闲聊", chat=open_group)["message"]["chat"]["type"] == "group"
    assert api.posts(channel, "公告")["channel_post"]["sender_chat"]["id"] == channel
    mine = api.says(user, "错字")["message"]["message_id"]
    assert api.edits(user, mine, "对字")["edited_message"]["edit_date"]
    assert api.reacts(user, mine)["update_id"] == 0

    async def act(bot: Bot) -> None:
        await bot.get_updates(offset=-1, allowed_updates=["message", "message_reaction"])
        assert api.reacts(user, mine, "🙏")["update_id"] > 0
        await bot.set_message_reaction(user, mine, "👌")
        with pytest.raises(BadRequest, match="Reaction_invalid"):
            await bot.set_message_reaction(user, mine, "🐢")
        api.kicks_bot(user, open_group)
        with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
            await bot.send_message(open_group, "x")

    with_bot(api, act)
    assert api.reactions(user, mine) == [{"type": "emoji", "emoji": "👌"}]


def test_conflicts_and_strangers(api: BotApi) -> None:
    async def act(bot: Bot) -> None:
        older = asyncio.create_task(bot.get_updates(timeout=5))
        await soon(api.wait_polling)
        assert (await soon(ask, api, "getUpdates"))["result"] == []
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await bot.set_webhook("https://example.org/hook", secret_token=SECRET)
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        assert await bot.get_updates() == ()
        me = await bot.get_me()
        assert (await bot.get_chat(api.create_user("赵"))).first_name == "赵"
        assert me.username == "guanjia_test_bot"
        await bot.set_my_commands([("help", "找人"), ("list", "看")])
        assert [c.command for c in await bot.get_my_commands()] == ["help", "list"]
        await bot.set_chat_menu_button()

    with_bot(api, act)
    assert ask(api, "getMe", token="1:nobody") == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    with pytest.raises(InvalidToken):
        with_bot(api, lambda bot: bot.get_me(), token="1:nobody")


def test_two_bots_have_their_own_chats() -> None:
    with BotApi(["1:one", "2:two"], limits=False) as api:
        user = api.create_user()
        group = api.create_group("群", [user])
        api.says(user, "给第二个", bot="2:two")
        api.says(user, "给两个", chat=group)
        assert [u["message"]["text"] for u in ask(api, "getUpdates")["result"]] == ["给两个"]
        assert len(ask(api, "getUpdates", token="2:two")["result"]) == 2
        ask(api, "sendMessage", token="2:two", chat_id=user, text="好")
        assert api.sent(user, bot="1:one") == []
        assert api.texts(user, bot="2:two") == ["好"]


def test_another_process_is_spoken_to_over_http() -> None:
    with spawned(["1:far"], limits=False) as remote:
        assert remote.token == "1:far"
        user = remote.create_user("王")
        remote.sends_voice(user, content=b"OggS", duration=1)
        assert remote.says(user, "你好", bot="1:far")["message"]["text"] == "你好"
        answer = CLIENT.post(f"{remote.base_url}1:far/sendMessage", data={"chat_id": user, "text": "嗯"})
        assert answer.json()["ok"]
        assert remote.wait_sent(user, timeout=2)[0]["text"] == "嗯"
        with pytest.raises(ControlError, match="no such button"):
            remote.presses(user, "没有")
