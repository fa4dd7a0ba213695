"""Whether a reminder is said: every no has its reason, and the gravest comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.sending import Decision, Facts, Reason, What, decide
from tests.conftest import NOW

_LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({}, Decision(What.SEND)),
        ({"busy_until": _LATER}, Decision(What.LATER, Reason.BUSY, _LATER)),
        ({"busy_until": NOW + timedelta(days=9)}, Decision(What.DROP, Reason.BUSY)),
        (
            {"busy_until": _LATER, "quiet_until": NOW + timedelta(minutes=5)},
            Decision(What.LATER, Reason.QUIET, NOW + timedelta(minutes=5)),
        ),
        ({"alive": False}, Decision(What.DROP, Reason.DIED)),
        ({"consents": False}, Decision(What.DROP, Reason.NO_CONSENT)),
        ({"over": Reason.CANCELLED}, Decision(What.DROP, Reason.CANCELLED)),
        ({"over": Reason.MOVED}, Decision(What.DROP, Reason.MOVED)),
        ({"over": Reason.DONE}, Decision(What.DROP, Reason.DONE)),
        ({"answered": True}, Decision(What.DROP, Reason.ANSWERED)),
        ({"wanted": False}, Decision(What.DROP, Reason.UNWANTED)),
        ({"has_chat": False}, Decision(What.DROP, Reason.NO_CHAT)),
        ({"useful_until": NOW}, Decision(What.SEND)),
        ({"useful_until": NOW - timedelta(seconds=1)}, Decision(What.DROP, Reason.TOO_OLD)),
        ({"quiet_until": _LATER, "useful_until": _LATER}, Decision(What.LATER, Reason.QUIET, _LATER)),
        ({"quiet_until": _LATER, "useful_until": NOW}, Decision(What.DROP, Reason.QUIET)),
        ({"quiet_until": _LATER, "passes_quiet": True}, Decision(What.SEND)),
        ({"alive": False, "over": Reason.MOVED, "wanted": False}, Decision(What.DROP, Reason.DIED)),
        ({"over": Reason.DONE, "useful_until": NOW - _LATER.resolution}, Decision(What.DROP, Reason.DONE)),
        ({"passes_quiet": True, "over": Reason.CANCELLED}, Decision(What.DROP, Reason.CANCELLED)),
    ],
)
def test_every_case(facts: dict, decision: Decision) -> None:
    assert decide(Facts(**{"now": NOW, "useful_until": NOW + timedelta(hours=2)} | facts)) == decision
