"""MarkdownV2, read as strictly as Telegram reads it: what is reserved and not escaped is refused, with its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.entities import link_entity, utf16
from tests.botapi.errors import ApiError, bad, cannot
from tests.botapi.markup_html import read_html

Json = dict[str, Any]

RESERVED = set("_*[]()~`>#+-=|{}.!")
ENDS = {
    "Bold": "*",
    "Italic": "_",
    "Underline": "__",
    "Strikethrough": "~",
    "Spoiler": "||",
    "Code": "`",
    "Pre": "```",
    "PreCode": "```",
    "TextUrl": "]",
    "CustomEmoji": "]",
}
NAMES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
}
VERBATIM = {"Code", "Pre", "PreCode"}


def parse(text: str, mode: str) -> tuple[str, list[Json]]:
    """The plain text and its entities. No mode means that nothing is markup."""
    match mode.lower():
        case "" | "none":
            return text, []
        case "markdownv2":
            return Markdown(text).read()
        case "html":
            return read_html(text)
        case "markdown":
            return read_old_markdown(text)
        case _:
            raise bad("unsupported parse_mode")


@dataclass
class Open:
    """An entity of which the end was not met yet."""

    kind: str
    start: int  # in UTF-16 units of the plain text
    at: int  # the character of the source where it began
    language: str = ""


@dataclass
class Markdown:
    """One reading of a MarkdownV2 text."""

    source: str
    plain: str = ""
    at: int = 0
    nested: list[Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    line_begins: bool = True  # nothing but empty entities stood in this line yet: a quotation may begin

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step(self.source[self.at])
        if self.nested and self.nested[-1].kind == "BlockQuote":
            self._close_quote("BlockQuote")
        if self.nested:
            raise self._no_end(self.nested[-1])
        return self.plain, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _no_end(self, what: Open) -> ApiError:
        return cannot(f"Can't find end of {what.kind} entity at byte offset {self._byte(what.at)}")

    @property
    def _top(self) -> str:
        return self.nested[-1].kind if self.nested else ""

    def _sees(self, mark: str) -> bool:
        return self.source.startswith(mark, self.at)

    def _step(self, char: str) -> None:
        after = self.source[self.at + 1 : self.at + 2]
        if char == "\\" and after and 0 < ord(after) <= 126:
            self._append(after, 2)
        elif char in RESERVED if self._top not in VERBATIM else char == "`":
            if self._ends():
                self._end()
            else:
                self._begin(char, after)
        elif char == "\n" and self._top not in VERBATIM and any(o.kind == "BlockQuote" for o in self.nested):
            self._line_of_quote_ends()
        else:
            self._append(char, 1)

    def _append(self, text: str, width: int) -> None:
        self.plain += text
        self.at += width
        self.line_begins = text == "\n" or (self.line_begins and text == "\r")

    def _ends(self) -> bool:
        mark = ENDS.get(self._top)
        if mark is None or not self._sees(mark):
            return False
        return not (self._top == "Italic" and self._sees("__"))

    def _open(self, kind: str, width: int, language: str = "") -> None:
        self.nested.append(Open(kind, utf16(self.plain), self.at, language))
        self.at += width

    def _begin(self, char: str, after: str) -> None:
        match char:
            case "_":
                self._open(*(("Underline", 2) if after == "_" else ("Italic", 1)))
            case "*":
                self._open("Bold", 1)
            case "~":
                self._open("Strikethrough", 1)
            case "`":
                self._begin_code()
            case "[":
                self._open("TextUrl", 1)
            case "|" if after == "|":
                self._begin_bars()
            case "!" if after == "[":
                self._open("CustomEmoji", 2)
            case ">" if self.line_begins and "BlockQuote" not in {o.kind for o in self.nested}:
                self._open("BlockQuote", 1)
                self.line_begins = False
            case _:
                raise cannot(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")

    def _begin_code(self) -> None:
        if not self._sees("```"):
            self._open("Code", 1)
            return
        language = re.compile(r"[^\s`]*").match(self.source, self.at + 3)
        assert language is not None
        if language.group() and self.source[language.end() : language.end() + 1] not in {"", "`"}:
            self._open("PreCode", 3 + len(language.group()), language.group())
        else:
            self._open("Pre", 3)
        pair = self.source[self.at : self.at + 2]
        if pair in {"\r\n", "\n\r"}:
            self.at += 2
        elif pair[:1] in {"\r", "\n"}:
            self.at += 1

    def _begin_bars(self) -> None:
        """`||` opens a spoiler, or ends an expandable quotation at the end of its last line."""
        rest = self.source[self.at + 2 :].removeprefix("\r")
        line_over = not rest or (rest.startswith("\n") and not rest.startswith("\n>"))
        if self._top == "BlockQuote" and line_over:
            self.nested[-1].kind = "ExpandableBlockQuote"
            self.at += 2
            after = re.compile(r"\r?\n?").match(self.source, self.at)
            assert after is not None
            self.plain += after.group()
            self.at = after.end()
            self._close_quote("ExpandableBlockQuote")
            self.line_begins = True
        else:
            self._open("Spoiler", 2)

    def _line_of_quote_ends(self) -> None:
        self._append("\n", 1)
        if self._sees(">"):
            self.at += 1
            self.line_begins = False
        elif self._top != "BlockQuote":
            raise self._no_end(self.nested[-1])
        else:
            self._close_quote("BlockQuote")

    def _close_quote(self, kind: str) -> None:
        opened = self.nested.pop()
        self._add(opened, {"type": NAMES[kind]})

    def _end(self) -> None:
        opened = self.nested.pop()
        self.at += len(ENDS[opened.kind])
        if opened.kind == "TextUrl":
            self._end_link(opened)
        elif opened.kind == "CustomEmoji":
            self._end_emoji(opened)
        else:
            extra = {"language": opened.language} if opened.language else {}
            self._add(opened, {"type": NAMES[opened.kind], **extra})

    def _add(self, opened: Open, what: Json) -> None:
        length = utf16(self.plain) - opened.start
        if length > 0:
            self.entities.append(what | {"offset": opened.start, "length": length})

    def _address(self, what: str) -> str | None:
        """What stands in round brackets after square ones."""
        if not self._sees("("):
            return None
        begun, url = self.at + 1, ""
        self.at += 1
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and self.at + 1 < len(self.source):
                self.at += 1
            url += self.source[self.at]
            self.at += 1
        if self.at >= len(self.source):
            raise cannot(f"Can't find end of a {what} at byte offset {self._byte(begun)}")
        self.at += 1
        return url

    def _end_link(self, opened: Open) -> None:
        url = self._address("URL")
        if url is None:
            raw = self.plain.encode("utf-16-le")[opened.start * 2 :]
            url = raw.decode("utf-16-le")
        if link := link_entity(url):
            self._add(opened, link)

    def _end_emoji(self, opened: Open) -> None:
        url = self._address("custom emoji URL")
        if url is None:
            raise cannot("Custom emoji entity must contain a tg://emoji URL")
        number = re.fullmatch(r"tg://emoji/?\?(?:[^#]*&)?id=([1-9]\d*)(?:[&#].*)?", url, re.IGNORECASE)
        if number is None:
            raise cannot("Invalid custom emoji identifier specified")
        self._add(opened, {"type": "custom_emoji", "custom_emoji_id": number.group(1)})


def read_old_markdown(text: str) -> tuple[str, list[Json]]:
    """The legacy mode: no nesting, and what is not closed is refused."""
    plain, entities, at = "", [], 0
    kinds = {"_": "italic", "*": "bold", "`": "code", "[": "text_link", "```": "pre"}
    while at < len(text):
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] in set("_*`["):
            plain, at = plain + text[at + 1], at + 2
            continue
        if char not in "_*`[":
            plain, at = plain + char, at + 1
            continue
        mark = "```" if text.startswith("```", at) else char
        end = text.find("]" if mark == "[" else mark, at + len(mark))
        if end < 0:
            offset = len(text[:at].encode())
            raise cannot(f"Can't find end of the entity starting at byte offset {offset}")
        inside, start = text[at + len(mark) : end], utf16(plain)
        plain, at = plain + inside, end + len(mark)
        what: Json | None = {"type": kinds[mark]}
        if mark == "[":
            address = re.compile(r"\(([^)]*)\)").match(text, at)
            at = address.end() if address else at
            what = link_entity(address.group(1) if address else inside)
        if inside and what:
            entities.append(what | {"offset": start, "length": utf16(inside)})
    return plain, entities
