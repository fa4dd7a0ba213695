"""How it looks, in every window and size of letters: nothing cut, nothing small, nothing that axe finds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import WINDOWS, Visitor
from tests.live.talk import Stage

pytestmark = pytest.mark.live
Visit = Callable[..., Visitor]
# Set to a folder to look at the page with one's own eyes.
PICTURES = os.environ.get("GUANJIA_TEST_PICTURES")

# Words that reach beyond the element that shows them, and controls beyond the window.
_CUT = """() => {
  const bad = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) bad.push(`page ${document.documentElement.scrollWidth}`);
  for (const e of document.querySelectorAll('h1,h2,h3,p,button,a,label,input,textarea,time,.badge')) {
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility() || box.width < 2 || e.closest('.unseen, .skip')) continue;
    const wide = e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
    const high = e.scrollHeight > e.clientHeight + 3 && e.clientHeight > 0 && getComputedStyle(e).display !== 'inline';
    if (wide || high || box.left < -1 || box.right > innerWidth + 1) bad.push(`${e.tagName}#${e.id} ${e.textContent.trim().slice(0, 20)} ${e.scrollWidth}/${e.clientWidth} ${e.scrollHeight}/${e.clientHeight}`);
  }
  return bad;
}"""
_SMALL = """() => [...document.querySelectorAll('button, a, input, textarea')]
  .filter((e) => e.checkVisibility() && !e.matches('.skip'))
  .map((e) => [e.textContent.trim() || e.id, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 59.5 || box.height < 59.5)
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
_LETTERS = """() => [...document.querySelectorAll('body *')]
  .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((e) => [e.textContent.trim().slice(0, 12), parseFloat(getComputedStyle(e).fontSize), parseFloat(getComputedStyle(e).lineHeight)])
  .filter(([, size, line]) => size < 18 || line / size < 1.3)"""


def look(visitor: Visitor, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=f"{PICTURES}/{name}.png")
    assert visitor.page.evaluate(_CUT) == [], name
    assert visitor.page.evaluate(_SMALL) == [], name
    assert visitor.page.evaluate(_LETTERS) == [], name


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_is_cut_or_small(visit: Visit, stage: Stage, window: str, size: int) -> None:
    visitor = visit(window, size).open()
    visitor.page.get_by_role("button", name="王秀兰（老人）").wait_for()
    look(visitor, f"{window}-{size}-door")
    visitor.sign_in(stage.elder)
    look(visitor, f"{window}-{size}-start")
    visitor.type("我有哪些权益")
    visitor.hear("还剩")
    visitor.type("约一个后天下午三点的助浴")
    visitor.hear("我给您念一遍")
    look(visitor, f"{window}-{size}-book")
    visitor.page.locator("#emergency").click()
    look(visitor, f"{window}-{size}-help")
    visitor.page.locator("#tell").click()
    visitor.hear("请马上打120")
    look(visitor, f"{window}-{size}-alarm")


@pytest.mark.parametrize(("window", "size"), [("tablet", 1), ("phone", 3), ("wide", 2)])
def test_axe_finds_nothing(visit: Visit, stage: Stage, window: str, size: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    visitor = visit(window, size).open()
    visitor.page.get_by_role("button", name="王秀兰（老人）").wait_for()

    def check(name: str) -> None:
        found = axe.run(visitor.page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    check("door")
    visitor.page.get_by_label("手机号").fill("123")
    visitor.press("发验证码给我")
    visitor.page.get_by_role("alert").filter(has_text="手机号").wait_for()
    check("mistake")
    visitor.sign_in(stage.elder)
    check("start")
    visitor.type("约一个后天下午三点的助浴")
    visitor.hear("我给您念一遍")
    check("booking")
    visitor.page.locator("#emergency").click()
    check("help")
    visitor.page.locator("#tell").click()
    visitor.hear("请马上打120")
    check("alarm")


def test_the_size_is_remembered(visit: Visit, stage: Stage) -> None:
    visitor = visit()
    visitor.context.add_init_script("sessionStorage.seen ? 0 : (sessionStorage.seen = 1)")
    visitor.sign_in(stage.elder)
    for expected in ("2", "3", "1"):
        visitor.page.locator("#size").click()
        assert visitor.page.evaluate("document.documentElement.dataset.size") == expected
