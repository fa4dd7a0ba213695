"""The terminal: a door for one person, with the buttons as numbers and what is pushed; and a plain desk for staff."""

from __future__ import annotations

import sys
import threading
from typing import Any

import httpx
import typer

from bot.settings import Settings
from bot.tokens import make
from bot.troubles import Trouble
from bot.wiring import house
from domain.ids import new_id
from domain.people import Person

_VOICES = {"ai": "AI管家", "life": "生活管家", "doctor": "医生管家", "member": "老人家"}
_POLL_SECONDS = 1.0
_DESK_HELP = "列表 | 认领 单号 | 说 单号 话 | 办完 单号 结果 | 看 单号 | 退出"


def chat(settings: Settings, name: str, server: str) -> None:
    """Talk until the input ends."""
    with house(settings).store.read() as unit:
        person = unit.people.by_handle(name) or unit.people.get(name)
    if person is None:
        raise Trouble(f"there is nobody called {name}; `guanjia seed` lays the demo people")
    headers = {"Authorization": f"Bearer {make(settings.signing_secret, person.id, 24 * 3600)}"}
    with httpx.Client(base_url=server, headers=headers, timeout=15) as http:
        try:
            http.get("/livez").raise_for_status()
        except httpx.HTTPError as error:
            raise Trouble(f"no butler answers on {server}; start it with `make run`") from error
        (_Desk if person.role.is_butler else _Talk)(http, person).run()


class _Door:
    """Reads lines, and shows what is pushed meanwhile."""

    def __init__(self, http: httpx.Client, person: Person) -> None:
        self.http, self.person = http, person
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
    """A coordinator: tickets of the own queues."""

    def greet(self) -> None:
        typer.echo(f"{self.person.name}，{_DESK_HELP}")
        self._list()

    def handle(self, line: str) -> None:
        words = line.split(maxsplit=2)
        if not words or words[0] == "列表":
            self._list()
            return
        number = words[1] if len(words) > 1 else ""
        ticket = next((t for t in self._tickets() if t["number"] == number.upper()), None)
        if ticket is None:
            typer.echo(_DESK_HELP)
            return
        path = f"/api/v1/tickets/{ticket['id']}"
        rest = words[2] if len(words) > 2 else ""
        if words[0] == "认领":
            self._done(self.http.post(f"{path}/claim"))
        elif words[0] == "说":
            self._done(self.http.post(f"{path}/reply", json={"text": rest, "message_id": new_id("tm")}))
        elif words[0] == "办完":
            self._done(self.http.post(f"{path}/close", json={"outcome": rest}))
        elif words[0] == "看":
            for item in self.http.get(f"{path}/messages").json()["items"]:
                typer.echo(
                    f"【{_VOICES.get(item['who'], item['who'])}】{item['text'] or '（医生管家的谈话）'}"
                )
        else:
            typer.echo(_DESK_HELP)

    def _tickets(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get("/api/v1/tickets", params={"limit": 50}).json()["items"]
        return found

    def _list(self) -> None:
        for ticket in self._tickets():
            if ticket["state"] != "closed":
                who = ticket["card"]["who"]["name"]
                typer.echo(
                    f"{ticket['number']} {ticket['priority']} {ticket['state']} {ticket['topic']} {who}"
                )

    def _done(self, answer: httpx.Response) -> None:
        typer.echo("好了" if answer.is_success else f"不行：{answer.json().get('detail')}")
