"""The written policy for telling the family of a danger, read from `data/alerts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from domain.catalogue import DATA


@dataclass(frozen=True)
class AlertPolicy:
    """`overrides` are the categories of danger in which an elder's no does not hold; `rules` in words, by name."""

    version: str
    source: str
    overrides: frozenset[str]
    rules: Mapping[str, str]

    def cite(self, rule: str) -> str:
        """How a record names a rule. Raises KeyError for one that is not written."""
        return f"{self.rules[rule]}（{rule}，{self.version}）"


@cache
def load() -> AlertPolicy:
    """The policy. Raises KeyError where the data lack a part."""
    rows = tomllib.loads((DATA / "alerts.toml").read_text(encoding="utf-8"))
    return AlertPolicy(rows["version"], rows["source"], frozenset(rows["overrides"]), rows["rules"])
