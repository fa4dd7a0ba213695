"""The terminal: a door for one person, with the buttons as numbers and what is pushed; and a plain desk for staff."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from typing import Any

import httpx
import typer

from actions.house import House
from actions.on_call import topic_words
from actions.topic_card import facts
from bot.settings import Settings
from bot.tokens import make
from bot.troubles import Trouble
from bot.wiring import house
from domain.ids import new_id
from domain.people import Person
from nlu.zh import times

_VOICES = {"ai": "AI管家", "life": "生活管家", "doctor": "医生管家", "member": "老人家"}
_POLL_SECONDS = 1.0
_QUEUES = {"life": "生活", "doctor": "医生"}
_PRIORITIES = {"urgent": "紧急", "high": "要快", "normal": "平常", "low": "不急"}
_STATES = {
    "open": "没人接",
    "claimed": "在办",
    "waiting": "先放着",
    "resolved": "等老人点头",
    "closed": "办完了",
}
_DESK_HELP = (
    "列表 | 看 单号 | 认领 单号 | 说 单号 话 | 备注 单号 话 | 等 单号 30或下午3点 原因 | 转 单号 原因 | 放回 单号"
    " | 办好 单号 结果（问老人是不是办好了） | 办完 单号 结果（交还AI） | 再开 单号 原因 | 退出"
)
# What is typed: the API's verb, and what the rest of the line is.
_VERBS = {
    "认领": ("claim", ""),
    "说": ("reply", "text"),
    "备注": ("notes", "text"),
    "转": ("transfer", "reason"),
    "放回": ("release", ""),
    "办好": ("resolve", "outcome"),
    "办完": ("close", "outcome"),
    "再开": ("reopen", "reason"),
}


def chat(settings: Settings, name: str, server: str) -> None:
    """Talk until the input ends."""
    made = house(settings)
    with made.store.read() as unit:
        person = unit.people.by_handle(name) or unit.people.get(name)
    if person is None:
        raise Trouble(f"there is nobody called {name}; `guanjia seed` lays the demo people")
    headers = {"Authorization": f"Bearer {make(settings.signing_secret, person.id, 24 * 3600)}"}
    with httpx.Client(base_url=server, headers=headers, timeout=15) as http:
        try:
            http.get("/livez").raise_for_status()
        except httpx.HTTPError as error:
            raise Trouble(f"no butler answers on {server}; start it with `make run`") from error
        (_Desk if person.role.is_butler else _Talk)(http, person, made).run()


class _Door:
    """Reads lines, and shows what is pushed meanwhile."""

    def __init__(self, http: httpx.Client, person: Person, made: House) -> None:
        self.http, self.person, self.house = http, person, made
        self.after = 0
        self.buttons: list[dict[str, str]] = []
        self._ended = threading.Event()

    def run(self) -> None:
        self.after = self._newest()
        self.greet()
        poller = threading.Thread(target=self._poll, daemon=True)
        poller.start()
        for line in sys.stdin:
            if line.strip() in ("退出", "exit", "quit"):
                break
            self.handle(line.rstrip("\n"))
        self._ended.wait(_POLL_SECONDS * 1.5)  # what was pushed by the last words still arrives
        self._ended.set()

    def greet(self) -> None:
        raise NotImplementedError

    def handle(self, line: str) -> None:
        raise NotImplementedError

    def show(self, role: str, text: str, buttons: list[dict[str, str]]) -> None:
        """Who speaks, the words, the buttons as numbers."""
        typer.echo(f"【{_VOICES.get(role, role)}】{text}")
        if buttons:
            self.buttons = buttons
            typer.echo("   " + "  ".join(f"[{n}] {b['title']}" for n, b in enumerate(buttons, 1)))

    def _newest(self) -> int:
        last = 0
        while page := self._pushed(last):
            last = page[-1]["id"]
        return last

    def _pushed(self, after: int) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.http.get("/api/v1/me/messages", params={"after": after}).json()[
            "items"
        ]
        return items

    def _poll(self) -> None:
        while not self._ended.wait(_POLL_SECONDS):
            try:
                for item in self._pushed(self.after):
                    self.after = item["id"]
                    self.show(item["role"], item["text"], item["buttons"])
            except (httpx.HTTPError, KeyError):
                continue


class _Talk(_Door):
    """An elder or a child."""

    def greet(self) -> None:
        typer.echo(f"您是{self.person.called}。打字说话；打数字就是按按钮；「退出」结束。")

    def handle(self, line: str) -> None:
        text = line.strip()
        if text.isdigit() and 0 < int(text) <= len(self.buttons):
            text = self.buttons[int(text) - 1]["payload"]
        answer = self.http.post(
            "/webhooks/rest/webhook",
            json={"sender": self.person.id, "message": text, "message_id": new_id("tm")},
        )
        if answer.status_code != 200:
            typer.echo(f"（{answer.json().get('detail', answer.status_code)}）")
            return
        for reply in answer.json():
            self.show(reply["custom"]["role"], reply["text"], reply["buttons"])


class _Desk(_Door):
    """A coordinator: tickets of the own queues, with what the API lets one do with them."""

    def greet(self) -> None:
        typer.echo(f"{self.person.name}，{_DESK_HELP}")
        self._list()

    def handle(self, line: str) -> None:
        words = line.split(maxsplit=2)
        if not words or words[0] == "列表":
            self._list()
            return
        number, rest = words[1] if len(words) > 1 else "", words[2] if len(words) > 2 else ""
        ticket = self._ticket(number)
        if ticket is None:
            typer.echo(_DESK_HELP)
            return
        if words[0] == "看":
            self._show(ticket)
        elif words[0] == "等":
            self._wait(ticket, rest)
        elif words[0] in _VERBS:
            verb, field = _VERBS[words[0]]
            if field and not rest:
                typer.echo(f"后面还要写一句：{words[0]} 单号 …")
                return
            body = {field: rest} if field else {}
            if verb == "transfer":
                body["queue"] = "doctor" if ticket["queue"] == "life" else "life"
            if verb in ("reply", "notes"):
                body["message_id"] = new_id("tm")
            self._do(ticket, verb, body)
        else:
            typer.echo(_DESK_HELP)

    def _wait(self, ticket: dict[str, Any], rest: str) -> None:
        """So many minutes, or a time said in Chinese, and what for."""
        when, _, reason = rest.partition(" ")
        until = self._until(when)
        if until is None or not reason.strip():
            typer.echo("等到什么时候、等什么？比如：等 单号 30 护士回电话；等 单号 下午3点 护士回电话")
            return
        self._do(ticket, "wait", {"until": until, "reason": reason.strip()})

    def _until(self, said: str) -> str | None:
        now = self.house.now()
        if said.isascii() and said.isdigit():
            return (now + timedelta(minutes=int(said[:5]))).isoformat()
        found = times.first(said, now, self.house.calendar)
        is_clock = found.kind == "point" and found.grain in ("minute", "hour")
        return found.value if is_clock and isinstance(found.value, str) else None

    def _show(self, ticket: dict[str, Any]) -> None:
        path = f"/api/v1/tickets/{ticket['id']}"
        for line in facts(self.house, self.http.get(path).json()["card"]):
            typer.echo(line)
        for item in self.http.get(f"{path}/messages").json()["items"]:
            typer.echo(f"【{_VOICES.get(item['who'], item['who'])}】{item['text'] or '（医生管家的谈话）'}")
        for note in self.http.get(f"{path}/notes").json()["items"]:
            typer.echo(f"〔备注 {note['author_name']}〕{note['text']}")

    def _ticket(self, number: str) -> dict[str, Any] | None:
        if not number:
            return None
        found = self.http.get("/api/v1/tickets", params={"q": number, "limit": 50}).json()["items"]
        return next((one for one in found if one["number"] == number.upper()), None)

    def _list(self) -> None:
        params: dict[str, str | int] = {"state": "open,claimed,waiting,resolved", "limit": 50}
        for ticket in self.http.get("/api/v1/tickets", params=params).json()["items"]:
            owner = "（我）" if ticket["owner"] == self.person.id else ""
            typer.echo(
                f"{ticket['number']} {_QUEUES.get(ticket['queue'], '')} {_PRIORITIES[ticket['priority']]}"
                f" {_STATES[ticket['state']]}{owner} {topic_words(self.house, ticket['topic'])} {ticket['member_name']}"
            )

    def _do(self, ticket: dict[str, Any], verb: str, body: dict[str, Any]) -> None:
        answer = self.http.post(f"/api/v1/tickets/{ticket['id']}/{verb}", json=body)
        typer.echo("好了" if answer.is_success else f"不行：{answer.json().get('detail')}")
