"""What happens by the clock, once across all replicas: leases, nudges, the end of drafts, facts that changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.dispatch import Dispatcher
from bot.leasing import Leasing
from bot.log import logger
from bot.metrics import Metrics
from storage import facts, recount
from storage.database import Database
from storage.office import Office
from storage.sweep import sweep

log = logger("clock")
BEAT = 3.0


@dataclass(slots=True)
class Clock:
    """The beat of one process. `holder` names it in the leases; an embedded office keeps its name over a restart."""

    database: Database
    office: Callable[[], Office]
    dispatcher: Dispatcher
    metrics: Metrics
    now: Callable[[], datetime]
    holder: str
    channels: Iterable[str]
    reload: Callable[[], Awaitable[None]]
    forget: Callable[[Sequence[str]], Awaitable[None]]
    steady: Callable[[], float] = time.monotonic
    leasing: Leasing = field(init=False)
    beats: int = 0
    behind: bool = False
    unreachable: tuple[str, ...] = ()
    warned: date | None = None
    refreshed: date | None = None

    def __post_init__(self) -> None:
        alone = self.database.sqlite
        self.leasing = Leasing(self.database, self.dispatcher, self.now, self.steady, self.holder, self.channels, alone)

    async def run(self) -> None:
        """Beats until it is cancelled."""
        # Beside the beat: a long sweep must not cost the leases.
        renewing = asyncio.create_task(self.leasing.run())
        try:
            while True:
                try:
                    await self.beat()
                except Exception as error:  # noqa: BLE001 - the database is away: the next beat tries again
                    log.error("beat_failed", error=type(error).__name__)
                await asyncio.sleep(BEAT)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def give_back(self) -> None:
        """Lets others begin at once, when this one has ended."""
        try:
            await self.leasing.give_back()
        except Exception as error:  # noqa: BLE001 - the database is away: the leases end by themselves
            log.error("leases_kept", error=type(error).__name__)

    async def beat(self) -> None:
        """Renews the leases, takes up letters that nobody handed over, and sweeps once a minute across replicas."""
        await self.leasing.renew()
        # Asked after it: a renewal puts the time right.
        now = self.now()
        await self.dispatcher.load()
        await self.reload()
        self._warn(now.date())
        if self.leasing.sweeps and (self.beats % 20 == 0 or self.behind):
            await self._sweep(now)
        self.beats += 1

    def _warn(self, today: date) -> None:
        """Says once a day which years' free days are not known, while that lasts."""
        missing = self.office().facts.missing(today) if self.warned != today else []
        self.warned = today
        if missing:
            log.warning("calendar_missing", years=missing)

    async def _count_anew(self, office: Office, now: datetime) -> None:
        """Fills in the free days of coming years once a day, and counts deadlines anew where facts have changed."""
        today = now.date()
        if self.refreshed != today:
            await self.database.write(lambda c: facts.refresh(c, today))
            self.refreshed = today
        if await self.database.read(recount.behind):
            done = await self.database.write(lambda c: recount.made(c, office, now))
            self.dispatcher.post(done.parcels, done.dropped)
            log.info("deadlines_counted", moved=done.moved)

    async def _sweep(self, now: datetime) -> None:
        office = self.office()
        await self._count_anew(office, now)
        swept = await self.database.write(lambda c: sweep(c, office, now))
        self.behind = swept.more
        self._tell(swept.unreachable)
        self.dispatcher.post(swept.parcels, swept.dropped)
        await self.forget(swept.blobs)
        self.metrics.clock.labels("nudged").inc(swept.nudged)
        self.metrics.clock.labels("erased").inc(swept.erased)

    def _tell(self, unreachable: tuple[str, ...]) -> None:
        """Tells the operator of agencies that hold reports and cannot be reached, when that changes."""
        if unreachable != self.unreachable:
            log.warning("agencies_unreachable", agencies=list(unreachable))
            self.unreachable = unreachable
        self.metrics.unreachable.set(len(unreachable))
