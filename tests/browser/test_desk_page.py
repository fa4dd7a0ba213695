"""The desk in a real Chromium: two coordinators and an elder at once, a race, words both ways, the keyboard, axe, looks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from actions import desk_access
from actions.hand_over import Cause, open_ticket
from bot.desk_page.access import COOKIE
from domain.people import Person
from domain.tickets import Priority
from tests.browser.conftest import WAIT_MS, Visitor
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
PICTURES = os.environ.get("GUANJIA_TEST_PICTURES")
SCRIPT = "<script>window.bad=1</script><img src=x onerror='window.bad=1'>"
DESK_WINDOWS = {"wide": (1440, 900), "laptop": (1024, 720), "phone": (390, 844)}
# Nothing reaches beyond the window, and no control is too small to be hit (WCAG 2.5.8).
_CUT = """() => {
  const bad = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) bad.push(`page ${document.documentElement.scrollWidth}`);
  for (const e of document.querySelectorAll('button, input:not([type=checkbox]):not([type=radio]), textarea, select')) {
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility() || box.width < 2 || e.closest('.unseen, .skip')) continue;
    if (box.width < 24 || box.height < 24) bad.push(`small ${e.id || e.textContent.trim().slice(0, 16)} ${box.width}x${box.height}`);
    // A table that is wider than a telephone is scrolled.
    if (!e.closest('.table') && (box.left < -1 || box.right > innerWidth + 1)) bad.push(`out ${e.id || e.textContent.trim().slice(0, 16)}`);
  }
  return bad;
}"""


class Coordinator:
    """Somebody at the desk in a window of their own."""

    def __init__(self, chromium, butler: Butler, person_id: str, window: str) -> None:
        width, height = DESK_WINDOWS[window]
        self.butler, self.person_id = butler, person_id
        self.context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=butler.settings.butler
        )
        self.context.set_default_timeout(WAIT_MS)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.errors.append(said.text) if "Content Security Policy" in said.text else None,
        )
        self.page.on("request", lambda asked: self.hosts.add("/".join(asked.url.split("/")[:3])))

    def sign_in(self) -> Coordinator:
        """As somebody, without the door."""
        with self.butler.store.write() as unit:
            person = unit.people.get(self.person_id)
            assert person is not None
            secret = desk_access.begin(unit, person, "demo", self.butler.parts.entering.clock.now())
        self.context.add_cookies(
            [{"name": COOKIE, "value": secret, "domain": "127.0.0.1", "path": "/desk", "sameSite": "Strict"}]
        )
        self.page.goto("/desk")
        self.page.locator("#me:not([hidden])").wait_for()
        return self

    def row(self, ticket_id: str):
        return self.page.locator(f"[data-ticket='{ticket_id}']")

    def open(self, ticket_id: str) -> Coordinator:
        self.row(ticket_id).click()
        self.page.locator("#lines > li.line").first.wait_for()
        return self

    def claim(self) -> None:
        self.page.locator("#actions button", has_text="认领").click()
        expect(self.page.locator("#composer-text")).to_be_focused()

    def say(self, words: str) -> None:
        self.page.fill("#composer-text", words)
        self.page.press("#composer-text", "Enter")

    def hears(self, words: str) -> None:
        self.page.locator("#lines .words", has_text=words).first.wait_for()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def look(self, name: str) -> None:
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{PICTURES}/desk-{name}.png")
        assert self.page.evaluate(_CUT) == [], name


At = Callable[..., Coordinator]


@pytest.fixture
def at(chromium, butler: Butler) -> Iterator[At]:
    """Open the desk as somebody; nothing may have gone wrong in any window."""
    opened: list[Coordinator] = []

    def inner(person_id: str = "chen-jing", window: str = "wide") -> Coordinator:
        opened.append(Coordinator(chromium, butler, person_id, window))
        return opened[-1]

    yield inner
    for coordinator in opened:
        coordinator.context.close()
    assert [error for coordinator in opened for error in coordinator.errors] == []
    assert {host for coordinator in opened for host in coordinator.hosts} <= {butler.settings.butler}


@pytest.fixture(autouse=True)
def empty_desk(butler: Butler) -> Iterator[None]:
    """What other tests have left open is nobody's wish here."""
    from sqlalchemy import text

    def clear() -> None:
        with butler.store.engine.begin() as connection:
            connection.execute(
                text("UPDATE tickets SET state = 'closed', due_at = NULL WHERE state <> 'closed'")
            )
            connection.execute(
                text(
                    "UPDATE conversations SET owner = 'butler', version = version + 1 WHERE owner <> 'butler'"
                )
            )

    clear()
    yield
    clear()


def ticket(
    butler: Butler,
    person: Person,
    queue: str = "life",
    topic: str = "request",
    priority: Priority = Priority.NORMAL,
) -> str:
    house = butler.parts.house
    with house.store.write() as unit:
        conversation = unit.conversations.of(person.id)
        cause = Cause(queue, topic, priority)
        return open_ticket(house, unit, conversation, person, cause, f"desk-test:{person.id}:{topic}").id


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


def _busy(butler: Butler) -> list[Stage]:
    """A desk as it is on a busy morning."""
    names = (
        "赵桂英",
        "钱福生",
        "孙玉兰",
        "周德明",
        "吴秀珍",
        "郑国栋",
        "冯淑华",
        "陈长顺",
        "褚月英",
        "卫有福",
    )
    topics = (
        ("request", Priority.NORMAL),
        ("complaint", Priority.HIGH),
        ("emergency:fall", Priority.URGENT),
        ("not_understood", Priority.NORMAL),
        ("visit_late", Priority.HIGH),
    )
    stages = []
    for number, name in enumerate(names):
        made = Stage(butler, {})
        with butler.store.write() as unit:
            person = unit.people.get(made.elder.id)
            assert person is not None
            person.name, person.address_as = name, None
        topic, priority = topics[number % len(topics)]
        ticket(butler, made.elder, topic=topic, priority=priority)
        stages.append(made)
    return stages


@pytest.mark.parametrize("window", DESK_WINDOWS)
def test_how_it_looks_and_what_axe_says(
    at: At, visit: Callable[..., Visitor], stage: Stage, butler: Butler, window: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, others = Axe(), _busy(butler)
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
