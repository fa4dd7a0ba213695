"""A benefit about to lapse: the offer that is pushed, and the one press that books it."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from actions.lapse import work_off
from tests.conftest import NOW
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live


@pytest.fixture
def offered(butler: Butler):
    """An elder whose benefit of baths is to be spoken of today."""
    stage = Stage(butler, {})
    with butler.client(stage.elder.id) as client:
        stage.say(client, "你好")
        with butler.store.engine.begin() as connection:
            changed = (
                "UPDATE balances SET warn_on = :day WHERE grant_id IN "
                "(SELECT id FROM grants WHERE holder_id = :elder AND benefit_id = 'bf-anxin-bath')"
            )
            connection.execute(text(changed), {"day": NOW.date().isoformat(), "elder": stage.elder.id})
        while work_off(butler.parts.house):
            pass
        yield stage, client
    stage.clear()


def heard(client: httpx.Client) -> dict:
    """The offer as it was pushed."""
    (message,) = client.get("/api/v1/me/messages").json()["items"]
    return message


def test_one_press_books_what_was_offered(offered: tuple[Stage, httpx.Client]) -> None:
    stage, client = offered
    message = heard(client)
    buttons = {b["title"]: b["payload"] for b in message["buttons"]}

    assert "还剩12次" in message["text"]
    assert "明天，11月25日，星期三，上午9点" in message["text"]
    stage.buttons |= buttons
    (said,) = stage.say(client, "[好，定下来]")
    assert said.startswith("定好了：助浴，明天，11月25日，星期三，上午9点")
    (booked,) = client.get("/api/v1/me/bookings").json()["items"]
    assert (booked["status"], booked["start"]) == ("confirmed", "2026-11-25T09:00:00+08:00")


def test_another_time_leads_into_the_dialogue(offered: tuple[Stage, httpx.Client]) -> None:
    stage, client = offered
    stage.buttons |= {b["title"]: b["payload"] for b in heard(client)["buttons"]}

    (said,) = stage.say(client, "[别的时间]")
    assert said.startswith("助浴，您想哪天、几点？")


def test_an_offer_whose_time_is_gone_leads_to_others(
    butler: Butler, offered: tuple[Stage, httpx.Client]
) -> None:
    stage, client = offered
    stage.buttons |= {b["title"]: b["payload"] for b in heard(client)["buttons"]}
    others = [Stage(butler, {}) for _ in range(4)]
    for other in others:
        with butler.client(other.elder.id) as theirs:
            other.say(theirs, "约助浴，明天上午九点")
            other.say(theirs, "对")

    said = stage.say(client, "[好，定下来]")

    assert said[0].startswith("明天，11月25日，星期三，上午9点没有空了")
    assert client.get("/api/v1/me/bookings").json()["items"] == []
