"""Rasa killed in the middle of a booking: what must go on does, the rest is answered once, the booking goes on."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live


def test_rasa_killed_in_the_middle_of_a_booking(butler: Butler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(butler.parts.way, "patience", 3.0)
    stage = Stage(butler, {})
    with butler.client(stage.elder.id) as client:

        def say(words: str) -> list[str]:
            return [r["text"] for r in client.post("/webhooks/rest/webhook", json={"message": words}).json()]

        assert "您想哪天" in say("约助浴")[0]
        assert butler.child.pid is not None
        os.kill(butler.child.pid, signal.SIGKILL)

        began = time.monotonic()
        assert "请马上打120" in say("胸口疼得厉害，喘不上气")[0]
        assert time.monotonic() - began < 1.0
        assert "生活管家" in say("转人工")[0]
        assert say("后天下午三点") == [butler.parts.house.words.say("away")]

        # The child comes back by itself; what was said is answered once, pushed, and the booking goes on.
        pushed: list[str] = []
        for _ in range(240):
            found = client.get("/api/v1/me/messages").json()["items"]
            pushed = [m["text"] for m in found if "我给您念一遍" in m["text"]]
            if pushed:
                break
            time.sleep(0.5)
        assert len(pushed) == 1
        assert "11月26日，星期四，下午3点" in pushed[0]
        assert "定好了" in say("对")[0]
    stage.clear()
