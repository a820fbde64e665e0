"""The post of the simulated year: every letter that is handed over is kept, with when it left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.words import Part
from storage import outbox
from storage.letters import Parcel
from storage.office import Office
from storage.outbox import Sent

NUMBER = re.compile(r"LPR-\d{4}-[0-9A-Z]{4}-[0-9A-Z]")
# Nobody acts sooner after a step than a letter that is due needs to leave.
PATIENCE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Told:
    """A letter that was handed over. `text` is kept of those to people; of a group's the first line alone.

    `numbers`: the reports it names. `written`: when it was put into the outbox.
    """

    to: int
    ticket: int | None
    part: str
    key: str
    text: str
    numbers: frozenset[str]
    draft: int | None
    written: datetime
    left: datetime
    group: bool


@dataclass(slots=True)
class Post:
    """What waits, and all that was ever told. `gone`: accounts to which nothing can be delivered any more."""

    told: list[Told] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    taken_back: int = 0
    _waiting: dict[int, tuple[Parcel, datetime]] = field(default_factory=dict)

    def take(self, parcels: Iterable[Parcel], dropped: Sequence[int], now: datetime) -> None:
        """Takes in new letters; those that were taken back or gave way are never handed over."""
        for key in dropped:
            self.taken_back += self._waiting.pop(key, None) is not None
        for parcel in parcels:
            self._waiting[parcel.id] = (parcel, now)

    def due(self, now: datetime) -> bool:
        """Whether something is to be handed over."""
        return any(parcel.due_at <= now + PATIENCE for parcel, _ in self._waiting.values())

    def deliver(self, connection: Connection, office: Office, now: datetime) -> None:
        """Hands over everything that is due, in the order in which it was written."""
        while due := sorted(key for key, (parcel, _) in self._waiting.items() if parcel.due_at <= now + PATIENCE):
            lost = next((n for n, key in enumerate(due) if self._waiting[key][0].contact in self.gone), len(due))
            self._hand_over(connection, due[:lost])
            if lost < len(due):
                self._return(connection, office, due[lost], now)

    def _hand_over(self, connection: Connection, keys: Sequence[int]) -> None:
        left = [self._waiting.pop(key) for key in keys]
        if left:
            done = [Sent(parcel, (f"b{parcel.id}",), max(parcel.due_at, written)) for parcel, written in left]
            outbox.delivered(connection, done)
        self.told.extend(_told(parcel, written) for parcel, written in left)

    def _return(self, connection: Connection, office: Office, key: int, now: datetime) -> None:
        """A letter that does not arrive: it goes to another account of the person, else it was told in vain."""
        parcel, written = self._waiting.pop(key)
        again, dropped = outbox.undeliverable(connection, office, parcel, now, gone=True)
        moved = [(parcel, written), *(self._waiting.pop(each) for each in dropped if each in self._waiting)]
        for each in again:
            since = next((at for before, at in moved if before.body == each.body), now)
            self._waiting[each.id] = (each, since)
        if not any(each.body == parcel.body for each in again):
            self.told.append(_told(parcel, written))


def _told(parcel: Parcel, written: datetime) -> Told:
    text = parcel.body.text
    named = frozenset(NUMBER.findall(text)) if parcel.part != Part.FILES.value else frozenset[str]()
    kept = text.split("\n", 1)[0] if parcel.group else text
    left = max(parcel.due_at, written)
    return Told(
        parcel.contact, parcel.ticket, parcel.part, parcel.key, kept, named, parcel.draft, written, left, parcel.group
    )
