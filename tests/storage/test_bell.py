"""Replicas tell each other whose letters wait, and go on doing so when a connection was lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from storage.bell import AT_ONCE, MOST, Bell
from storage.database import Database
from tests.office import until
from tests.storage.samples import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_notify%' AND pid <> pg_backend_pid()"
)


@dataclass(slots=True)
class Ears:
    """What a replica heard; `begun`: how often it began to listen."""

    contacts: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)
    rings: int = 0
    begun: int = 0

    def hear(self, contacts: Sequence[int], dropped: Sequence[int]) -> None:
        self.rings += 1
        self.contacts.update(contacts)
        self.dropped.update(dropped)

    def begin(self) -> None:
        self.begun += 1


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[tuple[Bell, Ears]]:
    """A bell that listens, and what comes of it."""
    ears = Ears()
    bell = Bell(database.url, ears.hear, ears.begin)
    task = asyncio.create_task(bell.run())
    try:
        await asyncio.wait_for(bell.listening.wait(), 10)
        yield bell, ears
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_others_hear_and_oneself_does_not(database: Database) -> None:
    """However many letters there are, all others hear of each of them."""
    many = range(1, 3 * AT_ONCE)
    async with listening(database) as (one, mine), listening(database) as (_, other):
        one.ring(many, [7, 8])
        await until(lambda: other.contacts == set(many) and other.dropped == {7, 8})
        # Of the other one's coming it has heard.
        assert (mine.contacts, mine.dropped, mine.rings) == (set(), set(), 1)


async def test_a_cut_connection_is_made_again(database: Database) -> None:
    """What is rung while nobody listens is told afterwards, and everybody reads anew what may have been missed."""
    async with listening(database) as (one, _), listening(database) as (_, other):
        one.ring([1], [])
        await until(lambda: 1 in other.contacts)
        before = other.begun
        await database.read(lambda c: c.exec_driver_sql(CUT).all())
        one.ring([2], [3])
        await until(lambda: other.begun > before and one.listening.is_set())
        one.ring([4], [])
        await until(lambda: 4 in other.contacts)


async def test_nothing_gathers_without_end(database: Database) -> None:
    """While the database is away for long, what would be told is given up: it is found in the outbox."""
    bell = Bell(database.url, Ears().hear, Ears().begin)
    for start in range(0, 3 * MOST, 1000):
        bell.ring(range(start, start + 1000), range(start, start + 1000))
    assert bell.waiting <= 2 * MOST
