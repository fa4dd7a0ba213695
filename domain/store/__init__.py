"""The store: SQLAlchemy and migrations. The only room that knows SQL; hands out a `Unit` of work."""

from domain.store.engine import Store
from domain.store.unit import Unit

__all__ = ["Store", "Unit"]
