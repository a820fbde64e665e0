"""Ids that are known before their rows are written, so that many rows can be written by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, String, Table, bindparam, column, func, select
from sqlalchemy import table as named

from storage.prepared import ask


@cache
def _last(table: Table) -> Any:
    """The highest id so far; of a table that must never use one twice, also of rows that are gone."""
    if table.dialect_options["sqlite"]["autoincrement"]:
        sequence = named("sqlite_sequence", column("name"), column("seq"))
        return select(sequence.c.seq).where(sequence.c.name == bindparam("name", type_=String))
    return select(func.max(table.c.id))


@cache
def _drawn(table: Table) -> Any:
    sequence = func.pg_get_serial_sequence(table.name, "id")
    many = bindparam("count", type_=Integer)
    return select(func.nextval(sequence)).select_from(func.generate_series(1, many).alias("n"))


def next_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """The ids for so many new rows; on SQLite, which has one writer, they must be used before others are asked for."""
    if connection.dialect.name == "postgresql":
        return ask(connection, _drawn(table), {"count": count}).scalars().all()
    last = ask(connection, _last(table), {"name": table.name}).scalar() or 0
    return range(last + 1, last + count + 1)
