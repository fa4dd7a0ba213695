"""The written policy for telling the family of a danger, as a table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.alert_policy import load
from domain.people import Consent, Scope
from domain.policy import Basis, may_alert

YES = Consent(
    id="c", elder_id="e", relative_id="r", scope=Scope.ALERTS, granted_at=datetime(2026, 1, 1, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("category", "consent", "basis"),
    [
        ("emergency", YES, Basis.CONSENT),
        ("emergency", None, Basis.EMERGENCY),
        ("crisis", YES, Basis.CONSENT),
        ("crisis", None, Basis.EMERGENCY),
        ("fraud", YES, Basis.CONSENT),
        ("fraud", None, None),
    ],
)
def test_when_the_family_is_told(category: str, consent: Consent | None, basis: Basis | None) -> None:
    assert may_alert(category, consent) is basis


def test_the_policy_is_written_once_with_its_source_and_can_be_cited() -> None:
    policy = load()
    assert "个人信息保护法 13(4)" in policy.source
    assert policy.cite("override") == f"{policy.rules['override']}（override，{policy.version}）"
    with pytest.raises(KeyError):
        policy.cite("whatever")
