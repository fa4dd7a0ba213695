"""Members and their families. Consent is never imported: an elder gives it."""

from __future__ import annotations

from collections.abc import Sequence

from actions.importing.desk import Desk, Row, Values
from domain.people import Role

# What is to be known at the door, kept with a person's notes.
_NOTES = ("floor", "stairs", "dog", "opens", "hearing", "allergies")
_AS_THEY_ARE = ("name", "phone", "born_on", "gender", "address", "lat", "lon", "dialect", "address_as")
_OLDEST = 130


def member_keys(values: Values) -> list[str]:
    """A member is known by the insurer's number and by the telephone."""
    number, phone = values.get("number"), values.get("phone")
    return [f"person:#{number}"] * bool(number) + [f"person:@{phone}"] * bool(phone)


def take_members(desk: Desk, rows: Sequence[Row]) -> None:
    by_number = desk.named("persons", "external_no", {row.get("number") for row in rows})
    by_phone = desk.named("persons", "phone", {row.get("phone") for row in rows})
    for row in rows:
        known = _known(desk, row, by_number, by_phone)
        values = _person(desk, row)
        if row.bad:
            continue
        if known is not None and (known["external_no"], known["phone"]) != (
            row.get("number"),
            row.get("phone"),
        ):
            desk.spool.mean(member_keys(row.values), known["id"])
        notes = {name: row.values[name] for name in _NOTES if row.get(name)}
        values["notes"] = {**(known["notes"] if known else {}), **notes}
        desk.settle(row, "persons", known, values)


def _known(desk: Desk, row: Row, by_number: dict[str, Values], by_phone: dict[str, Values]) -> Values | None:
    """Who this is already; says so where number and telephone are two people's, or somebody's of the staff."""
    number, phone = row.get("number"), row.get("phone")
    if number is None and phone is None:
        desk.bad(row, "number", "number_or_phone")
        return None
    numbered, called = by_number.get(number), by_phone.get(phone)
    if numbered is not None and called is not None and numbered["id"] != called["id"]:
        desk.bad(row, "phone", "phone_of_another")
        return None
    if numbered is None and called is not None and number and called["external_no"] not in (None, number):
        desk.bad(row, "phone", "phone_of_another")
        return None
    found = numbered or called
    if found is not None and found["role"] is not Role.MEMBER:
        desk.bad(row, "phone", "phone_of_staff")
        return None
    return found


def _person(desk: Desk, row: Row) -> Values:
    city_id = desk.city(row)
    born, today = row.get("born_on"), desk.house.today()
    if born is not None and not (born <= today and today.year - born.year <= _OLDEST):
        desk.bad(row, "born_on", "no_such_day")
    if (row.get("lat") is None) != (row.get("lon") is None):
        desk.bad(row, "lat", "both")
    return {
        "id": row.id,
        "role": Role.MEMBER,
        "external_no": row.get("number"),
        "handle": None,
        "created_at": None,
        "city_id": city_id,
        "district_id": desk.district(row, city_id, row.get("district")),
        **{name: row.get(name) for name in _AS_THEY_ARE},
    }


def family_keys(values: Values) -> list[str]:
    return [f"kin:{values.get('elder')}|{values.get('relative')}"]


def take_families(desk: Desk, rows: Sequence[Row]) -> None:
    people = desk.people(rows, "elder", "relative")
    known = desk.lists("kinships", "elder_id", {people.get(row.values["elder"]) for row in rows})
    bonds = {(kin["elder_id"], kin["relative_id"]): kin for kin in (k for ks in known.values() for k in ks)}
    for row in rows:
        elder, relative = (people.get(row.values[column]) for column in ("elder", "relative"))
        if elder is None or relative is None:
            desk.bad(row, "relative" if elder else "elder", "member")
            continue
        if elder == relative:
            desk.bad(row, "relative", "oneself")
            continue
        _bond(desk, row, bonds.get((elder, relative)), elder, relative)


def _bond(desk: Desk, row: Row, known: Values | None, elder: str, relative: str) -> None:
    rank = row.get("rank") or (None if known else 1)
    values = {
        "elder_id": elder,
        "relative_id": relative,
        "relation": row.values["relation"],
        "rank": rank,
    }
    desk.settle(row, "kinships", known, values, keys=("elder_id", "relative_id"))
