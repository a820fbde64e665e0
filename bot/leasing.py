"""Which channels this replica delivers for, and whether it does what the clock calls for: by leases."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.dispatch import Dispatcher
from bot.log import logger
from bot.now import Agreed
from storage import leases
from storage.database import Database

log = logger("leases")
LEASE = timedelta(seconds=6)
# Nothing more is begun for so long before a lease ends: what is under way is mostly over when somebody else begins.
MARGIN = timedelta(seconds=2)
RENEWAL = 1.0
# Whoever holds a lease asks again first when the database is back.
AT_ONCE = 0.2
SWEEP = "sweep"


@dataclass(slots=True)
class Leasing:
    """Renews what is held and takes what nobody renews: within eight seconds of a kill another one delivers.

    `alone`: the embedded record has one process, which keeps its name, and so its leases, over a restart.
    """

    database: Database
    dispatcher: Dispatcher
    now: Callable[[], datetime]
    steady: Callable[[], float]
    holder: str
    channels: Iterable[str]
    alone: bool
    sweeps: bool = False
    holds: bool = False

    async def run(self) -> None:
        """Renews until it is cancelled; for one that is alone the beat is enough."""
        while not self.alone:
            asked, pause = self.steady(), RENEWAL
            try:
                await self.renew()
            except Exception as error:  # noqa: BLE001 - the database is away
                log.error("not_renewed", error=type(error).__name__)
                pause = AT_ONCE if self.holds else RENEWAL
            await asyncio.sleep(max(AT_ONCE, asked + pause - self.steady()))

    async def renew(self) -> None:
        """Takes or renews what can be had, and lets the dispatcher know."""
        # Counted from before the question: the lease runs on in the database while the answer is on its way.
        asked, now = self.steady(), self.now()
        held = await self.database.write(lambda c: leases.renewed(c, self._names(), self.holder, now, LEASE))
        if isinstance(self.now, Agreed):
            self.now.agree(now, held.at, self.now())
        until = math.inf if self.alone else asked + (LEASE - MARGIN).total_seconds()
        for channel in self.channels:
            name = _delivers(channel)
            if name in held.mine and name not in held.fresh:
                self.dispatcher.take_over(channel, until)
            else:
                # Whoever did not give it back may live and write down now what it has sent: it has until the next time.
                self.dispatcher.lead(channel, False)
        self.dispatcher.stock.company = held.company
        self.sweeps, self.holds = SWEEP in held.mine, bool(held.mine.intersection(self._names()))

    async def give_back(self) -> None:
        """Lets others begin at once."""
        await self.database.write(lambda c: leases.released(c, self._names(), self.holder))

    def _names(self) -> list[str]:
        return [*map(_delivers, self.channels), SWEEP]


def _delivers(channel: str) -> str:
    return f"deliver:{channel}"
