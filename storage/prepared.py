"""Statements that every batch runs: put into words once, and given to the driver with values as it wants them.

SQLAlchemy puts each row together anew, and each list in a statement: that costs more than running it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, CursorResult, Dialect, Executable, Select, bindparam
from sqlalchemy.types import TypeEngine

_Row = Mapping[str, Any]
_Drawn = Callable[[_Row], tuple[Any, ...]]
REMEMBERED = 512


def run(connection: Connection, statement: Executable, rows: Sequence[_Row]) -> None:
    """Runs a statement that returns nothing once for each of the rows, all of which name all of its values.

    Whatever is run or asked here must be built once, because it is remembered.
    """
    sql, drawn = _worded(statement, connection.dialect, tuple(rows[0]))
    given = [drawn(row) for row in rows]
    connection.exec_driver_sql(sql, given if len(given) > 1 else given[0])


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


def listed(name: str, count: int, kind: TypeEngine[Any]) -> list[BindParameter[Any]]:
    """The values of a list of this length, which `numbered` names alike."""
    return [bindparam(f"{name}{n}", type_=kind) for n in range(count)]


def numbered(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """The values of a list under the names that `listed` gives them."""
    return {f"{name}{n}": value for n, value in enumerate(values)}


@lru_cache(REMEMBERED)
def _worded(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> tuple[str, _Drawn]:
    """The words of a statement, and what makes its values of a row."""
    compiled = statement.compile(dialect=dialect, column_keys=names)
    order = compiled.positiontup
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
    """What makes of a value that which the database keeps."""
    written: Callable[[Any], Any] | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return written
