"""Writes for the tests of write(fn), and how many of them come to be one group."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, insert

from storage import tables as t
from storage.database import Database
from tests.storage.samples import Fault, rows


def put(key: str, value: str = "") -> Callable[[Connection], str]:
    """Writes one setting and gives its key."""

    def write(connection: Connection) -> str:
        connection.execute(insert(t.settings).values(key=key, value=value))
        return key

    return write


def broken(connection: Connection) -> None:
    """Writes, also behind a savepoint, and then fails."""
    put("before")(connection)
    with connection.begin_nested():
        put("nested")(connection)
    raise Fault


async def keys(database: Database) -> list[str]:
    """The keys of all settings."""
    return [row.key for row in await rows(database, t.settings)]


@asynccontextmanager
async def held(database: Database) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Keeps the writer busy, so that what is written inside waits and comes as one group."""
    busy, free = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        busy.set()
        free.wait()

    holding = asyncio.create_task(database.write(hold))
    await asyncio.to_thread(busy.wait)
    try:
        tasks: list[asyncio.Task[Any]] = []
        yield tasks
        await asyncio.sleep(0)
    finally:
        free.set()
        await holding
        await asyncio.wait(tasks)


async def grouped(database: Database, *writes: Callable[[Connection], Any]) -> list[Any]:
    """The results and errors of these writes, made in one group where the database knows groups."""
    if not database.sqlite:
        return await asyncio.gather(*map(database.write, writes), return_exceptions=True)
    async with held(database) as tasks:
        tasks.extend(asyncio.create_task(database.write(write)) for write in writes)
    return await asyncio.gather(*tasks, return_exceptions=True)
