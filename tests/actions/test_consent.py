"""Leave given and taken back: at once, logged, told to the other side; and what words of a family mean."""

from __future__ import annotations

import pytest

from actions.consent import Bond, give, part, take_back
from actions.family import permit
from actions.house import House
from actions.rasa.linking_words import asks_who, closest_scopes, what_to_do
from domain.errors import NotAllowed, NotFound
from domain.family import CONSENT_LIVES, EVERY_SCOPE, elder_to, next_rank, relative_to
from domain.people import Kinship, Person, Scope
from domain.store import Unit


def bond(unit: Unit, by: str = "mei") -> Bond:
    people = {one: unit.people.get(one) for one in ("mei", "huan")}
    return Bond(people["mei"], people["huan"], people[by])


def said_to(house: House, person_id: str) -> list[str]:
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing(person_id)
        return [m.text for m in unit.conversations.last(conversation.id, 9)] if conversation else []


def test_one_purpose_taken_back_ends_at_once(house: House) -> None:
    with house.store.write() as unit:
        assert take_back(house, unit, bond(unit), [Scope.BOOK, Scope.CANCEL], "k") == [Scope.BOOK]
    with house.store.write() as unit:
        huan = unit.people.get("huan")
        with pytest.raises(NotAllowed):
            permit(house, unit, huan, "mei", Scope.BOOK, "x")
        permit(house, unit, huan, "mei", Scope.SEE_PLAN, "x")
    assert said_to(house, "huan") == ["刘梅收回了：代约。从现在起您看不到、办不了了。"]
    with house.store.read() as unit:
        assert [u.action for u in unit.people.uses_of("mei")][-1] == "taken_back:huan"


def test_done_twice_it_is_told_once(house: House) -> None:
    for _ in range(2):
        with house.store.write() as unit:
            give(house, unit, bond(unit), [Scope.CANCEL], "k")
    assert len(said_to(house, "huan")) == 1
    with house.store.read() as unit:
        assert len([c for c in unit.people.consents_of("mei") if c.scope is Scope.CANCEL]) == 1


def test_what_is_given_ends_after_a_year(house: House) -> None:
    with house.store.write() as unit:
        give(house, unit, bond(unit), [Scope.CANCEL], "k")
    with house.store.read() as unit:
        later = house.now() + CONSENT_LIVES
        assert Scope.CANCEL not in unit.people.consents("mei", "huan", later)


@pytest.mark.parametrize(("by", "hears"), [("mei", "huan"), ("huan", "mei")])
def test_parted_nothing_exists_any_more_and_no_alert_goes_there(house: House, by: str, hears: str) -> None:
    with house.store.write() as unit:
        part(house, unit, bond(unit, by), "k")
    with house.store.write() as unit:
        with pytest.raises(NotFound):
            permit(house, unit, unit.people.get("huan"), "mei", Scope.SEE_PLAN, "x")
        assert unit.people.relatives_of("mei") == []
    assert len(said_to(house, hears)) == 1


def test_what_an_elder_is_to_whom() -> None:
    assert [elder_to("child", g) for g in ("female", "male", None)] == ["mother", "father", "other"]
    assert (elder_to("spouse", "female"), elder_to("other", "male")) == ("spouse", "other")
    assert [relative_to(r) for r in ("mother", "father", "spouse", "grandmother")] == [
        "child",
        "child",
        "spouse",
        "other",
    ]
    assert next_rank([]) == 1
    assert next_rank([Kinship(elder_id="a", relative_id="b", relation="mother", rank=4)]) == 5


@pytest.mark.parametrize(
    ("text", "kin", "do", "scopes"),
    [
        ("加一下我儿子", "child", "add", ()),
        ("以后让我儿子替我约", "child", "add", (Scope.BOOK,)),
        ("让我儿子可以取消预约", "child", "add", (Scope.CANCEL,)),
        ("授权我女儿看我的预约", "child", "add", (Scope.SEE_VISITS,)),
        ("我闺女想知道我约了啥，给她开开", "child", "add", ()),
        ("以后不让我儿子管了", "child", "remove", ()),
        ("不让我儿子看了", "child", "remove", (Scope.SEE_PLAN, Scope.SEE_VISITS)),
        ("只让她看，不让她约", None, "remove", (Scope.BOOK,)),
        ("以后不要让他代我约了", None, "remove", (Scope.BOOK,)),
        ("取消我儿子的权限", "child", "remove", ()),
        ("把我女婿去掉", "other", "remove", ()),
        ("我跟儿子闹翻了，别让他管我的事", "child", "remove", ()),
        ("解绑", None, "remove", ()),
        ("我想绑定我妈", "mother", "ask", ()),
        ("我要帮我爸约，怎么授权", "father", "ask", (Scope.BOOK,)),
        ("关联家人", None, None, ()),
    ],
)
def test_words_of_a_family(text: str, kin: str | None, do: str | None, scopes: tuple[Scope, ...]) -> None:
    assert what_to_do(text, kin) == do
    if do is not None:
        assert closest_scopes(text, do) == tuple(s for s in EVERY_SCOPE if s in scopes)


def test_a_question_changes_nothing() -> None:
    assert all(map(asks_who, ("谁能替我办事", "现在谁绑着我", "我家人有谁在上面")))
    assert not asks_who("把我女婿去掉")


def test_a_person_without_a_lost_telephone_keeps_every_login() -> None:
    from datetime import UTC, datetime

    person = Person(id="x", name="x")
    assert person.holds_login(datetime(1970, 1, 1, tzinfo=UTC))
