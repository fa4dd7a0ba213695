"""The way to Rasa: over HTTP on loopback, able to be away."""

from __future__ import annotations

from typing import Any

import httpx

# A turn takes some tens of milliseconds; this long means that something hangs.
_TURN_SECONDS = 20.0


class RasaAway(Exception):
    """Rasa does not answer."""


class RasaClient:
    """One Rasa server."""

    def __init__(self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        timeout = httpx.Timeout(_TURN_SECONDS, connect=1.0)
        limits = httpx.Limits(max_keepalive_connections=32)
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout, limits=limits, transport=transport)

    async def turn(self, conversation_id: str, text: str, message_id: int) -> None:
        """Let Rasa work on a message; its actions store what is said. Raises RasaAway."""
        body = {"sender": conversation_id, "message": text, "metadata": {"message_id": message_id}}
        await self._post("/webhooks/rest/webhook", body)

    async def parse(self, text: str) -> dict[str, Any]:
        """What Rasa understands in a text. Raises RasaAway."""
        found = await self._post("/model/parse", {"text": text})
        assert isinstance(found, dict)
        return found

    async def is_up(self) -> bool:
        """Whether Rasa answers, with a model in it."""
        try:
            answer = await self._http.get("/status", timeout=2.0)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and bool(answer.json().get("model_file"))

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        try:
            answer = await self._http.post(path, json=body)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise RasaAway(type(error).__name__) from error
        return answer.json()
