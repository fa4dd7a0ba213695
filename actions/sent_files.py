"""Files that people send: kept beside their message, shown by the policy of the conversation that they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.house import House
from actions.in_hand import readable
from domain.conversations import Message
from domain.errors import NotFound
from domain.ids import new_id
from domain.people import Person
from domain.policy import may_read_words
from domain.store import Unit
from domain.topics import LARGEST, Kept, Sent, place_in

_ID = re.compile(r"fl_[0-9a-z]{1,36}")
# What a door can fetch; a place, a contact or a sticker is no file to keep.
KINDS = ("photo", "voice", "video", "file")


@dataclass(frozen=True)
class Body:
    """What goes out beside words: a file that lies in the house already, at `path` under the folder of data; or a
    place, whose `path` is its latitude and longitude."""

    kind: str
    path: str
    size: int = 0
    type: str = ""


def path_of(file_id: str) -> str:
    """Where a file is to lie; from our own id only."""
    return f"sent/{file_id[-2:]}/{file_id}"


def came(house: House, unit: Unit, message: Message, attached: object) -> Sent | None:
    """Note what came with a message, to be fetched unless it lies in the house; what is too large is lost at once.

    None for what is no file.
    """
    if not isinstance(attached, dict) or attached.get("kind") not in KINDS:
        return None
    size, here = attached.get("size"), attached.get("path")
    if message.id is None or not (here or attached.get("ref")):
        return None
    number = new_id("fl")
    lost = isinstance(size, int) and size > LARGEST
    made = Sent(
        id=number,
        message_id=message.id,
        kind=str(attached["kind"]),
        door=message.channel,
        ref=str(attached["ref"])[:255],
        path=str(here) if here else path_of(number),
        at=house.now(),
        state=Kept.KEPT if here else Kept.LOST if lost else Kept.WAITING,
        size=size if isinstance(size, int) else None,
        type=str(attached["type"]) if here else None,
    )
    unit.topics.add(made)
    return made


def shown_with(bodies: tuple[Body, ...]) -> dict[str, object]:
    """What a message says of its files to the door that carries it."""
    if not bodies:
        return {}
    found: dict[str, object] = {
        "attachments": [{"kind": body.kind, "path": body.path} for body in bodies],
    }
    place = next((body.path for body in bodies if body.kind == "place"), None)
    return found | ({"attached": {"kind": "place", "ref": place}} if place else {})


def goes(house: House, unit: Unit, message: Message, bodies: tuple[Body, ...]) -> None:
    """Note what goes out with a message; a second time changes nothing."""
    assert message.id is not None
    files = [body for body in bodies if body.kind != "place"]
    if not files or unit.topics.files_of([message.id]):
        return
    for body in files:
        unit.topics.add(
            Sent(
                id=new_id("fl"),
                message_id=message.id,
                kind=body.kind if body.kind in KINDS else "file",
                door="desk",
                ref="",
                path=body.path,
                at=house.now(),
                state=Kept.KEPT,
                size=body.size,
                type=body.type,
            )
        )


def is_with(unit: Unit, message: Message, body: Body) -> bool:
    """Whether this very file goes out with the message."""
    assert message.id is not None
    return any(file.path == body.path for file in unit.topics.files_of([message.id]))


def place_of(message: Message) -> tuple[float, float] | None:
    """The latitude and longitude that somebody has shared with these words."""
    attached = message.payload.get("attached")
    if not isinstance(attached, dict) or attached.get("kind") != "place":
        return None
    return place_in(str(attached.get("ref", "")))


def words_with(message: Message) -> str:
    """The words as colleagues read them, with whose card it is that came beside them."""
    attached = message.payload.get("attached")
    named = isinstance(attached, dict) and attached.get("kind") == "contact" and attached.get("ref")
    return f"{message.text} {named}" if named else message.text


def of_ticket(unit: Unit, actor: Person, ticket_id: str, file_id: str) -> Sent:
    """A file of the conversation behind a ticket. Raises NotFound for whoever may not read the words beside it."""
    ticket = readable(unit, actor, ticket_id)
    found, message = _with_message(unit, file_id)
    if message.conversation_id != ticket.conversation_id or not may_read_words(ticket.queue, message.payload):
        raise NotFound(file_id)
    return found


def of_own(unit: Unit, actor: Person, file_id: str) -> Sent:
    """A file of one's own conversation. Raises NotFound."""
    found, message = _with_message(unit, file_id)
    mine = unit.conversations.of_existing(actor.id)
    if mine is None or message.conversation_id != mine.id:
        raise NotFound(file_id)
    return found


def _with_message(unit: Unit, file_id: str) -> tuple[Sent, Message]:
    found = unit.topics.file(file_id) if _ID.fullmatch(file_id) else None
    message = unit.conversations.message(found.message_id) if found is not None else None
    if found is None or message is None or found.state is not Kept.KEPT:
        raise NotFound(file_id)
    return found, message
