"""How far behind the answers are on a channel, and the place in the queue that a letter leaves to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, bindparam, false, func, select

from handlers.words import Priority
from storage import facts
from storage import tables as t
from storage.letters import Body
from storage.rows import decode_body

# From here on people think that nobody is there, and write again.
SLOW = timedelta(seconds=15)
# Not one person with many letters, but a crowd.
CROWD = 20
MOST = 5_000
# A few beats; slowness that nobody measured since then is over.
FRESH = timedelta(seconds=15)
# What was fast for less than this was a lull, and nobody is told again after it.
LULL = timedelta(minutes=10)
KEY = "slow:"

# Built once: every beat asks.
_DUE = (
    select(t.outbox.c.contact_id, t.outbox.c.due_at)
    .join(t.contacts, t.contacts.c.id == t.outbox.c.contact_id)
    .where(
        t.outbox.c.priority == int(Priority.DIALOGUE),
        t.outbox.c.due_at <= bindparam("now", type_=t.Instant),
        t.outbox.c.held == false(),
        t.contacts.c.channel == bindparam("channel"),
    )
    .order_by(t.outbox.c.due_at)
    .limit(bindparam("most"))
    .subquery()
)
_WAITING = select(func.min(_DUE.c.due_at, type_=t.Instant).label("since")).group_by(_DUE.c.contact_id).order_by("since")


def wait(connection: Connection, channel: str, rate: float, now: datetime) -> timedelta:
    """How long an answer will take: as long as others have waited, or until those who wait are served at this rate."""
    most = min(MOST, int(rate * SLOW.total_seconds()) + CROWD)
    since = connection.execute(_WAITING, {"channel": channel, "now": now, "most": most}).scalars().all()
    waited = now - since[CROWD - 1] if len(since) >= CROWD else timedelta()
    return max(waited, timedelta(seconds=len(since) / rate))


class Episode(msgspec.Struct, frozen=True):
    """A time in which answers are slow: since when, and when that was last measured."""

    since: datetime
    seen: datetime


def _episode(connection: Connection, channel: str) -> Episode | None:
    kept = facts.get(connection, KEY + channel)
    return msgspec.json.decode(kept, type=Episode) if kept else None


def slow(connection: Connection, channels: Mapping[str, float], now: datetime) -> dict[str, datetime]:
    """The channels on which answers are slow now, as some replica has measured lately, and since when."""
    found = {channel: _episode(connection, channel) for channel in channels}
    # A time that has not come was measured by a clock that ran ahead.
    return {channel: each.since for channel, each in found.items() if each and abs(now - each.seen) <= FRESH}


def behind(connection: Connection, channels: Mapping[str, float], now: datetime) -> list[str]:
    """The channels, with their messages a second, on which an answer takes too long."""
    return [channel for channel, rate in channels.items() if wait(connection, channel, rate, now) >= SLOW]


def kept(
    connection: Connection, channels: Mapping[str, float], late: Sequence[str], now: datetime
) -> dict[str, datetime]:
    """Puts on record which channels are slow, and gives all that are; a lull does not end that."""
    for channel in late:
        before = _episode(connection, channel)
        since = min(before.since, now) if before and abs(now - before.seen) <= LULL else now
        facts.put(connection, KEY + channel, msgspec.json.encode(Episode(since, now)).decode())
    return slow(connection, channels, now)


@dataclass(frozen=True, slots=True)
class Place:
    """What a letter leaves that gives way to another before it was sent; `due_at` where it stood in the queue."""

    due_at: datetime | None
    note: str

    def taken_over(self, due_at: datetime, body: Body, now: datetime) -> tuple[datetime, Body]:
        """When the next letter is due, and what it says: who writes again while they wait keeps their place."""
        if self.note and not body.note:
            body = msgspec.structs.replace(body, note=self.note)
        waits = self.due_at is not None and self.due_at <= now and due_at <= now
        return (self.due_at if waits and self.due_at else due_at), body


def note_of(body: str) -> str:
    """What stands above a letter that waits."""
    return decode_body(body).note if '"note":' in body else ""
