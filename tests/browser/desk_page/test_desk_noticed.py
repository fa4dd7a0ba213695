"""What a coordinator must not miss or lose, in Chromium: a danger elsewhere, words below the fold, words that did not go out."""

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
# A picture of 640 by 480, drawn where it is sent.
PICTURE = """() => new Promise((done) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  canvas.getContext('2d').fillRect(0, 0, 640, 480);
  canvas.toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], 'x.png', { type: 'image/png' }));
    const input = document.querySelector('input[type=file]');
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    done();
  });
})"""


@pytest.mark.parametrize("window", ["wide", "phone"])
def test_a_danger_is_seen_from_every_page(at: At, stage: Stage, butler: Butler, window: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    other = Stage(butler, {})
    one = ticket(butler, stage.elder)
    desk = at("supervisor", window).sign_in()
    page = desk.page
    desk.row(one).click()
    desk.claim()
    page.keyboard.type("写到一半")
    expect(page.locator("#alarm")).to_be_hidden()
    danger = ticket(butler, other.elder, "doctor", "emergency:fall", Priority.URGENT)

    expect(page.locator("#alarm")).to_contain_text("紧急，没人接：王秀兰（紧急求助）")
    expect(page.locator("#composer-text")).to_be_focused()
    desk.look(f"{window}-alarm")
    assert Axe().run(page).violations_count == 0
    page.evaluate("document.activeElement.blur()")
    desk.press("g", "s")
    expect(page.locator("#page-title")).to_have_text("当班")
    expect(page.locator("#alarm")).to_be_visible()
    page.get_by_role("button", name="去看").click()
    expect(page.locator("#talk-facts")).to_contain_text("紧急求助")
    expect(page.locator("#alarm")).to_be_hidden()
    desk.row(one).click() if window == "wide" else page.locator("#talk-back").click()
    expect(page.locator("#alarm")).to_be_visible()
    desk.row(danger).click()
    desk.claim()
    if window == "wide":
        desk.row(one).click()
        expect(page.locator("#composer-text")).to_have_value("写到一半")
    expect(page.locator("#alarm")).to_be_hidden()
    other.clear()


def test_new_words_are_before_ones_eyes_also_after_a_picture(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    one = ticket(butler, stage.elder)
    elder, desk = visit().sign_in(stage.elder), at().sign_in()
    page = desk.page
    desk.row(one).click()
    desk.claim()
    for number in range(6):
        elder.type(f"第{number}句")
        desk.hears(f"第{number}句")
    elder.page.evaluate(PICTURE)
    page.locator("#lines img").evaluate("image => image.decode()")
    elder.type("您看见照片了吗")
    desk.hears("您看见照片了吗")
    expect(page.locator(".line", has_text="您看见照片了吗")).to_be_in_viewport()
    expect(page.locator("#newer")).to_be_hidden()

    # Who reads further up is not thrown down, and is told.
    page.locator("#lines .line").first.scroll_into_view_if_needed()
    expect(page.locator(".line", has_text="您看见照片了吗")).not_to_be_in_viewport()
    elder.type("我还在等")
    page.locator("#newer").click()
    expect(page.locator(".line", has_text="我还在等")).to_be_in_viewport()
    expect(page.locator("#newer")).to_be_hidden()


def test_words_that_did_not_go_out_wait_for_their_ticket(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    other = Stage(butler, {})
    one, two = ticket(butler, stage.elder), ticket(butler, other.elder)
    desk = at().sign_in()
    page = desk.page
    desk.row(two).click()
    desk.row(one).click()
    desk.claim()
    page.route("**/words", lambda route: route.abort())
    desk.say("没发出去的一句")
    expect(page.locator(".line .sign", has_text="没发出去")).to_be_visible()
    page.unroute("**/words")
    desk.row(two).click()
    expect(page.locator("#talk-facts")).to_contain_text("等人接")
    desk.row(one).click()
    page.locator(".line", has_text="没发出去的一句").get_by_role("button", name="再发一次").click()
    expect(page.locator(".line .sign", has_text="没发出去")).to_have_count(0)

    elder = visit().sign_in(stage.elder)
    elder.hear("没发出去的一句")
    assert sum("没发出去的一句" in line for line in elder.lines()) == 1
    expect(page.locator(".line", has_text="没发出去的一句")).to_have_count(1)
    other.clear()


def test_a_ticket_that_is_handed_on_is_not_called_closed(at: At, stage: Stage, butler: Butler) -> None:
    one = ticket(butler, stage.elder)
    desk = at().sign_in()
    page = desk.page
    desk.row(one).click()
    desk.claim()
    desk.press("Escape", "t")
    page.locator("#dialog input").fill("要问医生")
    desk.press("Enter")
    expect(page.locator("#line")).to_have_text("这张工单转到别的队列了。")
    expect(page.locator("#talk-open")).to_be_hidden()
