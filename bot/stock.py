"""What of the outbox is held in this process: all of it while it is little, else the most urgent."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from math import inf

from bot.capacity import ALL_THAT_IS_DUE, CAPACITY, EVERYTHING, NOWHERE, Capacity, Reach
from bot.lane import PATIENCE
from bot.lanes import Lanes
from bot.log import logger
from handlers.words import Priority
from storage import planned, tables, waiting
from storage.database import Database
from storage.letters import Parcel
from storage.waiting import Stub

log = logger("stock")
CONTACTS = 500
# What is due so soon is taken for due: a few beats.
SOON = timedelta(seconds=30)


class Stock:
    """A copy: the outbox is the truth. A contact's letters come in whole from its oldest on, so order is kept.

    `behind`: somebody's letters may wait in the outbox only, none of them more urgent than those within `_reach`, as
    far as was heard; each beat looks whether that is so. `company`: other replicas write letters, too. `unsure`:
    letters may have been written of which nobody here heard.
    """

    def __init__(
        self,
        database: Database,
        lanes: Lanes,
        leads: Callable[[], list[str]],
        now: Callable[[], datetime],
        capacity: Capacity = CAPACITY,
    ) -> None:
        self._database, self._lanes, self._leads, self._now = database, lanes, leads, now
        self._most = capacity
        self.behind = self.company = self.unsure = False
        self._wanted: dict[int, None] = {}
        self._reading: set[int] = set()
        self._seen: set[int] = set()
        self._lock = asyncio.Lock()
        self._loading = False
        self._again_below = inf
        self._reach = EVERYTHING
        self._falls = self._brought = 0
        self._latest, self._put_back, self._backs = now(), False, 0

    @property
    def held(self) -> int:
        """How many letters are held."""
        return len(self._lanes)

    @property
    def complete(self) -> bool:
        """Whether nothing is being read, or must be."""
        return not (self._wanted or self._reading or self._lock.locked())

    def put_back(self) -> bool:
        """Whether the clock was, and what is planned by the time that it had shown would let later letters pass."""
        now = self._now()
        if now < self._latest - planned.AHEAD:
            self._put_back = True
            self._backs += 1
        self._latest = now
        return self._put_back

    def wants(self) -> bool:
        """Whether the outbox should be read now: somebody's letters are asked for, or too few are due here."""
        if self._lock.locked():
            return False
        return bool(self._wanted or self._lanes.run_dry) or self._wants_more()

    def _wants_more(self) -> bool:
        return self.behind and self.held < self._again_below and self._low()

    def _low(self) -> bool:
        """Whether what is held is soon sent, or what waits in the outbox only may be as urgent."""
        first = self._lanes.first()
        return self._lanes.ready() < self._most.few or (first is not None and first[:2] > self._reach)

    def fall_behind(self) -> None:
        """Nothing is known of what waits in the outbox."""
        self.behind, self._again_below, self._reach = True, inf, NOWHERE
        self._falls += 1

    def post(self, parcels: Iterable[Parcel]) -> None:
        """Takes over what was just committed here."""
        soon = self._now() + PATIENCE
        for parcel in parcels:
            if parcel.due_at > soon:
                # Read when its time comes.
                continue
            if self._may_hold(parcel.contact):
                self._lanes.hold(parcel)
            elif not self._may_wait(parcel):
                self._wanted[parcel.contact] = None
        self._make_room()

    def _may_hold(self, contact: int) -> bool:
        """Whether nothing that was written earlier for this contact can wait in the outbox only."""
        being_read = (self._wanted, self._reading, self._lanes.run_dry)
        if self.company or self.unsure or any(contact in each for each in being_read):
            return False
        lane = self._lanes.lane(contact)
        return not self.behind if lane is None else not lane.more

    def _may_wait(self, parcel: Parcel) -> bool:
        """Whether a letter is found in the outbox when its turn comes, because enough is held that goes before it."""
        lane = self._lanes.lane(parcel.contact)
        if lane or parcel.contact in self._reading:
            return bool(lane and lane.more and parcel.contact not in self._reading)
        return self._enough() and (parcel.priority, parcel.due_at) >= self._reach

    def _enough(self) -> bool:
        return self.behind and not self._loading and not self._low()

    def hear(self, contacts: Sequence[int], dropped: Sequence[int]) -> None:
        """Another replica has written letters to these contacts, and taken these back."""
        self.company = True
        for ident in dropped:
            self._lanes.drop(ident)
        self._wanted.update(dict.fromkeys(contacts))

    async def read(self) -> None:
        """Reads what is asked for, and then more where too little is due here."""
        try:
            async with self._lock:
                await self._read_wanted()
                if self._wants_more():
                    await self._fill()
        except Exception as error:  # noqa: BLE001 - the database is away: the next beat reads all again
            log.error("read_failed", error=type(error).__name__)
            self.behind, self.unsure, self._again_below = True, True, -inf

    async def _read_wanted(self) -> None:
        while self._wanted or self._lanes.run_dry:
            dry = set(self._lanes.run_dry)
            self._wanted.update(dict.fromkeys(dry))
            self._lanes.run_dry.clear()
            contacts = list(islice(self._wanted, CONTACTS))
            for contact in contacts:
                del self._wanted[contact]
            self._lanes.run_dry.update(dry.difference(contacts))
            self._reading.update(contacts)
            try:
                await self._take(await self._urgent(contacts, dry))
            finally:
                self._reading.difference_update(contacts)

    async def _urgent(self, contacts: list[int], dry: set[int]) -> list[int]:
        """Those of whom something is held, or was, or must be; the others are found when their turn comes."""
        known = [contact for contact in contacts if contact in dry or self._lanes.lane(contact)]
        others = list(set(contacts).difference(known))
        if others and self._enough():
            soon, (priority, due_at) = self._now() + PATIENCE, self._reach
            others = await self._database.read(lambda c: waiting.urgent(c, others, soon, priority, due_at))
        return known + others

    async def load(self) -> None:
        """Takes up what waits in the outbox and should be held: after a start, a take-over, a flood, a lost bell."""
        async with self._lock:
            self.put_back()
            backs = self._backs
            await self._put_right()
            await self._let_go_of_gone()
            falls = self._falls
            await self._fill()
            if not self.behind and falls == self._falls:
                self.unsure = False
            self._seen = self._lanes.waiting()
            if backs == self._backs:
                self._put_back = False

    async def _fill(self) -> None:
        """Holds the most urgent of what is due; where that is all, what is due within the hour, too."""
        falls, self._brought, due = self._falls, 0, self._now() + SOON
        checks = self.behind and not self._low()
        if not checks:
            self._reach = EVERYTHING
        self._loading = True
        try:
            reach = await self._scan(tables.EPOCH, due, self._most.held if checks else self._most.filled)
            if reach is None and await self._scan(due, self._now() + PATIENCE, self._most.filled, planned=True):
                reach = ALL_THAT_IS_DUE
        except BaseException:
            self._reach = NOWHERE
            raise
        finally:
            self._loading = False
        self.behind = reach is not None
        self._reach = reach or EVERYTHING
        if reach is not None and reach != NOWHERE:
            self._lanes.let_go_behind(reach)
        # Where it brought nothing, or more than there is room for, it is not tried again before some have left.
        sated = self._reach != NOWHERE and (not self._brought or self._falls != falls)
        self._again_below = self.held - self._most.few if sated else inf

    async def _scan(self, since: datetime, before: datetime, most: int, planned: bool = False) -> Reach | None:
        """Takes up what is due in this time, the most urgent first; how far that went, or nothing where it is all."""
        channels, falls, found = self._leads(), self._falls, 0
        for priority in Priority if channels else ():
            last: Stub | None = Stub(0, 0, since)
            while last is not None:
                if (self.held if planned else found) >= most or (priority, last.due_at) >= self._reach:
                    return min(self._reach, (int(priority), last.due_at))
                stubs = await self._page(channels, int(priority), before, last)
                found += sum(each.id in self._lanes for each in stubs)
                last = stubs[-1] if len(stubs) == self._most.loaded else None
        return self._reach if self._falls != falls else None

    async def _page(self, channels: Sequence[str], priority: int, before: datetime, last: Stub) -> list[Stub]:
        """The next letters of one priority; from now on they are held, as far as there is room."""
        left, short = self._lanes.since(), self._lanes.short()
        read = waiting.Page(channels, priority, before, last, self._most.loaded, short)
        stubs = await self._database.read(lambda c: waiting.following(c, read))
        for each in stubs:
            if each.id not in left:
                self._lanes.bring_forward(each.id, each.due_at)
        new = list(dict.fromkeys(each.contact for each in stubs if each.id not in left and self._misses(each)))
        for start in range(0, len(new), CONTACTS):
            await self._take(new[start : start + CONTACTS])
        return stubs

    def _misses(self, stub: Stub) -> bool:
        lane = self._lanes.lane(stub.contact)
        return stub.id not in self._lanes and not (lane and lane.more)

    async def _take(self, contacts: list[int]) -> None:
        """Holds what waits for these contacts."""
        channels, soon, of_one = self._leads(), self._now() + PATIENCE, self._most.of_one
        if not contacts or not channels:
            return
        self._reading.update(contacts)
        left = self._lanes.since()
        try:
            found = await self._database.read(lambda c: waiting.of_contacts(c, channels, contacts, soon, of_one + 1))
        finally:
            self._reading.difference_update(contacts)
        # Another replica may deliver for the channel by now.
        leads, counts = set(self._leads()), Counter[int]()
        for parcel in found:
            counts[parcel.contact] += 1
            if counts[parcel.contact] <= of_one and parcel.id not in left and parcel.channel in leads:
                self._brought += parcel.id not in self._lanes
                self._lanes.hold(parcel)
        self._lanes.complete(contacts, [contact for contact, count in counts.items() if count > of_one])
        self._make_room()

    def _make_room(self) -> None:
        if self.held > self._most.held and (last := self._lanes.let_go(self._most.filled)):
            self._reach = min(self._reach, last[:2])
            self.behind, self._again_below = True, inf
            self._falls += 1

    async def _put_right(self) -> None:
        """A clock that was put back leaves letters behind that wait for a time which was not meant."""
        channels = self._leads()
        while channels and await self._is_wrong(channels):
            found = await self._database.write(lambda c: planned.put_right(c, channels, self._now()))
            log.warning("clock_ran_ahead", letters=len(found))
            for ident, due_at in found.items():
                self._lanes.bring_forward(ident, due_at)

    async def _is_wrong(self, channels: Sequence[str]) -> bool:
        return await self._database.read(lambda c: planned.wrong(c, channels, self._now()))

    async def _let_go_of_gone(self) -> None:
        """Another replica may have taken letters back while nobody here heard it."""
        ids = sorted(self._seen & self._lanes.waiting())
        if ids:
            there = await self._database.read(lambda c: waiting.still(c, ids))
            for ident in ids:
                if ident not in there:
                    self._lanes.drop(ident)
