"""Who may do what for an elder, as one table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotAllowed, NotFound
from domain.people import Consent, Kinship, Person, Role, Scope
from domain.policy import Basis, may_see_booking, queues_of, reach

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KIN = Kinship(elder_id="elder", relative_id="child", relation="mother")


def consent(scope: Scope, **facts) -> dict[Scope, Consent]:
    return {
        scope: Consent(id="c", elder_id="elder", relative_id="child", scope=scope, granted_at=NOW, **facts)
    }


@pytest.mark.parametrize("scope", list(Scope))
def test_an_elder_may_everything_for_oneself(scope: Scope) -> None:
    assert reach(Person(id="elder", name="x"), "elder", scope, None, {}).basis is Basis.SELF


@pytest.mark.parametrize("scope", list(Scope))
def test_a_child_may_what_was_granted_and_nothing_else(scope: Scope) -> None:
    child = Person(id="child", name="x")

    assert reach(child, "elder", scope, KIN, consent(scope)).basis is Basis.CONSENT
    for other in set(Scope) - {scope}:
        with pytest.raises(NotAllowed, match=other):
            reach(child, "elder", other, KIN, consent(scope))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CARER, Role.ADMIN])
def test_for_others_the_elder_does_not_exist(role: Role) -> None:
    with pytest.raises(NotFound):
        reach(Person(id="other", name="x", role=role), "elder", Scope.SEE_PLAN, None, {})


@pytest.mark.parametrize("role", [Role.LIFE, Role.DOCTOR, Role.SUPERVISOR])
def test_butlers_do_their_work(role: Role) -> None:
    assert reach(Person(id="b", name="x", role=role), "elder", Scope.BOOK, None, {}).basis is Basis.STAFF


def test_consent_ends_at_its_moment_and_at_its_revocation() -> None:
    one = consent(Scope.BOOK, expires_at=NOW + timedelta(days=1))[Scope.BOOK]

    assert one.holds_at(NOW)
    assert not one.holds_at(NOW + timedelta(days=1))
    one.revoked_at = NOW
    assert not one.holds_at(NOW)


@pytest.mark.parametrize(
    ("role", "queues"),
    [
        (Role.LIFE, ("life",)),
        (Role.DOCTOR, ("doctor",)),
        (Role.SUPERVISOR, ("life", "doctor")),
        (Role.ADMIN, ()),
        (Role.MEMBER, ()),
        (Role.CARER, ()),
    ],
)
def test_queues(role: Role, queues: tuple[str, ...]) -> None:
    assert queues_of(Person(id="p", name="x", role=role)) == queues


def test_what_is_private_does_not_exist_for_relatives() -> None:
    assert may_see_booking(Basis.SELF, private=True)
    assert not may_see_booking(Basis.CONSENT, private=True)
