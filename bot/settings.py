"""The one place for settings: environment variables `GUANJIA_…` and a `.env` in the home folder."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting with what it is for; the README lists them all, and a test holds it to that."""

    model_config = SettingsConfigDict(
        env_prefix="GUANJIA_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(ROOT, description="the checkout; data live in its folder var/")
    database_url: str = Field("", description="the store; an SQLite file under var/ where none is said")
    host: str = Field("127.0.0.1", description="the address to serve on")
    port: int = Field(8080, description="the port to serve on; PORT works too")
    demo: bool = Field(True, description="demo people, and a clock that can be moved")
    secret: str = Field(
        "", description="what tokens are signed with; made once under var/ where none is said"
    )
    secret_before: str = Field(
        "",
        description="the secret before this one: second factors sealed with it are sealed anew at the start",
    )
    token_hours: int = Field(24 * 30, description="how long a token lives, in hours of real time")
    rasa_url: str = Field(
        "", description="a Rasa server that runs elsewhere; a child process where none is said"
    )
    rasa_port: int = Field(5005, description="the loopback port of the Rasa child process")
    rasa_tracker_url: str = Field(
        "", description="host of Rasa's tracker store, for PostgreSQL; SQLite where none is said"
    )
    public_url: str = Field(
        "",
        description="where people find the page, for links that they send on; the local address where none is said",
    )
    sms_url: str = Field(
        "", description="a gateway for text messages: one-time codes are posted there as {phone, text}"
    )
    telegram_token: str = Field("", description="the bot's token; no Telegram where none is said")
    telegram_api: str = Field(
        "https://api.telegram.org", description="base URL of the Bot API server, without /bot"
    )
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="how updates come in")
    telegram_webhook_url: str = Field("", description="the public address of the webhook")
    telegram_webhook_secret: str = Field("", description="the secret that Telegram sends with each update")
    telegram_staff_chat: str = Field("", description="the staff group's chat id")
    telegram_doctor_chat: str = Field(
        "",
        description="the doctor butlers' group's chat id; their tickets are only announced where none is said",
    )
    broadcast_alone: int = Field(
        200, ge=0, description="a broadcast to more people than this needs a second person's yes"
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @property
    def var(self) -> Path:
        """Where everything lives that is made while running."""
        return self.home / "var"

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.var / 'guanjia.db'}"

    @property
    def rasa(self) -> str:
        """The address of the Rasa server."""
        return self.rasa_url or f"http://127.0.0.1:{self.rasa_port}"

    @property
    def butler(self) -> str:
        """The address of this butler on this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Where people find the page."""
        return (self.public_url or self.butler).rstrip("/")

    @cached_property
    def signing_secret(self) -> str:
        return self.secret or _kept(self.var / "secret")

    @cached_property
    def telegram_secret(self) -> str:
        """What Telegram shows when it posts an update; made once where none is said."""
        return self.telegram_webhook_secret or _kept(self.var / "telegram-secret")

    @cached_property
    def action_secret(self) -> str:
        """What Rasa shows when it calls an action."""
        return _kept(self.var / "action-secret")


def _kept(path: Path) -> str:
    """A secret that is made once and kept, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
        fresh.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def load(**changes: object) -> Settings:
    """The settings of this process; PORT is understood as well, for `make run PORT=…`."""
    if "PORT" in os.environ and "GUANJIA_PORT" not in os.environ:
        changes.setdefault("port", int(os.environ["PORT"]))
    return Settings(**changes)  # type: ignore[arg-type]
