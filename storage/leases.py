"""Leases: who alone does what only one replica may do, by the database's own time where there can be several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, literal_column, select, type_coerce

from storage import tables as t
from storage.rows import upsert

# By this name a replica says that it lives.
REPLICA = "replica:"
# A replica that was killed never takes its name away.
FORGOTTEN = timedelta(hours=1)
# The clocks of two machines differ; that of the database is one.
_CLOCK = select(type_coerce(literal_column("(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"), t.Instant))


@dataclass(frozen=True, slots=True)
class Held:
    """The leases of a replica. `fresh`: taken from somebody who did not give it back; `company`: others live too.

    `at`: what time it was, for the database.
    """

    mine: frozenset[str]
    fresh: frozenset[str]
    company: bool
    at: datetime


def renewed(connection: Connection, names: Sequence[str], holder: str, now: datetime, span: timedelta) -> Held:
    """Takes or renews these leases, those that are not somebody else's, and says that this replica lives."""
    if connection.dialect.name == "postgresql":
        now = connection.execute(_CLOCK).scalar_one()
    rows = {row.name: row for row in connection.execute(select(t.leases))}
    free = [name for name in sorted((*names, REPLICA + holder)) if _free(rows.get(name), holder, now)]
    mine = _taken(connection, free, holder, now, span)
    fresh = frozenset(name for name in mine if name in rows and rows[name].holder != holder)
    others = [row for row in rows.values() if row.name.startswith(REPLICA) and row.holder != holder]
    if gone := [row.name for row in others if row.until < now - FORGOTTEN]:
        connection.execute(delete(t.leases).where(t.leases.c.name.in_(gone)))
    return Held(mine, fresh, any(row.until >= now for row in others), now)


def _free(row: Row[tuple[str, str, datetime]] | None, holder: str, now: datetime) -> bool:
    return row is None or row.holder == holder or row.until < now


def _taken(connection: Connection, names: Sequence[str], holder: str, now: datetime, span: timedelta) -> frozenset[str]:
    """Those of these leases that nobody else took meanwhile."""
    rows = [{"name": name, "holder": holder, "until": now + span} for name in names]
    made = upsert(connection.dialect.name)(t.leases).values(rows)
    free = (t.leases.c.until < now) | (t.leases.c.holder == holder)
    values = {"holder": holder, "until": now + span}
    taken = made.on_conflict_do_update(index_elements=["name"], set_=values, where=free)
    return frozenset(connection.execute(taken.returning(t.leases.c.name)).scalars())


def released(connection: Connection, names: Sequence[str], holder: str) -> None:
    """Gives leases back at once, those that are this replica's."""
    mine = (t.leases.c.name.in_((*names, REPLICA + holder)), t.leases.c.holder == holder)
    connection.execute(delete(t.leases).where(*mine))
