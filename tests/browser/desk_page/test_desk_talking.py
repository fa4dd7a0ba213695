"""The desk in Chromium: two coordinators and an elder at once, a race, words both ways, what is shown as text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.desk_page.conftest import At, ticket
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
SCRIPT = "<script>window.bad=1</script><img src=x onerror='window.bad=1'>"


def test_two_coordinators_and_an_elder_at_once(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    elder = visit().sign_in(stage.elder)
    chen, sun = at("chen-jing").sign_in(), at("sun-li").sign_in()
    elder.page.locator("#person").click()
    elder.hear("您不用再讲一遍")
    for desk in (chen, sun):
        expect(desk.page.locator(".ticket", has_text="没人接")).to_have_count(1)
        desk.page.locator(".ticket").click()
        desk.page.locator("#actions button", has_text="认领").wait_for()

    chen.claim()
    elder.hear("陈静")
    # The other sees who has it, and cannot speak over her.
    expect(sun.page.locator("#talk-facts")).to_contain_text("陈静")
    expect(sun.page.locator("#actions button", has_text="认领")).to_have_count(0)
    expect(sun.page.locator("#composer-text")).to_be_disabled()
    elder.type("我的助浴想换个时间")
    chen.hears("我的助浴想换个时间")
    sun.hears("我的助浴想换个时间")
    chen.say("好的，您想换到哪天？")
    elder.hear("好的，您想换到哪天？")
    expect(elder.page.locator("#log > li:last-child .badge")).to_have_text("生活管家")
    expect(chen.page.locator(".line", has_text="还没送到")).to_have_count(0)
    sun.hears("好的，您想换到哪天？")
    chen.page.locator("#actions button", has_text="交还AI").click()
    chen.page.locator("#dialog input").fill("跟她说好了，周五再办")
    chen.page.locator("#dialog button.main").click()
    elder.hear("跟她说好了，周五再办")
    expect(chen.page.locator(".ticket")).to_have_count(0)
    expect(sun.page.locator(".ticket")).to_have_count(0)


def test_a_claim_has_one_winner(at: At, stage: Stage, butler: Butler) -> None:
    one = ticket(butler, stage.elder)
    chen, sun = at("chen-jing").sign_in(), at("sun-li").sign_in()
    for desk in (chen, sun):
        desk.row(one).click()
        desk.page.locator("#actions button", has_text="认领").wait_for()
    # Both press in the same moment, by the clock that their browsers share.
    moment = chen.page.evaluate("Date.now() + 500")
    for desk in (chen, sun):
        desk.page.evaluate(
            "at => { setTimeout(() => document.querySelector('#actions button').click(), at - Date.now()); }",
            moment,
        )
    expect(chen.page.locator("#talk-facts")).to_contain_text("在办")
    expect(sun.page.locator("#talk-facts")).to_contain_text("在办")
    enabled = [desk.page.locator("#composer-text").is_enabled() for desk in (chen, sun)]
    assert sorted(enabled) == [False, True]


def test_a_script_is_shown_as_text(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    with butler.store.write() as unit:
        person = unit.people.get(stage.elder.id)
        assert person is not None
        person.name = person.address_as = SCRIPT
    one = ticket(butler, stage.elder)
    elder, desk = visit().sign_in(stage.elder), at().sign_in()
    desk.row(one).click()
    desk.claim()
    elder.type(SCRIPT)
    desk.hears(SCRIPT)
    desk.say(SCRIPT)
    elder.hear(SCRIPT)
    for page in (desk.page, elder.page):
        assert page.evaluate("window.bad") is None
        assert page.locator("script:not([src])").count() == 0
    expect(desk.page.locator("#talk-title")).to_contain_text("<script>")
    expect(desk.page.locator("#card")).to_contain_text("<script>")


def test_booking_on_her_behalf(at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler) -> None:
    one = ticket(butler, stage.elder)
    elder, desk = visit().sign_in(stage.elder), at().sign_in()
    page = desk.page
    desk.row(one).click()
    desk.claim()
    page.locator("#tools button", has_text="替约").click()
    page.get_by_label("服务").select_option("assisted_bathing")
    page.get_by_label("哪一天").fill("2026-11-26")
    page.get_by_role("button", name="看看空的时间").click()
    page.get_by_role("radio").first.check()
    desk.look("wide-booking")
    page.locator("#dialog button.main").click()
    elder.hear("我替您约好了：助浴，后天，11月26日，星期四")
    expect(page.locator("#card")).to_contain_text("助浴")


def test_choices_come_back_as_words(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    one = ticket(butler, stage.elder)
    elder, desk = visit().sign_in(stage.elder), at().sign_in()
    desk.row(one).click()
    desk.claim()
    desk.press("Escape", "x")
    expect(desk.page.locator("#dialog")).to_be_visible()
    desk.page.get_by_label("选项1").fill("上午")
    desk.page.get_by_label("选项2").fill("下午")
    desk.page.locator("#dialog button.main").click()
    desk.say("您上午方便还是下午方便？")
    elder.press("下午")
    desk.page.locator(".line.member .words", has_text="下午").wait_for()


def test_what_was_said_while_the_line_was_down_comes_when_it_is_back(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    one = ticket(butler, stage.elder)
    elder, desk = visit().sign_in(stage.elder), at().sign_in()
    desk.row(one).click()
    desk.claim()
    desk.context.set_offline(True)
    elder.type("断线的时候说的")
    desk.context.set_offline(False)
    desk.hears("断线的时候说的")
