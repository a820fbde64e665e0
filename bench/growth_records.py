"""Records of each size: made once in a folder, and found there again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url

from bench import growth_fill, growth_office
from bench.growth_fill import Told
from bench.growth_rows import Plan
from bench.postgresql import Server
from storage.database import Database
from storage.migrate import upgrade

# Millions of rows are written at once; what is lost in a crash is made anew.
SETTINGS: Final = """
max_wal_size = 8GB
checkpoint_timeout = 30min
shared_buffers = 1GB
effective_cache_size = 8GB
random_page_cost = 1.1
"""


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """An open record."""
    database = Database(url)
    await database.start()
    try:
        yield database
    finally:
        await database.stop()


async def _planned(url: str, tickets: int, seed: int) -> Plan:
    async with opened(url) as database:
        await database.write(lambda c: growth_office.prepare(c, seed))
        return await database.read(lambda c: growth_office.planned(c, tickets, seed))


async def _shaped(url: str) -> str:
    """Brings a record that was kept to the newest shape."""
    async with opened(url) as database:
        await database.write(upgrade)
    return url


async def sqlite(folder: Path, tickets: int, seed: int) -> str:
    """The address of a file with so many reports."""
    path, half = folder / f"sqlite-{tickets}-{seed}.db", folder / f"sqlite-{tickets}-{seed}.part"
    if not path.exists():
        for left in ("", "-wal", "-shm"):
            half.with_name(half.name + left).unlink(missing_ok=True)
        plan = await _planned(f"sqlite+aiosqlite:///{half}", tickets, seed)
        told = Told(f"sqlite {tickets:,}")
        growth_fill.sqlite(half, plan, told)
        half.rename(path)
        told(f"made, {path.stat().st_size / 1e9:.2f} GB")
    return await _shaped(f"sqlite+aiosqlite:///{path}")


async def postgresql(server: Server, tickets: int, seed: int) -> str:
    """The address of a database with so many reports."""
    name = f"growth_{tickets}_{seed}"
    where = make_url(server.url("postgres")).set(drivername="postgresql").render_as_string(False)
    connection = await asyncpg.connect(where)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"DROP DATABASE IF EXISTS {name}_half")
            await connection.execute(f"CREATE DATABASE {name}_half")
            half = make_url(where).set(drivername="postgresql+asyncpg", database=f"{name}_half")
            plan = await _planned(half.render_as_string(False), tickets, seed)
            told = Told(f"postgresql {tickets:,}")
            await growth_fill.postgresql(half.render_as_string(False), plan, told)
            await connection.execute(f"ALTER DATABASE {name}_half RENAME TO {name}")
            told(f"made, {await connection.fetchval('SELECT pg_database_size($1)', name) / 1e9:.2f} GB")
    finally:
        await connection.close()
    return await _shaped(server.url(name))
