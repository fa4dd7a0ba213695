"""What an old woman does on her tablet: sign in, ask, book with buttons, by typing, by keyboard alone, cry for help."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from actions.hand_over import claim, reply
from tests.browser.conftest import Visitor
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
Visit = Callable[..., Visitor]


def booked(butler: Butler, person_id: str) -> int:
    with butler.store.engine.connect() as connection:
        query = text("SELECT count(*) FROM bookings WHERE member_id = :who AND status = 'confirmed'")
        return int(connection.execute(query, {"who": person_id}).scalar_one())


def test_signing_in_with_a_code_and_out_again(visit: Visit, stage: Stage) -> None:
    visitor = visit().open()
    page = visitor.page
    page.get_by_label("手机号").fill("123")
    page.get_by_role("button", name="发验证码给我").click()
    expect(page.get_by_role("alert").filter(has_text="手机号")).to_be_visible()
    page.get_by_label("手机号").fill(stage.elder.phone or "")
    page.keyboard.press("Enter")
    shown = page.locator("#code-note")
    expect(shown).to_contain_text("验证码直接给您看")
    page.get_by_label("验证码").fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="验证码不对")).to_be_visible()
    page.get_by_label("验证码").fill(shown.inner_text()[-6:])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="王阿姨，您好")).to_be_visible()
    visitor.press("退出")
    page.locator("#ask-yes").click()
    expect(page.get_by_role("heading", name="您好，请先登录")).to_be_visible()
    assert visitor.context.cookies() == []


def test_one_click_in_the_demo(visit: Visit) -> None:
    visitor = visit().open()
    visitor.press("王秀兰（老人）")
    expect(visitor.page.locator("#whose")).to_have_text("王阿姨")


def test_benefits_at_one_press(visit: Visit, stage: Stage) -> None:
    visitor = visit().sign_in(stage.elder)
    visitor.press("我的权益")
    line = visitor.hear("还剩")
    expect(line.locator(".badge")).to_have_text("AI管家")


def test_a_booking_with_buttons_alone(visit: Visit, stage: Stage, butler: Butler) -> None:
    visitor = visit().sign_in(stage.elder)
    visitor.press("约服务")
    visitor.press("助浴")
    visitor.press("后天")
    for title in ("对，就这么定",):
        offer = visitor.page.locator("#log > li:last-child .answers button:visible")
        offer.first.wait_for()
        if visitor.page.get_by_role("button", name=title).count() == 0:
            offer.first.click()
        visitor.press(title)
    visitor.hear("定好了")
    assert booked(butler, stage.elder.id) == 1
    # What was chosen stays to be seen; what was not, is out of the way.
    expect(visitor.page.get_by_role("button", name="选了：助浴")).to_have_attribute("aria-disabled", "true")
    expect(visitor.page.get_by_role("button", name="后天", exact=True)).to_have_count(0)


def test_a_booking_by_typing(visit: Visit, stage: Stage, butler: Butler) -> None:
    visitor = visit("phone").sign_in(stage.elder)
    visitor.type("约一个后天下午三点的助浴")
    visitor.hear("我给您念一遍")
    visitor.type("对")
    visitor.hear("定好了")
    assert booked(butler, stage.elder.id) == 1


def test_a_booking_by_keyboard_alone(visit: Visit, stage: Stage, butler: Butler) -> None:
    visitor = visit("wide").sign_in(stage.elder)
    page = visitor.page
    page.locator("body").press("Tab")
    while page.evaluate("document.activeElement.id") != "words":
        page.keyboard.press("Tab")
    page.keyboard.type("约一个后天下午三点的助浴")
    page.keyboard.press("Enter")
    visitor.hear("我给您念一遍")
    expect(page.get_by_role("button", name="对，就这么定")).to_be_enabled()
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "对，就这么定":
            break
    expect(page.locator(":focus")).to_have_text("对，就这么定")
    # Where the keyboard is can be seen.
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    visitor.hear("定好了")
    assert booked(butler, stage.elder.id) == 1
    # From the new line the keyboard goes on to its buttons.
    expect(page.locator(":focus")).to_contain_text("定好了")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('li').textContent.includes('定好了')")


def test_an_emergency_reaches_the_son_by_itself(visit: Visit, stage: Stage) -> None:
    son = visit("phone").sign_in(stage.child)
    elder = visit().sign_in(stage.elder)
    elder.page.locator("#emergency").click()
    expect(elder.page.get_by_role("link", name="打120 急救")).to_have_attribute("href", "tel:120")
    elder.press("告诉家人和值班管家")
    line = elder.hear("请马上打120")
    expect(line.get_by_role("link", name="打120")).to_have_attribute("href", "tel:120")
    expect(elder.page.locator("#loud")).to_contain_text("120")
    son.hear("【紧急】王秀兰")
    elder.hear("已经通知到李强")
    son.press("我看到了，马上联系")
    elder.hear("李强看到了")
    # The alert's button is not lost by other words.
    expect(son.page.get_by_role("button", name="选了：我看到了，马上联系")).to_be_visible()


def test_help_is_there_before_anybody_has_signed_in(visit: Visit) -> None:
    visitor = visit("phone").open()
    visitor.page.locator("#emergency").click()
    expect(visitor.page.get_by_role("link", name="打120 急救")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#help")).to_be_hidden()


def test_a_person_comes_and_speaks(visit: Visit, stage: Stage, butler: Butler) -> None:
    visitor = visit().sign_in(stage.elder)
    visitor.page.locator("#person").click()
    visitor.hear("生活管家来")
    with butler.store.write() as unit:
        person = unit.people.by_handle("chen-jing")
        (ticket,) = [t for t in unit.tickets.list(queues=("life",)) if t.member_id == stage.elder.id]
        claim(butler.parts.house, unit, person, ticket.id)
        reply(butler.parts.house, unit, person, ticket.id, "王阿姨，我来了", "k1")
    line = visitor.hear("我来了")
    expect(line.locator(".badge")).to_have_text("生活管家")


def test_one_conversation_whichever_door(visit: Visit, stage: Stage, butler: Butler) -> None:
    visitor = visit().sign_in(stage.elder)
    with butler.client(stage.elder.id) as other_door:
        stage.say(other_door, "约一个后天下午三点的助浴")
    visitor.hear("我给您念一遍")
    visitor.press("对，就这么定")
    visitor.hear("定好了")
    assert booked(butler, stage.elder.id) == 1


def test_a_son_is_invited_and_comes_in_by_the_link(visit: Visit, stage: Stage) -> None:
    elder = visit().sign_in(stage.elder)
    elder.type("加一下我老伴")
    elder.hear("看您有什么权益")
    for answer in ("行", "行", "行", "不行", "行", "对"):
        elder.press(answer)
        expect(elder.page.locator("#thinking")).to_be_hidden()
    link = elder.hear("链接").locator(".bubble").inner_text().split("\n")[-1]
    guest = visit("phone")
    guest.open(link)
    assert "invite" not in guest.page.url
    expect(guest.page.locator("#door-note")).to_contain_text("王秀兰请您做家人")
    guest.page.get_by_label("手机号").fill(f"152{stage.elder.phone[3:]}")
    guest.page.get_by_label("您的名字").fill("李大爷")
    guest.press("发验证码给我")
    expect(guest.page.locator("#code-note")).to_contain_text("验证码直接给您看")
    guest.page.get_by_label("验证码").fill(guest.page.locator("#code-note").inner_text()[-6:])
    guest.press("进来")
    guest.hear("王秀兰同意您")
    elder.hear("李大爷（手机尾号1111）")
