"""The one place for settings: environment variables `GUANJIA_…` and a `.env` in the folder it is started from."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict


class BadSetting(Exception):
    """A setting that cannot be; its text says which and what it should be."""


TELEGRAM = "https://api.telegram.org"
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting with what it is for; the README lists them all, and a test holds it to that."""

    model_config = SettingsConfigDict(
        env_prefix="GUANJIA_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(ROOT, description="the checkout; data live in its folder var/")
    database_url: str = Field("", description="the store; an SQLite file under var/ where none is said")
    host: str = Field("127.0.0.1", description="the address to serve on")
    port: int = Field(8080, ge=0, le=65535, description="the port to serve on; PORT works too")
    demo: bool = Field(True, description="demo people, and a clock that can be moved")
    secret: str = Field(
        "", description="what tokens are signed with; made once under var/ where none is said"
    )
    secret_before: str = Field(
        "",
        description="the secret before this one: second factors sealed with it are sealed anew at the start",
    )
    token_hours: int = Field(
        24 * 30, gt=0, le=24 * 3650, description="how long a token lives, in hours of real time"
    )
    rasa_url: str = Field(
        "", description="a Rasa server that runs elsewhere; a child process where none is said"
    )
    rasa_port: int = Field(5005, ge=1, le=65535, description="the loopback port of the Rasa child process")
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
    telegram_api: str = Field(TELEGRAM, description="base URL of the Bot API server, without /bot")
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
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("rasa_url", "public_url", "sms_url", "telegram_api")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("it should be an address that begins with http:// or https://")
        return value

    @field_validator("telegram_staff_chat", "telegram_doctor_chat")
    @classmethod
    def _chat(cls, value: str) -> str:
        if value and not value.removeprefix("-").isdecimal():
            raise ValueError("it should be a number, as -1001234567890")
        return value

    @model_validator(mode="after")
    def _webhook(self) -> Self:
        """Without an address no update would ever come; Telegram itself posts to https alone, a server of one's own to http."""
        if self.telegram_token and self.telegram_mode == "webhook":
            parts = urlsplit(self.telegram_webhook_url)
            ways = ("https",) if self.telegram_api == TELEGRAM else ("https", "http")
            if parts.scheme not in ways or not parts.hostname:
                raise ValueError(
                    "GUANJIA_TELEGRAM_MODE=webhook needs GUANJIA_TELEGRAM_WEBHOOK_URL, a public https:// address"
                )
        return self

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
    """The settings of this process; PORT is understood as well, for `make run PORT=…`. Raises BadSetting."""
    name = "GUANJIA_PORT"
    if "PORT" in os.environ and name not in os.environ:
        name = "PORT"
        changes.setdefault("port", os.environ["PORT"])
    try:
        return Settings(**changes)  # type: ignore[arg-type]
    except ValidationError as error:
        raise BadSetting("; ".join(_said(one, name) for one in error.errors())) from None


def _said(wrong: ErrorDetails, port: str) -> str:
    """One wrong setting: its name and what it should be, never what stands there, for it may be a secret."""
    what = wrong["msg"].removeprefix("Value error, ").removeprefix("Input ").removeprefix("it ")
    if not wrong["loc"]:
        return what
    field = str(wrong["loc"][0])
    return f"{port if field == 'port' else f'GUANJIA_{field.upper()}'} {what}"
