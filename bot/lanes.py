"""The letters that wait in this process: a lane for each contact, and which lane is next."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from operator import itemgetter

import msgspec

from bot.lane import Lane, Rank
from storage.letters import Parcel

# So many places in a queue may be out of date before it is put in order, beside as many as there are lanes.
STALE = 1_000


class Lanes:
    """All lanes, with heaps of those that have something due, by priority, for each channel, and of those for later."""

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._now, self._steady = now, steady
        self._lanes: dict[int, Lane] = {}
        self._held: dict[int, Parcel] = {}
        self._standing = 0
        self._ready: dict[str, list[Rank]] = {}
        self._later: list[tuple[float, int]] = []
        self._left: set[int] = set()
        self.run_dry: set[int] = set()

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, parcel: int) -> bool:
        return parcel in self._held

    def lane(self, contact: int) -> Lane | None:
        """The lane of a contact, where there is one."""
        return self._lanes.get(contact)

    def ready(self) -> int:
        """How many lanes have something due and wait for their turn."""
        return self._standing

    def first(self) -> Rank | None:
        """What is due and most urgent; none where nothing is due."""
        return min((heap[0] for heap in self._ready.values() if heap), default=None)

    def short(self) -> list[int]:
        """The contacts of which more waits in the outbox only."""
        return [contact for contact, lane in self._lanes.items() if lane.more]

    def waiting(self) -> set[int]:
        """The letters that are not under way."""
        return {parcel.id for lane in self._lanes.values() if not lane.busy for parcel in lane.parcels}

    def hold(self, parcel: Parcel) -> None:
        """Takes a parcel in; one that is held already stays as it is."""
        if parcel.id in self._held:
            return
        self._held[parcel.id] = parcel
        lane = self._lanes.get(parcel.contact)
        if lane is None:
            lane = self._lanes[parcel.contact] = Lane(parcel.channel)
        lane.parcels.append(parcel)
        if len(lane.parcels) > 1 and lane.parcels[-2].id > parcel.id:
            lane.parcels.sort(key=lambda each: each.id)
        self.schedule(parcel.contact)

    def bring_forward(self, parcel: int, due_at: datetime) -> None:
        """Lets a parcel be due earlier that is held: the outbox was put right."""
        held = self._held.get(parcel)
        if held is None or held.due_at <= due_at:
            return
        again = self._held[parcel] = msgspec.structs.replace(held, due_at=due_at)
        lane = self._lanes[held.contact]
        lane.parcels = [again if each.id == parcel else each for each in lane.parcels]
        self.schedule(held.contact)

    def drop(self, parcel: int) -> None:
        """Lets go of a parcel that was taken back; one under way goes its way."""
        held = self._held.pop(parcel, None)
        self._left.add(parcel)
        if held:
            lane = self._lanes[held.contact]
            lane.parcels = [each for each in lane.parcels if each.id != parcel]

    def drop_all(self, channel: str) -> None:
        """Leaves everything of a channel to the outbox; what is under way goes its way."""
        for contact, lane in list(self._lanes.items()):
            if lane.channel == channel:
                for parcel in lane.parcels:
                    self._held.pop(parcel.id, None)
                lane.parcels = []
                if not lane.busy:
                    self._remove(contact)

    def let_go(self, down_to: int) -> Rank | None:
        """Leaves the least urgent to the outbox, whole lanes at a time, until so many are left; the last that went."""
        now, last = self._now(), None
        ranks = (
            (lane.rank(contact, now), contact)
            for contact, lane in self._lanes.items()
            if not lane.busy and lane.parcels
        )
        for rank, contact in sorted(ranks, reverse=True):
            if len(self._held) <= down_to:
                break
            self._leave(contact)
            last = rank
        return last

    def let_go_behind(self, reach: tuple[int, datetime]) -> None:
        """Leaves to the outbox what is due and less urgent than this."""
        for contact, lane in list(self._lanes.items()):
            if not lane.busy and lane.stands is not None and lane.stands[:2] > reach:
                self._leave(contact)

    def _leave(self, contact: int) -> None:
        for parcel in self._lanes[contact].parcels:
            self._held.pop(parcel.id, None)
            self._left.discard(parcel.id)
        self._remove(contact)

    def _remove(self, contact: int) -> None:
        lane = self._lanes.pop(contact)
        self._standing -= lane.stands is not None

    def release(self, parcel: Parcel, again: Parcel | None = None, wait: float = 0.0) -> None:
        """The lane is free again; `again` stands in the place of a parcel that must be tried later."""
        held = self._held.pop(parcel.id, None)
        lane = self._lanes[parcel.contact]
        lane.busy = False
        lane.parcels = [each for each in lane.parcels if each.id != parcel.id]
        if again is not None and held is not None:
            if again.due_at == parcel.due_at > held.due_at:
                # Brought forward while it was under way.
                again = msgspec.structs.replace(again, due_at=held.due_at)
            self._held[again.id] = again
            lane.parcels = sorted((*lane.parcels, again), key=lambda each: each.id)
        if again is None or held is not None:
            self._left.add(parcel.id)
        self.schedule(parcel.contact, wait)

    def schedule(self, contact: int, wait: float = 0.0) -> None:
        """Puts a lane where it will be looked at: now, or when its next letter is due."""
        lane = self._lanes.get(contact)
        if lane is None or lane.busy:
            return
        if not lane.parcels:
            self._remove(contact)
            if lane.more:
                self.run_dry.add(contact)
            return
        now = self._now()
        parcel, at = lane.next(now)
        if wait > 0 or parcel is None:
            delay = max(wait, (at - now).total_seconds() if at else 0.0)
            self._look_again(contact, lane, self._steady() + delay)
            return
        rank = lane.rank(contact, now)
        if lane.stands is None or rank < lane.stands:
            self._standing += lane.stands is None
            lane.stands = rank
            heapq.heappush(self._ready.setdefault(lane.channel, []), rank)
            self._tidy(lane.channel)

    def _look_again(self, contact: int, lane: Lane, at: float) -> None:
        if lane.looked_at is None or at < lane.looked_at:
            lane.looked_at = at
            heapq.heappush(self._later, (at, contact))
            if len(self._later) > 2 * len(self._lanes) + STALE:
                self._later = [each for each in self._later if self._is_looked_at(*each)]
                heapq.heapify(self._later)

    def _is_looked_at(self, at: float, contact: int) -> bool:
        lane = self._lanes.get(contact)
        return lane is not None and lane.looked_at == at

    def _tidy(self, channel: str) -> None:
        """Puts a queue in order in which more places are out of date than not."""
        heap = self._ready[channel]
        if len(heap) > 2 * len(self._lanes) + STALE:
            standing = (lane.stands for lane in self._lanes.values() if lane.channel == channel)
            self._ready[channel] = sorted(rank for rank in standing if rank is not None)

    @property
    def places(self) -> int:
        """How many places all queues have, those that are out of date among them."""
        return len(self._later) + sum(map(len, self._ready.values()))

    def take(self, closed: Collection[str] = ()) -> tuple[Parcel, Lane] | None:
        """The next parcel that is due, of a lane that is free; the most urgent first, and none of a closed channel."""
        now = self._steady()
        while self._later and self._later[0][0] <= now:
            at, contact = heapq.heappop(self._later)
            if self._is_looked_at(at, contact):
                self._lanes[contact].looked_at = None
                self.schedule(contact)
        while heaps := [heap for channel, heap in self._ready.items() if heap and channel not in closed]:
            rank = heapq.heappop(min(heaps, key=itemgetter(0)))
            contact = rank[2]
            lane = self._lanes.get(contact)
            # Where it stands further ahead by now, it was taken from there.
            if lane is None or lane.stands != rank:
                continue
            lane.stands = None
            self._standing -= 1
            if lane.busy:
                continue
            parcel, _ = lane.next(self._now())
            if parcel is not None:
                return parcel, lane
            self.schedule(contact)
        return None

    def pause(self) -> float | None:
        """Seconds until a lane must be looked at again; none when nothing is planned."""
        return max(0.0, self._later[0][0] - self._steady()) if self._later else None

    def resting(self) -> bool:
        """Whether nothing that is due now waits or is under way."""
        return not any(lane.busy or lane.next(self._now())[0] for lane in self._lanes.values())

    def since(self) -> set[int]:
        """A set in which from now on all gather that leave or wait anew: what was read before is not true of them."""
        self._left = set()
        return self._left

    def complete(self, contacts: Iterable[int], short: Iterable[int]) -> None:
        """After a read: of these contacts all is held, of those that are short there is more."""
        short = set(short)
        for contact in contacts:
            if lane := self._lanes.get(contact):
                lane.more = contact in short
            elif contact in short:
                self.run_dry.add(contact)
