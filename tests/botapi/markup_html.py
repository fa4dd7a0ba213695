"""HTML as Telegram reads it: a handful of tags, every one of them closed in its order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.entities import link_entity, utf16
from tests.botapi.errors import cannot

Json = dict[str, Any]

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-fA-F]+));?")
NAME = re.compile(r"[^\s>/]*")
ATTRIBUTE = re.compile(r"\s*([^\s=/>\"']+)(\s*=\s*)?(\"[^\"]*\"|'[^']*'|[A-Za-z0-9.\-]+)?")


def read_html(source: str) -> tuple[str, list[Json]]:
    """The plain text and its entities."""
    return _Html(source).read()


@dataclass
class _Tag:
    name: str
    start: int  # in UTF-16 units of the plain text
    attributes: dict[str, str]


@dataclass
class _Html:
    source: str
    plain: str = ""
    at: int = 0
    nested: list[_Tag] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "&":
                self._reference()
            elif char == "<" and self.source[self.at + 1 : self.at + 2] == "/":
                self._end()
            elif char == "<":
                self._begin()
            else:
                self.plain += char
                self.at += 1
        if self.nested:
            raise cannot(f'Can\'t find end tag corresponding to start tag "{self.nested[-1].name}"')
        return self.plain, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _reference(self) -> None:
        found = REFERENCE.match(self.source, self.at)
        if found is None:
            self.plain += "&"
            self.at += 1
            return
        self.plain += _character(found)
        self.at = found.end()

    def _begin(self) -> None:
        begun = self._byte(self.at)
        named = NAME.match(self.source, self.at + 1)
        assert named is not None
        name = named.group().lower()
        if name not in KINDS:
            raise cannot(f'Unsupported start tag "{name}" at byte offset {begun}')
        self.at = named.end()
        attributes = self._attributes(name, begun)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {begun}')
        self.nested.append(_Tag(name, utf16(self.plain), attributes))

    def _attributes(self, tag: str, begun: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self.at += len(self.source[self.at :]) - len(self.source[self.at :].lstrip())
            if self.at >= len(self.source):
                raise cannot(f"Unclosed start tag at byte offset {begun}")
            if self.source[self.at] == ">":
                self.at += 1
                return found
            if self.source[self.at] == "/":
                self.at += 1
                continue
            one = ATTRIBUTE.match(self.source, self.at)
            if one is None:
                raise cannot(f"Unexpected end of name token at byte offset {begun}")
            name, equals, value = one.groups()
            if equals is None and tag != "blockquote":
                where = self._byte(one.end(1))
                raise cannot(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {where}'
                )
            found[name.lower()] = REFERENCE.sub(_character, (value or "").strip("\"'")) if equals else ""
            self.at = one.end() if equals else one.end(1)

    def _end(self) -> None:
        begun = self._byte(self.at)
        close = self.source.find(">", self.at)
        if not self.nested:
            raise cannot(f"Unexpected end tag at byte offset {begun}")
        if close < 0:
            raise cannot(f"Unclosed end tag at byte offset {begun}")
        name = self.source[self.at + 2 : close].strip().lower()
        tag = self.nested.pop()
        if name and name != tag.name:
            raise cannot(
                f'Unmatched end tag at byte offset {begun}, expected "</{tag.name}>", found "</{name}>"'
            )
        self.at = close + 1
        self._add(tag)

    def _add(self, tag: _Tag) -> None:
        length = utf16(self.plain) - tag.start
        what: Json = {"type": KINDS[tag.name]}
        if tag.name == "a":
            link = link_entity(tag.attributes.get("href") or self._covered(tag))
            if link is None:
                return
            what = link
        elif tag.name == "tg-emoji":
            number = tag.attributes.get("emoji-id", "")
            if not number.isdigit() or int(number) >= 2**63:
                raise cannot("Invalid custom emoji identifier specified")
            what["custom_emoji_id"] = number
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            what["type"] = "expandable_blockquote"
        elif tag.name == "code" and self.nested and self.nested[-1].name == "pre":
            if language := tag.attributes.get("class", "").removeprefix("language-"):
                self.nested[-1].attributes["language"] = language
            return
        elif tag.name == "pre" and "language" in tag.attributes:
            what["language"] = tag.attributes["language"]
        if length > 0:
            self.entities.append(what | {"offset": tag.start, "length": length})

    def _covered(self, tag: _Tag) -> str:
        return self.plain.encode("utf-16-le")[tag.start * 2 :].decode("utf-16-le")


def _character(found: re.Match[str]) -> str:
    """What a reference like `&lt;` stands for; one that stands for nothing is left as it is."""
    name, decimal, hexadecimal = found.groups()
    if name:
        return CHARACTERS[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number <= 0x10FFFF else found.group()
