"""Rasa as a watched child: started, waited for, restarted with back-off when it dies, stopped with the butler."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.rasa_client import RasaClient
from bot.settings import Settings

log = structlog.get_logger()
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_STEADY_SECONDS = 120.0
_PR_SET_PDEATHSIG = 1


def command(settings: Settings) -> list[str]:
    """How Rasa's server is started."""
    nlu = settings.home / "nlu"
    return [
        str(nlu / ".venv/bin/python"),
        "-m",
        "rasa",
        "run",
        "--enable-api",
        "--interface",
        "127.0.0.1",
        "--port",
        str(settings.rasa_port),
        "--model",
        str(settings.var / "models/guanjia.tar.gz"),
        "--endpoints",
        str(nlu / "endpoints.yml"),
        "--credentials",
        str(nlu / "credentials.yml"),
        "--logging-config-file",
        str(nlu / "logging.yml"),
    ]


def environment(settings: Settings) -> dict[str, str]:
    """Rasa's environment: where its actions are, the secret that it shows, its tracker store."""
    sqlite = not settings.rasa_tracker_url
    return {
        **os.environ,
        "PYTHONPATH": str(settings.home),
        "GUANJIA_ACTION_URL": f"{settings.butler}/rasa/actions",
        "GUANJIA_ACTION_SECRET": settings.action_secret,
        "GUANJIA_TRACKER_DIALECT": "sqlite" if sqlite else "postgresql",
        "GUANJIA_TRACKER_URL": settings.rasa_tracker_url,
        "GUANJIA_TRACKER_DB": str(settings.var / "trackers.db") if sqlite else "rasa",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_WORKERS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


class RasaChild:
    """Keeps one Rasa process running until it is told to stop."""

    def __init__(
        self, settings: Settings, client: RasaClient, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._settings, self._client, self._say = settings, client, say
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Begin to keep Rasa running; `wait` tells when it answers."""
        _end_leftover(self._pid_file)
        self._task = asyncio.create_task(self._keep())

    async def wait(self, seconds: float = 240.0) -> bool:
        """Wait until Rasa answers with its model; False where it does not in time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            if await self._client.is_up():
                return True
            await asyncio.sleep(0.3)
        return False

    async def stop(self) -> None:
        """End Rasa, kindly first."""
        if self._task is not None:
            self._task.cancel()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 8)
        except TimeoutError:
            process.kill()
            await process.wait()
        self._pid_file.unlink(missing_ok=True)

    @property
    def _pid_file(self) -> Path:
        return self._settings.var / "rasa.pid"

    async def _keep(self) -> None:
        wait, loop = _FIRST_WAIT, asyncio.get_running_loop()
        while True:
            began = loop.time()
            code = await self._run()
            if loop.time() - began > _STEADY_SECONDS:
                wait = _FIRST_WAIT
            log.warning("rasa_ended", code=code, again_in=wait)
            self._say(f"Rasa ended with code {code}; starting it again in {wait:.0f} s (var/log/rasa.log)")
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _run(self) -> int:
        logs = self._settings.var / "log"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / "rasa.log").open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *command(self._settings),
                cwd=self._settings.home / "nlu",
                env=environment(self._settings),
                stdout=out,
                stderr=out,
                umask=0o077,  # what was said stands in its trackers
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._pid_file.write_text(str(self._process.pid), encoding="ascii")
        return await self._process.wait()


def _die_with_parent() -> None:
    # A butler that is killed must not leave a Rasa behind that holds the port.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end_leftover(pid_file: Path) -> None:
    """End a Rasa that an earlier butler of this home left behind."""
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            ours = b"rasa" in file.read()
    except (OSError, ValueError):
        return
    if ours:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    pid_file.unlink(missing_ok=True)
