"""The server in this process: in a thread of its own, with all verbs as methods."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from typing import Self

import uvicorn

from tests.botapi.app import App
from tests.botapi.control import Control

TOKEN = "1234567890:AAtest-token-of-the-loopback-server"


class BotApi(Control):
    """A server on loopback. Use it with `with`, or call `start` and `stop`."""

    def __init__(self, tokens: Iterable[str] = (TOKEN,), *, port: int = 0, limits: bool = True) -> None:
        super().__init__()
        for number, token in enumerate(tokens):
            self.create_bot(token, username=f"guanjia{number or ''}_test_bot")
        self.world.limits.on = limits
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen(128)  # at once: what calls before the server is up waits in the socket
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            App(self),
            log_level="error",
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    @property
    def token(self) -> str:
        """The token of the first bot."""
        return next(iter(self.world.bots))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot's `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def serve(self) -> None:
        """Serve in this thread until a signal comes or `stop` is called."""
        self._server.run(sockets=[self._socket])

    def start(self) -> Self:
        """Serve in a thread."""
        self._thread = threading.Thread(target=self.serve, name="botapi", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the server and every request that waits in it."""
        with self.world.lock:
            self.world.closing = True
            for bot in self.world.bots.values():
                self.world.poke(bot)
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(10)
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
