"""A carer's day at `/staff`: today's visit with its card, each step with the thumb or the keyboard, and out again."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from actions import visit_leave
from actions.book import Order, confirm, hold
from actions.find_times import Ask, find_times
from domain.demo.alliance import CARER_STAFF
from domain.people import Person
from domain.visits import Visit
from tests.browser.conftest import Visitor
from tests.browser.test_looks import _CUT
from tests.conftest import NOW
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
Visit_ = Callable[..., Visitor]
AFTERNOON = NOW.replace(hour=15)
# The smallest picture that is one.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Day:
    """One visit of this afternoon that the demo's carer has, and the page on which it is led."""

    def __init__(self, butler: Butler, stage: Stage, visitor: Visitor) -> None:
        self.butler, self.stage, self.visitor, self.page = butler, stage, visitor, visitor.page
        house = butler.parts.house
        with house.store.write() as unit:
            elder = self._who(unit, stage.elder.id)
            elder.notes = {"stairs": "没有电梯", "dog": "有一只小狗", "opens": "自己开门"}
            service = house.catalogue.service("assisted_bathing")
            day = AFTERNOON.replace(hour=0)
            ask = Ask(
                elder, service, "home", (day, day + timedelta(days=1)), AFTERNOON, only_staff=CARER_STAFF
            )
            slot = find_times(house, unit, ask)[0]
            booking, _ = hold(house, unit, Order(elder, elder, service, "home", slot), f"staff:{elder.id}")
            assert booking is not None
            confirm(house, unit, elder, booking.id)
            self.begin = booking.begin
            visit = unit.visits.of_booking(booking.id)
            assert visit is not None
            self.visit_id, self.code = visit.id, visit.code
        butler.clock.moment = self.begin - timedelta(minutes=20)

    @staticmethod
    def _who(unit, person_id: str) -> Person:
        found = unit.people.get(person_id)
        assert found is not None
        return found

    @property
    def visit(self) -> Visit:
        with self.butler.store.read() as unit:
            found = unit.visits.get(self.visit_id)
            assert found is not None
            return found

    def come(self) -> None:
        """The carer signs in with one click of the demo, and is led on to the page."""
        self.page.goto("/staff")
        self.page.get_by_role("button", name="金军").click()
        self.page.get_by_role("heading", name="今天的活").wait_for()
        self.card.wait_for()

    @property
    def card(self):
        return self.page.locator(f"article[data-visit='{self.visit_id}']")

    def press(self, title: str) -> None:
        self.card.get_by_role("button", name=title, exact=True).click()

    def answer(self, title: str) -> None:
        self.page.get_by_role("dialog").get_by_role("button", name=title, exact=True).click()

    def told(self, words: str) -> None:
        expect(self.page.get_by_role("status")).to_contain_text(words)

    def stands(self, state: str) -> None:
        expect(self.card.locator(".state")).to_have_text(state)

    def allow(self, kind: str) -> None:
        """The elder says yes."""
        house = self.butler.parts.house
        with house.store.write() as unit:
            elder = self._who(unit, self.stage.elder.id)
            visit_leave.answer(house, unit, elder, self.visit_id, kind, yes=True)
        self.page.get_by_role("button", name="刷新").click()

    def check(self, name: str) -> None:
        """Nothing that axe finds, nothing cut."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert self.page.evaluate(_CUT) == [], name


@pytest.fixture
def day(butler: Butler, stage: Stage, visit: Visit_) -> Day:
    return Day(butler, stage, visit("phone"))


def test_a_visit_from_setting_out_to_its_end(day: Day) -> None:
    day.come()
    day.check("today")
    expect(day.card).to_contain_text("王秀兰")
    expect(day.card).to_contain_text("有一只小狗")
    day.stands("没出发")

    day.press("出发了")
    day.stands("在路上")
    day.butler.clock.moment = day.begin
    day.press("到了")
    day.check("arriving")
    day.page.get_by_role("textbox", name="老人告诉您的四位数").fill("0000" if day.code != "0000" else "1111")
    day.answer("用四位数")
    day.told("不对")
    day.press("到了")
    day.page.get_by_role("textbox", name="老人告诉您的四位数").fill(day.code)
    day.answer("用四位数")
    day.stands("到了")
    assert day.visit.method == "code"

    day.press("开始")
    day.check("what is to be seen")
    day.answer("都看到了，开始")
    day.stands("正在做")
    assert day.visit.flags == []

    day.press("记几句话")
    day.told("已经问了老人")
    day.allow("note")
    day.press("记几句话")
    day.page.get_by_label("要记的话").fill("右肩有一小块红")
    day.check("note")
    day.answer("记下")
    expect(day.card).to_contain_text("右肩有一小块红")

    day.card.get_by_text("拍照").click()
    day.told("已经问了老人")
    day.allow("photo")
    expect(day.card.locator("input[type=file]")).to_be_attached()
    day.card.locator("input[type=file]").set_input_files(
        {"name": "shoulder.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(day.card).to_contain_text("照片1张")

    day.butler.clock.moment = day.begin + timedelta(minutes=85)
    day.press("做完了")
    day.check("checklist")
    for box in day.page.get_by_role("checkbox").all():
        box.check()
    day.answer("做完了")
    day.stands("做完了")
    done = day.visit
    assert (done.flags, done.note) == ([], "右肩有一小块红")


def test_the_place_is_asked_of_the_browser(day: Day) -> None:
    with day.butler.store.read() as unit:
        district = unit.people.district(day.stage.elder.district_id or "")
        assert district is not None
    day.visitor.context.grant_permissions(["geolocation"])
    day.visitor.context.set_geolocation({"latitude": district.lat, "longitude": district.lon, "accuracy": 12})
    day.come()
    day.press("出发了")
    day.stands("在路上")
    day.butler.clock.moment = day.begin
    day.press("到了")
    day.answer("发位置")
    day.stands("到了")
    assert (day.visit.method, day.visit.accuracy_m) == ("gps", 12)


def test_what_cannot_be_done_has_a_reason(day: Day) -> None:
    day.come()
    day.press("出发了")
    day.stands("在路上")
    day.butler.clock.moment = day.begin
    day.press("到了")
    day.answer("都没有")
    day.stands("到了")
    day.press("做不了")
    day.check("reasons")
    day.answer("老人身体不方便")
    day.stands("没做成")
    assert day.visit.reason == "unwell"


def test_by_keyboard_alone_and_out_again(day: Day) -> None:
    day.come()
    keys = day.page.keyboard

    def tab_to(title: str) -> None:
        for _ in range(60):
            keys.press("Tab")
            here = day.page.evaluate(
                "[document.activeElement.textContent.trim(), document.activeElement.closest('article')?.dataset.visit]"
            )
            if here[0] == title and here[1] in (day.visit_id, None):
                return
        raise AssertionError(title)

    tab_to("出发了")
    keys.press("Enter")
    day.stands("在路上")
    # The focus is still in the visit: its next button.
    expect(day.card.get_by_role("button", name="到了", exact=True)).to_be_focused()
    day.butler.clock.moment = day.begin
    keys.press("Enter")
    expect(day.page.get_by_role("dialog")).to_be_visible()
    expect(day.page.get_by_role("textbox", name="老人告诉您的四位数")).to_be_focused()
    keys.press("Escape")
    expect(day.page.get_by_role("dialog")).to_have_count(0)
    keys.press("Enter")
    keys.type(day.code)
    tab_to("用四位数")
    keys.press("Enter")
    day.stands("到了")

    day.page.get_by_role("button", name="退出").click()
    day.page.get_by_role("button", name="金军").wait_for()
    assert day.visitor.context.cookies() == []
