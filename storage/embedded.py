"""The embedded record: one thread that writes for all who wait, and a few that read."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

T = TypeVar("T")
GROUP = 64
READERS = 2
PATIENCE = 0.01
PRAGMAS = ("busy_timeout=5000", "synchronous=full", "foreign_keys=on", "temp_store=memory")
SWITCHES, PAUSE = 200, 0.05


@dataclass(slots=True)
class _Job:
    fn: Callable[[Connection], Any]
    done: asyncio.Future[Any]
    brief: bool
    result: Any = None
    error: BaseException | None = None


class Embedded:
    """A file of SQLite's.

    What is brief runs in the loop's own thread, and only its commit elsewhere: two threads of Python's that both have
    much to do hold each other up. Whatever may take long runs in another thread as a whole, as all reads do; a
    statement in a thread of its own, as with aiosqlite, costs a hop each way.
    """

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="sqlite").render_as_string(hide_password=False)
        self._waiting: list[_Job] = []
        self._running: asyncio.Task[None] | None = None
        self._soon: asyncio.TimerHandle | None = None
        self._writing: ThreadPoolExecutor | None = None
        self._reading: ThreadPoolExecutor | None = None
        self._writer: Engine | None = None
        self._readers: Engine | None = None

    async def start(self) -> None:
        """Opens the connections."""
        self._writer, self._readers = sqlite_engine(self._url), _readers(self._url)
        self._writing, self._reading = ThreadPoolExecutor(1, "writer"), ThreadPoolExecutor(READERS, "reader")

    async def stop(self) -> None:
        """Finishes what waits and closes."""
        writing, self._writing = self._writing, None
        self._begin_writing(writing)
        if self._running:
            await self._running
        for pool in (writing, self._reading):
            if pool:
                await asyncio.to_thread(pool.shutdown)
        for engine in (self._writer, self._readers):
            if engine:
                engine.dispose()

    async def write(self, fn: Callable[[Connection], T], patient: bool = False, brief: bool = False) -> T:
        """Runs fn together with all that wait, and returns when they are committed."""
        if self._writing is None:
            raise RuntimeError("the database is closed")
        loop = asyncio.get_running_loop()
        job = _Job(fn, loop.create_future(), brief)
        self._waiting.append(job)
        if not patient:
            self._begin_writing(self._writing)
        elif self._soon is None and self._running is None:
            self._soon = loop.call_later(PATIENCE, self._begin_writing, self._writing)
        result: T = await job.done
        return result

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Runs fn on a connection beside the writer's."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._looked, fn)

    def _looked(self, fn: Callable[[Connection], T]) -> T:
        assert self._readers is not None
        with self._readers.connect() as connection:
            return fn(connection)

    def _begin_writing(self, pool: ThreadPoolExecutor | None) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._running is None and self._waiting and pool is not None:
            self._running = asyncio.create_task(self._write_all(pool))

    async def _write_all(self, pool: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                if all(job.brief for job in group):
                    await self._commit_briefly(group, pool)
                else:
                    await loop.run_in_executor(pool, self._commit, group)
                _complete(group)
        finally:
            self._running = None

    async def _commit_briefly(self, group: list[_Job], pool: ThreadPoolExecutor) -> None:
        """The same in this thread, but for what may wait for the disk or for another process."""
        assert self._writer is not None
        loop, connection = asyncio.get_running_loop(), self._writer.connect()
        begun = False
        try:
            transaction = await loop.run_in_executor(pool, connection.begin)
            begun = True
            try:
                for job in group:
                    job.result = job.fn(connection)
                await loop.run_in_executor(pool, transaction.commit)
            except BaseException:
                await loop.run_in_executor(pool, transaction.close)
                raise
        except Exception as error:  # noqa: BLE001 - carried to the waiter, who raises it
            for job in group:
                job.error = error
        finally:
            connection.close()
        if begun and len(group) > 1 and group[0].error is not None:
            for job in group:
                job.error = None
            await loop.run_in_executor(pool, self._commit_apart, group)

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


def sqlite_engine(url: str) -> Engine:
    """One connection that writes. By itself the driver sends no BEGIN, and the first savepoint commits."""
    options = {"check_same_thread": False, "timeout": 5}
    engine = create_engine(url, poolclass=StaticPool, connect_args=options, hide_parameters=True)
    event.listen(engine, "connect", _writer)
    _begins(engine, "BEGIN IMMEDIATE")
    return engine


def _readers(url: str) -> Engine:
    """A connection for each thread that reads."""
    options = {"check_same_thread": False}
    engine = create_engine(url, pool_size=READERS, connect_args=options, hide_parameters=True)
    event.listen(engine, "connect", _reader)
    _begins(engine, "BEGIN")
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


def _begins(engine: Engine, how: str) -> None:
    """Begins each transaction so. Not by an event: an engine with events of its own asks for them at each statement."""
    engine.dialect.do_begin = lambda connection: connection.cursor().execute(how)  # type: ignore[assignment]
