"""What a booking has taken, as its entries tell: grant by grant, in the order in which it was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.benefits import Entry, EntryKind
from domain.judging import Draw


@dataclass
class Taken:
    """What of one grant a booking holds and has used."""

    grant_id: str
    held: int = 0
    used: int = 0


def taken_by(entries: Iterable[Entry]) -> list[Taken]:
    """What stands after a booking's entries, grants in the order of their last taking."""
    found: dict[str, Taken] = {}
    for entry in entries:
        if entry.kind is EntryKind.HOLD and (entry.grant_id not in found or _empty(found[entry.grant_id])):
            found.pop(entry.grant_id, None)
            found[entry.grant_id] = Taken(entry.grant_id)
        taken = found.setdefault(entry.grant_id, Taken(entry.grant_id))
        match entry.kind:
            case EntryKind.HOLD:
                taken.held += entry.amount
            case EntryKind.RELEASE:
                taken.held -= entry.amount
            case EntryKind.COMMIT:
                taken.held, taken.used = taken.held - entry.amount, taken.used + entry.amount
            case EntryKind.REFUND:
                taken.used -= entry.amount
    return list(found.values())


def _empty(taken: Taken) -> bool:
    return taken.held == 0 and taken.used == 0


def unwound(taken: Iterable[Taken], amount: int | None = None) -> list[Draw]:
    """What a refund gives back (all, where no amount is said): what was taken last is given back first.

    It follows what was recorded and not today's priorities (OpenMeter's rule for corrections).
    """
    back: list[Draw] = []
    for part in reversed(list(taken)):
        step = part.used if amount is None else min(part.used, amount)
        if step > 0:
            back.append(Draw(part.grant_id, step))
            amount = None if amount is None else amount - step
    return back
