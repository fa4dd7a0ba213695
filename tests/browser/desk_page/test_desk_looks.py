"""How the desk looks in Chromium, on three sizes of window, and what axe says of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor
from tests.browser.desk_page.conftest import DESK_WINDOWS, At, busy
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live


@pytest.mark.parametrize("window", DESK_WINDOWS)
def test_how_it_looks_and_what_axe_says(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler, window: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, others = Axe(), busy(butler)
    elder = visit().sign_in(stage.elder)
    elder.type("我有哪些权益")
    elder.hear("还剩")
    elder.page.locator("#person").click()
    elder.hear("您不用再讲一遍")
    desk = at("chen-jing", window).sign_in()
    page = desk.page

    def check(name: str) -> None:
        desk.look(f"{window}-{name}")
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    page.locator(".ticket").nth(8).wait_for()
    check("queue")
    page.locator(".ticket", has_text="王秀兰").click()
    desk.claim()
    elder.type("我膝盖疼，助浴能不能换到周五？")
    desk.hears("换到周五")
    desk.say("能换。我看看周五有没有人。")
    desk.hears("我看看周五")
    if window == "wide":
        page.locator("#card", has_text="权益").wait_for()
    desk.press("Escape", "n")
    page.keyboard.type("膝盖疼，换之前问问医生管家")
    desk.press("Enter")
    desk.hears("换之前问问")
    check("conversation")
    if window != "wide":
        page.locator("#card-open").click()
        page.locator("#card", has_text="权益").wait_for()
        check("card")
        page.locator("#card-close").click()
    page.locator("#keys-open").click()
    check("keys")
    page.keyboard.press("Escape")
    page.locator("#actions button", has_text="转医生").click()
    check("transfer")
    page.keyboard.press("Escape")
    boss = at("supervisor", window).sign_in()
    desk, page = boss, boss.page
    for place, name in (
        ("reports", "报表"),
        ("shift", "当班"),
        ("trail", "记录"),
        ("logins", "登录"),
        ("ratings", "评价"),
    ):
        page.locator(f"[data-place={place}]").click()
        page.locator("#page-title", has_text=name).wait_for()
        page.locator("#page-body .empty", has_text="正在拿").wait_for(state="detached")
        check(place)
    for one in others:
        one.clear()
