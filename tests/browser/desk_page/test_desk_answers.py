"""Ready answers in Chromium: a supervisor keeps one by keyboard, a coordinator uses it, a script is text."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page.conftest import DESK_WINDOWS, At, ticket
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
SCRIPT = "<script>window.bad=1</script><img src=x onerror='window.bad=1'>"


@pytest.mark.parametrize("window", DESK_WINDOWS)
def test_one_is_added_used_and_taken_away(at: At, stage: Stage, butler: Butler, window: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, boss = Axe(), at("supervisor", window).sign_in()
    page = boss.page

    def check(name: str) -> None:
        boss.look(f"{window}-answers-{name}")
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    boss.press("g", "a")
    expect(page.locator("#page-title")).to_have_text("现成的话")
    page.get_by_role("button", name="加一句").focus()
    boss.press("Enter")
    expect(page.get_by_label("名目")).to_be_focused()
    page.keyboard.type("今天的话")
    boss.press("Tab", "Tab")
    page.keyboard.type(f"{SCRIPT}您好，")
    page.get_by_role("button", name="{called}").click()
    check("edit")
    page.locator("#dialog button.main").click()
    expect(page.locator("#dialog")).to_be_hidden()
    row = page.locator("tr", has_text="今天的话")
    expect(row).to_contain_text("<script>")
    check("all")

    one = ticket(butler, stage.elder)
    chen = at("chen-jing", "wide").sign_in()
    chen.row(one).click()
    chen.claim()
    chen.press("Escape", "a")
    expect(chen.page.locator("#dialog input")).to_be_focused()
    chen.page.keyboard.type("今天的话")
    chen.press("Enter")
    expect(chen.page.locator("#composer-text")).to_have_value(f"{SCRIPT}您好，王阿姨")

    row.get_by_role("button", name="改过什么").click()
    expect(page.locator("#dialog td").nth(1)).to_have_text(
        page.locator("#me-name").inner_text().split("　")[0]
    )
    check("history")
    boss.press("Escape")
    row.get_by_role("button").first.click()
    page.get_by_role("button", name="不再用这一句").click()
    page.locator("#dialog button.main").click()
    expect(page.locator("tr", has_text="今天的话")).to_have_count(0)
    assert page.evaluate("window.bad") is None


def test_a_coordinator_has_no_such_page(at: At) -> None:
    desk = at("chen-jing").sign_in()
    expect(desk.page.locator("[data-place=answers]")).to_have_count(0)
