"""Broadcasts at the desk in Chromium: written by keyboard, approved by a second person, watched, read by an elder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WAIT_MS, Visitor
from tests.browser.desk_page.conftest import DESK_WINDOWS, At, Coordinator
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
SCRIPT = "<script>window.bad=1</script><img src=x onerror='window.bad=1'>"
WORDS = f"周六上午有健康讲座。{SCRIPT}"


@pytest.fixture
def oldest(butler: Butler) -> Iterator[Stage]:
    """A woman of 108, with a name that is markup: nobody else is that old. A second person is asked for everything."""
    house, made = butler.parts.house, Stage(butler, {"born": "1918-05-12"})
    with butler.store.write() as unit:
        person = unit.people.get(made.elder.id)
        assert person is not None
        person.name = SCRIPT
        # She reads the page.
        unit.conversations.of(person.id)
    butler.parts.house = replace(house, broadcast_alone=0)
    yield made
    butler.parts.house = house
    with butler.store.write() as unit:
        person = unit.people.get(made.elder.id)
        assert person is not None
        person.born_on, person.name = made.elder.born_on.replace(year=1950), "王秀兰"
    made.clear()


def go(desk: Coordinator) -> None:
    """To the broadcasts, by keyboard."""
    desk.press("g", "b")
    expect(desk.page.locator("#page-title")).to_have_text("群发")
    desk.page.get_by_role("button", name="写一个").wait_for()


def fill(desk: Coordinator) -> None:
    """The form, with a title, words, and an age that only one woman has."""
    page = desk.page
    page.get_by_role("button", name="写一个").click()
    page.get_by_label("名目").fill(SCRIPT[:40])
    page.get_by_label("要说的话").fill(WORDS)
    page.get_by_label("从几岁").first.fill("105")
    page.get_by_label("到几岁").last.fill("50")


def written(desk: Coordinator) -> None:
    fill(desk)
    desk.page.get_by_role("button", name="存成草稿").click()
    desk.page.locator(".state", has_text="草稿").wait_for()


def test_written_by_keyboard_approved_by_another_and_read(
    at: At, visit: Callable[..., Visitor], oldest: Stage
) -> None:
    boss, second = at("supervisor").sign_in(), at("admin").sign_in()
    page = boss.page
    go(boss)
    boss.press("Tab")
    expect(page.get_by_role("button", name="写一个")).to_be_focused()
    boss.press("Enter")
    expect(page.get_by_label("名目")).to_be_focused()
    page.keyboard.type("讲座")
    boss.press("Tab")
    page.keyboard.type(WORDS)
    boss.press("Tab")
    page.keyboard.type("北京")
    boss.press("Enter")
    expect(page.locator(".picked li", has_text="北京")).to_be_visible()
    page.get_by_label("从几岁").first.focus()
    page.keyboard.type("105")
    page.get_by_role("button", name="看看发给谁").focus()
    boss.press("Enter")
    expect(page.locator(".reach")).to_contain_text("一共 1 位")
    expect(page.locator(".seen")).to_contain_text("什么时候：立刻")
    page.get_by_role("button", name="存成草稿").focus()
    boss.press("Enter")
    expect(page.locator(".view")).to_be_focused()
    expect(page.locator(".broadcasts")).to_contain_text("城市：北京；年龄：105岁以上")

    page.get_by_role("button", name="试发给自己").focus()
    boss.press("Enter")
    expect(page.locator(".broadcasts")).to_contain_text("试发给您自己了")
    page.get_by_role("button", name="就这样发").focus()
    boss.press("Enter")
    expect(page.locator("#dialog-title")).to_have_text("就这样发")
    boss.press("Enter")
    expect(page.locator(".state")).to_have_text("等另一位点头")
    expect(page.get_by_role("button", name="同意发")).to_have_count(0)

    go(second)
    second.page.locator("tr", has_text="等另一位点头").get_by_role("button").click()
    # Who runs the machine does not read who people are.
    expect(second.page.locator(".beside td").first).to_have_text("<＊")
    second.page.get_by_role("button", name="同意发").click()
    # The author sees it without a reload, and where it ended with each.
    expect(page.locator(".state")).to_have_text("发完了", timeout=WAIT_MS)
    expect(page.locator("[aria-label='每一位'] td").nth(1)).to_have_text("送到了")
    elder = visit().sign_in(oldest.elder)
    elder.hear("健康讲座")
    for window in (page, second.page, elder.page):
        assert window.evaluate("window.bad") is None
    expect(page.locator(".letter").first).to_contain_text("<script>")
    expect(page.locator("[aria-label='每一位'] td").first).to_contain_text("<script>")


def test_paused_gone_on_stopped_and_taken_back(at: At, oldest: Stage, butler: Butler) -> None:
    butler.parts.house = replace(butler.parts.house, broadcast_alone=200)
    desk = at("supervisor").sign_in()
    page = desk.page
    go(desk)
    fill(desk)
    page.get_by_label("哪天几点").fill("2026-12-01T09:00")
    page.get_by_role("button", name="存成草稿").click()
    page.get_by_text("12月1日，下个星期二，上午9点").wait_for()
    page.get_by_role("button", name="改一改").click()
    page.get_by_label("哪一天", exact=True).select_option("立秋")
    page.get_by_role("button", name="存成草稿").click()
    page.get_by_text("每年立秋上午9点（第一次：2027年8月8日").wait_for()
    for step, state in (
        ("就这样发", "排好了"),
        ("先停一下", "停着"),
        ("接着发", "排好了"),
        ("不发了", "叫停了"),
        ("收回", "收回了"),
    ):
        page.get_by_role("button", name=step, exact=True).click()
        if step in ("就这样发", "不发了", "收回"):
            page.locator("#dialog button.main").click()
        expect(page.locator(".state")).to_have_text(state)


def test_a_name_that_there_is_not_and_a_time_that_nobody_understands(at: At, oldest: Stage) -> None:
    desk = at("supervisor").sign_in()
    page = desk.page
    go(desk)
    fill(desk)
    page.get_by_label("城市", exact=True).first.fill("没有的城")
    page.get_by_role("button", name="存成草稿").click()
    expect(page.locator(".writing > .error")).to_contain_text("单子里没有")
    page.get_by_label("城市", exact=True).first.fill("")
    page.get_by_label("比如").fill("改天")
    page.get_by_role("button", name="存成草稿").click()
    expect(page.locator(".writing > .error")).to_contain_text("这个时间看不懂")


def test_what_is_half_written_waits_while_one_looks_elsewhere(at: At, oldest: Stage) -> None:
    desk = at("supervisor").sign_in()
    page = desk.page
    go(desk)
    fill(desk)
    page.get_by_role("button", name="看看发给谁").click()
    expect(page.locator(".reach")).to_be_in_viewport()
    page.locator("[data-place=desk]").click()
    page.locator("[data-place=broadcasts]").click()
    expect(page.get_by_label("要说的话")).to_have_value(WORDS)
    page.get_by_role("button", name="存成草稿").click()
    page.locator(".state", has_text="草稿").wait_for()
    page.locator("[data-place=desk]").click()
    go(desk)


def test_a_doctor_butler_has_no_such_page(at: At) -> None:
    desk = at("zhou-ning").sign_in()
    expect(desk.page.locator("[data-place=broadcasts]")).to_have_count(0)
    desk.press("g", "b")
    expect(desk.page.locator("#page")).to_be_hidden()


@pytest.mark.parametrize("window", DESK_WINDOWS)
def test_how_it_looks_and_what_axe_says(at: At, oldest: Stage, window: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    boss, second = at("supervisor", window).sign_in(), at("admin", window).sign_in()
    page = boss.page

    def check(name: str) -> None:
        boss.look(f"{window}-broadcast-{name}")
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    go(boss)
    fill(boss)
    page.get_by_role("button", name="看看发给谁").click()
    page.locator(".reach").wait_for()
    check("writing")
    page.get_by_role("button", name="存成草稿").click()
    page.get_by_role("button", name="就这样发").click()
    check("sure")
    page.locator("#dialog button.main").click()
    expect(page.locator(".state")).to_have_text("等另一位点头")
    check("waiting")
    go(second)
    second.page.locator("tr", has_text="等另一位点头").get_by_role("button").click()
    second.page.get_by_role("button", name="同意发").click()
    expect(page.locator(".state")).to_have_text("发完了", timeout=WAIT_MS)
    page.locator("[aria-label='每一位'] td").first.wait_for()
    check("done")
    page.get_by_role("button", name="回到所有群发").click()
    page.locator("[aria-label='所有群发']").wait_for()
    check("all")
