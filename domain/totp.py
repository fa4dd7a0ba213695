"""One-time codes that two clocks agree on: RFC 6238 (TOTP) over RFC 4226 (HOTP), as every authenticator knows them."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS, DIGITS = 30, 6
# Codes of the step before and after are taken as well (RFC 6238, 5.2): clocks differ, and people type slowly.
WINDOW = 1
# RFC 4226, 4 asks for 128 bits and recommends 160.
_SECRET_BYTES = 20


def new_secret() -> str:
    """A fresh secret in base32, as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def step_of(moment: datetime) -> int:
    """How many steps of thirty seconds lie before a moment since 1970."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of a step. `digest` is what the RFC's vectors vary; authenticators use SHA-1."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), digest)
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: str, code: str, now: datetime, used: int) -> int | None:
    """The step whose code this is, within the window and after the last one `used`: a code works once.

    Every candidate is compared, each in constant time, so that the time taken tells nothing.
    """
    found = None
    for step in range(step_of(now) - WINDOW, step_of(now) + WINDOW + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if same and step > used:
            found = step
    return found


def link(secret: str, name: str, issuer: str) -> str:
    """What an authenticator reads from a QR code or a tap (Google's Key URI format)."""
    query = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{query}"
