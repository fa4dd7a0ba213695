"""A danger at the desk: its record in the ticket's card, as it happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.desk_page.conftest import At
from tests.live.talk import Stage

pytestmark = pytest.mark.live


def test_the_record_of_a_danger_stands_in_the_card(
    at: At,
    visit: Callable[..., Visitor],
    stage: Stage,
) -> None:
    elder = visit().sign_in(stage.elder)
    elder.type("胸口疼得厉害")
    elder.hear("请马上打120")
    elder.hear("人醒着吗")
    elder.press("醒着")
    elder.hear("喘得上气吗")

    doctor = at("zhou-ning").sign_in()
    doctor.page.locator(".ticket", has_text="紧急求助").first.click()
    card = doctor.page.locator("#card", has_text="急事记录")
    expect(card).to_contain_text("胸口疼")
    expect(card).to_contain_text("我问一句：人醒着吗？")
    expect(card).to_contain_text("李强")
    doctor.look("danger-card")
    found = Axe().run(doctor.page)
    assert found.violations_count == 0, found.generate_report()
