"""Families: what people are to each other, what a relative may be let do, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.people import Kinship, Scope

# Leave is given for a year, and then asked for again.
CONSENT_LIVES = timedelta(days=365)
# A relative's request waits as long as the buttons under it live.
REQUEST_LIVES = timedelta(days=14)
# Whoever asks more often than this in a day asks strangers.
REQUESTS_A_DAY = 3
# Whom one asks for leave, instead of giving it to them.
ELDERS = frozenset({"mother", "father", "grandmother", "grandfather", "mother_in_law", "father_in_law"})
EVERY_SCOPE = tuple(Scope)


def elder_to(relative: str, gender: str | None) -> str:
    """What an elder is to a relative whom the elder calls `child`, `spouse` or `other`."""
    if relative == "child":
        return {"female": "mother", "male": "father"}.get(gender or "", "other")
    return "spouse" if relative == "spouse" else "other"


def relative_to(relation: str) -> str:
    """The other way round: what the relative is, to whom the elder is `relation`."""
    if relation in ("mother", "father"):
        return "child"
    return "spouse" if relation == "spouse" else "other"


def next_rank(others: list[Kinship]) -> int:
    """Whoever is added is alerted after those who are there."""
    return max((kinship.rank for kinship in others), default=0) + 1


def still_open(asked_at: datetime, moment: datetime) -> bool:
    """Whether a request for leave can still be answered."""
    return moment < asked_at + REQUEST_LIVES
