"""The letters that wait in this process: a lane for each contact, and which lane is next."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.letters import Parcel

PATIENCE = timedelta(hours=1)


@dataclass(slots=True)
class Lane:
    """The letters of one contact, oldest first; one is under way at a time."""

    channel: str
    parcels: list[Parcel] = field(default_factory=list)
    busy: bool = False

    def next(self, now: datetime) -> tuple[Parcel | None, datetime | None]:
        """The parcel to send now, or when to look again.

        A letter that is planned for later lets others pass; one that failed and waits does not, so order is kept,
        unless it waits for hours.
        """
        soonest: datetime | None = None
        for parcel in self.parcels:
            if parcel.due_at <= now:
                return parcel, None
            if parcel.attempts and parcel.due_at - now < PATIENCE:
                return None, parcel.due_at
            soonest = min(soonest or parcel.due_at, parcel.due_at)
        return None, soonest


class Lanes:
    """All lanes, with two heaps: the lanes that have something due, by priority, and those to look at later."""

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._now, self._steady = now, steady
        self._lanes: dict[int, Lane] = {}
        self._held: dict[int, Parcel] = {}
        self._ready: list[tuple[int, int, int]] = []
        self._later: list[tuple[float, int]] = []
        self._left: set[int] = set()

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, parcel: int) -> bool:
        return parcel in self._held

    def hold(self, parcel: Parcel) -> None:
        """Takes a parcel in; one that is held already stays as it is."""
        if parcel.id in self._held:
            return
        self._held[parcel.id] = parcel
        lane = self._lanes.setdefault(parcel.contact, Lane(parcel.channel))
        lane.parcels.append(parcel)
        if len(lane.parcels) > 1 and lane.parcels[-2].id > parcel.id:
            lane.parcels.sort(key=lambda each: each.id)
        self.schedule(parcel.contact)

    def drop(self, parcel: int) -> None:
        """Lets go of a parcel that was taken back; one under way goes its way."""
        held = self._held.pop(parcel, None)
        if held:
            lane = self._lanes[held.contact]
            lane.parcels = [each for each in lane.parcels if each.id != parcel]
            self._left.add(parcel)

    def drop_all(self, channel: str) -> None:
        """Lets go of everything of a channel."""
        for ident in [each.id for each in self._held.values() if each.channel == channel]:
            self.drop(ident)

    def release(self, parcel: Parcel, again: Parcel | None = None, wait: float = 0.0) -> None:
        """The lane is free again; `again` stands in the place of a parcel that must be tried later."""
        was_held = self._held.pop(parcel.id, None) is not None
        lane = self._lanes[parcel.contact]
        lane.busy = False
        lane.parcels = [each for each in lane.parcels if each.id != parcel.id]
        if again is not None and was_held:
            self._held[again.id] = again
            lane.parcels = sorted((*lane.parcels, again), key=lambda each: each.id)
        else:
            self._left.add(parcel.id)
        self.schedule(parcel.contact, wait)

    def schedule(self, contact: int, wait: float = 0.0) -> None:
        """Puts a lane where it will be looked at: now, or when its next letter is due."""
        lane = self._lanes.get(contact)
        if lane is None or lane.busy:
            return
        if not lane.parcels:
            del self._lanes[contact]
            return
        now = self._now()
        parcel, at = lane.next(now)
        if wait > 0 or parcel is None:
            delay = max(wait, (at - now).total_seconds() if at else 0.0)
            heapq.heappush(self._later, (self._steady() + delay, contact))
        else:
            heapq.heappush(self._ready, (parcel.priority, parcel.id, contact))

    def take(self) -> tuple[Parcel, Lane] | None:
        """The next parcel that is due, of a lane that is free; the most urgent first."""
        now = self._steady()
        while self._later and self._later[0][0] <= now:
            self.schedule(heapq.heappop(self._later)[1])
        while self._ready:
            _, _, contact = heapq.heappop(self._ready)
            lane = self._lanes.get(contact)
            if lane is None or lane.busy:
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
        """A set in which from now on all parcels gather that leave: what was read before must not bring them back."""
        self._left = set()
        return self._left
