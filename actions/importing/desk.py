"""Where rows are looked at: what is known of them, what they refer to, what is to be written, what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from actions.accounts import phone_of
from actions.house import House
from actions.importing.problems import Refused
from domain.ids import new_id
from domain.store import Unit
from domain.store.spool import Kept, Spool

Values = dict[str, Any]
SAME, CHANGED, NEW = 0, 1, 2


@dataclass(slots=True)
class Row:
    """One row: its line, what stands in it, an id for what it makes, and what came of it."""

    line: int
    values: Values
    id: str = ""
    bad: bool = False
    outcome: int = SAME

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def came(self, outcome: int) -> None:
        """The most that happened counts: a row with one new part is new."""
        self.outcome = max(self.outcome, outcome)


@dataclass
class Batch:
    """What is to be written for some thousand rows."""

    clear: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    insert: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))
    update: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))
    rows: int = 0


@dataclass
class Carried:
    """What a dry run knows of the files before: ids by table and code, and benefits by code for each plan's id."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    benefits: dict[str, dict[str, Values]] = field(default_factory=lambda: defaultdict(dict))


@dataclass
class Desk:
    """One file on the desk. `told` hears of every problem: the row, the column's name, the code, the gaps."""

    house: House
    unit: Unit
    spool: Spool
    file: int
    told: Callable[[Row, str | None, Refused], None]
    carried: Carried = field(default_factory=Carried)
    batch: Batch = field(default_factory=Batch)
    # Plans, providers and sites that stand on several rows: what was said first, and on which line.
    said: dict[tuple[str, str], tuple[str, Values, int]] = field(default_factory=dict)
    # Provider and district, as far as this file has put them together.
    areas: set[tuple[str, str]] = field(default_factory=set)

    def bad(self, row: Row, column: str | None, code: str, **gaps: object) -> None:
        """Say that a row can not be taken."""
        row.bad = True
        self.told(row, column, Refused(code, **gaps))

    # What is to be written.

    def put(self, table: str, values: Values) -> None:
        self.batch.insert[table].append(values)

    def settle(
        self,
        row: Row,
        table: str,
        known: Mapping[str, Any] | None,
        values: Values,
        keys: tuple[str, ...] = ("id",),
    ) -> str:
        """Write what is new of something: all of it, or what differs. What the file does not say stays. Its first key."""
        if known is None:
            self.put(table, values)
            row.came(NEW)
            return str(values[keys[0]])
        changes = {
            name: value
            for name, value in values.items()
            if name not in keys and value is not None and known[name] != value
        }
        if changes:
            self.batch.update[table].append({**{key: known[key] for key in keys}, **changes})
            row.came(CHANGED)
        return str(known[keys[0]])

    def once(self, row: Row, table: str, key: str, facts: Values, make: Callable[[], str]) -> str | None:
        """Something that stands on several rows (a plan with its benefits): settled by `make` on the first of them.

        None where a later row says something else of it than the first.
        """
        before = self.said.get((table, key))
        if before is None:
            made = make()
            self.said[table, key] = made, facts, row.line
            self.carried.ids[table, key] = made
            return made
        made, said, line = before
        for name, value in facts.items():
            if value is not None and value != said[name]:
                self.bad(row, name, "differs", line=line)
                return None
        return made

    def replace(
        self, row: Row, table: str, owner: tuple[str, str], known: Iterable[Values], wanted: list[Values]
    ) -> None:
        """The small rows that belong to something (opening hours): all of them anew where they are not the same."""
        column, owner_id = owner

        def plain(values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
            return tuple(sorted((name, value) for name, value in values.items() if name != "id"))

        have, want = sorted(map(plain, known)), sorted(map(plain, wanted))
        if have == want:
            return
        if have:
            self.batch.clear[table, column].add(owner_id)
        row.came(CHANGED)
        for values in wanted:
            self.put(table, values)

    # What rows refer to.

    @cached_property
    def _cities(self) -> dict[str, str]:
        found = {row["name"]: row["id"] for row in self.unit.imports.all("cities")}
        return {**found, **{city_id: city_id for city_id in found.values()}}

    @cached_property
    def districts(self) -> dict[str, dict[str, str]]:
        """City id to the ids of its districts by name."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.unit.imports.all("districts"):
            found[row["city_id"]][row["name"]] = row["id"]
        return found

    def city(self, row: Row, column: str = "city", name: str | None = None) -> str | None:
        """The city that a row names. None where it names none, or one that is not known, which is then said."""
        said = name or row.get(column)
        if said is None:
            return None
        found = self._cities.get(said) or self._cities.get(said.removesuffix("市"))
        if found is None:
            self.bad(row, column, "city")
        return found

    def district(
        self, row: Row, city_id: str | None, name: str | None, column: str = "district"
    ) -> str | None:
        """The district of a city, as `city` does."""
        if name is None:
            return None
        if city_id is None:
            if not row.bad:
                self.bad(row, column, "city_first")
            return None
        found = self.districts[city_id].get(name)
        if found is None:
            self.bad(row, column, "district")
        return found

    def people(self, rows: Sequence[Row], *columns: str) -> dict[str, str]:
        """What rows call people by (a member's number or telephone) to their ids, from the store and from this file."""
        said = list({text for row in rows for column in columns if (text := row.get(column))})
        phones = {text: found for text in said if (found := phone_of(text))}
        by_number = {
            row["external_no"]: row["id"] for row in self.unit.imports.rows("persons", "external_no", said)
        }
        by_phone = {
            row["phone"]: row["id"] for row in self.unit.imports.rows("persons", "phone", phones.values())
        }
        new = self.spool.find([f"person:#{text}" for text in said])
        new |= self.spool.find([f"person:@{phone}" for phone in phones.values()])
        known: dict[str, str] = {}
        for text in said:
            kept = new.get(f"person:#{text}") or new.get(f"person:@{phones.get(text)}")
            person = by_number.get(text) or by_phone.get(phones.get(text, "")) or (kept.id if kept else None)
            if person is not None:
                known[text] = person
        return known

    def named(self, table: str, column: str, values: Iterable[Any]) -> dict[Any, Values]:
        """Rows of the store by what stands in a column that names them."""
        return {row[column]: row for row in self.unit.imports.rows(table, column, list(values))}

    def lists(self, table: str, column: str, values: Iterable[Any]) -> dict[Any, list[Values]]:
        """Rows of the store that belong to something, by it."""
        found: dict[Any, list[Values]] = defaultdict(list)
        for row in self.unit.imports.rows(table, column, list(values)):
            found[row[column]].append(row)
        return found

    def plans(self, rows: Sequence[Row]) -> dict[str, str]:
        """Codes of plans to their ids, from the store and from this file."""
        return self._coded("plans", {row.get("plan") for row in rows})

    def providers(self, rows: Sequence[Row]) -> dict[str, str]:
        """Codes of providers to their ids, from the store and from this file."""
        return self._coded("providers", {row.get("provider") for row in rows})

    def _coded(self, table: str, codes: Iterable[Any]) -> dict[str, str]:
        new = {key: made for (where, key), made in self.carried.ids.items() if where == table}
        return {code: str(row["id"]) for code, row in self.named(table, "code", codes).items()} | new


class Take(Protocol):
    """Looks at some thousand rows without a bad cell: says what is wrong, and puts by what is to be written."""

    def __call__(self, desk: Desk, rows: Sequence[Row]) -> None: ...


@dataclass(frozen=True)
class Handler:
    """How a sheet is taken. `keys` are what a row is known by; no two rows of a file may have the same."""

    prefix: str
    keys: Callable[[Values], list[str]]
    take: Take

    def claim(self, desk: Desk, rows: Sequence[Row]) -> None:
        """Note the keys of rows, bad ones too, so that others may refer to them; say what stands there twice."""
        owners: list[Row] = []
        claims: list[tuple[str, Kept]] = []
        for row in rows:
            row.id = new_id(self.prefix)
            for key in self.keys(row.values):
                owners.append(row)
                claims.append((key, Kept(desk.file, row.line, row.id)))
        for row, before in zip(owners, desk.spool.claim(claims), strict=True):
            if before is not None and before.file == desk.file and not row.bad:
                desk.bad(row, None, "twice", line=before.line)
