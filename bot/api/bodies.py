"""Bodies of requests that are files: read piece by piece, and no further than they may be long."""

from __future__ import annotations

from fastapi import HTTPException, Request


async def body_of(request: Request, most: int, too_long: str) -> bytes:
    """The body of a request. 413, with this sentence, where it has more bytes than `most`."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise HTTPException(413, too_long)
    return bytes(body)
