"""Two replicas at work at once: the one begins while the other has done all but its commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.util import await_only

from storage.database import Database

A = TypeVar("A")
B = TypeVar("B")
LONG_ENOUGH = 0.3


async def beside(database: Database, first: Callable[[Connection], A], other: Callable[[Connection], B]) -> tuple[A, B]:
    """What came of both; the other one ends by itself, or waits for a lock that is free only after the first."""
    tasks: list[asyncio.Task[Any]] = []

    def work(connection: Connection) -> A:
        result = first(connection)
        if not tasks:
            tasks.append(asyncio.create_task(database.write(other)))
            await_only(asyncio.wait(tasks, timeout=LONG_ENOUGH))
        return result

    return await database.write(work), await tasks[0]


async def either(
    database: Database, one: Callable[[Connection], A], two: Callable[[Connection], B], swapped: bool
) -> tuple[A, B]:
    """What came of both, the one or the other of them first."""
    if not swapped:
        return await beside(database, one, two)
    second, first = await beside(database, two, one)
    return first, second
