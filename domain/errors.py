"""Broken rules, named in the owner's words. A door turns them into a sentence or a status, never a traceback."""

from __future__ import annotations


class RuleBroken(Exception):
    """A rule of care says no. `code` is for programs; the sentence for people comes from the words."""

    code = "rule_broken"


class NotFound(RuleBroken):
    """There is no such thing, or it does not exist for the one who asks."""

    code = "not_found"


class NotAllowed(RuleBroken):
    """The elder's consent does not reach this far. `scope` names what is missing."""

    code = "not_allowed"

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class Taken(RuleBroken):
    """The place, the person or the elder's own time is taken already."""

    code = "taken"


class WrongState(RuleBroken):
    """The thing has gone past the state from which this step is possible."""

    code = "wrong_state"


class Exhausted(RuleBroken):
    """The grant has less left than the booking takes."""

    code = "none_left"


class OutOfDate(RuleBroken):
    """Somebody else changed the thing in between; read it again."""

    code = "out_of_date"


class Unstorable(RuleBroken):
    """A word or a number that no database can hold: a NUL, half a character, a number of forty digits."""

    code = "unstorable"


class NotReady(RuleBroken):
    """Something must be there before this may be booked. `needs` are its codes (`standards.py`)."""

    code = "not_ready"

    def __init__(self, needs: list[str]) -> None:
        super().__init__(",".join(needs))
        self.needs = needs
