"""The record on a PostgreSQL server: each transaction on a connection of a pool, and again where that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import greenlet_spawn

T = TypeVar("T")
TRIES = 5
# A server that is started again is away for some seconds; what waits meanwhile is not lost.
TRIES_WHILE_AWAY = 10
LONGEST_PAUSE = 1.0
# Overtaken by another transaction, or caught in a deadlock with it.
CLASHED = ("40001", "40P01")
# Shut down, starting, out of connections, or cut off.
ABSENT = ("57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08004", "08006")


class Served:
    """A database of PostgreSQL's, with so many connections at most.

    A transaction is one function that waits inside for what asyncpg does. SQLAlchemy's asyncio extension does the same
    for each of its steps, and brings the ORM along: a twelfth of a start and 6 MB.
    """

    def __init__(self, url: URL, pool: int) -> None:
        self._url, self._pool = url, pool
        # Hears of each write whose end is unknown: it may be on record, and nobody here knows what it wrote.
        self.unsure: Callable[[], object] = lambda: None
        self._engine: Engine | None = None

    async def start(self) -> None:
        """Makes the pool; connections are opened when they are needed."""
        # Not asked each time whether it is still there: what fails on a lost connection is run again.
        self._engine = create_engine(self._url, pool_size=self._pool, max_overflow=0, hide_parameters=True)

    async def stop(self) -> None:
        """Closes the connections."""
        if self._engine:
            await greenlet_spawn(self._engine.dispose)

    async def write(self, fn: Callable[[Connection], T], patient: bool = False, brief: bool = False) -> T:
        """Runs fn in a transaction of its own."""
        return await self._again(self._written, fn)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Runs fn so that all its statements see one moment."""
        return await self._again(self._looked, fn)

    def _written(self, fn: Callable[[Connection], T]) -> T:
        assert self._engine is not None
        with self._engine.begin() as connection:
            return fn(connection)

    def _looked(self, fn: Callable[[Connection], T]) -> T:
        assert self._engine is not None
        with self._engine.connect() as connection:
            return fn(connection.execution_options(isolation_level="REPEATABLE READ"))

    async def _again(self, run: Callable[[Callable[[Connection], T]], T], fn: Callable[[Connection], T]) -> T:
        """Runs the whole transaction again where that may help: after a clash, and while the server is away."""
        for tried in range(1, TRIES_WHILE_AWAY + 1):
            try:
                return await greenlet_spawn(run, fn)
            except (OSError, DBAPIError) as error:
                tries = _tries(error)
                if tries == TRIES_WHILE_AWAY:
                    self.unsure()
                if tried >= tries:
                    raise
                await asyncio.sleep(min(LONGEST_PAUSE, 0.01 * 2**tried))
        raise AssertionError("unreachable")


def _tries(error: OSError | DBAPIError) -> int:
    """How often a transaction that failed so is tried in all."""
    state = "" if isinstance(error, OSError) else str(getattr(error.orig, "sqlstate", ""))
    if isinstance(error, OSError) or error.connection_invalidated or state in ABSENT:
        return TRIES_WHILE_AWAY
    return TRIES if state in CLASHED else 1
