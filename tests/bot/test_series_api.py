"""Plans of visits in the API: the owner's and, as far as consent goes, an elder's; drafts and others' are no plans."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from actions.book import cancel
from actions.house import House
from actions.series import drop_rest, let_go
from bot.api.app import create
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from tests.actions.care import who
from tests.actions.planning import firm, planned
from tests.conftest import NOW

SECRET = "a secret of the tests, long enough for SHA-256"


class Api:
    """Somebody's requests."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, person: str, path: str, **params: Any) -> tuple[int, Any]:
        head = {"Authorization": f"Bearer {make(SECRET, person, 3600)}"}
        answer = self.client.get(f"/api/v1{path}", headers=head, params=params)
        return answer.status_code, answer.json()


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[Api]:
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield Api(client)


def test_a_plan_with_its_visits(api: Api, house: House) -> None:
    series_id = planned(house)
    firm(house, series_id)
    with house.store.write() as unit:
        first = unit.series.rows(series_id)[0][1]
        assert first is not None
        cancel(house, unit, who(unit, "mei"), first.id)

    status, page = api.get("mei", "/me/series")
    assert (status, page["next"]) == (200, None)
    (told,) = page["items"]
    assert {name: told[name] for name in ("id", "member", "service", "state", "count", "to_come")} == {
        "id": series_id,
        "member": "mei",
        "service": "assisted_bathing",
        "state": "standing",
        "count": 3,
        "to_come": 2,
    }
    assert (told["next"], told["last"]) == ("2026-12-02T15:00:00+08:00", "2026-12-09T15:00:00+08:00")
    for path in (f"/me/series/{series_id}", f"/series/{series_id}"):
        status, whole = api.get("mei", path)
        assert status == 200
        assert {name: whole[name] for name in told} == told
        assert [visit["day"] for visit in whole["visits"]] == ["2026-11-25", "2026-12-02", "2026-12-09"]
        assert [v["booking"]["status"] for v in whole["visits"]] == ["cancelled", "confirmed", "confirmed"]


def test_what_was_only_read_back_is_no_plan_and_what_was_dropped_still_is_one(api: Api, house: House) -> None:
    draft = planned(house)
    assert api.get("mei", "/me/series") == (200, {"items": [], "next": None})
    assert api.get("mei", f"/series/{draft}")[0] == 404
    with house.store.write() as unit:
        let_go(house, unit, draft)
    assert api.get("mei", f"/series/{draft}")[0] == 404

    series_id = planned(house, key="k2")
    firm(house, series_id)
    with house.store.write() as unit:
        drop_rest(house, unit, who(unit, "mei"), series_id)
    status, whole = api.get("mei", f"/series/{series_id}")
    assert (status, whole["state"], whole["to_come"], whole["next"]) == (200, "dropped", 0, None)


def test_who_may_see_visits_sees_plans_and_nobody_else(api: Api, house: House) -> None:
    series_id = planned(house)
    firm(house, series_id)

    assert [s["id"] for s in api.get("huan", "/me/series", **{"for": "mei"})[1]["items"]] == [series_id]
    assert api.get("huan", f"/series/{series_id}")[0] == 200
    assert api.get("life1", f"/series/{series_id}")[0] == 200
    for path in (f"/series/{series_id}", f"/me/series/{series_id}", "/series/sr_none"):
        assert api.get("stranger", path)[0] == 404
    assert api.get("stranger", "/me/series", **{"for": "mei"})[0] == 404
    assert api.client.get("/api/v1/me/series").status_code == 401

    with house.store.write() as unit:
        booking = unit.series.rows(series_id)[1][1]
        assert booking is not None
        booking.private = True
    assert api.get("huan", "/me/series", **{"for": "mei"})[1]["items"] == []
    assert api.get("huan", f"/series/{series_id}")[0] == 404
    assert api.get("mei", f"/series/{series_id}")[0] == 200
    with house.store.write() as unit:
        for consent in unit.people.consents("mei", "huan", NOW).values():
            consent.revoked_at = NOW
    # What is private does not exist, whatever the consent; of what is not, a relative is told where it ends.
    assert api.get("huan", f"/series/{series_id}")[0] == 404
    with house.store.write() as unit:
        booking = unit.series.rows(series_id)[1][1]
        assert booking is not None
        booking.private = False
    assert api.get("huan", f"/series/{series_id}")[0] == 403


def test_pages_of_plans(api: Api, house: House) -> None:
    made = []
    for number, hour in enumerate((9, 11, 15)):
        rule = f"FREQ=WEEKLY;BYDAY=WE;BYHOUR={hour};BYMINUTE=0;COUNT=1"
        made.append(planned(house, rule, key=f"k{number}"))
        firm(house, made[-1])

    found: list[str] = []
    after: str | None = None
    while True:
        page = api.get("mei", "/me/series", limit=2, **({"after": after} if after else {}))[1]
        found += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(found) == sorted(made)
    assert len(found) == len(set(found))
