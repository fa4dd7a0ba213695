"""A turn through the page's way over HTTP, cookie and all; the first paint of the page, and how much it weighs."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bot.api.access import COOKIE
from bot.tokens import make
from bot.web.page import files
from domain.ids import new_id
from tests.benchmarks.turn import _p95
from tests.botapi import BotApi
from tests.live.conftest import Butler, running
from tests.live.talk import Stage

ROUNDS, PAINTS = 60, 12
WORDS = "约一个后天下午三点的助浴"


def figures() -> Iterator[tuple[str, float, str, int]]:
    with tempfile.TemporaryDirectory() as folder, BotApi(limits=False) as api:
        butlers = running(Path(folder), api)
        butler = next(butlers)
        times = [_turn(butler) for _ in range(ROUNDS + 5)][5:]
        yield "p50_ms", statistics.median(times), "ms", ROUNDS
        yield "p95_ms", _p95(times), "ms", ROUNDS
        yield from _page(butler)
        next(butlers, None)


def _turn(butler: Butler) -> float:
    stage = Stage(butler, {})
    cookies = {COOKIE: make(butler.settings.signing_secret, stage.elder.id, 3600)}
    address = butler.settings.butler
    with httpx.Client(base_url=address, cookies=cookies, headers={"Origin": address}, timeout=30) as page:
        page.get("/chat/session")
        began = time.perf_counter()
        body = {"message": WORDS, "message_id": new_id("w")}
        page.post("/webhooks/rest/webhook", json=body).raise_for_status()
        took = time.perf_counter() - began
    stage.clear()
    return took * 1000


def _page(butler: Butler) -> Iterator[tuple[str, float, str, int]]:
    yield "page_kb", sum(len(file.body) for file in files().values()) / 1000, "kB", 1
    yield "page_packed_kb", sum(len(file.packed) for file in files().values()) / 1000, "kB", 1
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, QUIET

    if not Path(CHROMIUM).exists():
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        paints = []
        for _ in range(PAINTS):
            # A context of its own each time: nothing is kept from the time before.
            context = browser.new_context(viewport={"width": 820, "height": 1180})
            page = context.new_page()
            page.goto(f"{butler.settings.butler}/chat")
            page.locator("#door:not([hidden])").wait_for()
            paints.append(
                page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            )
            context.close()
        browser.close()
    yield "first_paint_ms", statistics.median(paints), "ms", PAINTS
