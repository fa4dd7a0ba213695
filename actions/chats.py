"""A chat of a door that must be written to: joined by one's own telephone or a one-time link, left, blocked, back."""

from __future__ import annotations

from actions import accounts, invite
from actions.house import House
from actions.say import put
from actions.ticket_clocks import record
from domain.conversations import Conversation, Message, Speaker, State
from domain.doors import Account
from domain.people import Person, Role
from domain.store import Unit

# What somebody is told who has joined: by what they are here for.
_WELCOMES = {Role.CARER: "welcome_carer"} | {role: "welcome_staff" for role in Role if role.is_butler}


def join_by_phone(
    house: House, unit: Unit, door: str, external_id: str, phone: str, key: str
) -> Account | None:
    """Let a chat in whose owner has shown this telephone to be their own; None where nobody has it.

    `key` is the door's own id of the update, so that one delivered twice welcomes once.
    """
    found = accounts.phone_of(phone)
    person = unit.people.by_phone(found) if found is not None else None
    return None if person is None else _let_in(house, unit, person, door, external_id, key)


def join_by_link(
    house: House, unit: Unit, door: str, external_id: str, token: str, key: str
) -> Account | None:
    """Let a chat in by its owner's own one-time link; None for an elder's invitation, which joins nobody to a door:
    who takes it up must be known first. Raises LinkOver.
    """
    link = accounts.invitation(house, unit, token)
    person = unit.people.get(link.inviter_id)
    if person is None:
        raise accounts.LinkOver("link")
    if link.relation is not None:
        return None
    link.used_at, link.used_by = house.now(), person.id
    return _let_in(house, unit, person, door, external_id, key)


def take_invitation(house: House, unit: Unit, account: Account, token: str, key: str) -> None:
    """An elder's invitation, taken up by somebody whose chat is known: done, and said. Raises LinkOver, OwnInvitation."""
    person = unit.people.get(account.person_id)
    assert person is not None
    invite.accept(house, unit, token, person)
    conversation = unit.conversations.of(person.id)
    came = _note(house, unit, conversation, account, house.words.say("was_invited"), key)
    text = house.words.say("invitation_taken")
    put(unit, conversation, text, key=f"{key}:taken", now=house.now(), reply_to=came.id)


def join_family(
    house: House, unit: Unit, door: str, external_id: str, contact: tuple[str, str], token: str, key: str
) -> Account | None:
    """Let a chat in that takes up an elder's invitation with its owner's own contact (telephone, name): a member
    already or somebody new. None where the telephone is none of ours to keep. Raises LinkOver, OwnInvitation.
    """
    phone = accounts.phone_of(contact[0])
    if phone is None:
        return None
    invite.look(house, unit, token)
    person = invite.somebody(house, unit, phone, contact[1])
    account = _let_in(house, unit, person, door, external_id, key)
    take_invitation(house, unit, account, token, f"{key}:invited")
    return account


def leave(house: House, unit: Unit, account: Account, key: str) -> None:
    """The chat goes, and that it did stays in the conversation."""
    conversation = unit.conversations.of(account.person_id)
    _note(
        house, unit, conversation, account, house.words.say("was_left", door=_name(house, account.door)), key
    )
    accounts.leave(house, unit, account)


def blocked(house: House, unit: Unit, account: Account) -> None:
    """Nothing goes there until the person is back."""
    if account.blocked_at is not None:
        return
    account.blocked_at = house.now()
    conversation = unit.conversations.of_existing(account.person_id)
    for ticket in unit.tickets.live_of(conversation.id) if conversation is not None else ():
        record(house, unit, ticket, "blocked", account.person_id)


def _let_in(house: House, unit: Unit, person: Person, door: str, external_id: str, key: str) -> Account:
    account = accounts.join(house, unit, person, door, external_id)
    conversation = unit.conversations.of(person.id)
    text = house.words.say("was_joined", door=_name(house, door))
    came = _note(house, unit, conversation, account, text, key)
    put(
        unit,
        conversation,
        house.words.say(_WELCOMES.get(person.role, "welcome_chat"), called=person.called),
        key=f"{key}:welcome",
        now=house.now(),
        reply_to=came.id,
        extra={"welcome": True},
    )
    return account


def _note(
    house: House, unit: Unit, conversation: Conversation, account: Account, text: str, key: str
) -> Message:
    """What somebody did with a chat, as a line of the conversation that asks for no answer."""
    known = unit.conversations.by_key(key)
    if known is not None:
        return known
    message = Message(
        conversation_id=conversation.id,
        direction="in",
        speaker=Speaker.MEMBER,
        channel=account.door,
        text=text,
        key=key,
        state=State.ANSWERED,
        created_at=house.now(),
        author_id=account.person_id,
        payload={"account": account.id},
    )
    unit.conversations.add(message)
    unit.flush()
    return message


def _name(house: House, door: str) -> str:
    return house.words.say(f"door_{door}")
