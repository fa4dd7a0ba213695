"""The same verbs, spoken over HTTP to a server in another process."""

from __future__ import annotations

import base64
import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.botapi.control import Control, ControlError, verbs
from tests.botapi.server import TOKEN

ROOT = Path(__file__).resolve().parents[2]  # where `tests` can be imported


class RemoteBotApi:
    """Every verb of `Control`, with the same arguments and results; `url` is the server's, without /bot."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.base_url = f"{self.url}/bot"
        self.base_file_url = f"{self.url}/file/bot"
        self._client = httpx.Client(trust_env=False, timeout=120.0)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in verbs():
            raise AttributeError(name)
        signature = inspect.signature(getattr(Control, name))

        def call(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(self, *args, **kwargs).arguments
            bound.pop("self")
            bound |= bound.pop("where", {}) | bound.pop("how", {})
            answer = self._client.post(
                f"{self.url}/_control/{name}", content=json.dumps(bound, default=_plain)
            )
            said = answer.json()
            if not said["ok"]:
                raise ControlError(said["description"])
            return said["result"]

        return call

    @property
    def token(self) -> str:
        """The token of the first bot."""
        return str(self.bots()[0]["token"])

    def close(self) -> None:
        self._client.close()


@contextmanager
def spawned(tokens: Iterable[str] = (TOKEN,), *, limits: bool = True) -> Iterator[RemoteBotApi]:
    """A server in a process of its own, so that it does not share the bot's interpreter."""
    command = [sys.executable, "-m", "tests.botapi", "--port", "0"]
    for token in tokens:
        command += ["--token", token]
    if not limits:
        command.append("--no-limits")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            remote = RemoteBotApi(process.stdout.readline().strip())
            yield remote
            remote.close()
        finally:
            process.terminate()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"cannot be said in JSON: {type(value).__name__}")
