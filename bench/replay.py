"""Plays real complaints through a running program that is killed in the middle, and checks what came of them."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.replay_check import Finding, outside, told
from bench.replay_citizen import Citizen
from bench.replay_office import Offices
from bench.replay_place import Lost
from bench.replay_platform import Platform
from bench.replay_program import Program
from bench.replay_record import inside, letters_waiting, logged
from bench.replay_stories import COMPLAINTS, Story, complaints, made_up_names
from bench.replay_telegram import Telegram
from bench.replay_whatsapp import WhatsApp

AT_ONCE = 32
OFFICERS = 100
ENOUGH_LOST = 5
SETTLING = 60.0


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a replay: the findings, what got stuck where, and how long it took."""

    findings: list[Finding]
    stuck: list[str]
    figures: dict[str, str]

    @property
    def fine(self) -> bool:
        """Whether everything is as it must be."""
        return not self.problems

    @property
    def problems(self) -> list[str]:
        """What is not as it must be, without anybody's words."""
        wrong = (f"{one.what}: {one.found}, not {one.wanted} ({one.note})" for one in self.findings if not one.fine)
        return [*self.stuck, *wrong]


@dataclass(frozen=True, slots=True)
class Platforms:
    """The local platforms, both of which the program serves, and which of them the people are on."""

    all: tuple[Telegram, WhatsApp]
    reporters: Platform
    officers: Platform

    @property
    def used(self) -> list[Platform]:
        """Those on which anybody is."""
        return [each for each in self.all if each in (self.reporters, self.officers)]


class Replay:
    """One replay; `say` gets a line of progress every two seconds."""

    def __init__(
        self, platforms: Platforms, program: Program, stories: Sequence[Story], seed: int, say: Callable[[str], None]
    ) -> None:
        self.platforms, self.program, self.say = platforms, program, say
        self.chance = Random(f"{seed}:kills")
        names = made_up_names(len(stories) + OFFICERS, seed)
        self.offices = Offices(platforms.officers, names[len(stories) :])
        hands = (platforms.reporters.citizen(at, names[at]) for at in range(len(stories)))
        told = enumerate(zip(hands, stories, strict=True))
        self.citizens = [Citizen(hand, self.offices, at, story, seed) for at, (hand, story) in told]
        self.stuck: list[str] = []
        self.begun = time.perf_counter()

    async def play(self, kills: int) -> None:
        """All citizens, a few at a time, with the kills among them; returns when all is said and delivered."""
        await self.program.start()
        for platform in self.platforms.all:
            await platform.hook(self.program.port)
        await self.offices.bind(self.program)
        self.say(f"{self._now():5.1f} s  {len(self.offices.agencies)} offices bound")
        beside = [asyncio.create_task(self._progress()), asyncio.create_task(self._kill(kills))]
        places = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._one(each, places) for each in self.citizens))
        for task in beside:
            task.cancel()
        ended = await asyncio.gather(*beside, return_exceptions=True)
        self.stuck += [f"beside the citizens: {why(one)}" for one in ended if isinstance(one, Exception)]
        await self._settle()

    def _now(self) -> float:
        return time.perf_counter() - self.begun

    def _numbered(self) -> int:
        return sum(bool(one.number) for one in self.citizens)

    async def _one(self, citizen: Citizen, places: asyncio.Semaphore) -> None:
        async with places:
            if len(self.stuck) >= ENOUGH_LOST:
                return
            try:
                await citizen.live()
            except Exception as wrong:  # noqa: BLE001 - an error's own words could be a citizen's
                self.stuck.append(f"citizen {citizen.at} at “{citizen.at_step}”: {why(wrong)}")
                if citizen.case:
                    self.stuck[-1] += f"; the officers of {citizen.number}: {citizen.case.doing}"

    async def _kill(self, kills: int) -> None:
        """Kills the program when some of the numbers are given out, and starts it on the same record."""
        given = 0
        for kill in range(kills):
            share = (kill + self.chance.uniform(0.35, 0.85)) / kills * 0.9
            for _ in range(int(share * len(self.citizens)) - given):
                await self.offices.numbered.acquire()
            given = int(share * len(self.citizens))
            await asyncio.sleep(self.chance.uniform(0, 0.1))
            await self.program.kill()
            # What the program had written to its sockets still arrives.
            await asyncio.sleep(0.2)
            for platform in self.platforms.all:
                platform.killed()
            self.say(f"{self._now():5.1f} s  killed; ready again after {await self.program.start():.1f} s")

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(2)
            done = sum(one.done for one in self.citizens)
            calls = sum(len(each.asked()) for each in self.platforms.used)
            self.say(f"{self._now():5.1f} s  {self._numbered()} tickets, {done} done, {calls} calls")

    async def _settle(self) -> None:
        """Waits until nothing is left to deliver: what a card shows of a message's arrival comes seconds late."""
        for platform in self.platforms.used:
            await platform.rest()
        end, waiting = time.perf_counter() + SETTLING, 1
        while waiting and time.perf_counter() < end:
            await asyncio.sleep(0.2)
            waiting = letters_waiting(self.program.record)
        for platform in self.platforms.used:
            await platform.rest()

    def report(self, kills: int, exit_code: int | None) -> Report:
        """The checks, when the program has stopped."""
        used = self.platforms.used
        heard = told(used)
        officers = [one.hand.known_by[0] for one in self.offices.agencies.values()]
        findings = [
            *outside(used, self.offices, self.citizens, heard),
            *inside(used, self.citizens, self.program.record),
            *logged(self.program.log, self.citizens, officers),
            Finding("kills", len(self.platforms.reporters.restarts), kills),
            Finding("exit code when asked to stop", -1 if exit_code is None else exit_code, 0),
        ]
        return Report(findings, self.stuck, self._figures())

    def _figures(self) -> dict[str, str]:
        of_each = (
            (f"{each.name}: {what}", said) for each in self.platforms.used for what, said in each.figures().items()
        )
        return {
            **dict(of_each),
            "replies to a copy, not heeded": str(self.offices.unheeded),
            "seconds": f"{self._now():.1f}",
        }


