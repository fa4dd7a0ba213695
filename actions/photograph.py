"""A photograph as it comes in: what it is by its first bytes, and what is kept of it: nothing of place, time and owner."""

from __future__ import annotations

from domain.errors import RuleBroken

LARGEST = 8 * 2**20
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_TYPES = ((_JPEG, "image/jpeg"), (_PNG, "image/png"))
# What a PNG says of where it comes from (PNG, third edition, 11.3.2 to 11.3.4): EXIF, texts, the time.
_TALE = frozenset((b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"))


class BadPhoto(RuleBroken):
    """No photograph of a kind that is taken, too large, or too many of them."""

    code = "bad_photo"


def kind_of(body: bytes) -> str:
    """The type of a photograph by its first bytes. Raises BadPhoto."""
    found = next((kind for start, kind in _TYPES if body.startswith(start)), None)
    if found is None or len(body) > LARGEST:
        raise BadPhoto("kind")
    return found


def bare(body: bytes) -> bytes:
    """The picture without what the camera or a program wrote of place, time and owner."""
    return _bare_png(body) if body.startswith(_PNG) else _bare_jpeg(body)


def _bare_jpeg(body: bytes) -> bytes:
    """Without application segments and comments (EXIF: place, time, owner of the camera)."""
    kept, at = bytearray(body[:2]), 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        length = int.from_bytes(body[at + 2 : at + 4], "big") + 2
        if marker == 0xDA:
            break
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE):
            kept += body[at : at + length]
        at += length
    return bytes(kept) + body[at:]


def _bare_png(body: bytes) -> bytes:
    """Without the chunks that tell of it; each chunk is its length, its type, its data, a sum."""
    kept, at = bytearray(_PNG), len(_PNG)
    while at + 8 <= len(body):
        end = at + 12 + int.from_bytes(body[at : at + 4], "big")
        if body[at + 4 : at + 8] not in _TALE:
            kept += body[at:end]
        at = end
    return bytes(kept) + body[at:]
