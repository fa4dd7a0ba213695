"""The desk's door in Chromium: signing in, and a login that ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page.conftest import At, ticket
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live


def test_a_login_that_ends_leaves_nothing_on_the_screen_and_what_was_half_written(
    at: At, stage: Stage, butler: Butler
) -> None:
    one = ticket(butler, stage.elder)
    desk = at().sign_in()
    page = desk.page
    desk.row(one).click()
    desk.claim()
    page.fill("#composer-text", "写了一半")
    with butler.store.write() as unit:
        unit.desk_door.end_all("chen-jing", butler.parts.entering.clock.now(), None)
    page.locator("#door-note", has_text="登录结束了").wait_for()
    assert "王秀兰" not in page.locator("body").inner_text()
    page.get_by_role("button", name="陈静（生活管家）").click()
    desk.row(one).click()
    expect(page.locator("#composer-text")).to_have_value("写了一半")
    expect(page.locator("#composer-text")).to_be_focused()
    # It can be sent as if nothing had happened, once.
    desk.press("Enter")
    desk.hears("写了一半")
    expect(page.locator(".line", has_text="写了一半")).to_have_count(1)
    expect(page.locator("#composer-text")).to_have_value("")


def test_the_doors(at: At, butler: Butler) -> None:
    desk = at()
    page = desk.page
    page.goto("/desk")
    page.get_by_label("名字或手机号").fill("chen-jing")
    page.get_by_label("密码", exact=True).fill("wrong wrong wrong")
    page.get_by_label("动态码").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("#door-error")).to_contain_text("名字、密码或者动态码不对")
    desk.look("wide-door")
    page.get_by_role("button", name="陈静（生活管家）").click()
    expect(page.locator("#me-name")).to_contain_text("演示")
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="登录工作台").wait_for()
    assert [c["name"] for c in desk.context.cookies()] == []
