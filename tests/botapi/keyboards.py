"""Reply markup, checked as Telegram checks it."""

from __future__ import annotations

from typing import Any

from tests.botapi.errors import bad
from tests.botapi.params import Params

Json = dict[str, Any]

DATA_BYTES = 64
BUTTONS = 100  # of an inline keyboard in all
ROW = 8  # buttons of one of its rows
ACTIONS = (
    "callback_data url web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
).split()
MAY_BE_EMPTY = ("switch_inline_query", "switch_inline_query_current_chat")
FLAGS = "force_reply remove_keyboard selective one_time_keyboard is_persistent resize_keyboard".split()


def read(params: Params, private: bool | None = None, inline_only: bool = False) -> Json | None:
    """The markup of a call, or None. `private` says whether the chat is one, where that matters."""
    markup = params.data("reply_markup", "reply keyboard markup")
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for name in FLAGS:
        if name in markup and not isinstance(markup[name], bool):
            raise bad(f'field "{name}" must be of type Boolean')
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if inline_only:
        raise bad("inline keyboard expected")
    if "keyboard" in markup:
        _check_reply_keyboard(markup["keyboard"], private)
    return markup


def _rows(rows: Any, field: str, what: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad(f'field "{field}" must be of type Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad(f"can't parse {what}: expected an Array of {what}s")
    return [row for row in rows if row]


def _text(button: Any, what: str) -> str:
    text = button.get("text")
    if text is None:
        raise bad(f"can't parse {what}: Can't find field \"text\"")
    if not isinstance(text, str):
        raise bad(f'can\'t parse {what}: Field "text" must be of type String')
    return text.strip()


def _inline(rows: Any) -> Json | None:
    what = "inline keyboard button"
    kept = _rows(rows, "inline_keyboard", what)
    for button in (button for row in kept for button in row):
        if not isinstance(button, dict):
            raise bad(f"can't parse {what}: {what.capitalize()} must be an Object")
        text = _text(button, what)
        actions = [name for name in ACTIONS if button.get(name) not in (None, "")]
        if not actions and not any(name in button for name in MAY_BE_EMPTY):
            raise bad(f"can't parse {what}: Text buttons are unallowed in the inline keyboard")
        if not text:
            raise bad("inline keyboard button text must be non-empty")
        _check_action(button)
    if sum(map(len, kept)) > BUTTONS or any(len(row) > ROW for row in kept):
        raise bad("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _check_action(button: Json) -> None:
    if "callback_data" in button:
        if not isinstance(button["callback_data"], str):
            raise bad('can\'t parse inline keyboard button: Field "callback_data" must be of type String')
        if len(button["callback_data"].encode()) > DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    elif "url" in button:
        _check_url(str(button["url"]))
    elif "web_app" in button:
        url = str(button["web_app"].get("url", ""))
        if not url.startswith("https://"):
            raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    elif button.get("pay"):
        raise bad("BUTTON_TYPE_INVALID")
    elif "copy_text" in button and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def _check_url(url: str) -> None:
    scheme, colon, rest = url.partition("://")
    if colon and scheme not in {"http", "https", "tg", "ton"}:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if scheme != "tg" and "." not in (rest if colon else url) and "localhost" not in url:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_reply_keyboard(rows: Any, private: bool | None) -> None:
    what = "keyboard button"
    kept = _rows(rows, "keyboard", what)
    if not kept:
        raise bad("reply keyboard must be non-empty")
    for button in (button for row in kept for button in row):
        if isinstance(button, str):
            text, wishes = button.strip(), {}
        elif isinstance(button, dict):
            text, wishes = _text(button, what), button
        else:
            raise bad(f"can't parse {what}: {what.capitalize()} must be an Object")
        if not text:
            raise bad("keyboard button text must be non-empty")
        if private is False and wishes.get("request_contact"):
            raise bad("phone number can be requested in private chats only")
        if private is False and wishes.get("request_location"):
            raise bad("location can be requested in private chats only")
