"""Rows as both databases hold them: in one order, by one form of each value, and what differs between them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    TypeDecorator,
    bindparam,
    collate,
    delete,
    select,
)
from sqlalchemy.dialects import registry

from storage import tables as t
from storage.takeover import MARK

Row = tuple[Any, ...]
Rows = list[Row]
Key = Any
Take = Callable[[], Awaitable[Rows]]

# A lease says who works on this record now.
TABLES = tuple(table for table in t.metadata.sorted_tables if table is not t.leases)
# SQLite has neither truth nor days of its own.
TURNED: Mapping[type, Callable[[Any], Any]] = {Boolean: bool, Date: date.fromisoformat}
ALIKE = (BigInteger, Integer, LargeBinary, String)
MOST_SHOWN = 40
SQLITE, POSTGRESQL = (registry.load(name)() for name in ("sqlite", "postgresql.asyncpg"))


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as it is read on either side; `keys`, `turned` and `wide` are positions of columns."""

    table: Table
    columns: tuple[str, ...]
    keys: tuple[int, ...]
    turned: tuple[tuple[int, Callable[[Any], Any]], ...]
    wide: tuple[int, ...]
    key: Callable[[Row], Key]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    def all(self, *columns: Any) -> Select[Any]:
        """All rows that both sides have: the target alone says how far it is filled."""
        found = select(*columns).select_from(self.table)
        return found.where(t.settings.c.key != MARK) if self.table is t.settings else found

    def on_sqlite(self) -> str:
        """How SQLite gives all rows by their key."""
        return plain(self.all(*self.table.columns).order_by(*self.table.primary_key), SQLITE)

    def on_postgresql(self) -> str:
        """How PostgreSQL gives them in the same order: letters by their bytes, whatever its locale."""
        order = [collate(each, "C") if isinstance(kind_of(each), String) else each for each in self.table.primary_key]
        return plain(self.all(*self.table.columns).order_by(*order), POSTGRESQL)

    def removal(self) -> str:
        """How PostgreSQL removes one row by its key."""
        mine = (column == bindparam(f"k{place}") for place, column in enumerate(self.table.primary_key))
        return plain(delete(self.table).where(*mine), POSTGRESQL, literal_binds=False)

    def turn(self, rows: Iterable[Row]) -> Rows:
        """Rows of SQLite with the values that PostgreSQL gives."""
        if not self.turned:
            return list(rows)
        return [self._turned(row) for row in rows]

    def shown(self, key: Key) -> str:
        """A key in words; what a platform or a person may be known by is told by its hash."""
        values = key if isinstance(key, tuple) else (key,)
        return ", ".join(
            f"{column.name}={_shown(column, value)}"
            for column, value in zip(self.table.primary_key, values, strict=True)
        )

    def unfit(self, row: Row) -> str:
        """The first column whose value PostgreSQL does not take; empty where there is none."""
        for column, value in zip(self.table.columns, row, strict=True):
            if _unfit(kind_of(column), value):
                return column.name
        return ""

    def _turned(self, row: Row) -> Row:
        values = list(row)
        for place, turn in self.turned:
            if values[place] is not None:
                values[place] = turn(values[place])
        return tuple(values)


def plain(query: Any, dialect: Any, literal_binds: bool = True) -> str:
    """A statement as the driver itself takes it."""
    return str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": literal_binds}))


def shape(table: Table) -> Shape:
    """How a table is read."""
    columns = tuple(column.name for column in table.columns)
    keys = tuple(columns.index(column.name) for column in table.primary_key)
    kinds = [kind_of(column) for column in table.columns]
    turned = tuple((place, TURNED[type(kind)]) for place, kind in enumerate(kinds) if type(kind) in TURNED)
    wide = tuple(
        place for place, kind in enumerate(kinds) if isinstance(kind, (String, LargeBinary)) and not kind.length
    )
    return Shape(table, columns, keys, turned, wide, itemgetter(*keys))


def kind_of(column: Column[Any]) -> Any:
    """How the values of a column lie in the database."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _shown(column: Column[Any], value: Any) -> str:
    kind = kind_of(column)
    if isinstance(value, bytes) or (isinstance(kind, String) and (kind.length or MOST_SHOWN + 1) > MOST_SHOWN):
        raw = value if isinstance(value, bytes) else str(value).encode()
        return f"sha256:{hashlib.sha256(raw).hexdigest()[:16]}"
    return str(value)


def _unfit(kind: Any, value: Any) -> bool:
    if isinstance(value, str):
        # PostgreSQL knows no zero byte in letters, and SQLite holds nobody to a length.
        return "\0" in value or bool(isinstance(kind, String) and kind.length and len(value) > kind.length)
    if isinstance(value, int) and not isinstance(value, bool):
        bits = 63 if isinstance(kind, BigInteger) else 31
        return not isinstance(kind, Integer) or not -(2**bits) <= value < 2**bits
    return isinstance(value, float)


@dataclass(frozen=True, slots=True)
class Difference:
    """What makes the target's rows those of the source: `gone` are keys to be removed before `put` is written."""

    put: Rows
    gone: Sequence[Key]
    changed: int = 0

    def first(self, key: Callable[[Row], Key]) -> Key:
        """The lowest key of a row that differs."""
        return min([*map(key, self.put[:1]), *self.gone])


def difference(ours: Rows, theirs: Rows, key: Callable[[Row], Key]) -> Difference:
    """What is missing, other, or too much among rows that span the same keys."""
    if ours == theirs:
        return Difference([], [])
    there = {key(row): row for row in theirs}
    put, gone = [], []
    for row in ours:
        name = key(row)
        old = there.pop(name, None)
        if old is None:
            put.append(row)
        elif old != row:
            put.append(row)
            gone.append(name)
    return Difference(put, [*gone, *there], len(gone))


async def paired(ours: Take, theirs: Take, key: Callable[[Row], Key]) -> AsyncIterator[tuple[Rows, Rows]]:
    """Two sides that are sorted alike, in pieces that span the same keys; a side is at its end when it gives none."""
    left: Rows = []
    right: Rows = []
    while True:
        left = left or await ours()
        right = right or await theirs()
        if not left and not right:
            return
        here, there = _cut(left, right, key)
        yield left[:here], right[:there]
        left, right = left[here:], right[there:]


def _cut(left: Rows, right: Rows, key: Callable[[Row], Key]) -> tuple[int, int]:
    if not left or not right:
        return len(left), len(right)
    last = min(key(left[-1]), key(right[-1]))
    return bisect_right(left, last, key=key), bisect_right(right, last, key=key)
