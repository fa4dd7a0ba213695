"""The record of a danger: what was said, who was told, what reached them, what came of it. Lines are only ever added."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Happened(StrEnum):
    """What a line of the record tells."""

    SAID = "said"
    TOLD = "told"
    OVERRIDE = "override"
    DELIVERED = "delivered"
    FAILED = "failed"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    REFUSED = "refused"
    CLAIMED = "claimed"
    FALSE_ALARM = "false_alarm"
    FOLLOWED_UP = "followed_up"
    OUTCOME = "outcome"


@dataclass(eq=False, kw_only=True)
class IncidentLine:
    """One line about one danger (its ticket). `person_id` is whom it happened to, `who_id` who did it or was told."""

    ticket_id: str
    person_id: str
    happened: Happened
    at: datetime
    who_id: str | None = None
    detail: dict[str, str] = field(default_factory=dict)
    id: int | None = None
