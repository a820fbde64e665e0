"""The letters of one contact as they wait in this process, and which of them is next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.letters import Parcel

PATIENCE = timedelta(hours=1)
# What the lane's most urgent letter is, and since when its next one is due.
Rank = tuple[int, datetime, int]
# Before it stands what is due, whatever its priority.
LATER = 1_000


@dataclass(slots=True)
class Lane:
    """The letters of one contact, oldest first; one is under way at a time.

    `more`: others, written later, wait in the outbox only. `stands`: where it stands in the queue of what is due;
    `looked_at` again: when, in seconds of the steady clock.
    """

    channel: str
    parcels: list[Parcel] = field(default_factory=list)
    busy: bool = False
    more: bool = False
    stands: Rank | None = None
    looked_at: float | None = None

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

    def urgency(self, now: datetime) -> int:
        """The priority of its most urgent letter: those before it must leave first, so they are as urgent."""
        return min(parcel.priority for parcel in self.parcels if parcel.due_at <= now)

    def rank(self, contact: int, now: datetime) -> Rank:
        """How urgent it is; whatever waits for its time is less urgent than what is due."""
        parcel, at = self.next(now)
        return (LATER, at or now, contact) if parcel is None else (self.urgency(now), parcel.due_at, contact)
