"""Secrets that must be read again, sealed for the store: AES-256-GCM under a key made of the signing secret (HKDF).

Bound to whose it is: a sealed value that is put into another's row does not open.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from actions.house import House

_MARK = "s1:"
_NONCE_BYTES, _KEY_BYTES = 12, 32


class Unreadable(Exception):
    """Sealed under a key that is not ours any more, for somebody else, or not at all."""


class Seal:
    """Seals with the present secret, and opens with it and with the one before."""

    def __init__(self, secret: str, before: str = "") -> None:
        self._keys = [AESGCM(_key(one)) for one in (secret, before) if one]

    def close(self, plain: str, whose: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._keys[0].encrypt(nonce, plain.encode(), whose.encode())
        return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, kept: str, whose: str) -> str:
        """Raises Unreadable."""
        opened = self._try(kept, whose)
        if opened is None:
            raise Unreadable
        return opened[0]

    def renewed(self, kept: str, whose: str) -> str:
        """The same under the present secret: what stood plain is sealed, what is under the one before is sealed anew.

        Raises Unreadable.
        """
        if not kept.startswith(_MARK):
            return self.close(kept, whose)
        opened = self._try(kept, whose)
        if opened is None:
            raise Unreadable
        plain, is_newest = opened
        return kept if is_newest else self.close(plain, whose)

    def _try(self, kept: str, whose: str) -> tuple[str, bool] | None:
        if not kept.startswith(_MARK):
            return None
        try:
            raw = base64.urlsafe_b64decode(kept.removeprefix(_MARK))
        except ValueError:
            return None
        for key in self._keys:
            try:
                plain = key.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], whose.encode())
            except (InvalidTag, ValueError):
                continue
            return plain.decode(), key is self._keys[0]
        return None


def seal_of(house: House) -> Seal:
    """The house's seal."""
    return Seal(house.secret, house.secret_before)


def _key(secret: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"guanjia second factors").derive(secret.encode())
