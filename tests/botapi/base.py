"""What the verbs of the tests' side have in common."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from tests.botapi.state import Bot, Chat, Json, World

F = TypeVar("F", bound=Callable[..., Any])

_VERBS: set[str] = set()


class ControlError(Exception):
    """A test asks for what no user could do."""


def verb(function: F) -> F:
    """Mark what the HTTP side offers too, and hold the lock for it."""
    _VERBS.add(function.__name__)

    @functools.wraps(function)
    def locked(self: Base, *args: Any, **kwargs: Any) -> Any:
        with self.world.lock:
            return function(self, *args, **kwargs)

    return cast("F", locked)


def patient(function: F) -> F:
    """Mark a verb that waits: it must not hold the lock meanwhile."""
    _VERBS.add(function.__name__)
    return function


def verbs() -> set[str]:
    """The names of all verbs."""
    return _VERBS


class Base:
    """What all verbs use."""

    def __init__(self) -> None:
        self.world = World()

    def bot(self, token: str | None = None) -> Bot:
        """A bot by its token; the first one where none is said."""
        if token is None:
            return next(iter(self.world.bots.values()))
        return self.world.bots[token]

    def chat(self, chat: int, bot: str | None = None) -> Chat:
        found = self.world.chat_of(self.bot(bot), chat)
        if found is None:
            raise ControlError(f"no such chat: {chat}")
        return found

    def note(self, call: Json) -> None:
        """Keep a call that was made, for the tests to see."""
        with self.world.lock:
            self.world.calls.append(call)
