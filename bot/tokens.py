"""Bearer tokens: signed, with an end in real time, checked without the database so that a cry for help never waits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import jwt

_ALGORITHM = "HS256"


class BadToken(Exception):
    """The token is not ours, or its time is over. `expired` tells which."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "invalid")
        self.expired = expired


@dataclass(frozen=True)
class Login:
    """Whose token it is, and since when (real time); one that does not say so is as old as can be."""

    person_id: str
    at: datetime


def make(secret: str, person_id: str, seconds: float) -> str:
    """A token for a person that lives so many seconds of real time."""
    now = time.time()
    return jwt.encode({"sub": person_id, "iat": now, "exp": now + seconds}, secret, algorithm=_ALGORITHM)


def read(secret: str, token: str) -> Login:
    """Who has signed in, and when. Raises BadToken."""
    try:
        claims = jwt.decode(token, secret, algorithms=[_ALGORITHM], options={"require": ["sub", "exp"]})
    except jwt.ExpiredSignatureError as error:
        raise BadToken(expired=True) from error
    except jwt.InvalidTokenError as error:
        raise BadToken(expired=False) from error
    return Login(str(claims["sub"]), datetime.fromtimestamp(float(claims.get("iat", 0)), UTC))
