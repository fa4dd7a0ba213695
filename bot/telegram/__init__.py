"""The Telegram door: the one place where python-telegram-bot is met. It carries, and decides nothing."""

from __future__ import annotations

from bot.telegram.door import TelegramDoor, open_telegram

__all__ = ["TelegramDoor", "open_telegram"]
