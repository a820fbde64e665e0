"""One round of one contender: a fresh process on a core of its own, and the platform with its citizens on another."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bench.contenders import Contender
from bench.crowd import PATIENCE, Stuck
from bench.measure import Run, peak_mb
from bench.towns import TelegramTown, WhatsAppTown

PROGRAM_CORE, LOAD_CORE = "0", 1
READY = 30.0


async def run(contender: Contender, citizens: list[int], seconds: float, delay: float = 0.0) -> Run:
    """One round of one contender, in a fresh process with a fresh folder."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        town = (WhatsAppTown if contender.whatsapp else TelegramTown)(contender.script, delay)
        async with town, process(contender, town.url, Path(folder)) as started:
            pid, port, start = started
            town.hook = town.hook_at(port)
            await town.hook.open()
            levels = [await town.measured(count, pid, seconds) for count in citizens]
            peak = peak_mb(pid)
            town.hook.close()
    return Run(start, peak, len(town.refusals), tuple(levels))


@asynccontextmanager
async def process(contender: Contender, api: str, folder: Path) -> AsyncIterator[tuple[int, int, float]]:
    """A contender on its own core: its process id, port, and the seconds until it was ready."""
    port = _free_port()
    command, environment = contender.started(port, api, folder)
    pinned = ["taskset", "-c", PROGRAM_CORE] if shutil.which("taskset") else []
    with (folder / "log.txt").open("wb") as log:
        begun = time.perf_counter()
        started = await asyncio.create_subprocess_exec(*pinned, *command, env=environment, stdout=log, stderr=log)
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


def pin() -> None:
    """Keeps the load generator off the program's core, where there are two."""
    if LOAD_CORE in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {LOAD_CORE})
