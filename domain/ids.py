"""Identifiers: short, unguessable, safe in addresses and in a button's 64 bytes."""

from __future__ import annotations

import secrets

# Crockford's alphabet: no I, L, O, U, so an elder can read it out over the telephone.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_IN_NUMBERS = _ALPHABET.replace("m", "")


def new_id(prefix: str, length: int = 16) -> str:
    """A fresh random identifier such as `bk_7m2…`; five bits a character."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def new_number() -> str:
    """The number of a booking or a ticket that people say to each other: six characters, upper case.

    It has a letter and a digit, so that it is known for one in a sentence, and no M: 2PM is an hour.
    """
    while True:
        made = "".join(secrets.choice(_IN_NUMBERS) for _ in range(6)).upper()
        if not (made.isalpha() or made.isdigit()):
            return made
