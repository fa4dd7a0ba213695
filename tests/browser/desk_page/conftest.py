"""The desk in a real Chromium: coordinators in windows of their own, and tickets for them."""

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
from tests.browser.conftest import WAIT_MS
from tests.live.conftest import Butler
from tests.live.talk import Stage

PICTURES = os.environ.get("GUANJIA_TEST_PICTURES")
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
        self.page.locator("#desk:not([hidden]), #page:not([hidden])").wait_for()
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


def busy(butler: Butler) -> list[Stage]:
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
