"""One transaction for many: write(fn) and read(fn) on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from storage.embedded import Embedded
from storage.served import Served

AWAY: tuple[type[Exception], ...] = (OSError, DBAPIError)
"""What is raised when the database cannot be reached or refuses."""

T = TypeVar("T")


class Database:
    """The record's connection; `write` functions must stand being run again, because a failed group is replayed."""

    def __init__(self, url: str, pool: int = 8) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._record = Embedded(self.url) if self.sqlite else Served(self.url, pool)

    def when_unsure(self, tell: Callable[[], object]) -> None:
        """Has somebody hear of writes that may be on record although they were not acknowledged."""
        if isinstance(self._record, Served):
            self._record.unsure = tell

    async def start(self) -> None:
        """Opens the record."""
        await self._record.start()

    async def stop(self) -> None:
        """Finishes what waits and closes."""
        await self._record.stop()

    async def write(self, fn: Callable[[Connection], T], patient: bool = False, brief: bool = False) -> T:
        """Runs fn in a transaction and returns when it is committed, durably.

        What is patient waits some milliseconds for others to be committed with. What is brief, some milliseconds at
        most, may hold up the loop.
        """
        return await self._record.write(fn, patient, brief)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Runs fn on a connection of its own, outside the writer; all its statements see one moment."""
        return await self._record.read(fn)
