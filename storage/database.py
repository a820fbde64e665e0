"""One transaction for many: write(fn) and read(fn) on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

AWAY: tuple[type[Exception], ...] = (OSError, DBAPIError)
"""What is raised when the database cannot be reached or refuses."""

T = TypeVar("T")
GROUP = 64
TRIES = 5
PRAGMAS = ("busy_timeout=5000", "synchronous=full", "foreign_keys=on", "temp_store=memory")
SWITCHES, PAUSE = 200, 0.05


@dataclass(slots=True)
class _Job:
    fn: Callable[[Connection], Any]
    done: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Database:
    """The record's connection; `write` functions must stand being run again, because a failed group is replayed."""

    def __init__(self, url: str, pool: int = 8) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._pool = pool
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: Engine | None = None
        self._stopped = False
        self._async: AsyncEngine | None = None

    async def start(self) -> None:
        """Opens the connections; on SQLite also the one thread that writes."""
        self._loop = asyncio.get_running_loop()
        if self.sqlite:
            self._writer = sqlite_engine(self.url.set(drivername="sqlite").render_as_string(hide_password=False))
            self._async = create_async_engine(self.url.set(drivername="sqlite+aiosqlite"), pool_size=2)
            event.listen(self._async.sync_engine, "connect", _reader)
            event.listen(self._async.sync_engine, "begin", _look)
            self._thread = threading.Thread(target=self._write_jobs, name="writer", daemon=True)
            self._thread.start()
        else:
            self._async = create_async_engine(self.url, pool_size=self._pool, pool_pre_ping=True)

    async def stop(self) -> None:
        """Finishes what waits and closes."""
        self._stopped = True
        if self._thread:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
        if self._async:
            await self._async.dispose()
        if self._writer:
            self._writer.dispose()

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Runs fn in a transaction and returns when it is committed, durably."""
        if not self.sqlite:
            return await self._write_postgresql(fn)
        if self._loop is None or self._stopped:
            raise RuntimeError("the database is closed")
        job = _Job(fn, self._loop.create_future())
        self._jobs.put(job)
        result: T = await job.done
        return result

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Runs fn on a connection of its own, outside the writer; all its statements see one moment."""
        assert self._async is not None
        async with self._async.connect() as connection:
            if not self.sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            return await connection.run_sync(fn)

    async def _write_postgresql(self, fn: Callable[[Connection], T]) -> T:
        assert self._async is not None
        for tried in range(TRIES):
            try:
                async with self._async.begin() as connection:
                    return await connection.run_sync(fn)
            except DBAPIError as error:
                if tried == TRIES - 1 or not transient(error):
                    raise
                await asyncio.sleep(0.02 * 2**tried)
        raise AssertionError("unreachable")

    def _write_jobs(self) -> None:
        while (job := self._jobs.get()) is not None:
            group = [job]
            stopping = False
            with contextlib.suppress(queue.Empty):
                while len(group) < GROUP:
                    following = self._jobs.get_nowait()
                    if following is None:
                        stopping = True
                        break
                    group.append(following)
            self._commit(group)
            assert self._loop is not None
            self._loop.call_soon_threadsafe(_complete, group)
            if stopping:
                return

    def _commit(self, group: list[_Job]) -> None:
        """One transaction for the whole group; where something fails, again with a savepoint for each."""
        assert self._writer is not None
        begun = False
        try:
            with self._writer.begin() as connection:
                begun = True
                for job in group:
                    job.result = job.fn(connection)
        except BaseException as error:  # noqa: BLE001 - carried to the waiter, who raises it
            if begun and len(group) > 1:
                self._commit_apart(group)
                return
            for job in group:
                job.error = error

    def _commit_apart(self, group: list[_Job]) -> None:
        assert self._writer is not None
        undone = False
        try:
            with self._writer.begin() as connection:
                for job in group:
                    try:
                        with connection.begin_nested():
                            job.result = job.fn(connection)
                    except BaseException as error:
                        # A full disk undoes the whole transaction, whatever its savepoints say.
                        undone = not connection.connection.dbapi_connection.in_transaction  # type: ignore[union-attr]
                        if undone:
                            raise
                        job.error = error
        except BaseException as error:  # noqa: BLE001 - the commit itself failed: nothing of the group is kept
            for job in group:
                job.error = error
                if undone:
                    job.error = None
                    self._commit([job])


def _complete(group: list[_Job]) -> None:
    for job in group:
        if job.done.cancelled():
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(job.result)


def transient(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is run again: serialization, deadlock, lost connection."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in ("40001", "40P01", "57P01", "08006")


def sqlite_engine(url: str) -> Engine:
    """One connection that writes. Without these hooks the driver sends no BEGIN, and the first savepoint commits."""
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 5})
    event.listen(engine, "connect", _writer)
    event.listen(engine, "begin", _begin)
    return engine


def _writer(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: Any) -> None:
    """Turns the write-ahead log on; SQLite does not wait by itself here while another process makes the tables."""
    for left in reversed(range(SWITCHES)):
        try:
            connection.execute("PRAGMA journal_mode=wal")
            return
        except sqlite3.OperationalError:
            if not left:
                raise
            threading.Event().wait(PAUSE)


def _reader(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=5000", "query_only=on"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _look(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
