"""On PostgreSQL a write is repeated exactly where repeating can help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from storage import tables as t
from storage.database import Database
from storage.served import TRIES
from tests.storage.samples import ON_POSTGRESQL, Fault, rows

pytestmark = ON_POSTGRESQL


@pytest.fixture
async def counter(database: Database) -> Database:
    """A record with the setting `n` at 0."""
    await database.write(lambda c: c.execute(insert(t.settings).values(key="n", value="0")).rowcount)
    return database


def add_one(connection: Connection) -> None:
    """Counts one up."""
    connection.execute(text("UPDATE settings SET value = value::int + 1 WHERE key = 'n'"))


async def value(database: Database) -> int:
    """What `n` has come to."""
    (row,) = await rows(database, t.settings)
    return int(row.value)


async def test_a_serialization_failure_is_repeated(counter: Database) -> None:
    """A write that another overtook runs again and then succeeds; both are counted."""
    runs: list[int] = []

    def overtaken(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text("SELECT value FROM settings"))
        if len(runs) == 1:
            await_only(counter.write(add_one))
        add_one(connection)

    await counter.write(overtaken)
    assert (len(runs), await value(counter)) == (2, 2)


async def test_a_failure_that_stays_is_raised_in_the_end(counter: Database) -> None:
    """A write that is overtaken every time fails after its last try, and what it did is gone."""
    runs: list[int] = []

    def overtaken(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text("SELECT value FROM settings"))
        await_only(counter.write(add_one))
        add_one(connection)

    with pytest.raises(DBAPIError):
        await counter.write(overtaken)
    assert (len(runs), await value(counter)) == (TRIES, TRIES)


async def test_a_deadlock_is_repeated(counter: Database) -> None:
    """Of two writes that wait for each other both succeed."""
    both = asyncio.Barrier(2)
    runs: list[str] = []

    def crossing(first: int, second: int) -> Callable[[Connection], None]:
        def write(connection: Connection) -> None:
            runs.append("")
            connection.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
            if len(runs) <= 2:
                await_only(both.wait())
            connection.execute(text(f"SELECT pg_advisory_xact_lock({second})"))
            add_one(connection)

        return write

    await asyncio.gather(counter.write(crossing(1, 2)), counter.write(crossing(2, 1)))
    assert (len(runs), await value(counter)) == (3, 2)


@pytest.mark.parametrize("itself", [True, False])
async def test_a_lost_connection_is_repeated(counter: Database, itself: bool) -> None:
    """A write whose connection is killed runs again on a new one; what it had done is not counted twice."""
    runs: list[int] = []

    def killed(connection: Connection) -> None:
        runs.append(1)
        add_one(connection)
        if len(runs) > 1:
            return
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        kill = text(f"SELECT pg_terminate_backend({pid}, 5000)")
        if itself:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        else:
            await_only(counter.write(lambda c: c.execute(kill).scalar()))

    await counter.write(killed)
    assert (len(runs), await value(counter)) == (2, 1)


async def test_a_connection_that_died_in_the_pool_is_not_noticed(counter: Database) -> None:
    """A restart of the server between two writes costs neither of them."""
    others = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()")
    with pytest.raises(DBAPIError):
        await counter.read(lambda c: c.execute(others).all())
    await counter.write(add_one)
    assert await value(counter) == 1


@pytest.mark.parametrize("statement", ["SELECT 1 / 0", "SELECT * FROM nowhere", "INSERT INTO settings VALUES ('n')"])
async def test_what_cannot_succeed_is_tried_once(counter: Database, statement: str) -> None:
    """An error of the statement itself is raised at once, and what stood before it is gone."""
    runs: list[int] = []

    def wrong(connection: Connection) -> None:
        runs.append(1)
        add_one(connection)
        connection.execute(text(statement))

    with pytest.raises(DBAPIError):
        await counter.write(wrong)
    assert (len(runs), await value(counter)) == (1, 0)


async def test_a_fault_of_ours_is_tried_once(counter: Database) -> None:
    """What is not the database's error is never repeated."""
    runs: list[int] = []

    def wrong(connection: Connection) -> None:
        runs.append(1)
        add_one(connection)
        raise Fault

    with pytest.raises(Fault):
        await counter.write(wrong)
    assert (len(runs), await value(counter)) == (1, 0)
