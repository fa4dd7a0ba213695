"""Asked directly where it is stricter than a bot that behaves: what Telegram refuses, and what it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest

from tests.bot.botapi.tools import (
    CLIENT,
    ask,
    buttons,
    with_bot,
)
from tests.botapi import BotApi, ControlError
from tests.botapi.entities import piece
from tests.botapi.errors import ApiError
from tests.botapi.markup import parse

CANNOT = "Bad Request: can't parse entities: "


BUTTON = "Bad Request: can't parse inline keyboard button: "


WRONG = [
    ("sendMessage", {}, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": 1, "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": None, "text": "x"}, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"text": " \n "}, "Bad Request: text must be non-empty"),
    ("sendMessage", {"text": "x" * 4097}, "Bad Request: message is too long"),
    ("sendMessage", {"text": "x", "parse_mode": "word"}, "Bad Request: unsupported parse_mode"),
    (
        "sendMessage",
        {"text": "三点。3.5", "parse_mode": "MarkdownV2"},
        CANNOT + "Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    (
        "sendMessage",
        {"text": "*三点", "parse_mode": "MarkdownV2"},
        CANNOT + "Can't find end of Bold entity at byte offset 0",
    ),
    (
        "sendMessage",
        {"text": "3 < 5", "parse_mode": "HTML"},
        CANNOT + 'Unsupported start tag "" at byte offset 2',
    ),
    (
        "sendMessage",
        {"text": "<b>三", "parse_mode": "HTML"},
        CANNOT + 'Can\'t find end tag corresponding to start tag "b"',
    ),
    ("sendMessage", {"text": "x", "message_thread_id": 99}, "Bad Request: message thread not found"),
    (
        "sendMessage",
        {"text": "x", "reply_parameters": {"message_id": 99}},
        "Bad Request: message to be replied not found",
    ),
    ("sendMessage", {"text": "x", "reply_markup": [1]}, "Bad Request: object expected as reply markup"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": buttons(callback_data="a")},
        BUTTON + 'Can\'t find field "text"',
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": buttons(text="", callback_data="a")},
        "Bad Request: inline keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": buttons(text="好", callback_data="")},
        BUTTON + "Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": buttons(text="好", callback_data="好" * 22)},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"keyboard": [[{"text": " "}]]}},
        "Bad Request: keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
        "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
    ),
    ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
    ("sendVoice", {"voice": "AwAC"}, "Bad Request: wrong file identifier/HTTP URL specified"),
    ("sendLocation", {"latitude": 91, "longitude": 0}, "Bad Request: wrong location specified"),
    ("sendChatAction", {"action": "sleeping"}, "Bad Request: wrong parameter action in request"),
    ("editMessageText", {"text": "x"}, "Bad Request: message identifier is not specified"),
    ("editMessageText", {"text": "x", "message_id": 99}, "Bad Request: message to edit not found"),
    ("editMessageText", {"text": "x", "message_id": 1}, "Bad Request: message can't be edited"),
    ("deleteMessage", {"message_id": 99}, "Bad Request: message to delete not found"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    ("getFile", {"file_id": "x"}, "Bad Request: invalid file_id"),
    ("createForumTopic", {"name": "x"}, "Bad Request: the chat is not a forum"),
    (
        "setMyCommands",
        {"commands": [{"command": "Help", "description": "x"}]},
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "setWebhook",
        {"url": "http://example.org"},
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://example.org", "secret_token": "a b"},
        "Bad Request: secret token contains unallowed characters",
    ),
    (
        "setWebhook",
        {"url": "https://example.org", "secret_token": "a" * 257},
        "Bad Request: secret token is too long",
    ),
    ("sendTelepathy", {}, "Not Found: method not found"),
]


def test_what_telegram_refuses(api: BotApi, user: int) -> None:
    api.says(user, "第一句")
    got = [ask(api, method, **({"chat_id": user} | params)).get("description") for method, params, _ in WRONG]
    assert got == [description for _, _, description in WRONG]
    assert api.sent() == []


def test_what_is_right_to_the_last_character_is_taken(api: BotApi, user: int) -> None:
    fine = [
        {"text": "😀" * 4096},
        {"text": "好", "reply_markup": buttons(text="好", callback_data="好" * 21 + "x")},
        {"text": "  两边的空白没有了\n"},
        {"text": "3\\.5", "parse_mode": "markdownv2"},
    ]
    for params in fine:
        assert ask(api, "SENDmessage", chat_id=user, **params)["ok"]
    assert api.texts(user)[2:] == ["两边的空白没有了", "3.5"]


def test_editing_and_answering_twice(api: BotApi, user: int) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="ok")]])

    async def act(bot: Bot) -> None:
        sent = await bot.send_message(user, "行吗？", reply_markup=keyboard)
        query = api.presses(user, data="ok")["callback_query"]
        assert query["message"]["message_id"] == sent.message_id
        await bot.answer_callback_query(query["id"])
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query["id"])
        late = api.presses(user)["callback_query"]["id"]
        api.expire_callbacks()
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(late)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_text("行吗？", reply_markup=keyboard)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_reply_markup(keyboard)
        await sent.edit_reply_markup(None)
        with pytest.raises(ControlError):
            api.presses(user, "好")
        assert api.presses(user, data="forged", forged=True)["callback_query"]["data"] == "forged"
        await sent.delete()
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await sent.edit_text("x")
        ask_phone = ReplyKeyboardMarkup([[KeyboardButton("我的号码", request_contact=True)]])
        await bot.send_message(user, "您的号码？", reply_markup=ask_phone)
        with pytest.raises(BadRequest, match="private chats only"):
            await bot.send_message(api.create_group(), "?", reply_markup=ask_phone)

    with_bot(api, act)
    assert api.sent(user)[0]["deleted"]
    assert api.sent(user)[1]["buttons"] == [["我的号码"]]


MARKED = [
    ("MarkdownV2", "*粗 _斜_* `a.b` ||x||", "粗 斜 a.b x", ["粗 斜", "斜", "a.b", "x"]),
    ("MarkdownV2", ">引\n>文\n[看](https://a\\.cn/\\)) 完", "引\n文\n看 完", ["引\n文\n", "看"]),
    ("MarkdownV2", "😀__u _i_ __", "😀u i ", ["u i ", "i"]),
    ("HTML", "<b>粗</b> &lt;3 <a href='https://a.cn'>看</a>", "粗 <3 看", ["粗", "看"]),
    ("Markdown", "*粗* _斜_ \\_", "粗 斜 _", ["粗", "斜"]),
]


UNMARKED = [
    ("MarkdownV2", "😀_斜", "Can't find end of Italic entity at byte offset 4"),
    ("MarkdownV2", "[看](https://a", "Can't find end of a URL at byte offset 6"),
    ("MarkdownV2", ">*引\n文*", "Can't find end of Bold entity at byte offset 1"),
    ("MarkdownV2", "a>b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
    ("HTML", "<i><b>a</i></b>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
    ("HTML", "a</b>", "Unexpected end tag at byte offset 1"),
    ("Markdown", "a_b", "Can't find end of the entity starting at byte offset 1"),
]


@pytest.mark.parametrize(("mode", "source", "plain", "pieces"), MARKED)
def test_markup_is_read(mode: str, source: str, plain: str, pieces: list[str]) -> None:
    text, entities = parse(source, mode)
    assert text == plain
    assert [piece(text, e) for e in entities] == pieces


@pytest.mark.parametrize(("mode", "source", "why"), UNMARKED)
def test_markup_is_refused(mode: str, source: str, why: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse(source, mode)
    assert refused.value.description == CANNOT + why


def test_parameters_come_in_every_shape(api: BotApi, user: int) -> None:
    url, keyboard = (
        f"{api.base_url}{api.token}/sendMessage",
        json.dumps(buttons(text="好", callback_data="ok")),
    )
    said = {"chat_id": str(user), "text": "嗯", "reply_markup": keyboard}
    shapes: list[dict[str, Any]] = [
        {"params": said},
        {"data": said},
        {"json": said},
        {"files": {name: (None, value) for name, value in said.items()}},
    ]
    for shape in shapes:
        assert CLIENT.post(url, **shape).json()["ok"], shape
    assert CLIENT.get(url, params=said).json()["ok"]
    assert [m["buttons"] for m in api.sent(user)] == [[["好"]]] * 5
