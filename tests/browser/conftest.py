"""A real Chromium against the real butler: people of their own, windows of three widths, letters of three sizes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from bot.api.access import COOKIE
from bot.tokens import make
from domain.people import Person
from tests.conftest import skip_or_fail
from tests.live.conftest import Butler
from tests.live.talk import Stage

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --use-fake-device-for-media-stream"
).split()
WINDOWS = {
    "wide": (1366, 860),
    "tablet": (820, 1180),
    "phone": (390, 844),
    "zoomed": (640, 400),
    "narrow": (320, 640),
}
WAIT_MS = 60_000


# Closed with the last test of this folder: while it is open, no other test can run a loop of its own.
@pytest.fixture(scope="package")
def chromium() -> Iterator:
    """The browser of these tests."""
    if shutil.which(CHROMIUM) is None:
        skip_or_fail("the page is tried in a real browser: apt-get install chromium fonts-wqy-microhei")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """One person's window. `hosts` is where it has asked, `errors` what went wrong in it."""

    def __init__(self, chromium, butler: Butler, window: str, size: int, script: str) -> None:
        width, height = WINDOWS[window]
        self.butler = butler
        self.context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=butler.settings.butler
        )
        self.context.set_default_timeout(WAIT_MS)
        self.context.add_init_script(f"localStorage.setItem('guanjia.size', '{size}');{script}")
        self.page = self.context.new_page()
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.hosts.add("/".join(request.url.split("/")[:3])))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(self, person: Person) -> Visitor:
        """As somebody, without the door."""
        token = make(self.butler.settings.signing_secret, person.id, 3600)
        self.context.add_cookies([{"name": COOKIE, "value": token, "url": self.butler.settings.butler}])
        return self.open()

    def open(self, path: str = "/chat") -> Visitor:
        self.page.goto(path)
        self.page.locator("#talk:not([hidden]), #door:not([hidden])").wait_for()
        return self

    def type(self, words: str) -> None:
        self.page.fill("#words", words)
        self.page.press("#words", "Enter")

    def press(self, title: str) -> None:
        """The newest button of that name."""
        self.page.get_by_role("button", name=title, exact=True).last.click()

    def hear(self, words: str):
        """Wait until the butler has said this; returns the line."""
        line = self.page.locator("#log > li:not(.own)", has_text=words).last
        line.wait_for()
        return line

    def lines(self) -> list[str]:
        return self.page.locator("#log .bubble").all_inner_texts()


@pytest.fixture
def visit(chromium, butler: Butler) -> Iterator[Callable[..., Visitor]]:
    """Open a window; whatever was opened is closed, and nothing may have gone wrong in it."""
    opened: list[Visitor] = []

    def inner(window: str = "tablet", size: int = 1, script: str = "") -> Visitor:
        opened.append(Visitor(chromium, butler, window, size, script))
        return opened[-1]

    yield inner
    for visitor in opened:
        visitor.context.close()
    assert [error for visitor in opened for error in visitor.errors] == []
    assert {host for visitor in opened for host in visitor.hosts} <= {butler.settings.butler}


@pytest.fixture
def stage(butler: Butler) -> Iterator[Stage]:
    """A family of its own."""
    made = Stage(butler, {})
    yield made
    made.clear()
