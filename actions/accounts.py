"""Accounts: signing in with a one-time code, joining a door, leaving it, and a telephone that was lost.

Codes and links are kept as digests only; they are told to nobody but their owner, and are in no log.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from actions.house import House
from actions.say import put
from actions.ticket_clocks import record
from domain.doors import (
    CODE_AGAIN,
    CODE_FAILURES,
    CODE_LOCKED,
    INVITATION_LIVES,
    TOO_OLD,
    Account,
    Code,
    DeliveryState,
    Invitation,
)
from domain.errors import RuleBroken
from domain.ids import new_id
from domain.people import Person
from domain.store import Unit

_PHONE = re.compile(r"1[3-9]\d{9}")


class WrongCode(RuleBroken):
    """The code is not the one, or its five minutes are over, or it was used."""

    code = "wrong_code"


class Locked(RuleBroken):
    """Too many failures, or asked for again too soon. `until` says when it can be tried again."""

    code = "locked"

    def __init__(self, until: datetime) -> None:
        super().__init__("locked")
        self.until = until


class LinkOver(RuleBroken):
    """A one-time link that was used, is too old, or never was."""

    code = "link_over"


def phone_of(said: str) -> str | None:
    """A mainland mobile number as it is kept (eleven digits), from what somebody typed or a door tells."""
    digits = re.sub(r"[\s\-+()（）]", "", said.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    digits = digits.removeprefix("0086") if digits.startswith("0086") else digits
    digits = digits.removeprefix("86") if len(digits) == 13 else digits
    return digits if _PHONE.fullmatch(digits) else None


@dataclass(frozen=True)
class Sent:
    """A code to be carried to its telephone. `code` is told to its owner alone; nobody's number: it is made all the
    same, so that asking tells nobody who is a member."""

    phone: str
    code: str
    known: bool


def ask_code(house: House, unit: Unit, phone: str) -> Sent:
    """A fresh code for a telephone. Raises Locked where it was asked for a moment ago or is locked."""
    now = house.now()
    kept = unit.doors.code(phone)
    if kept is not None:
        if kept.locked_until is not None and now < kept.locked_until:
            raise Locked(kept.locked_until)
        if kept.used_at is None and now < kept.created_at + CODE_AGAIN:
            raise Locked(kept.created_at + CODE_AGAIN)
    fresh = f"{secrets.randbelow(10**6):06}"
    if kept is None:
        unit.doors.add(Code(phone=phone, digest=_digest(phone, fresh), created_at=now))
    else:
        # Failures go on counting over new codes, so that asking again is no way around the lock.
        failures = kept.failures if kept.used_at is None and kept.locked_until is None else 0
        kept.digest, kept.created_at, kept.failures = _digest(phone, fresh), now, failures
        kept.used_at = kept.locked_until = None
    unit.flush()
    return Sent(phone, fresh, known=unit.people.by_phone(phone) is not None)


def use_code(house: House, unit: Unit, phone: str, code: str) -> bool:
    """Whether this is the telephone's code; each code is good once. Raises Locked.

    A wrong one is counted, so the caller must let the transaction be kept.
    """
    now = house.now()
    kept = unit.doors.code(phone)
    if kept is not None and kept.locked_until is not None and now < kept.locked_until:
        raise Locked(kept.locked_until)
    if kept is None or not kept.open_at(now):
        return False
    if not hmac.compare_digest(kept.digest, _digest(phone, code.strip())):
        kept.failures += 1
        if kept.failures >= CODE_FAILURES:
            kept.locked_until = now + CODE_LOCKED
        return False
    kept.used_at, kept.failures = now, 0
    return True


def _digest(phone: str, code: str) -> str:
    return hashlib.sha256(f"{phone}:{code}".encode()).hexdigest()


def join(house: House, unit: Unit, person: Person, door: str, external_id: str) -> Account:
    """Let a chat speak for a person; the person's other doors hear of it.

    A chat that spoke for somebody else no longer does: whoever proves a telephone now is who holds it.
    """
    now = house.now()
    found = unit.doors.account_of(door, external_id)
    if found is not None and found.person_id == person.id:
        found.blocked_at = None
        return found
    if found is not None:
        leave(house, unit, found)
        unit.flush()
    others = list(unit.doors.accounts(person.id))
    account = Account(id=new_id("ac"), person_id=person.id, door=door, external_id=external_id, joined_at=now)
    if others:
        # Told before the new chat listens: whoever holds the old one may not be who has just come.
        conversation = unit.conversations.of(person.id)
        text = house.words.say("joined_elsewhere", door=house.words.say(f"door_{door}"))
        put(unit, conversation, text, key=f"{account.id}:joined", now=now)
    unit.doors.add(account)
    unit.flush()
    return account


def leave(house: House, unit: Unit, account: Account) -> None:
    """The chat speaks for nobody any more, and what was still on its way there does not go."""
    account.left_at = house.now()
    for delivery in unit.doors.open_of(account.id):
        delivery.over(DeliveryState.DROPPED, "left")


def shut_out(house: House, unit: Unit, person: Person, keep: Account | None = None) -> int:
    """A telephone was lost: every login, chat and calendar link ends but the one that is spoken from. Returns how many chats ended."""
    person.logins_since = datetime.now(UTC)
    ended = [account for account in unit.doors.accounts(person.id) if keep is None or account.id != keep.id]
    for account in ended:
        leave(house, unit, account)
    for link in unit.doors.calendar_links(person.id):
        link.revoked_at = house.now()
    return len(ended)


def back(house: House, unit: Unit, account: Account) -> None:
    """Somebody who had blocked the door writes again: what waited goes out, but for what is too old to be of use."""
    if account.blocked_at is None:
        return
    now = house.now()
    account.blocked_at = None
    conversation = unit.conversations.of_existing(account.person_id)
    for ticket in unit.tickets.live_of(conversation.id) if conversation is not None else ():
        record(house, unit, ticket, "back", account.person_id)
    for delivery in unit.doors.open_of(account.id):
        message = unit.conversations.message(delivery.message_id)
        if message is None or now - message.created_at > TOO_OLD:
            delivery.over(DeliveryState.DROPPED, "too_old")
        else:
            delivery.due_at = now


def one_time_link(
    house: House, unit: Unit, inviter: Person, relation: str | None = None, scopes: tuple[str, ...] = ()
) -> str:
    """The secret part of a one-time link: to one's own other door, or (with a relation) from an elder to a relative."""
    token = secrets.token_urlsafe(18)
    now = house.now()
    unit.doors.add(
        Invitation(
            id=new_id("iv"),
            digest=_token_digest(token),
            inviter_id=inviter.id,
            created_at=now,
            expires_at=now + INVITATION_LIVES,
            relation=relation,
            scopes=list(scopes),
        )
    )
    unit.flush()
    return token


def invitation(house: House, unit: Unit, token: str) -> Invitation:
    """The invitation behind a link that can still be used. Raises LinkOver."""
    found = unit.doors.invitation(_token_digest(token))
    if found is None or not found.open_at(house.now()):
        raise LinkOver("link")
    return found


def opens(house: House, unit: Unit, token: str) -> bool:
    """Whether there is something behind a link that can still be used."""
    try:
        invitation(house, unit, token)
    except LinkOver:
        return False
    return True


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
