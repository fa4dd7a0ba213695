"""Bearer tokens: signed, with an end in real time, checked without the database so that a cry for help never waits."""

from __future__ import annotations

import time

import jwt

_ALGORITHM = "HS256"


class BadToken(Exception):
    """The token is not ours, or its time is over. `expired` tells which."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "invalid")
        self.expired = expired


def make(secret: str, person_id: str, seconds: float) -> str:
    """A token for a person that lives so many seconds of real time."""
    return jwt.encode({"sub": person_id, "exp": time.time() + seconds}, secret, algorithm=_ALGORITHM)


def read(secret: str, token: str) -> str:
    """The person's id. Raises BadToken."""
    try:
        claims = jwt.decode(token, secret, algorithms=[_ALGORITHM], options={"require": ["sub", "exp"]})
    except jwt.ExpiredSignatureError as error:
        raise BadToken(expired=True) from error
    except jwt.InvalidTokenError as error:
        raise BadToken(expired=False) from error
    return str(claims["sub"])
