"""How the record stands, for the operator's check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, func, select

from handlers.rules.ticket import replay
from storage import tables as t

LATEST = 500


@dataclass(frozen=True, slots=True)
class State:
    """Agencies with a chat, events set aside, letters that wait, and tickets whose history leads elsewhere.

    `staffed`: the last day on which somebody is in office, for each agency that has officers.
    """

    bound: frozenset[str]
    poisoned: int
    waiting: int
    broken: tuple[str, ...]
    staffed: Mapping[str, date]


def state(connection: Connection) -> State:
    """The record as it stands; histories of the latest tickets are replayed."""
    count = select(func.count())
    return State(
        frozenset(connection.execute(select(t.rooms.c.agency)).scalars()),
        connection.execute(count.select_from(t.poison)).scalar_one(),
        connection.execute(count.select_from(t.outbox)).scalar_one(),
        broken_histories(connection, LATEST),
        _staffed(connection),
    )


def _staffed(connection: Connection) -> dict[str, date]:
    o = t.officers.c
    found: dict[str, date] = {}
    for agency, until in connection.execute(select(o.agency, o.valid_until).where(o.removed_at.is_(None))):
        found[agency] = max(found.get(agency, date.min), until or date.max)
    return found


def broken_histories(connection: Connection, latest: int) -> tuple[str, ...]:
    """The numbers of tickets whose state is not what their history leads to."""
    newest = select(t.tickets.c.id).order_by(t.tickets.c.id.desc()).limit(latest).subquery()
    rows = connection.execute(
        select(t.tickets.c.number, t.tickets.c.state, t.history.c.action, t.history.c.state.label("reached"))
        .join(newest, newest.c.id == t.tickets.c.id)
        .outerjoin(t.history, t.history.c.ticket == t.tickets.c.id)
        .order_by(t.tickets.c.id, t.history.c.id)
    )
    broken = []
    for (number, now), steps in groupby(rows, key=lambda row: (row.number, row.state)):
        try:
            fits = replay((step.action, step.reached) for step in steps if step.action).value == now
        except ValueError:
            fits = False
        if not fits:
            broken.append(number)
    return tuple(broken)
