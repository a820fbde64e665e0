"""All open deadlines counted anew when the facts have changed, once for each version of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, bindparam, update

from handlers import recount
from handlers.desk import Ticket
from handlers.recount import Tally
from storage import facts as stored_facts
from storage import sums
from storage import tables as t
from storage.cases import TICKETS
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.office import Office
from storage.rows import ticket_of
from storage.sheets import Rows

AT_ONCE: Final = 300
# The setting that says up to which version of the facts everything is counted.
COUNTED: Final = stored_facts.COUNTED
_WAKE = update(t.tickets).where(t.tickets.c.id == bindparam("key")).values(wakes_at=bindparam("wakes"))


@dataclass(frozen=True, slots=True)
class Recounted:
    """How many reports have another deadline now, and the letters that say so."""

    moved: int
    parcels: list[Parcel]
    dropped: list[int]


def imported(connection: Connection, office: Office, folder: Path, name: str, now: datetime) -> tuple[Rows, Recounted]:
    """Imports facts and counts the deadlines by them; raises Invalid and keeps nothing where something is wrong."""
    rows = stored_facts.take(connection, folder, name, now.date())
    return rows, made(connection, office, now)


def behind(connection: Connection) -> bool:
    """Whether the facts have changed since the deadlines were counted."""
    return stored_facts.get(connection, COUNTED) != str(stored_facts.version(connection))


def made(connection: Connection, office: Office, now: datetime) -> Recounted:
    """Counts every open deadline by the facts on record, and tells each chat once; run again, it changes nothing."""
    office = replace(office, facts=stored_facts.load(connection))
    tallies: dict[str, Tally] = {}
    for tickets in _open(connection, RecordDesk(connection, office, now)):
        desk = RecordDesk(connection, office, now)
        _counted(connection, desk, tickets, tallies)
        desk.without_sums()
    stored_facts.put(connection, COUNTED, str(office.facts.version))
    # The year of receipt is that of the agency's clock.
    sums.recounted(connection, lambda agency: office.facts.calendar(agency).zone)
    desk = RecordDesk(connection, office, now)
    parcels = desk.flush(recount.told(desk, tallies))
    return Recounted(sum(tally.count for tally in tallies.values()), parcels, desk.dropped)


def _open(connection: Connection, desk: RecordDesk) -> Iterator[list[Ticket]]:
    """The reports whose clocks run, in the order of their ids, some hundreds at a time."""
    c, last = t.tickets.c, 0
    query = TICKETS.where(c.closed_at.is_(None), c.due_at.is_not(None)).order_by(c.id).limit(AT_ONCE)
    while rows := connection.execute(desk.locked(query.where(c.id > last))).all():
        last = rows[-1].id
        yield [ticket_of(row) for row in rows]


def _counted(connection: Connection, desk: RecordDesk, tickets: list[Ticket], tallies: dict[str, Tally]) -> None:
    woken = []
    for ticket in tickets:
        after, shift = recount.recounted(desk, ticket)
        if shift:
            tallies.setdefault(ticket.agency, Tally()).add(shift)
        elif after.wakes_at != ticket.wakes_at:
            # The end stays, but a reminder before it falls on another day.
            woken.append({"key": ticket.id, "wakes": after.wakes_at})
    if woken:
        connection.execute(_WAKE, woken)
