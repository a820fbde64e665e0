"""When letters are due that a clock has planned which was wrong: they would wait until the right one is as far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, false, select, update

from handlers.words import Priority
from storage import tables as t

# The clocks of two machines differ by less.
AHEAD = timedelta(seconds=5)
AT_ONCE = 1_000

_O, _C = t.outbox.c, t.contacts.c
# Of what is due later only: what is due by any clock needs nothing.
_WRONG = (
    select(_O.id, _O.contact_id, _O.due_at, _O.planned_at)
    .join(t.contacts, _C.id == _O.contact_id)
    .where(
        _O.held == false(),
        _O.priority.in_([int(each) for each in Priority]),
        _O.due_at > bindparam("now", type_=t.Instant),
        _O.planned_at > bindparam("ahead", type_=t.Instant),
        _C.channel.in_(bindparam("channels", expanding=True)),
    )
    .order_by(_O.id)
    .limit(AT_ONCE)
)
_PUT_RIGHT = (
    update(t.outbox)
    .where(_O.id == bindparam("letter"), _O.planned_at == bindparam("then", type_=t.Instant))
    .values(due_at=bindparam("due"), planned_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Due:
    """A letter, and when it is due."""

    id: int
    contact: int
    at: datetime


def wrong(connection: Connection, channels: Sequence[str], now: datetime) -> bool:
    """Whether letters of these channels are planned by a time that has not come."""
    given = {"channels": channels, "now": now, "ahead": now + AHEAD}
    return connection.execute(_WRONG, given).first() is not None


def put_right(connection: Connection, channels: Sequence[str], now: datetime) -> list[Due]:
    """Lets these, or many of them, wait from now on as long as they were meant to."""
    rows = connection.execute(_WRONG, {"channels": channels, "now": now, "ahead": now + AHEAD}).all()
    found = []
    for row in rows:
        due = Due(row.id, row.contact_id, now + (row.due_at - row.planned_at))
        changed = {"letter": row.id, "then": row.planned_at, "due": due.at, "now": now}
        if connection.execute(_PUT_RIGHT, changed).rowcount:
            found.append(due)
    return found
