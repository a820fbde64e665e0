"""Lets all go wrong at once under load, in an order that a seed decides, and checks from outside what came of it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from bench.chaos_faults import HOOK, STRIKES, Field, deck, mounted, possible, unmount
from bench.chaos_people import Resident
from bench.chaos_platform import BadDay
from bench.chaos_record import looked, waiting
from bench.chaos_replica import Replica
from bench.chaos_report import figures, findings
from bench.postgresql import server
from bench.replay import Report, table, why
from bench.replay_office import Offices
from bench.replay_stories import made_up_names

MOST_PEOPLE, OFFICES = 20_000, 100
ENOUGH_LOST = 5
SETTLING = 300.0
DATABASES = ("sqlite", "postgresql")
DISK = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played, for so many seconds, or where it says so until each fault has struck so often.

    `between_kills` and `between` are the least and the most seconds before the next fault, `span` how long one lasts.
    """

    seed: int
    seconds: float = 0.0
    rounds: int = 0
    database: str = "sqlite"
    replicas: int = 1
    citizens: int = 16
    faults: tuple[str, ...] = ()
    between_kills: tuple[float, float] = (2.0, 5.0)
    between: tuple[float, float] = (0.5, 3.0)
    span: tuple[float, float] = (1.0, 4.0)
    longest_hang: float = 32.0


@dataclass(slots=True)
class Chaos:
    """One run; `say` gets a line for each fault, and one every two seconds."""

    plan: Plan
    here: Field
    offices: Offices
    names: list[str]
    say: Callable[[str], None]
    citizens: list[Resident] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    over: bool = False
    begun: float = field(default_factory=time.perf_counter)

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self.begun

    async def play(self) -> None:
        """Citizens one after another while faults strike; then all is well again, and what is under way ends."""
        first = self.here.replicas[0]
        await first.prepare()
        await asyncio.gather(*(one.start() for one in self.here.replicas))
        self.here.platform.ports = [one.port for one in self.here.replicas]
        await self.here.platform.hooked.wait()
        await self.offices.bind(first)
        self.say(f"{self.now:6.1f} s  {len(self.offices.agencies)} offices bound, {len(self.here.replicas)} replicas")
        progress = asyncio.create_task(self._progress())
        faults = [asyncio.create_task(work) for work in (self._kills(), self._others())]
        crowd = asyncio.gather(*(self._crowd() for _ in range(self.plan.citizens)))
        until = faults[1] if self.plan.rounds else asyncio.create_task(asyncio.sleep(self.plan.seconds))
        ends: set[asyncio.Future[Any]] = {crowd, until}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        self.over = True
        await self._lift(faults)
        self.say(f"{self.now:6.1f} s  all is well again, {sum(not one.done for one in self.citizens)} still talk")
        await crowd
        progress.cancel()
        await self._settle()

    async def _crowd(self) -> None:
        while not self.over and len(self.stuck) < ENOUGH_LOST:
            at = len(self.citizens)
            hand = self.here.platform.citizen(at, self.names[at])
            citizen = Resident(hand, self.offices, at, self.plan.seed)
            self.citizens.append(citizen)
            try:
                await citizen.live()
            except Exception as wrong:  # noqa: BLE001 - one who is lost does not keep the others from ending
                self.stuck.append(f"citizen {at} at “{citizen.at_step}”: {why(wrong)}{self._last_heard(citizen)}")
                self.say(f"{self.now:6.1f} s  ✗ {self.stuck[-1]}")

    def _last_heard(self, citizen: Resident) -> str:
        """What stands last before a citizen and before the officers, who are made up, and so are their words."""
        case = citizen.case
        hands = [citizen.hand, *([self.offices.agencies[case.trail[-1]].hand] if case else [])]
        heard = [[one.text[:50] for one in hand.box().heard[-4:]] for hand in hands]
        return f"; {citizen.number} {case.doing if case else ''}; last heard {heard}"

    async def _kills(self) -> None:
        chance = Random(f"{self.plan.seed}:kills")
        while "kill" in self.plan.faults:
            await asyncio.sleep(chance.uniform(*self.plan.between_kills))
            await self._strike("kill", chance)

    async def _others(self) -> None:
        chance = Random(f"{self.plan.seed}:faults")
        names = [one for one in self.plan.faults if one != "kill" and one in STRIKES]
        for name in islice(deck(chance, names), self.plan.rounds * len(names) or None):
            await asyncio.sleep(chance.uniform(*self.plan.between))
            await self._strike(name, chance)

    async def _strike(self, name: str, chance: Random) -> None:
        begun = self.now
        self.here.struck[name] += 1
        try:
            await STRIKES[name](self.here, chance)
        except Exception as wrong:  # noqa: BLE001 - a fault that could not strike is told, and the next one comes
            self.say(f"{self.now:6.1f} s  {name} could not strike: {why(wrong)}")
        self.say(f"{begun:6.1f} s  {name}, {self.now - begun:.1f} s long")

    async def _lift(self, faults: Sequence[asyncio.Task[None]]) -> None:
        for task in faults:
            task.cancel()
        await asyncio.gather(*faults, return_exceptions=True)
        await self.here.started()

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(2)
            numbered, done = sum(bool(one.number) for one in self.citizens), sum(one.done for one in self.citizens)
            calls, kills = len(self.here.platform.calls), len(self.here.platform.ends)
            self.say(f"{self.now:6.1f} s  {numbered} tickets, {done} done, {calls} calls, {kills} kills")

    async def _settle(self) -> None:
        """Waits until every copy was taken and nothing is left to deliver."""
        await self.here.platform.rest()
        end, left = time.perf_counter() + SETTLING, 1
        while left and time.perf_counter() < end:
            await asyncio.sleep(0.2)
            left = await looked(self.here.url, waiting)
        self.say(f"{self.now:6.1f} s  quiet")

    async def report(self) -> Report:
        """The checks, when all replicas have stopped."""
        return Report(
            await findings(self.here, self.offices, self.citizens),
            self.stuck,
            figures(self.here, self.citizens) | {"seconds": f"{self.now:.1f}"},
        )


