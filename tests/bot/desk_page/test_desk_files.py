"""The desk's files: small, ours alone, guarded, nothing inline, and no markup put together from text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from bot.desk_page.page import FOLDER, files

LARGEST = 150_000
Window = Callable[[], TestClient]


def test_it_is_small_and_names_no_other_host() -> None:
    whole = b"".join(file.body for file in files().values())

    assert len(whole) < LARGEST
    assert set(re.findall(rb"https?://[\w.]+", whole)) == {b"http://www.w3.org"}


def test_the_page_asks_for_what_there_is_and_has_nothing_inline(window: Window) -> None:
    browser = window()
    page = browser.get("/desk")
    named = re.findall(r'(?:href|src)="(/[^"]+)"', page.text)
    policy = page.headers["content-security-policy"]

    assert page.status_code == 200
    assert len(named) >= 3
    assert all(browser.get(path).status_code == 200 for path in named)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page.text)
    assert "unsafe" not in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "script-src 'self'"} <= set(policy.split("; "))


def test_markup_is_never_put_together_from_text() -> None:
    bad = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\.style\b")

    assert [p.name for p in FOLDER.glob("*.js") if bad.search(p.read_text(encoding="utf-8"))] == []


def test_no_file_is_too_long_to_read() -> None:
    assert [p.name for p in FOLDER.iterdir() if len(p.read_text(encoding="utf-8").splitlines()) > 300] == []


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fpage.py", "desk.html"])
def test_nothing_else_is_served(window: Window, name: str) -> None:
    assert window().get(f"/desk/static/1/{name}").status_code == 404


def test_nobody_reads_anything_without_a_login(window: Window) -> None:
    browser = window()
    for path in (
        "board search?q=x events trail services staff ratings report/desk report/fulfilment report/satisfaction session/all "
        "tickets/t/lines tickets/t/answers api/v1/tickets api/v1/desk/shifts api/v1/visits api/v1/outbox"
    ).split():
        assert browser.get(f"/desk/{path}").status_code == 401, path
