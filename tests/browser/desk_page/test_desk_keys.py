"""The whole desk by keyboard, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from domain.tickets import Priority
from tests.browser.conftest import Visitor
from tests.browser.desk_page.conftest import At, ticket
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live


def test_the_whole_desk_by_keyboard(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    other = Stage(butler, {})
    ticket(butler, other.elder, topic="complaint", priority=Priority.HIGH)
    one = ticket(butler, stage.elder, priority=Priority.URGENT)
    elder, desk = visit().sign_in(stage.elder), at().sign_in()
    page = desk.page
    page.locator(".ticket").nth(1).wait_for()

    desk.press("j")
    expect(page.locator(".ticket").nth(1)).to_be_focused()
    desk.press("k")
    expect(desk.row(one)).to_be_focused()
    desk.press("Enter")
    page.locator("#actions button").first.wait_for()
    expect(page.locator("#actions button").first).to_be_focused()
    desk.press("c")
    expect(page.locator("#composer-text")).to_be_focused()
    page.keyboard.type("您好")
    desk.press("Enter")
    elder.hear("您好")
    desk.press("Escape", "n")
    page.keyboard.type("要回电话")
    desk.press("Enter")
    expect(page.locator(".line.note")).to_contain_text("要回电话")
    desk.press("Escape", "r")
    expect(page.locator("#mode-say")).to_have_attribute("aria-pressed", "true")
    desk.press("Escape", "a")
    expect(page.locator("#dialog input")).to_be_focused()
    page.keyboard.type("等一会儿")
    desk.press("Enter")
    expect(page.locator("#composer-text")).to_have_value(
        "王阿姨，我正在查，大概要几分钟。您先忙，查到了我马上告诉您。"
    )
    desk.press("Enter")
    elder.hear("我正在查")
    desk.press("Escape", "o")
    expect(page.get_by_label("办什么")).to_be_focused()
    desk.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    desk.press("w")
    expect(page.locator("#dialog-title")).to_have_text("等一等")
    page.locator("#dialog input").last.fill("等护士回电话")
    desk.press("Enter")
    expect(page.locator("#talk-facts")).to_contain_text("等着")
    expect(page.locator("#dialog")).to_be_hidden()
    desk.press("/")
    page.keyboard.type(stage.elder.phone[-4:] if stage.elder.phone else "")
    desk.press("Enter")
    expect(page.locator("#found")).to_contain_text("张")
    desk.press("Escape", "1", "?")
    expect(page.locator("#dialog-title")).to_have_text("快捷键")
    desk.press("Escape", "g", "s")
    expect(page.locator("#page-title")).to_have_text("当班")
    desk.press("g", "d")
    expect(page.locator("#desk")).to_be_visible()
    other.clear()


def test_typing_is_never_taken_for_a_shortcut_and_keys_can_be_turned_off(
    at: At, stage: Stage, butler: Butler
) -> None:
    one = ticket(butler, stage.elder)
    desk = at().sign_in()
    page = desk.page
    desk.row(one).click()
    desk.claim()
    page.locator("#composer-text").focus()
    page.keyboard.type("b e w ? j")
    expect(page.locator("#composer-text")).to_have_value("b e w ? j")
    expect(page.locator("#dialog")).to_be_hidden()
    desk.press("Escape", "?")
    page.locator("#dialog input[type=checkbox]").uncheck()
    desk.press("Escape", "b")
    expect(page.locator("#dialog")).to_be_hidden()
    desk.press("?")
    expect(page.locator("#dialog-title")).to_have_text("快捷键")


def test_what_is_done_with_a_ticket_by_keyboard(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    """Given back, passed on, called done, handed back to the butler; every filter and every page."""
    one = ticket(butler, stage.elder)
    elder, desk = visit().sign_in(stage.elder), at("supervisor").sign_in()
    page = desk.page
    facts = page.locator("#talk-facts")
    page.locator(".ticket").first.wait_for()
    desk.press("j", "Enter", "c")
    expect(page.locator("#composer-text")).to_be_focused()
    desk.press("Escape", "u")
    expect(facts).to_contain_text("等人接")
    desk.press("c")
    expect(page.locator("#composer-text")).to_be_focused()
    desk.press("Escape", "x")
    page.keyboard.type("上午")
    desk.press("Tab")
    page.keyboard.type("下午")
    desk.press("Enter")
    expect(page.locator("#choices li")).to_have_count(2)
    assert page.evaluate("document.activeElement.id") == "composer-text"  # who types on loses no letter
    page.keyboard.type("上午还是下午？")
    desk.press("Enter")
    elder.hear("上午还是下午？")
    desk.press("Escape", "t")
    expect(page.locator("#dialog-title")).to_have_text("转给医生管家")
    page.keyboard.type("问的是吃药")
    desk.press("Enter")
    elder.hear("这件事归医生管家管")
    expect(desk.row(one)).to_contain_text("医生")
    expect(page.locator("#dialog-title")).not_to_be_visible()
    desk.press("c")
    expect(page.locator("#composer-text")).to_be_focused()
    desk.press("Escape", "e")
    expect(page.locator("#dialog-title")).to_have_text("办好了？")
    page.keyboard.type("说清楚了")
    desk.press("Enter")
    elder.hear("办好了吗")
    expect(page.locator("#dialog-title")).not_to_be_visible()  # the elder may hear it before the desk is told
    desk.press("b")
    expect(page.locator("#dialog-title")).to_have_text("交还给AI管家")
    page.keyboard.type("说清楚了")
    desk.press("Enter")
    expect(page.locator(".ticket")).to_have_count(0)

    desk.press("Escape")
    for place, key in enumerate("12345"):
        desk.press(key)
        expect(page.locator("#filters button").nth(place)).to_have_attribute("aria-pressed", "true")
    pages = {
        "v": "评价",
        "r": "报表",
        "b": "群发",
        "a": "现成的话",
        "s": "当班",
        "l": "记录",
        "o": "登录",
    }
    for key, title in pages.items():
        desk.press("g", key)
        expect(page.locator("#page-title")).to_have_text(title)
        expect(page.locator("#page")).to_be_focused()
    desk.press("g", "d")
    expect(page.locator("#desk")).to_be_visible()
