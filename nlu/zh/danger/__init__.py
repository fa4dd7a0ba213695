"""Danger words: emergencies, crises and scams, found by reviewed rules before any model is asked."""

from __future__ import annotations

from nlu.zh.danger.detector import detect, is_everyday
from nlu.zh.danger.model import Category, Danger, Kind
from nlu.zh.danger.patterns import everyday, patterns

# Compiled at start-up: a broken data file must stop the program, not the first person in need.
patterns()
everyday()

__all__ = ["Category", "Danger", "Kind", "detect", "is_everyday"]
