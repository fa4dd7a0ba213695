"""The table of methods, and what each of them is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.botapi.params import Params
from tests.botapi.state import Bot, World


@dataclass
class Call:
    """One call of a method by a bot."""

    world: World
    bot: Bot
    method: str
    params: Params


Method = Callable[[Call], Any]
METHODS: dict[str, Method] = {}
NAMES: dict[str, str] = {}  # lower case to Telegram's spelling: names of methods are case-insensitive


def method(name: str) -> Callable[[Method], Method]:
    """Enter a function under its name in the Bot API."""

    def enter(function: Method) -> Method:
        METHODS[name] = function
        NAMES[name.lower()] = name
        return function

    return enter
