"""Closed-loop load: citizens who each send the next event only when the bot has answered the last one."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import msgspec

from bench.contenders import SECRET, TOKEN, Contender
from bench.hook import Hook
from bench.measure import Level, Run, cpu_seconds, level, peak_mb
from bench.script import Press, Script, Write
from tests.botapi import BotApi, Call, Person
from tests.botapi_delivery import KEPT
from tests.botapi_nouns import Json

PROGRAM_CORE, LOAD_CORE = "0", 1
PATIENCE, WARM_UP, READY = 10.0, 1.0, 30.0


class Stuck(Exception):  # noqa: N818
    """A contender did not start, or a citizen got no answer his script knows what to do with."""


@dataclass(slots=True)
class Citizen:
    """A person in the middle of a dialogue; `since` is when his last event was sent."""

    person: Person
    since: float = 0.0
    heard: list[str] = field(default_factory=list)


class Town(BotApi):
    """The Bot API together with citizens who answer by a script; it keeps neither calls nor old messages."""

    def __init__(self, script: Script, delay: float) -> None:
        super().__init__(TOKEN, delay=delay)
        self.script, self.hook = script, Hook(0, "")
        self.citizens: dict[int, Citizen] = {}
        self.latencies: list[float] = []
        self.answering = False
        self.refusals: list[str] = []
        self._acting: set[asyncio.Task[int]] = set()

    async def deliver(self, kind: str, body: Json) -> int:
        """Posts one new update without waiting for the answer."""
        self.hook.post(msgspec.json.encode(self.delivery.update(kind, body)))
        return KEPT

    def record(self, call: Call, status: int, result: object) -> None:
        """Lets the citizen a message is for act on it."""
        if status != 200:
            self.refusals.append(f"{call.method} {status} {self.problems[-1:]}")
        citizen = self.citizens.get(call.chat or 0)
        if citizen is None or status != 200 or not call.method.startswith("send") or not isinstance(result, dict):
            return
        shown = self.world.look(citizen.person.id, result)
        do = self.script.after(shown)
        citizen.heard = [*citizen.heard[-3:], f"{shown.text!r} {shown.labels}"]
        if do is not None and citizen.since:
            now = time.perf_counter()
            self.latencies.append(now - citizen.since)
            citizen.since = 0.0
            if self.answering:
                self.act(citizen, do, shown.id)

    def act(self, citizen: Citizen, do: Write | Press, message: int = 0) -> None:
        """A citizen writes or presses."""
        person = citizen.person
        _forget(self.world.rooms[person.id].messages if person.id in self.world.rooms else {})
        citizen.since = time.perf_counter()
        if isinstance(do, Write):
            task = asyncio.create_task(self.text(person, do.text))
        else:
            task = asyncio.create_task(self.press(person, person.id, message, do.button.data))
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def crowd(self, citizens: int, pid: int, seconds: float) -> Level:
        """So many citizens for so long, after a warm-up."""
        first = 10_000_000 + 10_000 * self.world.number()
        crowd = [Citizen(Person(first + number, "Warga")) for number in range(citizens)]
        self.citizens = {one.person.id: one for one in crowd}
        self.answering = True
        for citizen in crowd:
            self.act(citizen, Write(self.script.begin))
        await self._watch(WARM_UP)
        self.latencies, begun = [], (time.perf_counter(), cpu_seconds(pid), time.process_time())
        await self._watch(seconds)
        ended = (time.perf_counter(), cpu_seconds(pid), time.process_time())
        latencies, self.answering = self.latencies, False
        await self._settle()
        seconds, cpu, load = (end - begin for begin, end in zip(begun, ended, strict=True))
        return level(citizens, latencies, seconds, cpu, load)

    async def _watch(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while (now := time.perf_counter()) < end:
            await asyncio.sleep(min(1.0, end - now))
            self._impatient()

    async def _settle(self) -> None:
        """Waits until every citizen has his answer, so that none was left behind unnoticed."""
        while any(one.since for one in self.citizens.values()):
            await asyncio.sleep(0.05)
            self._impatient()

    def _impatient(self) -> None:
        for one in self.citizens.values():
            if one.since and time.perf_counter() - one.since > PATIENCE:
                told = f"refused {self.refusals[-3:]}; webhook answered {dict(self.hook.statuses)}"
                raise Stuck(f"a citizen got no answer; last heard {one.heard}; {told}")


def _forget(messages: dict[int, Json]) -> None:
    for number in list(messages)[:-6]:
        del messages[number]


async def run(contender: Contender, citizens: list[int], seconds: float, delay: float = 0.0) -> Run:
    """One round of one contender, in a fresh process with a fresh folder."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with (
            Town(contender.script, delay) as town,
            process(contender, town.url, Path(folder)) as started,
        ):
            pid, port, start = started
            town.hook = Hook(port, SECRET)
            await town.hook.open()
            levels = [await town.crowd(count, pid, seconds) for count in citizens]
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
