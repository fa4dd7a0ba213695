"""Second factors in the store: never readable, bound to whose they are, and the secret can be changed."""

from __future__ import annotations

import base64
import re

import pytest

from actions import desk_access
from actions.house import House
from actions.sealing import Seal, Unreadable
from domain.totp import code_at, new_secret, step_of

PASSWORD = "一句自己记得住的话就好"
OLD, NEW = Seal("the old secret"), Seal("the new secret", "the old secret")


def test_what_is_sealed_opens_for_its_owner_alone() -> None:
    plain = new_secret()
    kept = OLD.close(plain, "life1")

    assert OLD.open(kept, "life1") == plain
    assert kept != OLD.close(plain, "life1")
    for seal, whose, value in (
        (OLD, "life2", kept),
        (Seal("another"), "life1", kept),
        (OLD, "life1", plain),
        (OLD, "life1", kept[:-6]),
        (OLD, "life1", "s1:是"),
        (OLD, "life1", "s1:"),
    ):
        with pytest.raises(Unreadable):
            seal.open(value, whose)


def test_the_secret_can_be_changed() -> None:
    plain = new_secret()
    kept = OLD.close(plain, "life1")

    made = NEW.renewed(kept, "life1")

    assert made != kept
    assert NEW.renewed(made, "life1") == made
    assert Seal("the new secret").open(made, "life1") == plain
    with pytest.raises(Unreadable):
        Seal("the new secret").renewed(kept, "life1")


def _access(house: House) -> str:
    with house.store.read() as unit:
        kept = unit.desk_door.access("life1", locked=False)
    assert kept is not None
    return kept.secret


def _enters(house: House, seal: Seal, plain: str) -> bool:
    with house.store.write() as unit:
        now = house.now()
        code = code_at(plain, step_of(now))
        return (
            desk_access.try_to_enter(unit, seal, "life1", code, now, password_right=True).person is not None
        )


def _give(house: House, seal: Seal) -> str:
    with house.store.write() as unit:
        person = unit.people.get("life1")
        assert person is not None
        made = desk_access.give(unit, seal, person, PASSWORD, house.now())
    found = re.search(r"secret=([A-Z2-7]+)", made)
    assert found is not None
    return found[1]


def test_the_store_has_nothing_to_read(house: House) -> None:
    plain = _give(house, OLD)

    kept = _access(house)
    assert plain not in kept
    assert base64.b32decode(plain) not in base64.urlsafe_b64decode(kept.removeprefix("s1:"))
    assert _enters(house, OLD, plain)


def test_a_row_of_before_is_sealed_at_the_start(house: House) -> None:
    plain = _give(house, OLD)
    with house.store.write() as unit:
        unit.desk_door.accesses()[0].secret = plain
    # Nobody comes in by what stands readable.
    assert not _enters(house, OLD, plain)

    with house.store.write() as unit:
        assert desk_access.seal_all(unit, OLD) == 0

    assert plain not in _access(house)
    assert _enters(house, OLD, plain)


def test_a_changed_secret_wants_the_old_one_once_or_new_second_factors(house: House) -> None:
    plain = _give(house, OLD)
    alone = Seal("the new secret")
    with house.store.write() as unit:
        assert desk_access.seal_all(unit, alone) == 1
    assert not _enters(house, alone, plain)

    with house.store.write() as unit:
        assert desk_access.seal_all(unit, NEW) == 0
    assert _enters(house, alone, plain)
