"""Staff with their shifts, districts and accounts, and their certificates."""

from __future__ import annotations

from collections.abc import Sequence

from actions.importing.alliance import weekly
from actions.importing.desk import Desk, Row, Values
from domain import standards
from domain.ids import new_id
from domain.people import Role

_SPOKEN = ["普通话"]


def staff_keys(values: Values) -> list[str]:
    """Staff are known by their provider and number; a telephone is one person's."""
    phone = values.get("phone")
    own = f"staff:{values.get('provider')}|{values.get('number')}"
    return [own, *([f"carer:@{phone}"] if phone else [])]


def take_staff(desk: Desk, rows: Sequence[Row]) -> None:
    providers = desk.providers(rows)
    staff = _staff(desk, providers)
    ids = {one["id"] for one in staff.values()}
    shifts, areas = desk.lists("shifts", "staff_id", ids), desk.lists("staff_districts", "staff_id", ids)
    accounts = desk.named("persons", "phone", {row.get("phone") for row in rows})
    members = desk.spool.find([f"person:@{row.get('phone')}" for row in rows if row.get("phone")])
    for row in rows:
        provider_id = providers.get(row.values["provider"])
        if provider_id is None:
            desk.bad(row, "provider", "provider")
            continue
        known = staff.get((provider_id, row.values["number"]))
        account = accounts.get(row.get("phone"))
        if f"person:@{row.get('phone')}" in members or (account and account["role"] is not Role.CARER):
            desk.bad(row, "phone", "phone_of_member")
        city_id = desk.city(row)
        districts = _districts(desk, row, city_id)
        if row.bad or city_id is None:
            continue
        values = {**_values(row), "provider_id": provider_id, "city_id": city_id}
        values["person_id"] = _account(desk, row, account, known, city_id)
        if known is None:
            values = {
                **values,
                "dialects": values["dialects"] or _SPOKEN,
                "daily_limit": values["daily_limit"] or 8,
            }
        staff_id = desk.settle(row, "staff", known, values)
        if districts or known is None:
            covered = districts or list(desk.districts[city_id].values())
            wanted = [{"staff_id": staff_id, "district_id": district} for district in covered]
            desk.replace(row, "staff_districts", ("staff_id", staff_id), areas.get(staff_id, ()), wanted)
        if row.get("hours") is not None:
            working = weekly(row, {"staff_id": staff_id}, ("starts", "ends"))
            desk.replace(row, "shifts", ("staff_id", staff_id), shifts.get(staff_id, ()), working)


def _staff(desk: Desk, providers: dict[str, str]) -> dict[tuple[str, str], Values]:
    return {
        (one["provider_id"], one["external_no"]): one
        for found in desk.lists("staff", "provider_id", set(providers.values())).values()
        for one in found
    }


def _values(row: Row) -> Values:
    names = ("name", "gender", "lat", "lon", "dialects", "daily_limit")
    return {"id": row.id, "external_no": row.values["number"], **{name: row.get(name) for name in names}}


def _districts(desk: Desk, row: Row, city_id: str | None) -> list[str]:
    if row.get("days") is not None and row.get("hours") is None:
        desk.bad(row, "hours", "must")
    found = [desk.district(row, city_id, name, "districts") for name in row.get("districts") or ()]
    return [district for district in found if district is not None]


def _account(desk: Desk, row: Row, account: Values | None, known: Values | None, city_id: str) -> str | None:
    """The account by which they sign in: made with the telephone, or the one that has it; a new telephone is theirs too."""
    phone = row.get("phone")
    if phone is None:
        return None
    if account is not None:
        return str(account["id"])
    if known is not None and known["person_id"] is not None:
        desk.batch.update["persons"].append({"id": known["person_id"], "phone": phone})
        row.came(1)
        return None
    values = {"id": new_id("pe"), "name": row.values["name"], "role": Role.CARER, "phone": phone, "notes": {}}
    desk.put("persons", {**values, "city_id": city_id, "gender": row.values["gender"]})
    return str(values["id"])


def certificate_keys(values: Values) -> list[str]:
    return ["certificate:" + "|".join(str(values.get(n)) for n in ("provider", "staff", "kind", "number"))]


def take_certificates(desk: Desk, rows: Sequence[Row]) -> None:
    providers = desk.providers(rows)
    staff = {key: one["id"] for key, one in _staff(desk, providers).items()}
    new = desk.spool.find([f"staff:{row.values['provider']}|{row.values['staff']}" for row in rows])
    known = {
        (c["staff_id"], c["kind"], c["number"]): c
        for found in desk.lists("certificates", "staff_id", set(staff.values())).values()
        for c in found
    }
    for row in rows:
        provider_id = providers.get(row.values["provider"])
        if provider_id is None:
            desk.bad(row, "provider", "provider")
            continue
        kept = new.get(f"staff:{row.values['provider']}|{row.values['staff']}")
        staff_id = staff.get((provider_id, row.values["staff"])) or (kept.id if kept else None)
        if staff_id is None:
            desk.bad(row, "staff", "staff")
        _judge(desk, row)
        if row.bad or staff_id is None:
            continue
        names = ("kind", "number", "grade", "practised_since", "valid_from", "valid_until")
        values = {"id": row.id, "staff_id": staff_id, **{name: row.get(name) for name in names}}
        before = known.get((staff_id, values["kind"], values["number"]))
        desk.settle(row, "certificates", before, values)
        if before is not None and before["valid_until"] != values["valid_until"]:
            # That it will lapse is told once for each day on which it may.
            desk.batch.update["certificates"].append({"id": before["id"], "warned_at": None})


def _judge(desk: Desk, row: Row) -> None:
    if row.values["valid_from"] > row.values["valid_until"]:
        desk.bad(row, "valid_until", "order")
    ladder = standards.ladders().get(row.values["kind"])
    if ladder and row.get("grade") not in ladder:
        desk.bad(row, "grade", "word", words="、".join(ladder))
