"""One Bot API server for these tests, empty for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.botapi import BotApi


@pytest.fixture(scope="module")
def server() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made


@pytest.fixture
def api(server: BotApi) -> BotApi:
    server.reset(limits=False)
    return server


@pytest.fixture
def user(api: BotApi) -> int:
    return api.create_user("王", phone="8613900000001")
