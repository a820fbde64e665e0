"""The record on a PostgreSQL server: each transaction on a connection of a pool, and again where that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

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
    """A database of PostgreSQL's, with so many connections at most."""

    def __init__(self, url: URL, pool: int) -> None:
        self._url, self._pool = url, pool
        # Hears of each write whose end is unknown: it may be on record, and nobody here knows what it wrote.
        self.unsure: Callable[[], object] = lambda: None
        self._engine: AsyncEngine | None = None

    async def start(self) -> None:
        """Makes the pool; connections are opened when they are needed."""
        # Imported here: it brings the ORM along, a twelfth of an embedded office's start and 6 MB.
        from sqlalchemy.ext.asyncio import create_async_engine

        # Not asked each time whether it is still there: what fails on a lost connection is run again.
        self._engine = create_async_engine(self._url, pool_size=self._pool, max_overflow=0)

    async def stop(self) -> None:
        """Closes the connections."""
        if self._engine:
            await self._engine.dispose()

    async def write(self, fn: Callable[[Connection], T], patient: bool = False, brief: bool = False) -> T:
        """Runs fn in a transaction of its own."""
        return await self._again(self._written, fn)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Runs fn so that all its statements see one moment."""
        return await self._again(self._looked, fn)

    async def _written(self, fn: Callable[[Connection], T]) -> T:
        assert self._engine is not None
        async with self._engine.begin() as connection:
            return await connection.run_sync(fn)

    async def _looked(self, fn: Callable[[Connection], T]) -> T:
        assert self._engine is not None
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            return await connection.run_sync(fn)

    async def _again(
        self, run: Callable[[Callable[[Connection], T]], Awaitable[T]], fn: Callable[[Connection], T]
    ) -> T:
        """Runs the whole transaction again where that may help: after a clash, and while the server is away."""
        for tried in range(1, TRIES_WHILE_AWAY + 1):
            try:
                return await run(fn)
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
