"""A copy that is killed again and again ends right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from storage.database import Database
from storage.takeover import FILLING, state
from tests.storage.filled import change
from tests.storage.test_migrate import drift
from tests.storage.test_moving import dumped, here, module_url, move, office, path, target

__all__ = ["module_url", "office", "path", "target"]

RUN = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.moving import moved
from storage.moving_source import Source
say = lambda step: print(step.table, flush=True)
asyncio.run(moved(Source(Path(sys.argv[1]), 2), sys.argv[2], lambda: datetime(2026, 11, 23, tzinfo=UTC), say))
"""


def killed(path: Path, url: str, after: int) -> None:
    """A run of its own, killed in the midst of its work once it has told of so many pieces."""
    command = [sys.executable, "-c", RUN, str(path), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as run:
        assert run.stdout is not None
        told = [run.stdout.readline() for _ in range(after)]
        run.kill()
    assert all(told)
    assert run.returncode < 0


async def test_killed_again_and_again(office: Engine, path: Path, target: Database) -> None:
    """Wherever the kills fall, the last run finds what is missing, and the record is whole."""
    url = target.url.render_as_string(hide_password=False)
    for after in (15, 120):
        killed(path, url, after)
        assert await target.read(state) == FILLING
    with office.begin() as connection:
        change(connection)
    done = await move(path, target)
    assert 0 < sum(each.added for each in done.tables.values()) < sum(each.rows for each in done.tables.values())
    assert await target.read(dumped) == here(office)
    assert await target.read(drift) == []
