"""The embedded record: one thread that writes for all who wait, and a few that read."""

from __future__ import annotations

import asyncio
import contextlib
import queue
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
    patient: bool = False
    result: Any = None
    error: BaseException | None = None


class Embedded:
    """A file of SQLite's.

    A statement in a thread of its own costs a hop each way, as aiosqlite does it; a whole transaction in one costs two.
    """

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="sqlite").render_as_string(hide_password=False)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._reading: ThreadPoolExecutor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: Engine | None = None
        self._readers: Engine | None = None
        self._stopped = False

    async def start(self) -> None:
        """Opens the connections and starts the thread that writes."""
        self._loop = asyncio.get_running_loop()
        self._writer, self._readers = sqlite_engine(self._url), _readers(self._url)
        self._reading = ThreadPoolExecutor(READERS, "reader")
        self._thread = threading.Thread(target=self._write_jobs, name="writer", daemon=True)
        self._stopped = False
        self._thread.start()

    async def stop(self) -> None:
        """Finishes what waits and closes."""
        self._stopped = True
        if self._thread and self._reading:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            await asyncio.to_thread(self._reading.shutdown)
        for engine in (self._writer, self._readers):
            if engine:
                engine.dispose()

    async def write(self, fn: Callable[[Connection], T], patient: bool = False) -> T:
        """Runs fn together with all that wait, and returns when they are committed."""
        if self._loop is None or self._stopped:
            raise RuntimeError("the database is closed")
        job = _Job(fn, self._loop.create_future(), patient)
        self._jobs.put(job)
        result: T = await job.done
        return result

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Runs fn on a connection beside the writer's."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._looked, fn)

    def _looked(self, fn: Callable[[Connection], T]) -> T:
        assert self._readers is not None
        with self._readers.connect() as connection:
            return fn(connection)

    def _write_jobs(self) -> None:
        while (job := self._jobs.get()) is not None:
            group, stopping = self._gathered(job)
            self._commit(group)
            assert self._loop is not None
            self._loop.call_soon_threadsafe(_complete, group)
            if stopping:
                return

    def _gathered(self, job: _Job) -> tuple[list[_Job], bool]:
        """All that waits, and whether it is the last; while nobody is in a hurry, what comes in the next moment too."""
        group = [job]
        with contextlib.suppress(queue.Empty):
            while len(group) < GROUP:
                hurry = not all(each.patient for each in group)
                following = self._jobs.get_nowait() if hurry else self._jobs.get(timeout=PATIENCE)
                if following is None:
                    return group, True
                group.append(following)
        return group, False

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
    """One connection that writes. Without these hooks the driver sends no BEGIN, and the first savepoint commits."""
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 5})
    event.listen(engine, "connect", _writer)
    event.listen(engine, "begin", _begin)
    return engine


def _readers(url: str) -> Engine:
    """A connection for each thread that reads."""
    engine = create_engine(url, pool_size=READERS, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _reader)
    event.listen(engine, "begin", _look)
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
