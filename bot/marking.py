"""Writing down what left: all that came together in one transaction, until it is on record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.log import logger
from bot.metrics import Metrics
from storage import receipts
from storage.database import Database
from storage.office import Office
from storage.outbox import Sent
from storage.receipts import Settled

log = logger("dispatch")
LONGEST = 1.0
# On PostgreSQL a transaction of its own for each letter would cost more than the letter.
GATHERED, ENOUGH = 0.01, 64


class Marking:
    """What was delivered and is not on record yet; `marked` hears of each batch that is."""

    def __init__(
        self,
        database: Database,
        office: Callable[[], Office],
        metrics: Metrics,
        now: Callable[[], datetime],
        marked: Callable[[Sequence[Sent], Settled], None],
    ) -> None:
        self._database, self._office, self._metrics, self._now = database, office, metrics, now
        self._marked = marked
        self._done: list[Sent] = []
        self._writing = 0
        self._wake = asyncio.Event()
        self._stopping = False

    @property
    def pending(self) -> int:
        """How many have left and are not on record."""
        return len(self._done) + self._writing

    def add(self, done: Sent) -> None:
        """This letter has left."""
        self._done.append(done)
        self._wake.set()

    async def run(self) -> None:
        """Writes down until it is stopped, and then what is left."""
        while not self._stopping or self._done:
            await self._wake.wait()
            if not self._database.sqlite and len(self._done) < ENOUGH:
                await asyncio.sleep(GATHERED)
            self._wake.clear()
            done, self._done = self._done, []
            if done:
                self._writing = len(done)
                settled = await self.write_down(done)
                self._writing = 0
                self._marked(done, settled)

    def stop(self) -> None:
        """Lets the run end when all is written down."""
        self._stopping = True
        self._wake.set()

    async def write_down(self, done: Sequence[Sent]) -> Settled:
        """Marks these letters as delivered; what followed from receipts that were faster."""
        office, now = self._office(), self._now()
        early: list[Settled] = []
        await self.surely(lambda c: early.append(receipts.marked(c, office, done, now)))
        for code in early[-1].failed:
            log.warning("not_delivered", code=code)
            self._metrics.failures.labels(str(code)).inc()
        return early[-1]

    async def surely(self, fn: Callable[..., None]) -> None:
        """Writes until it succeeds: the letter has left, and forgetting that would send it again."""
        for tried in range(1_000_000):
            try:
                await self._database.write(fn, patient=True, brief=True)
                return
            except Exception as error:  # noqa: BLE001 - the database is away or full; what was sent stays held
                log.error("mark_failed", error=type(error).__name__, tried=tried)
                # Soon again: whoever takes over next reads what is not written down as not sent.
                await asyncio.sleep(min(LONGEST, 0.1 * 2 ** min(tried, 10)))