def why(wrong: BaseException) -> str:
    """An error without its words, except where they are ours."""
    if isinstance(wrong, BaseExceptionGroup):
        return " and ".join(why(each) for each in wrong.exceptions)
    if isinstance(wrong, Lost):
        return str(wrong)
    last = traceback.extract_tb(wrong.__traceback__)[-1]
    return f"{type(wrong).__name__} in {Path(last.filename).name}:{last.lineno}"


async def replay(
    count: int,
    kills: int,
    seed: int,
    reporters: str = "telegram",
    officers: str = "telegram",
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Plays so many complaints and gives the report; nothing of them is left behind."""
    stories = complaints(count, seed)
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        async with Telegram(seed) as telegram, WhatsApp(seed) as whatsapp:
            program = Program(Path(folder), telegram.url, whatsapp.url)
            named: dict[str, Platform] = {telegram.name: telegram, whatsapp.name: whatsapp}
            platforms = Platforms((telegram, whatsapp), named[reporters], named[officers])
            played = Replay(platforms, program, stories, seed, say)
            try:
                await played.play(kills)
            finally:
                exit_code = await program.stop()
            return played.report(kills, exit_code)


def table(report: Report) -> str:
    """The report as it is printed."""
    lines = [f"  {name:<34} {value}" for name, value in report.figures.items()]
    lines += [
        f"{'✓' if one.fine else '✗'} {one.what:<58} {one.found:>6} of {one.wanted:<6} {one.note}".rstrip()
        for one in report.findings
    ]
    return "\n".join([*lines, *(f"✗ {each}" for each in report.stuck)])


def main() -> int:
    """Reads the command line, replays, and prints what came of it."""
    line = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    line.add_argument("--count", type=int, default=600)
    line.add_argument("--kills", type=int, default=3)
    line.add_argument("--seed", type=int, default=1)
    for who in ("reporters", "officers"):
        line.add_argument(f"--{who}", choices=("telegram", "whatsapp"), default="telegram", help="where they are")
    options = line.parse_args()
    if not COMPLAINTS.is_file():
        print(f"There are no complaints to replay: {COMPLAINTS} is not there.", file=sys.stderr)
        return 2
    try:
        report = asyncio.run(replay(**vars(options), say=lambda text: print(text, flush=True)))
    except Exception as wrong:  # noqa: BLE001 - an error's own words could be a citizen's
        print(f"The replay broke off: {why(wrong)}")
        return 1
    print(table(report))
    return 0 if report.fine else 1


if __name__ == "__main__":
    sys.exit(main())
