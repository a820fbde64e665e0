"""The embedded record is served by one process: two that deliver would send each letter twice."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL

# For one that is just ending.
PATIENCE = 2.0


class Occupied(Exception):  # noqa: N818 - what the record is
    """Another process serves people from this record."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Catatan {path} sedang dilayani proses lain, jadi proses ini tidak dimulai dan tidak ada yang berubah. "
            "Hentikan dulu proses yang lain; untuk beberapa proses sekaligus pakai PostgreSQL (docs/scaling.md)."
        )


@asynccontextmanager
async def alone(url: URL, patience: float = PATIENCE) -> AsyncIterator[None]:
    """Keeps others from serving from this record until the end, also where that is a kill; raises Occupied."""
    held = await asyncio.to_thread(_occupied, str(url.database), patience)
    try:
        yield
    finally:
        held.close()


def _occupied(path: str, patience: float) -> sqlite3.Connection:
    # A file beside the record: the record itself is open to other commands. SQLite's lock is the system's.
    held = sqlite3.connect(
        f"{os.path.realpath(path)}.lock", timeout=patience, isolation_level=None, check_same_thread=False
    )
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        held.close()
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise Occupied(path) from None
    return held
