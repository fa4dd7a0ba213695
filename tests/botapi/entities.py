"""Entities of a text: their offsets in UTF-16, what Telegram finds by itself, and the trimming of what is sent."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

FOUND_BY_ITSELF = (
    (
        "bot_command",
        re.compile(r"(?<![\w/@<])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])", re.ASCII),
    ),
    ("url", re.compile(r"https?://[^\s<>]+")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)


def utf16(text: str) -> int:
    """The length of a text in UTF-16 units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


def link_entity(url: str) -> Json | None:
    """A link to a page or to a user; None for what is no address, which Telegram shows as plain text."""
    if user := re.fullmatch(r"tg:(?://)?user\?id=(\d+)", url):
        return {"type": "text_mention", "user": {"id": int(user.group(1)), "is_bot": False, "first_name": ""}}
    if re.fullmatch(r"(?:(?:https?|tg|ton|tonsite)://)\S+|[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?", url):
        return {"type": "text_link", "url": url if "://" in url else f"http://{url}/"}
    return None


def piece(text: str, entity: Json) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le")
    start = entity["offset"] * 2
    return raw[start : start + entity["length"] * 2].decode("utf-16-le")


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """The entities given, and commands, links, names and tags that stand in no other one."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities]
    found = []
    for kind, pattern in FOUND_BY_ITSELF:
        for match in pattern.finditer(text):
            start = utf16(text[: match.start()])
            end = start + utf16(match.group())
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return sorted(entities + found, key=lambda e: (e["offset"], -e["length"]))


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """A text without white space around it, as Telegram sends it, and its entities moved along."""
    lead = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    most, kept = utf16(text), []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, most)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept
