"""Dialogues as tables: people made for each, turns, and the exact replies."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import yaml
from sqlalchemy import text

from actions.enrol import enrol
from bot.ticking import tick
from domain.benefits import Assessment, EntryKind
from domain.people import Consent, Kinship, Person, Scope
from domain.store import Unit
from tests.conftest import NOW
from tests.live.conftest import Butler
from tests.live.happenings import HAPPENINGS, happen, put_back
from tests.live.neighbours import Neighbours

FOLDER = Path(__file__).parent.parent / "conversations"
_numbers = count(1)
# What differs from run to run: the random number of a booking, the secret of a link, the telephone of who was made for a
# dialogue.
_NUMBER = re.compile(r"单号([0-9A-Z]{6})")
_PHONE = re.compile(r"(?:(?<=电话)|(?<=[话系问]：))15[012]\d{4}1111")
_LINK = re.compile(r"http\S+/chat\?invite=\S+|http\S+/calendar/\S+")
_JOIN = re.compile(r"(?<=/join/)[0-9A-Z]{6}")
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
        if "now" in dialogue:
            butler.clock.moment = datetime.fromisoformat(dialogue["now"])
        number = next(_numbers)
        self.elder = Person(
            id=f"elder-{number}",
            name="王秀兰",
            address_as="王阿姨",
            phone=f"150{number:04}1111",
            born_on=date.fromisoformat(dialogue.get("born", "1948-05-12")),
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
            since = date.fromisoformat(dialogue.get("since", "2026-01-01"))
            elders = [self.elder, *self._father(unit, number, dialogue)]
            for elder in elders:
                for plan in dialogue.get("plans", ["anxin"]):
                    enrol(butler.parts.house, unit, elder, plan, since, date(2036, 1, 1))
            if "used" in dialogue:
                self._use(unit, int(dialogue["used"]))
            if "assessed" in dialogue:
                self._assess(unit, number, int(dialogue["assessed"]))
        self.speaker = self.child if dialogue.get("as") == "child" else self.elder
        self.buttons: dict[str, str] = {}
        self.heard = 0
        # The same of the child, where the child speaks in the elder's dialogue.
        self._childs: tuple[dict[str, str], int] = ({}, 0)
        self.neighbours = Neighbours(butler, self.elder)
        # What `{number}` and `{another}` stand for in a turn: one's own last booking, and another family's.
        self.number, self.another = "", ""
        if dialogue.get("another_family"):
            self.another = Stage(butler, {}).booked()

    def _father(self, unit: Unit, number: int, dialogue: dict[str, Any]) -> list[Person]:
        """The child's other parent, where the dialogue has two."""
        if not dialogue.get("two_parents"):
            return []
        father = Person(
            id=f"father-{number}",
            name="李国强",
            phone=f"152{number:04}1111",
            born_on=date(1946, 2, 3),
            gender="male",
            city_id=self.elder.city_id,
            district_id=self.elder.district_id,
            address=self.elder.address,
        )
        unit.people.add(father)
        unit.flush()
        unit.people.add(Kinship(elder_id=father.id, relative_id=self.child.id, relation="father"))
        for scope in ("see_plan", "see_visits", "book", "alerts"):
            unit.people.add(
                Consent(
                    id=f"f{number}{scope}",
                    elder_id=father.id,
                    relative_id=self.child.id,
                    scope=Scope(scope),
                    granted_at=NOW,
                )
            )
        unit.flush()
        return [father]

    def _use(self, unit: Unit, amount: int) -> None:
        """So much of each of the elder's benefits is not there any more."""
        for item in unit.benefits.entitlements(self.elder.id, NOW.date()):
            if item.balance.left >= amount:
                key = f"used:{item.grant.id}"
                unit.benefits.post(EntryKind.ADJUST, item.grant.id, -amount, key=key, at=NOW, reason="used")

    def _assess(self, unit: Unit, number: int, level: int) -> None:
        """An ability level that a person found in the spring."""
        unit.benefits.add(
            Assessment(
                id=f"as{number}",
                person_id=self.elder.id,
                level=level,
                assessed_on=date(2026, 5, 1),
                valid_until=date(2027, 4, 30),
                assessor_id="supervisor",
                created_at=NOW,
            )
        )

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
            lines.append(plain(reply["text"]) + shown)
        return lines

    def _let_happen(self, client: httpx.Client, what: str) -> list[str]:
        """What is told of the butler's own accord when something happens."""
        self._told(client)
        happen(self, what)
        return self._told(client)

    def _told(self, client: httpx.Client) -> list[str]:
        """What was pushed since the last time."""
        told = client.get("/api/v1/me/messages", params={"after": self.heard}).json()
        self.heard = told["next"] or self.heard
        lines = []
        for item in told["items"]:
            self.buttons |= {b["title"]: b["payload"] for b in item["buttons"]}
            lines.append(plain(item["text"]) + "".join(f" [{b['title']}]" for b in item["buttons"]))
        return lines

    def later(self, client: httpx.Client, minutes: int) -> list[str]:
        """Let time pass, with what falls due in it; what was told of our own accord meanwhile."""
        self.butler.clock.advance(timedelta(minutes=minutes))
        asyncio.run(tick(self.butler.parts))
        return self._told(client)

    def turn(self, client: httpx.Client, turn: dict[str, Any]) -> list[str]:
        """One turn of a dialogue: something said, time that passes, or another who gives up a time or takes one."""
        if turn.get("by") == "child":
            return self._by_child({key: value for key, value in turn.items() if key != "by"})
        if "say" in turn:
            return self.say(client, turn["say"])
        if "minutes" in turn:
            return self.later(client, turn["minutes"])
        if "given_up" in turn:
            self.neighbours.give_up(turn["given_up"])
        else:
            self.neighbours.fill(turn["taken"])
        return []

    def _by_child(self, turn: dict[str, Any]) -> list[str]:
        """A turn of the child in between, who has buttons and pushed words of their own."""
        mine = self.buttons, self.heard
        self.buttons, self.heard = self._childs
        try:
            with self.butler.client(self.child.id) as client:
                return self.turn(client, turn)
        finally:
            self._childs = self.buttons, self.heard
            self.buttons, self.heard = mine

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
            connection.execute(text("UPDATE series SET state = 'dropped', due_at = NULL"))
            connection.execute(text("UPDATE waits SET state = 'left', booking_id = NULL"))
            connection.execute(text("UPDATE freed_times SET due_at = NULL"))
            # Who was rated low comes less often, and not in the next dialogue.
            for rated in ("staff", "providers"):
                connection.execute(text(f"UPDATE {rated} SET rating_sum = 0, rating_count = 0"))
            # A number that a dialogue moved to is free for the same dialogue on another door.
            mine = {"elder": self.elder.id, "child": self.child.id}
            connection.execute(text("UPDATE persons SET phone = NULL WHERE id IN (:elder, :child)"), mine)
        self.butler.clock.moment = NOW
        put_back(self)


def plain(told: str) -> str:
    """What was said, without what differs from run to run."""
    steady = _LINK.sub("链接＊", _CODE.sub("：＊＊＊＊。", _NUMBER.sub("单号＊", told)))
    return _PHONE.sub("＊", _JOIN.sub("＊", steady))


def play(butler: Butler, dialogue: dict[str, Any]) -> list[tuple[dict[str, Any], list[str]]]:
    """Every turn of a dialogue with what was really answered."""
    stage = Stage(butler, dialogue)
    try:
        with butler.client(stage.speaker.id) as client:
            return [(turn, stage.turn(client, turn)) for turn in dialogue["turns"]]
    finally:
        stage.clear()
