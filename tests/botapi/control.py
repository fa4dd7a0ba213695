"""The tests' side of the server.

`Control` has every verb; `BotApi` is one with a server in this process, `RemoteBotApi` speaks to one over HTTP. Verbs
take and return what JSON can say, so that both are the same.
"""

from __future__ import annotations

from tests.botapi.acting import Acting
from tests.botapi.base import ControlError, verbs
from tests.botapi.making import Breaking, Making
from tests.botapi.sharing import Sharing
from tests.botapi.watching import Watching

__all__ = ["Control", "ControlError", "verbs"]


class Control(Making, Breaking, Acting, Sharing, Watching):
    """All verbs."""
