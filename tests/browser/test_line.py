"""The line is cut and comes back: nothing lost, nothing doubled, nothing shown that is not text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from actions.say import put
from tests.browser.conftest import Visitor
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
Visit = Callable[..., Visitor]


def stored(butler: Butler, person_id: str) -> list[str]:
    """What the person has said, as the butler has it."""
    with butler.store.read() as unit:
        conversation = unit.conversations.of_existing(person_id)
        assert conversation is not None
        return [m.text for m in unit.conversations.last(conversation.id, 100) if m.direction == "in"]


def tell(butler: Butler, person_id: str, words: str) -> None:
    with butler.store.write() as unit:
        put(
            unit,
            unit.conversations.of(person_id),
            words,
            key=f"{person_id}:{words}",
            now=butler.parts.house.now(),
        )


def test_cut_and_back_nothing_lost_nothing_doubled(visit: Visit, stage: Stage, butler: Butler) -> None:
    visitor = visit().sign_in(stage.elder)
    visitor.type("你好")
    visitor.hear("您好")
    visitor.context.set_offline(True)
    expect(visitor.page.locator("#line")).to_contain_text("网断了")
    visitor.type("助浴还剩几次")
    visitor.type("谢谢")
    expect(visitor.page.get_by_text("还没发出去")).to_have_count(2)
    tell(butler, stage.elder.id, "您不在的时候说的")
    visitor.context.set_offline(False)
    visitor.hear("您不在的时候说的")
    visitor.hear("您别客气")
    visitor.hear("还剩12次")
    expect(visitor.page.locator("#line")).to_be_empty()

    assert stored(butler, stage.elder.id) == ["你好", "助浴还剩几次", "谢谢"]
    lines = visitor.lines()
    assert len(lines) == len(set(lines)) == 7
    visitor.open()
    visitor.hear("您别客气")
    assert sorted(visitor.lines()) == sorted(lines)


def test_an_answer_that_was_cut_off_is_asked_for_again_and_booked_once(
    visit: Visit, stage: Stage, butler: Butler
) -> None:
    visitor = visit().sign_in(stage.elder)
    sent: list[str] = []
    visitor.page.on(
        "request", lambda r: sent.append(r.post_data_json["message_id"]) if r.method == "POST" else None
    )
    # Nothing else comes through, so that only asking again can bring the answer.
    visitor.page.route("**/me/conversation**", lambda route: route.abort())
    visitor.page.reload()

    def after_the_request(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor.page.route("**/webhooks/rest/webhook", after_the_request, times=1)
    visitor.type("约一个后天下午三点的助浴")
    visitor.hear("我给您念一遍")
    assert len(sent) >= 2
    assert len(set(sent)) == 1
    visitor.page.unroute("**/me/conversation**")
    expect(visitor.page.locator("#line")).to_be_empty(timeout=15_000)
    expect(visitor.page.get_by_text("我给您念一遍")).to_have_count(1)
    expect(visitor.page.get_by_text("还没发出去")).to_have_count(0)
    assert stored(butler, stage.elder.id) == ["约一个后天下午三点的助浴"]


def test_what_waits_outlives_the_window(visit: Visit, stage: Stage, butler: Butler) -> None:
    visitor = visit().sign_in(stage.elder)
    visitor.page.route("**/webhooks/rest/webhook", lambda route: route.abort())
    visitor.type("谢谢你")
    expect(visitor.page.get_by_text("还没发出去")).to_be_visible()
    visitor.page.fill("#words", "才写了一半")
    visitor.page.unroute("**/webhooks/rest/webhook")
    visitor.open()
    visitor.hear("您别客气")
    assert stored(butler, stage.elder.id) == ["谢谢你"]
    assert visitor.page.input_value("#words") == "才写了一半"


def test_markup_is_shown_as_text(visit: Visit, stage: Stage, butler: Butler) -> None:
    evil = "<img src=x onerror=window.bad=1><script>window.bad=1</script>"
    with butler.store.write() as unit:
        unit.people.get(stage.elder.id).address_as = evil
    visitor = visit().sign_in(stage.elder)
    visitor.type(evil)
    tell(butler, stage.elder.id, f"{evil}好")
    visitor.hear(f"{evil}好")
    assert evil in visitor.lines()
    expect(visitor.page.locator("#whose")).to_have_text(evil)
    assert visitor.page.evaluate("window.bad") is None
    assert visitor.page.locator("main img, main script").count() == 0


def test_older_words_come_by_scrolling_up_each_once(visit: Visit, stage: Stage, butler: Butler) -> None:
    for number in range(75):
        tell(butler, stage.elder.id, f"第{number}句。")
    visitor = visit().sign_in(stage.elder)
    visitor.hear("第74句。")
    assert len(visitor.lines()) == 30
    for first in (15, 0):
        visitor.page.locator("#scroll").evaluate("box => { box.scrollTop = 0; }")
        visitor.page.get_by_text(f"第{first}句。", exact=True).wait_for()
    assert visitor.lines() == [f"第{n}句。" for n in range(75)]
    expect(visitor.page.locator("#older")).to_be_hidden()


def test_a_lost_telephone_ends_the_other_window_and_keeps_this_one(visit: Visit, stage: Stage) -> None:
    lost = visit("phone").sign_in(stage.elder)
    kept = visit().sign_in(stage.elder)
    kept.type("我手机丢了")
    kept.press("对，都关掉")
    kept.hear("都关掉了")
    expect(lost.page.get_by_role("heading", name="您好，请先登录")).to_be_visible()
    kept.type("谢谢")
    kept.hear("您别客气")


def test_reading_aloud(visit: Visit, stage: Stage) -> None:
    spoken = """window.spoken = [];
      Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => [], cancel() {}, speak: (u) => window.spoken.push(u.text) } });"""
    visitor = visit(script=spoken).sign_in(stage.elder)
    visitor.page.locator("#aloud").click()
    visitor.type("谢谢")
    visitor.hear("您别客气")
    assert visitor.page.evaluate("window.spoken") == ["AI管家说：您别客气，应该的。"]
    visitor.press("读给我听")
    assert len(visitor.page.evaluate("window.spoken")) == 2


def test_where_there_is_no_voice_it_says_so(visit: Visit, stage: Stage) -> None:
    silent = "Object.defineProperty(window, 'speechSynthesis', { value: undefined });"
    visitor = visit(script=silent).sign_in(stage.elder)
    visitor.page.locator("#aloud").click()
    expect(visitor.page.locator("#line")).to_contain_text("不会朗读")
