"""Replicas that start at the same instant on a new record: one of them fills it, and all of them serve."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from bot.app import prepare
from bot.config import Config
from storage import tables as t
from storage.database import Database
from storage.facts import version
from storage.migrate import HEAD, revision

TODAY = date(2026, 11, 22)
REPLICAS = 3


async def test_three_start_at_once(blank_url: str, tmp_path: Path) -> None:
    """The tables are made once, the sample's facts are kept once, and no start fails."""
    config = Config(data_dir=tmp_path, database_url=blank_url, facts="sample")
    async with AsyncExitStack() as stack:
        replicas = [Database(config.url, config.database_pool) for _ in range(REPLICAS)]
        for each in replicas:
            await each.start()
            stack.push_async_callback(each.stop)
        await asyncio.gather(*(prepare(config, each, TODAY) for each in replicas))
        assert await replicas[0].read(revision) == HEAD
        assert await replicas[0].read(version) == await replicas[1].read(version)
        count = select(func.count()).select_from(t.agencies)
        assert await replicas[0].read(lambda c: c.execute(count).scalar_one()) > 0
