"""When letters are due that a clock has planned which was wrong: they would wait until the right one is as far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, false, select, update

from handlers.words import Priority
from storage import tables as t

# The clocks of two machines differ by less.
AHEAD = timedelta(seconds=5)
AT_ONCE = 1_000


def _wrong(limit: int) -> Select[int, datetime, datetime]:
    """So many of those that are due later; what is due by any clock needs nothing."""
    o, c = t.outbox.c, t.contacts.c
    return (
        select(o.id, o.due_at, o.planned_at)
        .join(t.contacts, c.id == o.contact_id)
        .where(
            o.held == false(),
            o.priority.in_([int(each) for each in Priority]),
            o.due_at > bindparam("now", type_=t.Instant),
            o.planned_at > bindparam("ahead", type_=t.Instant),
            c.channel.in_(bindparam("channels", expanding=True)),
        )
        .limit(limit)
    )


_ANY, _MANY = _wrong(1), _wrong(AT_ONCE)
_PUT_RIGHT = (
    update(t.outbox)
    .where(t.outbox.c.id == bindparam("letter"), t.outbox.c.planned_at == bindparam("then", type_=t.Instant))
    .values(due_at=bindparam("due"), planned_at=bindparam("now"))
)


def meant(due_at: datetime, planned_at: datetime, now: datetime) -> datetime:
    """When a letter is due: planned by a clock that ran ahead, it waits from now on as long as it was meant to."""
    return now + (due_at - planned_at) if planned_at > now else due_at


def wrong(connection: Connection, channels: Sequence[str], now: datetime) -> bool:
    """Whether letters of these channels are planned by a time that has not come."""
    given = {"channels": channels, "now": now, "ahead": now + AHEAD}
    return connection.execute(_ANY, given).first() is not None


def put_right(connection: Connection, channels: Sequence[str], now: datetime) -> dict[int, datetime]:
    """Plans these anew, as many as fit into one transaction; when each is due now."""
    rows = connection.execute(_MANY, {"channels": channels, "now": now, "ahead": now + AHEAD}).all()
    changed: list[dict[str, Any]] = [
        {"letter": ident, "then": planned_at, "due": meant(due_at, planned_at, now), "now": now}
        for ident, due_at, planned_at in sorted(rows)
    ]
    if changed:
        connection.execute(_PUT_RIGHT, changed)
    return {each["letter"]: each["due"] for each in changed}
