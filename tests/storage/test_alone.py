"""One process at a time serves people from an embedded record, whatever became of the one before."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from storage.alone import Occupied, alone

HOLDS = """
import asyncio, sys
from sqlalchemy import make_url
from storage.alone import alone

async def hold():
    async with alone(make_url(sys.argv[1])):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold())
"""


@pytest.fixture
def url(tmp_path: Path) -> URL:
    """Where the record lies."""
    return make_url(f"sqlite+aiosqlite:///{tmp_path / 'kentongan.db'}")


async def test_the_second_one_is_refused(url: URL) -> None:
    """It is told what to do, and may begin when the first one has ended."""
    async with alone(url):
        with pytest.raises(Occupied, match=r"kentongan\.db.*Hentikan dulu.*PostgreSQL"):
            async with alone(url, 0.0):
                pass
    async with alone(url, 0.0):
        pass


async def test_one_that_is_just_ending_is_waited_for(url: URL) -> None:
    """A restart need not be timed."""
    ends, begun = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with alone(url):
            begun.set()
            await ends.wait()

    one = asyncio.create_task(first())
    await begun.wait()
    asyncio.get_running_loop().call_later(0.1, ends.set)
    async with alone(url, 60.0):
        assert one.done()


async def test_a_kill_leaves_nothing_behind(url: URL) -> None:
    """The next process begins at once."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDS, str(url), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout
    assert await process.stdout.readline() == b"held\n"
    with pytest.raises(Occupied):
        async with alone(url, 0.0):
            pass
    process.kill()
    await process.wait()
    async with alone(url, 0.0):
        pass
