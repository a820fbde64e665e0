"""write(fn) and read(fn): what is acknowledged is kept, and what failed leaves nothing."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.util import await_only

from storage import tables as t
from storage.database import Database
from storage.embedded import GROUP
from tests.storage.samples import NOW, ON_SQLITE, Fault, rows
from tests.storage.writes import broken, grouped, keys, put


async def test_a_write_returns_when_it_is_committed(database: Database, record_url: str) -> None:
    """Another connection sees at once what a write that returned has done."""
    assert await database.write(put("a", "1")) == "a"
    other = Database(record_url)
    await other.start()
    assert [(row.key, row.value) for row in await rows(other, t.settings)] == [("a", "1")]
    await other.stop()


async def test_reads_see_what_was_written_before(database: Database) -> None:
    """Each read sees all writes that returned before it began."""
    for n in range(20):
        await database.write(put(f"k{n:02}"))
        assert len(await keys(database)) == n + 1


async def test_a_read_keeps_nothing(database: Database) -> None:
    """What a read tries to write is refused or forgotten."""
    try:
        await database.read(put("a"))
    except OperationalError:
        assert database.sqlite
    assert await keys(database) == []


async def test_a_read_sees_one_moment(database: Database) -> None:
    """Two statements of a read agree, although something was committed between them."""

    loop = asyncio.get_running_loop()

    def between() -> None:
        if database.sqlite:
            asyncio.run_coroutine_threadsafe(database.write(put("between")), loop).result()
        else:
            await_only(database.write(put("between")))

    def twice(connection: Connection) -> tuple[int, int]:
        first = connection.exec_driver_sql("SELECT count(*) FROM settings").scalar_one()
        between()
        return first, connection.exec_driver_sql("SELECT count(*) FROM settings").scalar_one()

    assert await database.read(twice) == (0, 0)


async def test_a_failed_write_leaves_nothing(database: Database) -> None:
    """A write that fails is undone whole, also what stood behind a savepoint that was released."""
    with pytest.raises(Fault):
        await database.write(broken)
    assert await keys(database) == []
    assert await database.write(put("after")) == "after"
    assert await keys(database) == ["after"]


async def test_one_failure_harms_nobody_else(database: Database) -> None:
    """The error of one write reaches its own waiter, and the others beside it are kept once each."""
    await database.write(put("taken"))
    found = await grouped(database, put("a"), broken, put("b"), put("taken"), put("c"))
    assert [type(each) for each in found] == [str, Fault, str, IntegrityError, str]
    assert await keys(database) == ["a", "b", "c", "taken"]


async def test_foreign_keys_are_obeyed(database: Database) -> None:
    """Nothing can be written about somebody who is not on record."""
    row = {"contact_id": 99, "agency": "dpu", "bound_at": NOW}
    with pytest.raises(IntegrityError):
        await database.write(lambda c: c.execute(insert(t.rooms).values(row)).rowcount)


async def test_a_waiter_that_goes_away_disturbs_nobody(database: Database) -> None:
    """A write whose caller was cancelled does not keep others from being answered."""
    leaving = asyncio.create_task(database.write(put("left")))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await asyncio.gather(*(database.write(put(str(n))) for n in range(5))) == [str(n) for n in range(5)]


async def test_stopping_finishes_what_waits(record_url: str) -> None:
    """Every write that was begun before the stop is answered and kept."""
    database = Database(record_url)
    await database.start()
    writes = [asyncio.create_task(database.write(put(f"k{n:03}"))) for n in range(200)]
    if database.sqlite:
        await asyncio.sleep(0)
        await database.stop()
    assert await asyncio.gather(*writes) == [f"k{n:03}" for n in range(200)]
    await database.stop()
    again = Database(record_url)
    await again.start()
    assert len(await keys(again)) == 200
    await again.stop()


@ON_SQLITE
async def test_waiting_writes_share_a_transaction(database: Database) -> None:
    """As many as fit into a group are committed together, the rest in the next."""
    transactions = await grouped(database, *[lambda c: c.get_transaction()] * (GROUP + 1))
    assert len({id(each) for each in transactions}) == 2
    assert len({id(each) for each in transactions[:GROUP]}) == 1


@ON_SQLITE
async def test_a_replayed_write_counts_once(database: Database) -> None:
    """Beside a failure a write runs again, and what it wrote stands once."""
    runs: list[int] = []

    def counting(connection: Connection) -> int:
        runs.append(put("a", str(len(runs)))(connection) == "a")
        return len(runs)

    assert (await grouped(database, counting, broken))[0] == len(runs) == 2
    assert [row.value for row in await rows(database, t.settings)] == ["1"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
async def test_the_writer_is_set_up_to_survive(database: Database, pragma: str, value: object) -> None:
    """The connection that writes is durable, checks references, and waits for a lock."""
    assert await database.write(lambda c: c.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()) == value


async def test_other_errors_come_as_they_are(database: Database) -> None:
    """A statement that cannot work fails once, with the database's own error."""
    runs: list[int] = []

    def wrong(connection: Connection) -> None:
        runs.append(1)
        connection.exec_driver_sql("SELECT * FROM nowhere")

    with pytest.raises(DBAPIError):
        await database.write(wrong)
    assert len(runs) == 1
