"""Statements that every batch runs: put into words once, and given to the driver with values as it wants them.

SQLAlchemy puts each row together anew, and each list in a statement: that costs more than running it. A list is one
value for PostgreSQL, and as many values as it is long for SQLite. Whatever is run here must be built once, because it
is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Executable,
    Insert,
    Select,
    String,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

from storage.rows import padded

_Row = Mapping[str, Any]
_Drawn = Callable[[_Row], tuple[Any, ...]]
REMEMBERED = 512


def ask(connection: Connection, statement: Executable, values: _Row) -> CursorResult[Any]:
    """Runs a statement once; its rows are as the driver gives them, instants and JSON as they are kept."""
    sql, drawn = _worded(statement, connection.dialect, tuple(values))
    return connection.exec_driver_sql(sql, drawn(values))


def read(connection: Connection, statement: Select[Any], values: _Row) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, in the order in which it names its columns, as Python has their values."""
    readers = _readers(statement, connection.dialect)
    for row in ask(connection, statement, values):
        found = [*row]
        for at, reader in readers:
            found[at] = reader(found[at])
        yield tuple(found)


def run(connection: Connection, statement: Executable, rows: Sequence[_Row]) -> None:
    """Runs a statement that returns nothing for each of the rows, all of which name the same values."""
    if isinstance(statement, Insert) and connection.dialect.name == "postgresql":
        put(connection, statement, rows)
        return
    sql, drawn = _worded(statement, connection.dialect, tuple(rows[0]))
    given = [drawn(row) for row in rows]
    connection.exec_driver_sql(sql, given if len(given) > 1 else given[0])


def put(connection: Connection, statement: Insert, rows: Sequence[_Row]) -> CursorResult[Any]:
    """Inserts all the rows by one statement, in their order, and returns what it returns.

    Of a list each length is a statement for SQLite: rows that may be put in twice are best `padded`.
    """
    names = tuple(rows[0])
    if connection.dialect.name == "postgresql":
        columns: _Row = {name: [row[name] for row in rows] for name in names}
        return ask(connection, _of_columns(statement, names), columns)
    cells = {f"{name}{n}": row[name] for n, row in enumerate(rows) for name in names}
    return ask(connection, _of_rows(statement, names, len(rows)), cells)


def length(connection: Connection, values: Sequence[Any]) -> int:
    """How long the list must be in a statement for these values; 0 where any length is as good."""
    return 0 if connection.dialect.name == "postgresql" else len(padded(values)) or 1


def among(column: Column[Any], name: str, count: int) -> ColumnElement[bool]:
    """Whether a column has one of the values of a list of this `length`, which `listed` gives."""
    if not count:
        return column == func.any(_column(name, column.type))
    return column.in_([bindparam(f"{name}{n}", type_=column.type) for n in range(count)])


def listed(name: str, values: Iterable[Any], count: int) -> dict[str, Any]:
    """The values of a list of this `length`; of one without any a NULL, which nothing equals."""
    if not count:
        return {name: list(values)}
    return {f"{name}{n}": value for n, value in enumerate(padded(values) or [None])}


def _column(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """A list as one value. Of a string's length nothing is said: what is too long would be cut in silence."""
    return bindparam(name, type_=ARRAY(Text() if isinstance(kind, String) else kind, dimensions=1))


@lru_cache(REMEMBERED)
def _of_columns(statement: Insert, names: tuple[str, ...]) -> Insert:
    """The insert of rows that come as a list for each column: executed once, and planned once for any number."""
    kinds = statement.table.c
    given = func.unnest(*(_column(name, kinds[name].type) for name in names))
    rows = given.table_valued(*names, with_ordinality="nth").render_derived()
    return statement.from_select(names, select(*(rows.c[name] for name in names)).order_by(rows.c.nth))


@lru_cache(REMEMBERED)
def _of_rows(statement: Insert, names: tuple[str, ...], count: int) -> Insert:
    """The insert of so many rows."""
    kinds = statement.table.c
    return statement.values(
        [{name: bindparam(f"{name}{n}", type_=kinds[name].type) for name in names} for n in range(count)]
    )


@lru_cache(REMEMBERED)
def _worded(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> tuple[str, _Drawn]:
    """The words of a statement, and what makes its values of a row; KeyError where a row lacks one."""
    compiled = statement.compile(dialect=dialect, column_keys=names)
    order = compiled.positiontup
    if missing := [name for name in order if name not in names and compiled.binds[name].required]:
        raise KeyError(*missing)
    fixed = {name: compiled.binds[name].value for name in order if name not in names}
    writers = [(at, _writer(compiled.binds[name], dialect)) for at, name in enumerate(order)]
    return str(compiled), _drawing(order, fixed, [(at, write) for at, write in writers if write])


def _drawing(order: Sequence[str], fixed: _Row, writers: Sequence[tuple[int, Callable[[Any], Any]]]) -> _Drawn:
    chosen = itemgetter(*order) if len(order) > 1 else lambda row: [row[name] for name in order]

    def drawn(row: _Row) -> tuple[Any, ...]:
        values = [*chosen({**fixed, **row} if fixed else row)]
        for at, write in writers:
            values[at] = write(values[at])
        return tuple(values)

    return drawn


@lru_cache(REMEMBERED)
def _readers(statement: Select[Any], dialect: Dialect) -> list[tuple[int, Callable[[Any], Any]]]:
    """For each place of a row what makes of its value that which Python has, where the driver's is another."""
    kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    found = [(at, kind.result_processor(dialect, None)) for at, kind in enumerate(kinds)]
    return [(at, reader) for at, reader in found if reader]


def _writer(bind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value that which the database keeps; nothing where it is that already."""
    several = isinstance(bind.type, ARRAY)
    kind = bind.type.item_type if several else bind.type
    write: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    # SQLAlchemy looks at each value of a list, whether it is a list itself.
    return (lambda values: [*map(write, values)]) if several and write else write
