"""The PostgreSQL record that is filled: what it may hold before, how rows come into it, and how they are read back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import Database
from storage.moving_rows import Difference, Key, Rows, Shape

# Two of these commands at once would undo each other's work.
LOCK = 5805
TRIES, PAUSE = 20, 0.1
PATIENT = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0"
Fetch = Callable[[int], Awaitable[Rows]]


class Target:
    """An open record: `database` for what is seldom done, and two connections for rows, to read and to write."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, pool=2)
        self._engine = create_async_engine(url, poolclass=NullPool)
        self._open = AsyncExitStack()
        self._reader: Any = None
        self._writer: Any = None

    async def start(self) -> None:
        """Opens the connections."""
        self._reader, self._writer = await self._raw(), await self._raw()
        # Rows that a power cut takes are written by the next run; the word that all is there waits for the disk.
        await self._writer.execute("SET synchronous_commit = off")
        await self.database.start()

    async def stop(self) -> None:
        """Closes them."""
        await self._open.aclose()
        await self._engine.dispose()
        await self.database.stop()

    async def lock(self) -> bool:
        """Whether nobody else fills this record now; it stays so until this is stopped."""
        # The server may not have noticed yet that a killed run is gone.
        for _ in range(TRIES):
            if await self._writer.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                return True
            await asyncio.sleep(PAUSE)
        return False

    @asynccontextmanager
    async def reading(self, shape: Shape) -> AsyncIterator[Fetch]:
        """The rows of a table by their key, as they are at one moment, as many at a time as are asked for."""
        async with self._reader.transaction(isolation="repeatable_read", readonly=True):
            cursor = await self._reader.cursor(shape.on_postgresql())
            yield cursor.fetch

    async def write(self, shape: Shape, found: Difference) -> None:
        """Removes and writes what differs, all of it or nothing."""
        async with self._writer.transaction():
            if found.gone:
                await self._writer.executemany(shape.removal(), _keys(shape, found.gone))
            if found.put:
                await self._writer.copy_records_to_table(shape.name, records=found.put, columns=shape.columns)

    async def _raw(self) -> Any:
        connection = await self._open.enter_async_context(self._engine.connect())
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(PATIENT)
        return raw


def _keys(shape: Shape, keys: Sequence[Key]) -> Sequence[tuple[Any, ...]]:
    return keys if len(shape.keys) > 1 else [(key,) for key in keys]
