"""From the outbox to the channels: in order for each contact, by priority among them, within the platforms' limits."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.capacity import CAPACITY, Capacity
from bot.channels import Channel, Failure, Retry
from bot.delivering import Delivering
from bot.lanes import Lanes
from bot.log import logger
from bot.marking import Marking
from bot.media import Media
from bot.metrics import Metrics
from bot.noted import Noted
from bot.pace import NONE, Limits, Pace, Paces
from bot.settling import Lost, Settling
from bot.stock import Stock
from storage.database import AWAY, Database
from storage.letters import Parcel
from storage.office import Office
from storage.outbox import Sent
from storage.receipts import Settled
from storage.waiting import Place

log = logger("dispatch")
# So many that a platform which takes its time, and then a disk, is still used in full. What is under way or not yet
# written down when the process is killed is sent again.
AT_ONCE = 256
UNMARKED = 256
AGAIN = 5.0


class Dispatcher:
    """Delivers what waits. What is held here is a copy: the outbox is the truth, and is read again at every start.

    `ring`: how replicas that deliver hear of letters that were written here.
    """

    def __init__(
        self,
        database: Database,
        office: Callable[[], Office],
        channels: Mapping[str, Channel],
        media: Media,
        metrics: Metrics,
        now: Callable[[], datetime],
        limits: Mapping[str, Limits],
        steady: Callable[[], float] = time.monotonic,
        capacity: Capacity = CAPACITY,
    ) -> None:
        self._channels, self._metrics, self._steady = channels, metrics, steady
        self.ring: Callable[[Sequence[int], Sequence[int]], None] | None = None
        self._paces = Paces({name: Pace(limits.get(name, NONE)) for name in channels})
        self._leads: dict[str, float] = {}
        self._lanes = Lanes(now, steady)
        self.stock = Stock(database, self._lanes, self._leading, now, capacity)
        self._marking = Marking(database, office, metrics, now, self._marked)
        self._delivering = Delivering(
            database, office, channels, media, now, limits, Noted(steady), self._may_send, self._marking.surely
        )
        self._settling = Settling(
            office, channels, self._paces.of, self._marking, self._delivering, self._release, self.post, now, steady
        )
        self._wake, self._rested = asyncio.Event(), asyncio.Event()
        self._free = AT_ONCE
        self._righting = False
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what is held

    def lead(self, channel: str, leads: bool, until: float = math.inf) -> None:
        """Begins, goes on or stops to deliver for a channel's account; nobody else does so `until` then."""
        if leads:
            self._leads[channel] = max(until, self._leads.get(channel, until))
        elif self._leads.pop(channel, None) is not None:
            self._lanes.drop_all(channel)
        self._metrics.leader.labels(channel).set(leads)
        self._wake.set()

    def take_over(self, channel: str, until: float) -> None:
        """The same where somebody else delivered until now: what waits is read before anything is sent."""
        if channel not in self._leads:
            self.stock.fall_behind()
        self.lead(channel, True, until)

    def _leading(self) -> list[str]:
        return sorted(self._leads)

    def _still_leads(self, channel: str) -> bool:
        """Whether nobody else can deliver yet; where this one stood still, or the database was away, it stops."""
        if self._leads.get(channel, -math.inf) > self._steady():
            return True
        self.lead(channel, False)
        return False

    def _may_send(self, channel: str) -> None:
        if not self._still_leads(channel):
            raise Lost

    def post(self, parcels: Iterable[Parcel], dropped: Iterable[int] = ()) -> None:
        """Takes over what was just committed; `dropped` were taken back before they were sent."""
        parcels, dropped = list(parcels), list(dropped)
        for ident in dropped:
            self._lanes.drop(ident)
        self.stock.post(parcel for parcel in parcels if parcel.channel in self._leads)
        others = [parcel.contact for parcel in parcels if parcel.channel not in self._leads]
        if self.ring and (others or (dropped and len(self._leads) < len(self._channels))):
            self.ring(others, dropped)
        self._wake.set()

    def hear(self, contacts: Sequence[int], dropped: Sequence[int]) -> None:
        """Another replica has written letters to these contacts, and taken these back."""
        self.stock.hear(contacts if self._leads else (), dropped)
        self._wake.set()

    def missed(self) -> None:
        """What others told may have been missed: all is read again."""
        self.stock.fall_behind()
        self._wake.set()

    def unsure(self) -> None:
        """What was written may not have been handed over: each person's letters are read before any is sent."""
        self.stock.unsure = True
        self.missed()

    async def load(self) -> None:
        """Takes up what waits in the outbox and is not held: after a start, a take-over, or a flood."""
        self._paces.forget_idle(self._steady())
        await self.stock.load()
        self._stirred()

    async def idle(self) -> None:
        """Returns when nothing that is due now waits or is under way."""
        while not (self.stock.complete and self._lanes.resting()):
            self._rested.clear()
            await self._rested.wait()

    def _stirred(self) -> None:
        self._rested.set()
        self._wake.set()

    # -- the loops

    async def run(self) -> None:
        """Delivers until it is cancelled; then what is under way is finished."""
        marking = asyncio.create_task(self._marking.run())
        try:
            while True:
                self._wake.clear()
                if self.stock.wants():
                    self._begin(self._read())
                if self.stock.put_back():
                    # Until all is put right: what is written now would pass what waits by the time that was.
                    self._put_right()
                    await self._wake.wait()
                    continue
                self._start_ready()
                await self._rest()
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=5)
            # What has left is written down before the end: a cancelled transaction would send it again.
            self._marking.stop()
            await asyncio.wait({marking}, timeout=10)
            marking.cancel()

    async def _rest(self) -> None:
        pauses = (self._lanes.pause(), self._paces.pause(self._steady()))
        pause = min((each for each in pauses if each is not None), default=None)
        if self._wake.is_set() or (pause is not None and pause <= 0.0):
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _put_right(self) -> None:
        if not self._righting:
            self._righting = True
            self._begin(self._load_at_once())

    async def _load_at_once(self) -> None:
        try:
            await self.load()
        except Exception as error:  # noqa: BLE001 - the database is away: the next beat loads again
            log.error("load_failed", error=type(error).__name__)
        finally:
            self._righting = False

    async def _read(self) -> None:
        await self.stock.read()
        self._stirred()

    def _start_ready(self) -> None:
        now, unknown = self._steady(), list[Parcel]()
        self._paces.open(now)
        while self._free and self._marking.pending < UNMARKED and (taken := self._lanes.take(self._paces.closed)):
            parcel, lane = taken
            if not self._still_leads(parcel.channel):
                continue
            count = max(1, len(parcel.body.files))
            if wait := self._paces.wait(parcel.channel, parcel.contact, parcel.group, now, count):
                # Where all of a channel must wait, they stay in their order.
                self._lanes.schedule(parcel.contact, 0.0 if parcel.channel in self._paces.closed else wait)
                continue
            lane.busy = True
            self._free -= 1
            if place := self._delivering.knows(parcel):
                self._begin(self._deliver(parcel, place))
            else:
                unknown.append(parcel)
        if unknown:
            self._begin(self._look_up(unknown))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_up(self, parcels: list[Parcel]) -> None:
        """Sends these once it is known where they go."""
        try:
            found = await self._delivering.look_up(parcels)
        except Exception as error:  # noqa: BLE001 - the database is away, or one address cannot be read
            if len(parcels) > 1 and not isinstance(error, AWAY):
                for parcel in parcels:
                    self._begin(self._look_up([parcel]))
                return
            for parcel in parcels:
                await self._settle(parcel, Retry(type(error).__name__))
            return
        for parcel, place in zip(parcels, found, strict=True):
            self._begin(self._deliver(parcel, place))

    async def _deliver(self, parcel: Parcel, place: Place) -> None:
        started, outcome = time.monotonic(), "sent"
        try:
            self._marking.add(await self._delivering.send(parcel, place))
            self._free += 1
            self._wake.set()
        except Failure as failure:
            outcome = type(failure).__name__.lower()
            await self._settle(parcel, failure)
        except Exception as error:
            outcome = "fault"
            log.error("delivery_failed", error=type(error).__name__, letter=parcel.id, exc_info=True)
            await self._settle(parcel, Retry(type(error).__name__))
        finally:
            self._metrics.delivered(parcel.channel, outcome, time.monotonic() - started)

    async def _settle(self, parcel: Parcel, failure: Failure) -> None:
        try:
            await self._settling.settle(parcel, failure)
        except Exception as error:
            log.error("settling_failed", error=type(error).__name__, letter=parcel.id, exc_info=True)
            self._release(parcel, parcel, AGAIN)

    def _marked(self, done: Sequence[Sent], settled: Settled) -> None:
        for each in done:
            self._let_pass(each.parcel)
        self._metrics.outbox.set(len(self._lanes))
        self.post(settled.parcels, settled.dropped)

    def _release(self, parcel: Parcel, again: Parcel | None = None, wait: float = 0.0) -> None:
        self._free += 1
        self._let_pass(parcel, again, wait)

    def _let_pass(self, parcel: Parcel, again: Parcel | None = None, wait: float = 0.0) -> None:
        if again is None:
            self._settling.over(parcel.id)
        self._lanes.release(parcel, again, wait)
        self._stirred()
