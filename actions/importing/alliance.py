"""Providers with what they offer where, and sites with their hours and rooms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from actions.importing.desk import Desk, Row, Values
from domain.catalogue import load
from domain.ids import new_id
from domain.providers import CALL

_NUMBER = "{number}"
EVERY_DAY = list(range(7))


def provider_keys(values: Values) -> list[str]:
    parts = (str(values.get(name) or "") for name in ("provider", "service", "channel", "city"))
    return ["offering:" + "|".join(parts)]


def take_providers(desk: Desk, rows: Sequence[Row]) -> None:
    known = desk.named("providers", "code", {row.values["provider"] for row in rows})
    ids = {provider["id"] for provider in known.values()}
    offerings = {
        (o["provider_id"], o["service"], o["channel"], o["city_id"]): o
        for found in desk.lists("offerings", "provider_id", ids).values()
        for o in found
    }
    areas = {
        (area["provider_id"], area["district_id"])
        for found in desk.lists("provider_districts", "provider_id", ids).values()
        for area in found
    }
    for row in rows:
        provider_id = _provider(desk, row, known.get(row.values["provider"]))
        city_id = desk.city(row)
        districts = [desk.district(row, city_id, name, "districts") for name in row.get("districts") or ()]
        offering = _offering(desk, row)
        if row.bad or provider_id is None:
            continue
        for district_id in districts:
            _cover(desk, row, (provider_id, str(district_id)), areas)
        if offering and city_id:
            key = (provider_id, offering["service"], offering["channel"], city_id)
            values = {"id": row.id, "provider_id": provider_id, "city_id": city_id, **offering}
            desk.settle(row, "offerings", offerings.get(key), values)


def _provider(desk: Desk, row: Row, known: Values | None) -> str | None:
    facts = {name: row.get(name) for name in ("provider_name", "contract_from", "contract_until")}
    first, last = facts["contract_from"], facts["contract_until"]
    if first is not None and last is not None and first > last:
        desk.bad(row, "contract_until", "order")

    def make() -> str:
        values: Values = {
            "id": new_id("pv"),
            "code": row.values["provider"],
            "name": facts["provider_name"],
            "contract_from": first,
            "contract_until": last,
        }
        if known is None:
            values["status"] = "active"
        return desk.settle(row, "providers", known, values)

    return desk.once(row, "providers", row.values["provider"], facts, make)


def _offering(desk: Desk, row: Row) -> Values | None:
    service, channel, price, join = (row.get(name) for name in ("service", "channel", "price", "join"))
    if service is None:
        for name in ("channel", "price", "join"):
            if row.get(name) is not None:
                desk.bad(row, name, "service_first")
                break
        return None
    for name in ("city", "channel", "price"):
        if row.get(name) is None:
            desk.bad(row, name, "must")
    if channel is not None and channel not in load().service(service).channels:
        desk.bad(row, "channel", "channel_of_service")
    if channel == "online" and not (join == CALL or (join and _is_link(join))):
        desk.bad(row, "join", "join")
    if channel != "online" and join is not None:
        desk.bad(row, "join", "join_online")
    cents = None if price is None else round(price * 100)
    return {"service": service, "channel": channel, "price_cents": cents, "join": join}


def _is_link(join: str) -> bool:
    rest = join.replace(_NUMBER, "", 1)
    return join.startswith("https://") and _NUMBER in join and not set("{} ") & set(rest)


def _cover(desk: Desk, row: Row, pair: tuple[str, str], areas: set[tuple[str, str]]) -> None:
    """A provider works in a district: what is listed comes to what is there."""
    if pair not in areas and pair not in desk.areas:
        desk.areas.add(pair)
        desk.put("provider_districts", {"provider_id": pair[0], "district_id": pair[1]})
        row.came(1)


def site_keys(values: Values) -> list[str]:
    return [f"room:{values.get('provider')}|{values.get('site')}|{values.get('room') or ''}"]


def take_sites(desk: Desk, rows: Sequence[Row]) -> None:
    providers = desk.providers(rows)
    sites = {
        (site["provider_id"], site["external_no"]): site
        for found in desk.lists("sites", "provider_id", set(providers.values())).values()
        for site in found
    }
    ids = {site["id"] for site in sites.values()}
    hours, rooms = desk.lists("site_hours", "site_id", ids), desk.lists("rooms", "site_id", ids)
    for row in rows:
        provider_id = providers.get(row.values["provider"])
        if provider_id is None:
            desk.bad(row, "provider", "provider")
            continue
        known = sites.get((provider_id, row.values["site"]))
        site_id = _site(desk, row, provider_id, known, hours.get(known["id"], ()) if known else ())
        _room(desk, row, site_id, rooms.get(site_id, ()))


def _site(
    desk: Desk, row: Row, provider_id: str, known: Values | None, hours: Sequence[Values]
) -> str | None:
    city_id = desk.city(row)
    district_id = desk.district(row, city_id, row.values["district"])
    if row.get("days") is not None and row.get("hours") is None:
        desk.bad(row, "hours", "must")
    names = ("site_name", "city", "district", "address", "lat", "lon", "site_phone", "days", "hours")
    facts = {name: row.get(name) for name in names}
    if row.bad:
        return None

    def make() -> str:
        values = {
            "id": new_id("st"),
            "provider_id": provider_id,
            "external_no": row.values["site"],
            "city_id": city_id,
            "district_id": district_id,
            "name": facts["site_name"],
            "phone": facts["site_phone"],
            **{name: facts[name] for name in ("address", "lat", "lon")},
        }
        site_id = desk.settle(row, "sites", known, values)
        if facts["hours"] is not None:
            opening = weekly(row, {"site_id": site_id}, ("opens", "closes"))
            desk.replace(row, "site_hours", ("site_id", site_id), hours, opening)
        return site_id

    return desk.once(row, "sites", f"{row.values['provider']}|{row.values['site']}", facts, make)


def weekly(row: Row, owner: Values, names: tuple[str, str]) -> list[Values]:
    """The periods of a week (Monday is 0) that a row says."""
    periods: list[tuple[time, time]] = row.get("hours") or []
    return [
        {**owner, "weekday": weekday, names[0]: first, names[1]: last}
        for weekday in row.get("days") or EVERY_DAY
        for first, last in periods
    ]


def _room(desk: Desk, row: Row, site_id: str | None, rooms: Sequence[Values]) -> None:
    name = row.get("room")
    missing = [each for each in ("capacity", "services") if row.get(each) is None]
    if name is None:
        if len(missing) < 2:
            desk.bad(row, "room", "must")
        return
    for each in missing:
        desk.bad(row, each, "must")
    services: list[Any] = row.get("services") or []
    if any("store" not in load().service(code).channels for code in services):
        desk.bad(row, "services", "channel_of_service")
    if row.bad or site_id is None:
        return
    known = next((room for room in rooms if room["name"] == name), None)
    values = {"name": name, "capacity": row.values["capacity"], "services": services}
    desk.settle(row, "rooms", known, {"id": row.id, "site_id": site_id, **values})
