"""Parameters of a call as Telegram reads them: from the query, a form, a multipart body or JSON, all as strings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tornado.httputil import HTTPFile, HTTPInputError, parse_body_arguments

from tests.botapi.errors import bad


@dataclass
class Upload:
    """A file that came in a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass
class Params:
    """The arguments of one call. A missing one and an empty one are the same, as with Telegram."""

    values: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """An integer; what is none counts as `default`, as in Telegram's server."""
        try:
            return int(self.values.get(name, ""))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        return self.values.get(name, "").strip().lower() in {"true", "yes", "1"}

    def data(self, name: str, what: str) -> Any:
        """A value written in JSON, None where it is missing; `what` is said when it cannot be read."""
        raw = self.values.get(name, "")
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError as wrong:
            raise bad(f"can't parse {what} JSON object") from wrong


def read(query: bytes, content_type: str, body: bytes) -> Params:
    """All that a call says."""
    params = Params(values=dict(parse_qsl(query.decode(errors="replace"), keep_blank_values=True)))
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" and body:
        _read_json(params, body)
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"} and body:
        _read_form(params, content_type, body)
    return params


def _read_json(params: Params, body: bytes) -> None:
    try:
        values = json.loads(body)
    except ValueError as wrong:
        raise bad("can't parse JSON object") from wrong
    if not isinstance(values, dict):
        raise bad("can't parse JSON object")
    for name, value in values.items():
        if isinstance(value, str):
            params.values[name] = value
        elif value is not None:
            params.values[name] = json.dumps(value, ensure_ascii=False)


def _read_form(params: Params, content_type: str, body: bytes) -> None:
    arguments: dict[str, list[bytes]] = {}
    files: dict[str, list[HTTPFile]] = {}
    try:
        parse_body_arguments(content_type, body, arguments, files)
        params.values.update({name: values[-1].decode() for name, values in arguments.items()})
    except HTTPInputError as wrong:
        raise bad("can't parse the request body") from wrong
    except UnicodeDecodeError as wrong:
        raise bad("strings must be encoded in UTF-8") from wrong
    for name, found in files.items():
        last = found[-1]
        params.uploads[name] = Upload(last["filename"], last["content_type"], last["body"])
