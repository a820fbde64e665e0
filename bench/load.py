"""One round of one contender: fresh processes, and the platform with its citizens on a core of its own."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from bench import cores
from bench.contenders import Contender
from bench.crowd import PATIENCE, Stuck
from bench.measure import Meter, Run, peak_mb
from bench.postgresql import Server, server
from bench.towns import TelegramTown, WhatsAppTown

READY = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contender runs: which platform it speaks to, its folder, and its database where it needs a server."""

    api: str
    folder: Path
    postgresql: Server | None = None

    @property
    def database(self) -> str:
        """The address of the database, which is made when it is missing."""
        return self.postgresql.url("bench") if self.postgresql else ""


async def run(contender: Contender, citizens: tuple[int, ...], seconds: float, delay: float = 0.0) -> Run:
    """One round of one contender, in fresh processes with a fresh folder."""
    town = (WhatsAppTown if contender.whatsapp else TelegramTown)(contender.script, delay)
    async with town, place(contender, town.url) as here, replicas(contender, here) as (meter, ports, start):
        town.hook = town.hook_at(ports[0])
        await town.hook.open(ports=ports)
        levels = [await town.measured(count, meter, seconds) for count in citizens]
        peak = max(map(peak_mb, meter.pids))
        town.hook.close()
    return Run(start, peak, len(town.refusals), tuple(levels))


@asynccontextmanager
async def place(contender: Contender, api: str) -> AsyncIterator[Place]:
    """A fresh folder, and a fresh database server where the contender wants one."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        here = Place(api, Path(name))
        if not contender.postgresql:
            yield here
            return
        where = cores.DATABASE if contender.replicas == 1 else cores.REPLICAS
        async with server(_opened(here.folder), core=where) as postgresql:
            yield replace(here, postgresql=postgresql)


def _opened(folder: Path) -> Path:
    """A folder in this one, which another user comes through."""
    folder.chmod(0o711)
    home = folder / "postgresql"
    home.mkdir()
    return home


@asynccontextmanager
async def replicas(contender: Contender, here: Place) -> AsyncIterator[tuple[Meter, tuple[int, ...], float]]:
    """All processes of a contender: what measures them, their ports, and the longest start in seconds."""
    async with AsyncExitStack() as stack:
        begun = [await stack.enter_async_context(process(contender, here, at)) for at in range(contender.replicas)]
        pids, ports, starts = zip(*begun, strict=True)
        reads = here.postgresql.cpu_seconds if here.postgresql else None
        yield Meter(pids, reads) if reads else Meter(pids), ports, max(starts)


@asynccontextmanager
async def process(contender: Contender, here: Place, number: int = 0) -> AsyncIterator[tuple[int, int, float]]:
    """A process on the program's core: its id, port, and the seconds until it was ready."""
    port, folder = _free_port(), here.folder / str(number)
    folder.mkdir(exist_ok=True)
    command, environment = contender.started(port, here.api, folder, here.database)
    pinned = cores.on(cores.PROGRAM if contender.replicas == 1 else cores.REPLICAS, command)
    with (folder / "log.txt").open("wb") as log:
        begun = time.perf_counter()
        started = await asyncio.create_subprocess_exec(*pinned, env=environment, stdout=log, stderr=log)
        try:
            await _ready(started, port)
            yield started.pid, port, time.perf_counter() - begun
        except Stuck as wrong:
            said = (folder / "log.txt").read_text(errors="replace")[-1500:]
            raise Stuck(f"{contender.name}: {wrong}\n{said}") from None
        finally:
            await _end(started)


async def _end(started: asyncio.subprocess.Process) -> None:
    if started.returncode is None:
        started.terminate()
    try:
        await asyncio.wait_for(started.wait(), PATIENCE)
    except TimeoutError:
        started.kill()
        await started.wait()


async def _ready(started: asyncio.subprocess.Process, port: int) -> None:
    end = time.perf_counter() + READY
    async with aiohttp.ClientSession() as session:
        while started.returncode is None and time.perf_counter() < end:
            try:
                async with session.get(f"http://127.0.0.1:{port}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.005)
    raise Stuck("it did not become ready")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
