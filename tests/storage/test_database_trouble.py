"""A full disk, a locked file and a kill: what was acknowledged is kept, and nothing else."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from storage.database import Database
from tests.storage.samples import ON_SQLITE
from tests.storage.writes import grouped, keys, put

pytestmark = ON_SQLITE
ROOT = Path(__file__).resolve().parents[2]


async def fill_up(database: Database, room: int) -> None:
    """Lets the file grow by so many pages and no further."""
    pages = await database.write(lambda c: int(c.exec_driver_sql("PRAGMA page_count").scalar_one()))
    await database.write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages + room}").scalar_one())


async def test_a_full_disk_is_an_error_and_not_a_loss(database: Database) -> None:
    """Where there is no room the write fails and leaves nothing; with room again it succeeds."""
    await fill_up(database, 3)
    with pytest.raises(OperationalError, match="full"):
        await database.write(put("big", "x" * 100_000))
    assert await keys(database) == []
    await fill_up(database, 1000)
    await database.write(put("big", "x" * 100_000))
    assert await keys(database) == ["big"]


@pytest.mark.parametrize("where", range(4))
async def test_what_a_full_disk_keeps_is_what_was_acknowledged(database: Database, where: int) -> None:
    """Of a group in which one finds the disk full, exactly what was answered without error is kept."""
    await fill_up(database, 3)
    writes = [put(f"k{n}") for n in range(3)]
    writes.insert(where, put("big", "x" * 100_000))
    found = await grouped(database, *writes)
    assert isinstance(found[where], OperationalError)
    assert await keys(database) == [each for each in found if isinstance(each, str)]
    await fill_up(database, 1000)
    assert await database.write(put("later")) == "later"


@pytest.mark.parametrize("count", [1, 3])
async def test_a_locked_file_is_an_error_after_the_timeout(database: Database, record_url: str, count: int) -> None:
    """While another program holds the file every waiter gets an error; afterwards writing works again."""
    await database.write(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=100").scalar())
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    found = await asyncio.gather(*(database.write(put(str(n))) for n in range(count)), return_exceptions=True)
    assert [type(each) for each in found] == [OperationalError] * count
    other.execute("ROLLBACK")
    other.close()
    assert await database.write(put("free")) == "free"
    assert await keys(database) == ["free"]


async def acknowledged(path: Path, seconds: float) -> Sequence[str]:
    """What a program said it had written before it was killed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.acknowledging", str(path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    first = await child.stdout.readline()
    await asyncio.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    said = first + await child.stdout.read()
    assert await child.wait() == -signal.SIGKILL
    return said.decode().rpartition("\n")[0].splitlines()


async def test_what_was_acknowledged_survives_a_kill(database: Database) -> None:
    """Every write that a killed program had reported as done is in the file, kill after kill."""
    chance = random.Random(2026)
    said: set[str] = set()
    for _ in range(3):
        said.update(await acknowledged(Path(str(database.url.database)), chance.uniform(0.0, 0.15)))
        assert said <= set(await keys(database))
    assert said
