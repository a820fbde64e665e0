"""Closed-loop load: citizens who each send the next event only when the bot has answered the last one."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bench.heard import Heard
from bench.hook import Hook
from bench.measure import Level, Meter, level, passed
from bench.script import Press, Script, Write

PATIENCE, WARM_UP = 10.0, 1.0


class Stuck(Exception):  # noqa: N818
    """A contender did not start, or a citizen got no answer his script knows what to do with."""


@dataclass(slots=True)
class Citizen:
    """Somebody in the middle of a dialogue in this chat; `since` is when his last event was sent."""

    chat: str
    since: float = 0.0
    heard: list[str] = field(default_factory=list)


class Crowd(ABC):
    """The citizens of a platform, who answer by a script."""

    def __init__(self, script: Script) -> None:
        self.script, self.hook = script, Hook(0, "", lambda _: b"")
        self.citizens: dict[str, Citizen] = {}
        self.latencies: list[float] = []
        self.answering = False
        self.refusals: list[str] = []
        self._acting: set[asyncio.Task[int]] = set()

    @abstractmethod
    def hook_at(self, port: int) -> Hook:
        """The way of this platform's events to a program."""

    @abstractmethod
    def newcomer(self) -> str:
        """The chat of somebody who never wrote before."""

    @abstractmethod
    def acts(self, chat: str, do: Write | Press, message: str) -> Coroutine[Any, Any, int]:
        """Somebody writes, or presses a button of a message."""

    def hear(self, chat: str, heard: Heard) -> None:
        """Lets the citizen a message is for act on it."""
        citizen = self.citizens.get(chat)
        if citizen is None:
            return
        do = self.script.after(heard)
        citizen.heard = [*citizen.heard[-3:], f"{heard.text!r} {heard.labels}"]
        if do is not None and citizen.since:
            now = time.perf_counter()
            self.latencies.append(now - citizen.since)
            citizen.since = 0.0
            if self.answering:
                self.act(citizen, do, heard.id)

    def act(self, citizen: Citizen, do: Write | Press, message: str = "") -> None:
        """A citizen writes or presses."""
        citizen.since = time.perf_counter()
        task = asyncio.create_task(self.acts(citizen.chat, do, message))
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def measured(self, citizens: int, meter: Meter, seconds: float) -> Level:
        """So many citizens for so long, after a warm-up."""
        crowd = [Citizen(self.newcomer()) for _ in range(citizens)]
        self.citizens = {one.chat: one for one in crowd}
        self.answering = True
        for citizen in crowd:
            self.act(citizen, Write(self.script.begin))
        await self._watch(WARM_UP)
        self.latencies, begun = [], meter.read()
        await self._watch(seconds)
        used = passed(begun, meter.read())
        latencies, self.answering = self.latencies, False
        await self._settle()
        return level(citizens, latencies, used)

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
