"""A flood: so many messages a second for minutes whatever is answered, through the real webhook of the real program."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bench import cores, flood_record
from bench.contenders import KENTONGAN_SETTINGS, SERVE, TELEGRAM_SETTINGS, Contender, filled
from bench.flood_figures import HEAD, Outcome, Stretch, row
from bench.flood_record import Plan
from bench.flood_town import Heap, Town
from bench.load import Place, place, process
from bench.measure import cpu_seconds, resident_mb
from bench.script import KENTONGAN
from bot.now import now
from handlers.words import Priority
from storage.database import Database
from tests.botapi_nouns import Person

# Those who get news while the flood lasts, and how long after the making of the record the first is due.
FIRST, NEWS_A_SECOND, FIRST_NEWS = 1_000_000, 2, 10.0
# How far apart the letters were written that wait already.
A_MOMENT = timedelta(milliseconds=1)
# How long the last messages may take to be acknowledged.
SETTLE = 90.0


@dataclass(frozen=True, slots=True)
class Flood:
    """What is poured: so many messages a second for so long, a line for each stretch of seconds.

    `waiting`: answers to others that wait already when it begins.
    """

    rate: float = 300.0
    seconds: float = 900.0
    every: float = 60.0
    database: str = ""
    limits: bool = True
    replicas: int = 1
    waiting: int = 0

    def contender(self) -> Contender:
        """The program as it is measured."""
        own = {**dict((*KENTONGAN_SETTINGS, *TELEGRAM_SETTINGS)), "KENTONGAN_DATABASE_URL": "{database}"}
        own["KENTONGAN_RATE_LIMITS"] = "platform" if self.limits else "none"
        if not self.database:
            own["KENTONGAN_DATABASE_URL"] = "sqlite+aiosqlite:///{dir}/kentongan.db"
        return Contender("kentongan", SERVE, tuple(own.items()), KENTONGAN, postgresql=self.database == "postgresql")


@dataclass(frozen=True, slots=True)
class Given(Place):
    """A place whose database is given."""

    given: str = ""

    @property
    def database(self) -> str:
        return self.given


@dataclass(slots=True)
class Watch:
    """Looks at the program and its record while the flood lasts."""

    town: Town
    pids: tuple[int, ...]
    database: Database
    outcome: Outcome = field(default_factory=Outcome)
    _begun: float = 0.0
    _used: float = 0.0

    async def look(self) -> None:
        """Ends a stretch, and prints its line."""
        heap, self.town.heap = self.town.heap, Heap()
        answers, news = await flood_record.waiting(self.database)
        cpu, until = self._cpu(), time.perf_counter() - self._begun
        seconds = until - (self.outcome.stretches[-1].until if self.outcome.stretches else 0.0)
        memory = max(map(resident_mb, self.pids))
        done = Stretch(until, heap, memory, (cpu - self._used) / seconds, answers, news)
        self._used = cpu
        self.outcome.stretches.append(done)
        print(done.line(), flush=True)

    def _cpu(self) -> float:
        return sum(map(cpu_seconds, self.pids))

    async def run(self, every: float) -> None:
        """Looks at the end of each stretch until it is cancelled."""
        self._begun, self._used = time.perf_counter(), self._cpu()
        while True:
            end = time.perf_counter() + every
            while (left := end - time.perf_counter()) > 0:
                await asyncio.sleep(min(1.0, left))
                self.town.posts.impatient()
            await self.look()


async def poured(flood: Flood) -> Outcome:
    """A whole flood in a fresh office, and what came of it."""
    contender = flood.contender()
    async with Town(flood.limits) as town, _placed(flood, contender, town.url) as here:
        environment = _environment(contender, here)
        await _planned(flood, environment, town)
        database = Database(environment["KENTONGAN_DATABASE_URL"])
        await database.start()
        try:
            async with _programs(flood, contender, here) as (pids, ports):
                watch = Watch(town, pids, database)
                await _pour(flood, watch, ports)
            await _looked_into(watch, environment)
        finally:
            await database.stop()
    return watch.outcome


@asynccontextmanager
async def _placed(flood: Flood, contender: Contender, api: str) -> AsyncIterator[Place]:
    async with place(contender, api) as here:
        yield Given(here.api, here.folder, here.postgresql, flood.database) if "://" in flood.database else here


@asynccontextmanager
async def _programs(
    flood: Flood, contender: Contender, here: Place
) -> AsyncIterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    async with AsyncExitStack() as stack:
        begun = [await stack.enter_async_context(process(contender, here, at)) for at in range(flood.replicas)]
        yield tuple(one[0] for one in begun), tuple(one[1] for one in begun)


def _environment(contender: Contender, here: Place) -> dict[str, str]:
    """The settings of the first program, as it will read them."""
    folder = here.folder / "0"
    folder.mkdir(exist_ok=True)
    return filled(contender.environment, {"port": 1, "api": here.api, "dir": folder, "database": here.database})


async def _planned(flood: Flood, environment: dict[str, str], town: Town) -> None:
    """Plans news for people who do not write, one after the other through the whole flood, and what waits before it."""
    begins, every = now() + timedelta(seconds=FIRST_NEWS), 1 / NEWS_A_SECOND
    news = range(FIRST, FIRST + int(flood.seconds * NEWS_A_SECOND))
    others = range(news.stop, news.stop + flood.waiting)
    for chat in (*news, *others):
        town.world.room_of(Person(chat, "Warga")).started = True
    town.news_from, town.news_every = time.time() + FIRST_NEWS, every
    await flood_record.planned(
        environment,
        (
            Plan(news, "Kabar nomor {}.", Priority.STATUS, begins, timedelta(seconds=every)),
            Plan(others, "Jawaban.", Priority.DIALOGUE, now() - flood.waiting * A_MOMENT, A_MOMENT),
        ),
    )


async def _pour(flood: Flood, watch: Watch, ports: tuple[int, ...]) -> None:
    town, posts = watch.town, watch.town.posts
    posts.ports = ports
    await posts.open()
    watching = asyncio.create_task(watch.run(flood.every))
    await town.write(flood.rate, flood.seconds)
    end = time.perf_counter() + SETTLE
    while posts.open_posts and time.perf_counter() < end:  # noqa: ASYNC110 - the program is another process
        await asyncio.sleep(0.05)
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    await watch.look()
    posts.close()


async def _looked_into(watch: Watch, environment: dict[str, str]) -> None:
    """What the record holds, once the program has ended."""
    town, outcome, database = watch.town, watch.outcome, watch.database
    kept = await flood_record.events(database)
    outcome.lost = len(town.posts.acknowledged - kept)
    offered = sum(one.heap.offered for one in outcome.stretches)
    outcome.unacknowledged = offered - len(town.posts.acknowledged)
    coming = await flood_record.expecting(database)
    waiting = await flood_record.hashes(environment, database, [one.chat for one in town.expecting])
    outcome.unanswered = len(waiting.keys() - coming)
    outcome.poisoned = await flood_record.poisoned(database)
    outcome.told = sum(count > 0 for count in town.told.values())
    outcome.told_again = sum(count > 1 for count in town.told.values())
    outcome.overtaken, outcome.again = town.overtaken, town.posts.again
    outcome.statuses, outcome.refusals = str(dict(town.posts.statuses)), str(dict(town.refusals))


def main() -> int:
    """Reads the command line, pours, and prints; 1 when a measure was missed."""
    line = argparse.ArgumentParser(prog="python -m bench.flood", description=__doc__)
    line.add_argument("--rate", type=float, default=300.0, help="messages a second")
    line.add_argument("--minutes", type=float, default=15.0)
    line.add_argument("--every", type=float, default=60.0, help="seconds of each line")
    line.add_argument("--database", default="", help="an empty database's address, or: postgresql")
    line.add_argument("--limits", choices=("platform", "none"), default="platform", help="of the platform's rates")
    line.add_argument("--replicas", type=int, default=1)
    line.add_argument("--waiting", type=int, default=0, help="answers to others that wait already")
    given = line.parse_args()
    seconds = given.minutes * 60
    every = min(given.every, max(1.0, seconds / 4))
    cores.pin()
    print(row(HEAD))
    how = (given.database, given.limits == "platform", given.replicas, given.waiting)
    outcome = asyncio.run(poured(Flood(given.rate, seconds, every, *how)))
    print(outcome.summed_up())
    return 0 if outcome.met else 1


if __name__ == "__main__":
    sys.exit(main())
