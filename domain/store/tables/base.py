"""What all tables share; names of constraints are fixed so that migrations can find them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = String(40)


def identifier() -> Column[str]:
    """The key of a thing that has an identity of its own."""
    return Column("id", Id, primary_key=True)


def row_number() -> Column[int]:
    """The key of a row in a log: its order."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[str]:
    """A key of another table."""
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=null, index=index)


facts = Table(
    "facts", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False)
)
