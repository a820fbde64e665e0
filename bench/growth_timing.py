"""How long the program's own functions take, and how long the database takes for the statements they send."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, event

Work = Callable[[Connection], Any]
Statement = tuple[str, Any]
READS: Final = ("SELECT", "WITH")
# What holds a transaction together is not what is asked.
AROUND: Final = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(slots=True)
class Times:
    """Milliseconds of each run: of the whole call, and in the database; `statements`: how many a call sends."""

    whole: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    statements: int = 0


def timed(connection: Connection, works: Sequence[Work]) -> Times:
    """Each of these once to warm up, once whole, and once in the database alone; nothing of it stays."""
    times, ask = Times(), _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for work in works:
        sent = _undone(connection, lambda work=work: _heard(connection, work))  # type: ignore[misc]
        times.whole.append(_undone(connection, lambda work=work: _took(connection, work)))  # type: ignore[misc]
        times.inside.append(_undone(connection, lambda sent=sent: sum(ask(connection, *each) for each in sent)))  # type: ignore[misc]
        times.statements = max(times.statements, len(sent))
    return times


def _undone(connection: Connection, work: Callable[[], Any]) -> Any:
    alone = connection.begin_nested()
    try:
        return work()
    finally:
        alone.rollback()


def _took(connection: Connection, work: Work) -> float:
    begun = time.perf_counter()
    work(connection)
    return (time.perf_counter() - begun) * 1000


def _heard(connection: Connection, work: Work) -> list[Statement]:
    """What a call asks the database."""
    sent: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, several: bool) -> None:
        if not statement.startswith(AROUND):
            sent.extend((statement, each) for each in (parameters if several else (parameters,)))

    event.listen(connection, "before_cursor_execute", note)
    try:
        work(connection)
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return sent


def _sqlite(connection: Connection, statement: str, parameters: Any) -> float:
    """This thread's own time: all values are read, and none is handed over to Python, as on PostgreSQL."""
    driver: Any = connection.connection.driver_connection
    if statement.startswith(READS):
        names = [f"c{n}" for n in range(len(driver.execute(statement, parameters).description))]
        read = " + ".join(f"coalesce(sum(length({name})), 0)" for name in names)
        statement = f"WITH found({', '.join(names)}) AS ({statement}) SELECT {read} FROM found"
    begun = time.thread_time()
    driver.execute(statement, parameters).fetchall()
    return (time.thread_time() - begun) * 1000


def _postgresql(connection: Connection, statement: str, parameters: Any) -> float:
    """What the server itself measures, without the way there and back."""
    explained = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"
    found = connection.exec_driver_sql(explained, parameters).scalar_one()
    return float((json.loads(found) if isinstance(found, str) else found)[0]["Execution Time"])
