"""The methods of the Bot API, one group a file. Importing this package fills the table."""

from __future__ import annotations

from tests.botapi.methods import about, editing, media, queries, sending, topics, updates
from tests.botapi.methods.registry import METHODS, NAMES, Call

__all__ = ["METHODS", "NAMES", "Call", "about", "editing", "media", "queries", "sending", "topics", "updates"]
