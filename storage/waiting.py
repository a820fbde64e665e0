"""What waits in the outbox, as a dispatcher reads it: the most urgent first, and of each contact all in its order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, false, func, select, true, tuple_

from storage import tables as t
from storage.letters import Parcel
from storage.outbox import Thread
from storage.rows import padded, parcel_of
from storage.vault import Vault

_O, _C = t.outbox.c, t.contacts.c
_SENT_TO = t.outbox.join(t.contacts, _C.id == _O.contact_id)

NOWHERE = Thread()


@dataclass(frozen=True, slots=True)
class Stub:
    """A letter by its place in the queue only."""

    id: int
    contact: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Which letters of one priority are read: from behind the last one, and none `without` which it goes."""

    channels: Sequence[str]
    priority: int
    before: datetime
    last: Stub
    limit: int
    without: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter goes."""

    address: str
    thread: Thread = NOWHERE
    forum: bool = False


# Built once: putting a statement together costs more than running it.
_MINE: tuple[ColumnElement[bool], ...] = (
    _O.due_at <= bindparam("before", type_=t.Instant),
    _C.channel.in_(bindparam("channels", expanding=True)),
)
_NEXT = (
    select(_O.id, _O.contact_id, _O.due_at)
    .select_from(_SENT_TO)
    .where(
        *_MINE,
        _O.held == false(),
        _O.priority == bindparam("priority"),
        _O.contact_id.not_in(bindparam("without", expanding=True)),
        _O.due_at >= bindparam("since", type_=t.Instant),
        (_O.due_at > bindparam("since", type_=t.Instant)) | (_O.id > bindparam("after")),
    )
    .order_by(_O.due_at, _O.id)
    .limit(bindparam("limit"))
)
# Said so that no index holds it: by what is held SQLite would go through the whole outbox for a few contacts.
_NOT_HELD = (_O.held == false()).is_(true())
_RANKED = (
    select(
        t.outbox,
        _C.channel,
        _C.is_group,
        func.row_number().over(partition_by=_O.contact_id, order_by=_O.id).label("number"),
    )
    .select_from(_SENT_TO)
    .where(*_MINE, _NOT_HELD, _O.contact_id.in_(bindparam("contacts", expanding=True)))
    .subquery()
)
_FIRST = select(_RANKED).where(_RANKED.c.number <= bindparam("limit")).order_by(_RANKED.c.id)
_URGENT = (
    select(_O.contact_id)
    .distinct()
    .where(
        _O.contact_id.in_(bindparam("contacts", expanding=True)),
        _NOT_HELD,
        _O.due_at <= bindparam("before", type_=t.Instant),
        (_O.priority < bindparam("priority"))
        | ((_O.priority == bindparam("priority")) & (_O.due_at < bindparam("due_at", type_=t.Instant))),
    )
)
_STILL = select(_O.id).where(_O.id.in_(bindparam("ids", expanding=True)))
_WHERE = select(_C.id, _C.sealed, _C.lookup, _C.forum).where(_C.id.in_(bindparam("contacts", expanding=True)))
_H = t.threads.c
_LIVE = select(t.threads).where(tuple_(_H.room_id, _H.ticket).in_(bindparam("about", expanding=True)))


def following(connection: Connection, page: Page) -> list[Stub]:
    """The next letters of one priority, those that are due longest first, from behind the last one."""
    given = {
        "channels": page.channels,
        "priority": page.priority,
        "before": page.before,
        "since": page.last.due_at,
        "after": page.last.id,
        "without": padded(page.without),
        "limit": page.limit,
    }
    return [Stub(*row) for row in connection.execute(_NEXT, given)]


def urgent(
    connection: Connection, contacts: Sequence[int], before: datetime, priority: int, due_at: datetime
) -> list[int]:
    """Those of these contacts for whom something waits that goes before what is due then and of this priority."""
    given = {"contacts": padded(contacts), "before": before, "priority": priority, "due_at": due_at}
    return list(connection.execute(_URGENT, given).scalars())


def of_contacts(
    connection: Connection, channels: Sequence[str], contacts: Iterable[int], before: datetime, limit: int
) -> list[Parcel]:
    """All that waits for these contacts in the order of its writing, for each of them so many at most."""
    given = {"channels": channels, "contacts": padded(contacts), "before": before, "limit": limit}
    return [parcel_of(row, row.channel, row.is_group) for row in connection.execute(_FIRST, given)]


def still(connection: Connection, ids: Sequence[int], at_once: int = 1000) -> set[int]:
    """Which of these letters wait still."""
    parts = (ids[start : start + at_once] for start in range(0, len(ids), at_once))
    return {found for part in parts for found in connection.execute(_STILL, {"ids": padded(part)}).scalars()}


def places(
    connection: Connection, vault: Vault, contacts: Sequence[int], threads: Sequence[tuple[int, int]]
) -> tuple[dict[int, Place], dict[tuple[int, int], Thread]]:
    """Where these contacts are reached, and where in a group these tickets live: (group, ticket)."""
    found = {
        row.id: Place(vault.open(row.sealed, row.lookup).address, forum=row.forum)
        for row in connection.execute(_WHERE, {"contacts": padded(contacts)})
    }
    rows = connection.execute(_LIVE, {"about": padded(threads)}) if threads else ()
    return found, {(row.room_id, row.ticket): Thread(row.topic, row.card, row.edited_at) for row in rows}