async def chaos(plan: Plan, say: Callable[[str], None] = lambda _: None) -> Report:
    """Plays a plan and gives the report; nothing of it is left behind."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        disk = folder / "data"
        disk.mkdir()
        if "disk-full" in plan.faults and mounted(disk, DISK):
            stack.callback(unmount, disk)
        copies = frozenset(plan.faults) & frozenset(HOOK)
        platform = await stack.enter_async_context(BadDay(plan.seed, copies, plan.longest_hang))
        database = await stack.enter_async_context(server(folder / "postgresql")) if plan.database != "sqlite" else None
        url = database.url("chaos") if database else f"sqlite+aiosqlite:///{disk / 'kentongan.db'}"
        replicas = [Replica(f"r{at}", folder, platform.url, url) for at in range(1, plan.replicas + 1)]
        names = made_up_names(MOST_PEOPLE + OFFICES, plan.seed)
        here = Field(platform, replicas, url, database, disk, plan.span, say)
        played = Chaos(plan, here, Offices(platform, names[MOST_PEOPLE:]), names, say)
        try:
            await played.play()
        finally:
            here.exits = await asyncio.gather(*(one.stop() for one in replicas))
        return await played.report()


def main() -> int:
    """Reads the command line, plays, and prints what came of it."""
    line = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    line.add_argument("--seed", type=int, default=1)
    line.add_argument("--minutes", type=float, default=10.0)
    line.add_argument("--database", choices=DATABASES, help="one of both; both, one after the other")
    line.add_argument("--replicas", type=int, default=None, help="3 on PostgreSQL; SQLite has one")
    line.add_argument("--citizens", type=int, default=16, help="how many talk at once")
    line.add_argument("--faults", default="", help=f"some of {', '.join((*STRIKES, *HOOK))}; all that are possible")
    options = line.parse_args()
    plans = [_plan(options, each, line.error) for each in ([options.database] if options.database else DATABASES)]
    return max(_played(plan) for plan in plans)


def _plan(options: argparse.Namespace, database: str, refuse: Callable[[str], object]) -> Plan:
    can = possible(database)
    faults = tuple(options.faults.split(",")) if options.faults else tuple(can)
    if unknown := sorted({*faults} - {*can}):
        refuse(f"not possible here: {', '.join(unknown)}")
    replicas = options.replicas if options.replicas and database != "sqlite" else 1 if database == "sqlite" else 3
    return Plan(options.seed, options.minutes * 60, 0, database, replicas, options.citizens, faults)


def _played(plan: Plan) -> int:
    print(f"seed {plan.seed}: {plan.database}, {plan.replicas} replicas, {', '.join(plan.faults)}", flush=True)
    report = asyncio.run(chaos(plan, lambda text: print(text, flush=True)))
    print(table(report))
    return 0 if report.fine else 1


if __name__ == "__main__":
    sys.exit(main())
