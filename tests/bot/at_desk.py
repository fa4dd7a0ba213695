"""What the tests of the desk share: a claim, a word of 刘梅's, the smallest pictures, words that are markup."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from bot.parts import Parts
from domain.conversations import Message, Speaker, State

AtDeskAs = Callable[[str], TestClient]
Ticket = Callable[..., str]
# The smallest things that are a PNG and a JPEG by their beginnings.
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe1\x00\x08SECRET\xff\xda\x00\x02pixels\xff\xd9"
SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"


def claimed(browser: TestClient, one: str) -> str:
    answer = browser.post(f"/desk/api/v1/tickets/{one}/claim", json={})
    assert answer.status_code == 200, answer.text
    return one


def said(parts: Parts, text: str, key: str = "k1", **beside: object) -> None:
    """A word of 刘梅's."""
    with parts.house.store.write() as unit:
        conversation = unit.conversations.of("mei")
        unit.conversations.add(
            Message(
                conversation_id=conversation.id,
                direction="in",
                speaker=Speaker.MEMBER,
                channel="web",
                text=text,
                key=key,
                state=State.ANSWERED,
                created_at=parts.house.now(),
                author_id="mei",
                payload=dict(beside),
            )
        )
