"""Breaks on command: what a bot must live through, for the next calls or by the dice of a seeded random."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "flood": "429 with retry_after",
    "blocked": "403, as if the user had blocked the bot",
    "bad_gateway": "502 with a page of HTML",
    "cut_before": "the connection is cut and nothing is stored",
    "cut_after": "the connection is cut after the message is stored: a bot that retries doubles it",
    "delay": "the answer comes late",
}


@dataclass
class Break:
    """One rule. It holds for calls that fit `method` and `chat` (None: any), `times` times or by `probability`."""

    id: int
    kind: str
    method: str | None = None
    chat: int | None = None
    bot: str | None = None  # a token
    times: int | None = None
    probability: float = 1.0
    retry_after: int = 1  # seconds, of a flood
    ms: float = 0.0  # milliseconds, of a delay
    fired: int = 0
    dice: random.Random = field(default_factory=random.Random)

    def takes(self, method: str, chat: int | None, bot: str) -> bool:
        """Whether this call is hit; counts it if so."""
        if self.times is not None and self.fired >= self.times:
            return False
        if self.method is not None and self.method.lower() != method.lower():
            return False
        if (self.chat is not None and self.chat != chat) or (self.bot is not None and self.bot != bot):
            return False
        if self.probability < 1.0 and self.dice.random() >= self.probability:
            return False
        self.fired += 1
        return True


class Breaks:
    """All rules, in the order they were made."""

    def __init__(self) -> None:
        self.rules: list[Break] = []
        self._next = 1

    def add(self, kind: str, *, seed: int = 0, **how: Any) -> Break:
        if kind not in KINDS:
            raise ValueError(f"no such break: {kind}; there are {', '.join(KINDS)}")
        made = Break(id=self._next, kind=kind, dice=random.Random(seed), **how)
        self._next += 1
        self.rules.append(made)
        return made

    def mend(self, break_id: int | None = None) -> None:
        """Take one rule away, or all."""
        self.rules = [] if break_id is None else [r for r in self.rules if r.id != break_id]

    def of(self, method: str, chat: int | None, bot: str) -> tuple[float, Break | None]:
        """For one call: all delays together, in ms, and the first other rule that hits it."""
        delay = sum(r.ms for r in self.rules if r.kind == "delay" and r.takes(method, chat, bot))
        others = (r for r in self.rules if r.kind != "delay")
        return delay, next((r for r in others if r.takes(method, chat, bot)), None)
