"""What goes wrong in the chaos: each fault strikes for a while and is lifted again, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bench.chaos_platform import BadDay
from bench.chaos_replica import Replica
from bench.measure import children
from bench.postgresql import Server

CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
JUMPS = (-3600.0, -600.0, -60.0, -15.0, 15.0, 60.0, 600.0, 3600.0)
# A lease lasts six seconds: who is away for longer has lost it, and does not know.
FROZEN = (7.0, 10.0)
STILL, GOES_ON = (0.05, 0.3), (0.05, 0.2)
SHORT, POLL = 0.25, 0.05


@dataclass(slots=True)
class Field:
    """What faults strike at.

    `span` is how long one lasts, `struck` counts them; `starts` are replicas on their way up, `exits` how they ended.
    """

    platform: BadDay
    replicas: list[Replica]
    url: str
    server: Server | None
    disk: Path
    span: tuple[float, float]
    say: Callable[[str], None]
    struck: Counter[str] = field(default_factory=Counter)
    starts: set[asyncio.Task[float]] = field(default_factory=set)
    exits: list[int | None] = field(default_factory=list)

    async def running(self, chance: Random) -> Replica:
        """Any replica that runs, as soon as one does."""
        while True:
            if found := [one for one in self.replicas if one.runs]:
                return chance.choice(found)
            await asyncio.sleep(POLL)

    def start(self, replica: Replica) -> None:
        """Starts a replica again, beside everything else."""
        task = asyncio.create_task(replica.start())
        self.starts.add(task)

    async def started(self) -> None:
        """Returns when all replicas run again; raises what kept one from it."""
        while self.starts:
            await asyncio.gather(*self.starts)
            self.starts = {task for task in self.starts if not task.done()}


async def _kill(here: Field, chance: Random) -> None:
    replica = await here.running(chance)
    sender = replica.sender
    try:
        await replica.kill()
    finally:
        here.platform.ended(sender)
        here.start(replica)


async def _freeze(here: Field, chance: Random) -> None:
    """A replica stands still for longer than its leases last, and goes on as if nothing had been."""
    replica = await here.running(chance)
    sender = replica.sender
    replica.signal(signal.SIGSTOP)
    since = len(here.platform.calls)
    try:
        await asyncio.sleep(chance.uniform(*FROZEN))
    finally:
        here.platform.stood.append((sender, since, len(here.platform.calls)))
        replica.signal(signal.SIGCONT)


async def _slow(here: Field, chance: Random) -> None:
    """Whoever writes stands still for tenths of a second, again and again, as where a disk is slow to flush."""
    loop = asyncio.get_running_loop()
    end = loop.time() + chance.uniform(*here.span)
    while loop.time() < end:
        stopped = children(here.server.pid) if here.server else [here.replicas[0].pid] if here.replicas[0].runs else []
        _signal(stopped, signal.SIGSTOP)
        try:
            await asyncio.sleep(chance.uniform(*STILL))
        finally:
            _signal(stopped, signal.SIGCONT)
        await asyncio.sleep(chance.uniform(*GOES_ON))


def _signal(pids: list[int], name: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, name)


async def _clock(here: Field, chance: Random) -> None:
    """A replica's clock jumps, and some time later jumps back."""
    replica, jump = chance.choice(here.replicas), chance.choice(JUMPS)
    replica.clock(jump)
    try:
        await asyncio.sleep(chance.uniform(*here.span))
    finally:
        replica.clock(0)


async def _restart(here: Field, chance: Random) -> None:
    """The database server is away for a while; half the time it was no orderly end."""
    assert here.server is not None
    await (here.server.stop if chance.random() < 0.5 else here.server.kill)()
    try:
        await asyncio.sleep(chance.uniform(SHORT, here.span[1]))
    finally:
        await here.server.start()


async def _cut(here: Field, chance: Random) -> None:
    """All connections to the database are cut, now and then twice in a row."""
    engine = create_async_engine(here.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    for _ in range(chance.choice((1, 1, 3))):
        async with engine.connect() as connection:
            await connection.execute(text(CUT))
        await asyncio.sleep(chance.uniform(0, SHORT))


async def _full(here: Field, chance: Random) -> None:
    """The disk on which the record lies has no room left, down to the last byte."""
    ballast = here.disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            left = os.statvfs(here.disk)
            with suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, left.f_bavail * left.f_frsize)
            with suppress(OSError):
                while file.write(bytes(4096)):
                    pass
        await asyncio.sleep(chance.uniform(*here.span))
    finally:
        ballast.unlink(missing_ok=True)


async def _refusing(here: Field, chance: Random) -> None:
    """The system lets the program's files grow no further: every write behind their first pages is an error."""
    replica = await here.running(chance)
    pid, (_, most) = replica.pid, resource.prlimit(replica.pid, resource.RLIMIT_FSIZE)
    room = chance.choice((0, 65_536, 1_000_000))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, most))
    try:
        await asyncio.sleep(chance.uniform(*here.span))
    finally:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def _weather(name: str) -> Callable[[Field, Random], Awaitable[None]]:
    async def strike(here: Field, chance: Random) -> None:
        here.platform.weather = name
        try:
            await asyncio.sleep(chance.uniform(*here.span))
        finally:
            here.platform.weather = ""

    return strike


API = ("api-429", "api-5xx", "api-html", "api-hang", "api-close", "api-lost")
HOOK = ("hook-double", "hook-late")
STRIKES: dict[str, Callable[[Field, Random], Awaitable[None]]] = {
    "kill": _kill,
    "freeze": _freeze,
    "slow": _slow,
    "clock": _clock,
    "pg-restart": _restart,
    "pg-cut": _cut,
    "disk-full": _full,
    "disk-error": _refusing,
    **{name: _weather(name) for name in API},
}
ON_SQLITE_ONLY, ON_POSTGRESQL_ONLY = ("disk-full", "disk-error"), ("pg-restart", "pg-cut")


def possible(database: str) -> list[str]:
    """The faults that can happen with this database, here."""
    none = ON_POSTGRESQL_ONLY if database == "sqlite" else ON_SQLITE_ONLY
    unable = () if os.geteuid() == 0 else ("disk-full",)
    return [name for name in (*STRIKES, *HOOK) if name not in (*none, *unable)]


def deck(chance: Random, names: list[str]) -> Iterator[str]:
    """These faults for ever: all of them in some order, then all in another."""
    while names:
        yield from chance.sample(names, len(names))


def mounted(disk: Path, megabytes: int) -> bool:
    """Makes a small disk there; false where that is not allowed."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
    return not subprocess.run(command, check=False, capture_output=True).returncode


def unmount(disk: Path) -> None:
    """Takes the small disk away."""
    subprocess.run(["umount", "-l", str(disk)], check=True, capture_output=True)
