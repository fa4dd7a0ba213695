"""The page's files: small, ours alone, guarded, and kept by browsers for as long as they are the same."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from bot.web.page import FOLDER, files

LARGEST = 150_000


def test_it_is_small_and_names_no_other_host() -> None:
    whole = b"".join(file.body for file in files().values())

    assert len(whole) < LARGEST
    assert set(re.findall(rb"https?://[\w.]+", whole)) == {b"http://www.w3.org"}


def test_the_page_asks_for_what_there_is(browser: TestClient) -> None:
    page = browser.get("/chat")
    named = re.findall(r'(?:href|src)="(/[^"]+)"', page.text)

    assert page.status_code == 200
    assert len(named) >= 4
    for path in named:
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_nothing_inline_and_a_strict_policy(browser: TestClient) -> None:
    page = browser.get("/chat")
    policy = page.headers["content-security-policy"]

    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page.text)
    assert "unsafe" not in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "script-src 'self'"} <= set(policy.split("; "))
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-cache"


def test_markup_is_never_put_together_from_text() -> None:
    for path in FOLDER.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text()
        )


def test_what_has_not_changed_is_not_sent_again(browser: TestClient) -> None:
    tag = browser.get("/chat").headers["etag"]
    assert browser.get("/chat", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("name", ["nothing.js", "../page.py", "..%2Fpage.py", "chat.html"])
def test_nothing_else_is_served(browser: TestClient, name: str) -> None:
    assert browser.get(f"/chat/static/1/{name}").status_code == 404


def test_the_front_leads_to_the_page(browser: TestClient) -> None:
    assert browser.get("/", follow_redirects=False).headers["location"] == "/chat"


def test_no_file_is_too_long_to_read() -> None:
    assert [p.name for p in FOLDER.iterdir() if len(p.read_text().splitlines()) > 300] == []
