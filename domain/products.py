"""The care products: each a line and a length, made of an assessment, goals, visits, a review and a renewal.

Read from `data/products.toml`. Five lines, short and long: four of rehabilitation by disease, and live-in nursing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from domain.catalogue import DATA
from domain.catalogue import load as load_catalogue
from domain.series import MOST, Part, read_rule, with_count

LENGTHS = ("short", "long")


@dataclass(frozen=True, kw_only=True)
class Product:
    """A care product. `visits` counts the assessment and the review too, `rhythm` is a rule without hours.

    `assess` is the service that assesses and reviews; `renew` is how many days after the last visit the member is
    asked whether to go on.
    """

    code: str
    service: str
    name: str
    length: str
    assess: str
    goals: tuple[str, ...]
    visits: int
    rhythm: str
    renew: int

    @property
    def rule(self) -> str:
        """Its days as a rule with the number of visits."""
        return with_count(self.rhythm, self.visits)

    def part(self, number: int, of: int) -> Part:
        """What the visit with this number (from 0) is, of so many that are really planned."""
        if number == 0:
            return Part.ASSESSMENT
        return Part.REVIEW if number == of - 1 else Part.VISIT

    def service_of(self, part: Part) -> str:
        """Which service a part of it is."""
        return self.service if part is Part.VISIT else self.assess


@cache
def load() -> Mapping[str, Product]:
    """The products as they are shipped, by code. Raises ValueError for one that cannot be planned."""
    with (DATA / "products.toml").open("rb") as file:
        rows = tomllib.load(file)
    services, products = load_catalogue().services, {}
    for code, row in rows.items():
        product = Product(code=code, **{**row, "goals": tuple(row["goals"])})
        if not {product.service, product.assess} <= set(services) or product.length not in LENGTHS:
            raise ValueError(f"products.toml: {code}")
        if not (3 <= product.visits <= MOST and read_rule(product.rhythm).is_whole and product.goals):
            raise ValueError(f"products.toml: {code} cannot be planned")
        products[code] = product
    return products


def of_service(service: str | None) -> list[Product]:
    """The short and the long product of a service; none where it is no line."""
    return [product for product in load().values() if product.service == service]
