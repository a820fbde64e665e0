"""What comes in: waiting events become one batch of turns, and are answered for when they are committed."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.dispatch import Dispatcher
from bot.log import logger
from bot.metrics import Metrics
from handlers.words import Inbound, Kind
from storage.database import Database
from storage.letters import Receipt
from storage.office import Office
from storage.receipts import settle
from storage.turns import Batch, Outcome, of_the_events, set_aside, take, together

log = logger("intake")
BATCH = 64
# Each holds its request open, at 14 kB: 56 MB, and a few seconds of turns.
MOST_WAITING = 4_000


# An event, what is told of its outcome, and when it came.
_Waiting = tuple[Inbound, asyncio.Future[Outcome], float]


class Busy(Exception):  # noqa: N818 - a state, not a fault
    """More waits than this process should hold; the platform will deliver again."""


class Intake:
    """Events on their way into the record."""

    def __init__(
        self,
        database: Database,
        office: Callable[[], Office],
        dispatcher: Dispatcher,
        metrics: Metrics,
        now: Callable[[], datetime],
        fetching: asyncio.Event | None = None,
    ) -> None:
        self._database, self._office, self._dispatcher = database, office, dispatcher
        self._metrics, self._now, self._fetching = metrics, now, fetching
        self._waiting: deque[_Waiting] = deque()
        self._running: asyncio.Task[None] | None = None
        self.most_waiting = MOST_WAITING

    async def accept(self, events: Sequence[Inbound]) -> list[Outcome]:
        """Has these events handled and committed; raises what the database raised, and then nothing is acknowledged."""
        if len(self._waiting) >= self.most_waiting:
            raise Busy
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in events]
        arrived = time.monotonic()
        self._waiting.extend(zip(events, futures, [arrived] * len(events), strict=True))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        if len(futures) == 1:
            return [await futures[0]]
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in outcomes if isinstance(outcome, Outcome)]

    def waited(self) -> float:
        """Seconds that the event has waited for its turn which is next."""
        return time.monotonic() - self._waiting[0][2] if self._waiting else 0.0

    async def confirm(self, receipts: Sequence[Receipt]) -> None:
        """Notes how far messages of ours came; what failed goes another way. Raises what the database raised."""
        office, now = self._office(), self._now()
        settled = await self._database.write(lambda connection: settle(connection, office, receipts, now))
        for code in settled.failed:
            log.warning("not_delivered", code=code)
            self._metrics.failures.labels(str(code)).inc()
        self._dispatcher.post(settled.parcels, settled.dropped)

    async def keep(self, channel: str, raw: bytes, why: str) -> None:
        """Sets aside what a platform sent and nobody could read, sealed, for the operator."""
        office, now = self._office(), self._now()
        log.warning("unreadable_update", channel=channel, reason=why)
        self._metrics.events.labels(channel, "unreadable").inc()
        await self._database.write(lambda connection: set_aside(connection, office, channel, raw, why, now))

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._batch([])
        finally:
            self._running = None

    def _take(self, taken: list[_Waiting]) -> list[Inbound]:
        """The events of a batch: of those that wait as many as go into it, once."""
        if not taken:
            taken.extend(self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting))))
        return [event for event, _, _ in taken]

    async def _turns(self, taken: list[_Waiting]) -> Batch:
        office, now = self._office(), self._now()
        try:
            # Taken when the transaction is open: what came meanwhile goes along.
            return await self._database.write(lambda c: together(c, self._take(taken), office, now), brief=True)
        except Exception as error:
            if not of_the_events(error):
                raise
        # One of them is at fault: it must harm itself alone.
        return await self._database.write(lambda c: take(c, self._take(taken), office, now))

    async def _batch(self, taken: list[_Waiting]) -> None:
        try:
            batch = await self._turns(taken)
        except Exception as error:  # noqa: BLE001 - every waiter hears it and answers its platform with 503
            self._take(taken)
            for _, future, _ in taken:
                if not future.done():
                    future.set_exception(error)
            return
        self._dispatcher.post(batch.parcels, batch.dropped)
        if self._fetching and batch.fetches:
            self._fetching.set()
        self._finish(taken, batch)

    def _finish(self, taken: list[_Waiting], batch: Batch) -> None:
        done = time.monotonic()
        self._metrics.batch.observe(len(taken))
        for (event, future, arrived), outcome in zip(taken, batch.outcomes, strict=True):
            self._metrics.turn.observe(done - arrived)
            self._metrics.events.labels(event.channel, outcome.value).inc()
            if event.kind is Kind.LEFT and outcome is Outcome.DONE:
                # An agency has lost its chat: kentongan check names it.
                log.warning("removed_from_group", channel=event.channel)
            if not future.done():
                future.set_result(outcome)
