"""The calendar that people take with them: what is in it, what is not, how it changes, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from actions import calendar_feed
from actions.accounts import shut_out
from actions.book import cancel, move
from actions.calendar_feed import LINKS, Entry, Feed
from actions.find_times import Ask, find_times
from actions.house import House
from actions.say import put
from bot.api.app import create
from bot.api.calendar import as_ical
from bot.doors.ledger import outgoing
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from domain.bookings import Booking
from domain.clock import SHANGHAI, FixedClock
from domain.conversations import Message
from domain.people import Consent, Kinship, Person, Scope
from domain.store.bulk import count
from tests.actions.visiting import START, add_carers, booked, read, who
from tests.conftest import NOW

SECRET = "a secret of the tests, long enough for SHA-256"


class Phone:
    """A calendar program, and the person who sets it up."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def link(self, person: str) -> str:
        made = self.client.post("/api/v1/me/calendar", headers=self._auth(person))
        assert made.status_code == 201
        url: str = made.json()["url"]
        return url[url.index("/calendar/") :]

    def revoke(self, person: str) -> int:
        found: dict[str, int] = self.client.delete("/api/v1/me/calendar", headers=self._auth(person)).json()
        return found["revoked"]

    def events(self, link: str) -> dict[str, Any]:
        """Events by UID."""
        answer = self.client.get(link)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        for line in answer.content.split(b"\r\n"):
            assert len(line) <= 75
            assert b"\n" not in line
        return {str(e["uid"]): e for e in Calendar.from_ical(answer.content).walk("VEVENT")}

    def _auth(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {make(SECRET, person, 3600)}"}


@pytest.fixture
def phone(house: House, tmp_path: Path) -> Iterator[Phone]:
    add_carers(house)
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield Phone(client)


def booking_of(house: House, visit_id: str) -> Booking:
    return read(house, visit_id)[1]


def test_a_visit_is_there_with_no_more_than_it_needs(phone: Phone, house: House) -> None:
    booking = booking_of(house, booked(house))
    link = phone.link("mei")

    ((uid, event),) = phone.events(link).items()

    assert uid == f"{booking.id}@guanjia"
    assert (str(event["summary"]), str(event["location"]), str(event["status"])) == (
        "助浴",
        "家里",
        "CONFIRMED",
    )
    assert (event["dtstart"].dt, event["dtend"].dt) == (booking.begin, booking.end)
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    body = phone.client.get(link).text
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai" in body
    assert "TZOFFSETTO:+0800" in body
    # Neither where she lives, nor what is known of her, nor who comes.
    for secret in ("试城东区一号", "allergies", "有狗", "高师傅", "13900000001", "刘梅"):
        assert secret not in body.replace("\r\n ", "")


def test_a_move_and_a_cancel_change_the_same_event(phone: Phone, house: House, clock: FixedClock) -> None:
    booking = booking_of(house, booked(house))
    link = phone.link("huan")
    before = phone.events(link)[f"{booking.id}@guanjia"]
    clock.advance(timedelta(minutes=5))

    with house.store.write() as unit:
        mei, day = who(unit, "mei"), START.replace(hour=0) + timedelta(days=1)
        ask = Ask(
            mei, house.catalogue.service("assisted_bathing"), "home", (day, day + timedelta(days=1)), day
        )
        move(house, unit, mei, booking.id, find_times(house, unit, ask)[0])
    moved = phone.events(link)[f"{booking.id}@guanjia"]
    clock.advance(timedelta(minutes=5))
    with house.store.write() as unit:
        cancel(house, unit, who(unit, "mei"), booking.id)
    dropped = phone.events(link)[f"{booking.id}@guanjia"]

    assert before["sequence"] < moved["sequence"] < dropped["sequence"]
    assert before["dtstamp"].dt < moved["dtstamp"].dt < dropped["dtstamp"].dt
    assert moved["dtstart"].dt > before["dtstart"].dt
    assert [str(e["status"]) for e in (before, moved, dropped)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert str(dropped["summary"]) == "母亲：助浴"


def test_a_relative_sees_as_far_as_consent_reaches_and_nothing_private(phone: Phone, house: House) -> None:
    private = booking_of(house, booked(house, actor="mei", private=True))
    shown = booking_of(house, booked(house, at=START + timedelta(days=1), key="k2"))
    links = {name: phone.link(name) for name in ("mei", "huan", "stranger")}

    # Who looks at a calendar is not asked who they are: what is private stands in none.
    assert {name: [*phone.events(link)] for name, link in links.items()} == {
        "mei": [f"{shown.id}@guanjia"],
        "huan": [f"{shown.id}@guanjia"],
        "stranger": [],
    }
    assert private.id not in phone.client.get(links["huan"]).text
    with house.store.write() as unit:
        for consent in unit.people.consents_of("mei"):
            consent.revoked_at = NOW
    assert phone.events(links["huan"]) == {}


def test_what_was_only_held_is_not_there(phone: Phone, house: House) -> None:
    booking = booking_of(house, booked(house))
    with house.store.write() as unit:
        found = unit.bookings.get(booking.id)
        assert found is not None
        found.cancel_reason, found.status = "not_confirmed", type(found.status).CANCELLED

    assert phone.events(phone.link("mei")) == {}


def test_that_a_relative_looks_is_written_down_once_a_day(
    phone: Phone, house: House, clock: FixedClock
) -> None:
    booked(house)
    link = phone.link("huan")
    before = count(house.store, "consent_uses")

    for _ in range(3):
        phone.events(link)
    assert count(house.store, "consent_uses") == before + 1
    clock.advance(timedelta(days=1))
    phone.events(link)

    with house.store.read() as unit:
        use, *_ = unit.people.uses_of("mei")
    assert (use.actor_id, use.scope, use.action) == ("huan", Scope.SEE_VISITS, "calendar")
    assert count(house.store, "consent_uses") == before + 2


def test_two_of_a_kind_are_told_apart_by_name(phone: Phone, house: House) -> None:
    booked(house)
    with house.store.write() as unit:
        unit.people.add(Person(id="lan", name="方兰"))
        unit.flush()
        unit.people.add(Kinship(elder_id="lan", relative_id="huan", relation="mother"))
        unit.people.add(
            Consent(id="x", elder_id="lan", relative_id="huan", scope=Scope.SEE_VISITS, granted_at=NOW)
        )

    (event,) = phone.events(phone.link("huan")).values()

    assert str(event["summary"]) == "刘梅：助浴"


def test_a_link_is_taken_back_at_once(phone: Phone, clock: FixedClock) -> None:
    links = []
    for _ in range(LINKS + 1):
        links.append(phone.link("mei"))
        clock.advance(timedelta(seconds=1))

    # With one too many the oldest ends.
    assert [phone.client.get(link).status_code for link in links] == [404] + [200] * LINKS
    assert phone.revoke("mei") == LINKS
    assert {phone.client.get(link).status_code for link in links} == {404}
    assert phone.revoke("mei") == 0


def test_a_lost_telephone_ends_the_links_too(phone: Phone, house: House) -> None:
    link = phone.link("mei")
    with house.store.write() as unit:
        shut_out(house, unit, who(unit, "mei"))

    assert phone.client.get(link).status_code == 404


@pytest.mark.parametrize(
    "name", ["x.ics", f"{'a' * 32}.ics", "a" * 32, f"{'a' * 33}.ics", "%2e%2e", "刘.ics"]
)
def test_a_link_that_is_none(phone: Phone, name: str) -> None:
    assert phone.client.get(f"/calendar/{name}").status_code == 404


def test_only_a_digest_of_the_secret_is_kept(phone: Phone, house: House) -> None:
    secret = phone.link("mei").removeprefix("/calendar/").removesuffix(".ics")

    with house.store.read() as unit:
        (link,) = unit.doors.calendar_links("mei")
    assert secret not in repr(vars(link))
    assert len(link.digest) == 64


def test_what_has_not_changed_is_not_sent_again(phone: Phone, house: House) -> None:
    booked(house)
    link = phone.link("mei")
    first = phone.client.get(link)
    tag = first.headers["etag"]

    again = phone.client.get(link, headers={"If-None-Match": f'W/"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert phone.client.head(link).headers["etag"] == tag
    booked(house, at=START + timedelta(days=1), key="k2")
    assert phone.client.get(link, headers={"If-None-Match": tag}).status_code == 200


def test_nobody_without_a_login_makes_a_link(phone: Phone) -> None:
    assert phone.client.post("/api/v1/me/calendar").status_code == 401
    assert phone.client.delete("/api/v1/me/calendar").status_code == 401


_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters='\n,;\\:"'), max_size=120)


@given(summary=_TEXT, place=_TEXT, note=_TEXT)
def test_whatever_the_words_they_come_through(summary: str, place: str, note: str) -> None:
    moment = datetime(2026, 11, 26, 15, tzinfo=SHANGHAI)
    entry = Entry(
        "x@guanjia", moment, moment + timedelta(hours=1), moment, 3, "CONFIRMED", summary, place, note
    )

    body = as_ical(Feed("管家的安排", [entry]))

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert [str(event.get(n, "")) for n in ("summary", "location", "description")] == [summary, place, note]


def told(house: House) -> Message:
    """The message in which 刘梅 is given a link, as the dialogue stores it."""
    with house.store.write() as unit:
        made = calendar_feed.make(house, unit, who(unit, "mei"))
        text = house.words.say("calendar_link", link=house.words.say("calendar_masked"))
        extra: dict[str, object] = {calendar_feed.PAYLOAD: made.id}
        return put(unit, unit.conversations.of("mei"), text, key="k", now=house.now(), extra=extra)


def test_the_address_stands_in_no_stored_word_and_reaches_the_person(
    phone: Phone, house: House, clock: FixedClock
) -> None:
    message = told(house)
    stored = message.text + repr(message.payload)

    read = phone.client.get("/api/v1/me/conversation", headers=phone._auth("mei")).json()["items"][0]["text"]
    link = read[read.index("/calendar/") :].split(".ics")[0] + ".ics"

    assert phone.events(link) == {}
    assert link.removeprefix("/calendar/").removesuffix(".ics") not in stored
    # Whoever looks into the conversation later reads no address; a chat that is written to late still gets it.
    clock.advance(timedelta(minutes=10))
    later = phone.client.get("/api/v1/me/conversation", headers=phone._auth("mei")).json()["items"][0]["text"]
    assert "/calendar/" not in later
    assert "收起来了" in later
    assert link in outgoing(house, message).text
