"""Dialogues as tables: people made for each, turns, and the exact replies."""

from __future__ import annotations

import re
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import yaml
from sqlalchemy import text

from actions.enrol import enrol
from domain.people import Consent, Kinship, Person, Scope
from tests.conftest import NOW
from tests.live.conftest import Butler
from tests.live.happenings import HAPPENINGS, happen, put_back

FOLDER = Path(__file__).parent.parent / "conversations"
_numbers = count(1)
# What differs from run to run: the random number of a booking, and the secret of a link.
_NUMBER = re.compile(r"单号([0-9A-Z]{6})")
_LINK = re.compile(r"http\S+/chat\?invite=\S+")
# And the four digits for the door.
_CODE = re.compile(r"：\d{4}。")


def dialogues() -> list[tuple[str, dict[str, Any]]]:
    """Every dialogue of the tables, by the name of its file and its own."""
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for name, dialogue in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found.append((f"{path.stem}: {name}", dialogue))
    return found


class Stage:
    """An elder, and where the dialogue says so a child, both made for it."""

    def __init__(self, butler: Butler, dialogue: dict[str, Any]) -> None:
        self.butler = butler
        number = next(_numbers)
        self.elder = Person(
            id=f"elder-{number}",
            name="王秀兰",
            address_as="王阿姨",
            phone=f"150{number:04}1111",
            born_on=date(1948, 5, 12),
            gender="female",
            city_id=dialogue.get("city", "110000"),
            district_id=dialogue.get("district", "110000-3"),
            address="北京朝阳区团结里3号楼2单元501",
        )
        self.child = Person(id=f"child-{number}", name="李强", phone=f"151{number:04}1111", city_id="110000")
        with butler.store.write() as unit:
            unit.people.add(self.elder, self.child)
            unit.flush()
            unit.people.add(Kinship(elder_id=self.elder.id, relative_id=self.child.id, relation="mother"))
            for scope in dialogue.get("child_may", ["see_plan", "see_visits", "book", "alerts"]):
                unit.people.add(
                    Consent(
                        id=f"c{number}{scope}",
                        elder_id=self.elder.id,
                        relative_id=self.child.id,
                        scope=Scope(scope),
                        granted_at=NOW,
                    )
                )
            unit.flush()
            for plan in dialogue.get("plans", ["anxin"]):
                enrol(butler.parts.house, unit, self.elder, plan, date(2026, 1, 1), date(2036, 1, 1))
        self.speaker = self.child if dialogue.get("as") == "child" else self.elder
        self.buttons: dict[str, str] = {}
        # What `{number}` and `{another}` stand for in a turn: one's own last booking, and another family's.
        self.number, self.another = "", ""
        if dialogue.get("another_family"):
            self.another = Stage(butler, {}).booked()

    def say(self, client: httpx.Client, words: str) -> list[str]:
        """Say or press (`[title]`) something, or let it happen (`<what>`); what comes back, with the buttons behind each."""
        happening = words.removeprefix("<").removesuffix(">")
        if words.startswith("<") and happening in HAPPENINGS:
            return self._let_happen(client, happening)
        press = re.fullmatch(r"\[(.+)\]", words)
        payload = words
        if press:
            assert press.group(1) in self.buttons, f"no button {words} among {list(self.buttons)}"
            payload = self.buttons[press.group(1)]
        payload = payload.replace("{number}", self.number).replace("{another}", self.another)
        answer = client.post("/webhooks/rest/webhook", json={"sender": "x", "message": payload})
        assert answer.status_code == 200, answer.text
        lines = []
        for reply in answer.json():
            assert reply["custom"]["role"] == "ai"
            self.buttons |= {b["title"]: b["payload"] for b in reply["buttons"]}
            shown = "".join(f" [{b['title']}]" for b in reply["buttons"])
            self.number = next(iter(_NUMBER.findall(reply["text"])), self.number)
            text = _CODE.sub("：＊＊＊＊。", _NUMBER.sub("单号＊", reply["text"]))
            lines.append(_LINK.sub("链接＊", text) + shown)
        return lines

    def _let_happen(self, client: httpx.Client, what: str) -> list[str]:
        """What is told of the butler's own accord when something happens."""
        path = "/api/v1/me/messages"
        after = client.get(path).json()["next"] or 0
        happen(self, what)
        lines = []
        for told in client.get(path, params={"after": after}).json()["items"]:
            self.buttons |= {b["title"]: b["payload"] for b in told["buttons"]}
            shown = "".join(f" [{b['title']}]" for b in told["buttons"])
            lines.append(_CODE.sub("：＊＊＊＊。", told["text"]) + shown)
        return lines

    def booked(self) -> str:
        """Book something for this elder; its number."""
        with self.butler.client(self.elder.id) as client:
            self.say(client, "约一个后天下午三点的助浴")
            self.say(client, "对")
        assert self.number
        return self.number

    def clear(self) -> None:
        """Give back what the dialogue took, so that the next one finds the same people free."""
        with self.butler.store.engine.begin() as connection:
            connection.execute(text("UPDATE bookings SET status = 'cancelled', hold_until = NULL"))
            # A number that a dialogue moved to is free for the same dialogue on another door.
            mine = {"elder": self.elder.id, "child": self.child.id}
            connection.execute(text("UPDATE persons SET phone = NULL WHERE id IN (:elder, :child)"), mine)
        put_back(self)


def play(butler: Butler, dialogue: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Every turn of a dialogue with what was really answered."""
    stage = Stage(butler, dialogue)
    try:
        with butler.client(stage.speaker.id) as client:
            return [(turn["say"], stage.say(client, turn["say"])) for turn in dialogue["turns"]]
    finally:
        stage.clear()
