"""How long a program takes until it is ready, the first time and again, and what it holds when nothing happens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bench.contenders import Contender
from bench.load import place, process
from bench.measure import cpu_seconds, resident_mb
from tests.botapi import BotApi

AT_REST = 4.0


@dataclass(frozen=True, slots=True)
class Rest:
    """Seconds until ready with an empty folder and with a record that is there, of clock and CPU; memory at rest."""

    first: float
    start: float
    start_cpu: float
    rest_mb: float


async def rest(contender: Contender) -> Rest:
    """Starts a contender twice."""
    async with BotApi() as api, place(contender, api.url) as here:
        async with process(contender, here) as (_, _, first):
            pass
        async with process(contender, here) as (pid, _, start):
            cpu = cpu_seconds(pid)
            await asyncio.sleep(AT_REST)
            return Rest(first, start, cpu, resident_mb(pid))
