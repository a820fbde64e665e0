"""A record with rows in every table, whatever tables there are, and a year of changes to it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Table,
    delete,
    insert,
    select,
    update,
)

from storage import tables as t
from storage.moving_order import TRACES
from storage.moving_rows import TABLES
from tests.storage.samples import NOW

# Letters that locales put in another order than their bytes, and one beyond sixteen bits.
LETTERS = ("a", "B", "z", "Ä", "_", "é", "\u0640", "😀", "-", "0")
DAY = date(2026, 1, 1)
LASTING = {column for columns in TRACES for column in columns}


def fill(connection: Connection, rows: int = 12, seed: int = 1) -> None:
    """Puts that many rows into every table; where a key cannot tell so many apart, fewer."""
    chance = random.Random(seed)
    for table in t.metadata.sorted_tables:
        made = {}
        for number in range(rows):
            row = {each.name: _value(connection, each, number, chance) for each in table.columns}
            made[tuple(row[each.name] for each in table.primary_key)] = row
        connection.execute(insert(table), list(made.values()))


def _value(connection: Connection, column: Column[Any], number: int, chance: random.Random) -> Any:
    if column.foreign_keys:
        # A key that is also a reference must not come twice.
        return (number + 1) if column.primary_key or column.nullable is False else None if number % 3 else 1
    if column.nullable and number % 2:
        return None
    if column.primary_key and isinstance(column.type, BigInteger):
        return number + 1
    return _plain(column, number, chance)


def _plain(column: Column[Any], number: int, chance: random.Random) -> Any:
    kind = column.type
    if isinstance(kind, t.Instant):
        return NOW + timedelta(microseconds=number * 1_000_003)
    if isinstance(kind, t.Json):
        return {"teks": "".join(chance.choices(LETTERS, k=5)), "nol": "\0", "bukan": None, "ya": True}
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Date):
        return DAY + timedelta(days=number)
    if isinstance(kind, LargeBinary):
        return number.to_bytes(2, "big") + chance.randbytes(30)
    if isinstance(kind, Integer):
        return number if not isinstance(kind, BigInteger) else number * 10**12
    return f"{LETTERS[number % len(LETTERS)]}{number}"[: kind.length]  # type: ignore[attr-defined]


def change(connection: Connection) -> None:
    """Changes, removes and adds rows in every table that nothing else leans on."""
    leaned_on = {key.column.table for table in TABLES for key in table.foreign_keys}
    for table in TABLES:
        first, second, *_ = _keys(connection, table)
        free = [each for each in table.columns if not (each.primary_key or each.foreign_keys or each in LASTING)]
        if free:
            other = {each.name: _plain(each, 77, random.Random(77)) for each in free}
            connection.execute(update(table).where(*_at(table, first)).values(other))
        if table not in leaned_on and table is not t.history:
            connection.execute(delete(table).where(*_at(table, second)))


def _keys(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    order = list(table.primary_key)
    yield from (tuple(row) for row in connection.execute(select(*order).order_by(*order)).all())


def _at(table: Table, key: tuple[Any, ...]) -> Iterator[Any]:
    return (column == value for column, value in zip(table.primary_key, key, strict=True))
