"""What a person at the desk says with more than words: buttons to choose from, files."""

from __future__ import annotations

from collections.abc import Sequence

from actions import hand_over
from actions.house import House
from actions.say import press
from actions.sent_files import Body
from domain.conversations import Button, Message
from domain.errors import RuleBroken
from domain.ids import new_id
from domain.people import Person
from domain.store import Unit

MOST_CHOICES, LONGEST_CHOICE = 4, 20


class BadChoices(RuleBroken):
    """Two to four choices, each short and said once."""

    code = "bad_choices"


def reply(
    house: House,
    unit: Unit,
    actor: Person,
    ticket_id: str,
    text: str,
    key: str,
    *,
    choices: Sequence[str] = (),
    files: tuple[Body, ...] = (),
) -> Message:
    """A claimer's words with choices to press and files that lie in the house; a press comes back as words of the member's. Else as `hand_over.reply`.

    Raises BadChoices.
    """
    titles = [title.strip() for title in choices]
    if titles and not (
        2 <= len(titles) == len(set(titles)) <= MOST_CHOICES
        and all(0 < len(title) <= LONGEST_CHOICE for title in titles)
    ):
        raise BadChoices("choices")
    message = hand_over.reply(house, unit, actor, ticket_id, text, key, files)
    if titles and not message.payload.get("buttons"):
        made = [
            Button(
                id=new_id("b"),
                conversation_id=message.conversation_id,
                message_key=message.key,
                title=title,
                action=press("inform"),
                created_at=message.created_at,
            )
            for title in titles
        ]
        unit.conversations.add(*made)
        shown = [{"title": button.title, "payload": button.id} for button in made]
        message.payload = {**message.payload, "buttons": shown}
        unit.flush()
    return message
