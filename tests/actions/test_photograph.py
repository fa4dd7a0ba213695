"""What is kept of a photograph: the picture, and nothing of where, when and by whom it was taken."""

from __future__ import annotations

import zlib

import pytest

from actions.photograph import BadPhoto, bare, kind_of


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


_HEAD = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", bytes(13))
_REST = _chunk(b"IDAT", zlib.compress(b"\0")) + _chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", [b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"])
def test_a_png_tells_nothing_of_where_it_comes_from(kind: bytes) -> None:
    told = _HEAD + _chunk(kind, b"GPS 39.9 116.4") + _REST

    assert bare(told) == _HEAD + _REST


def test_a_jpeg_tells_nothing_of_where_it_comes_from() -> None:
    start, table, rest = b"\xff\xd8", b"\xff\xdb\x00\x04ab", b"\xff\xda\x00\x02rest"

    assert bare(start + b"\xff\xe1\x00\x0aExif-xxx" + table + rest) == start + table + rest


@pytest.mark.parametrize(
    "broken", [_HEAD[:20], _HEAD + _REST[:9], _HEAD + b"\xff\xff\xff\xffIDAT" + b"x", _HEAD + b"ab"]
)
def test_a_broken_png_is_kept_as_it_is(broken: bytes) -> None:
    assert bare(broken) == broken


@pytest.mark.parametrize("body", [b"", b"GIF89a", b"\xff\xd8", b"<svg/>"])
def test_anything_else_is_no_photograph(body: bytes) -> None:
    with pytest.raises(BadPhoto):
        kind_of(body)
