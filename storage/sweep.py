"""What time does to the record: nudges for unfinished reports, rounds over tickets, the end of what is old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Column, Connection, Table, delete, select, update
from sqlalchemy.exc import DBAPIError

from handlers.desk import Contact
from handlers.labels import local
from handlers.reminders import nudge
from storage import files, rounds
from storage import tables as t
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.office import Office
from storage.turns import savepoint

NUDGE_AFTER = timedelta(hours=3)
DRAFT_LIFE = timedelta(days=7)
# WhatsApp delivers again for up to seven days, Telegram for one.
INBOX_LIFE = timedelta(days=8)
AT_ONCE = 200
# Meta keeps a message for an absent phone for up to thirty days, and says so when it gives up.
OLD: tuple[tuple[Table, Column[datetime], timedelta], ...] = (
    (t.accepted, t.accepted.c.at, timedelta(days=31)),
    (t.receipts, t.receipts.c.at, timedelta(days=1)),
    (t.pairings, t.pairings.c.expires_at, timedelta()),
)
# What waited for somebody's answer for a month is read in the ticket by then, if at all.
HELD_LIFE = timedelta(days=30)
# A draft lives for a week; what it held and nobody sent is not kept longer.
FETCH_LIFE = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Swept:
    nudged: int
    erased: int
    parcels: list[Parcel]
    dropped: list[int]
    blobs: Sequence[str] = ()
    unreachable: tuple[str, ...] = ()
    more: bool = False


def sweep(connection: Connection, office: Office, now: datetime) -> Swept:
    """Does all that is due; run again, it finds nothing left to do."""
    k = t.talks.c
    erased = connection.execute(delete(t.talks).where(k.open, k.updated_at < now - DRAFT_LIFE)).rowcount
    connection.execute(delete(t.inbox).where(t.inbox.c.at < now - INBOX_LIFE))
    idle = select(k.contact_id, k.updated_at).where(
        k.open, k.updated_at < now - NUDGE_AFTER, k.nudged.is_(False), k.room_id == 0
    )
    found = [(row.contact_id, row.updated_at) for row in connection.execute(idle.order_by(k.updated_at).limit(AT_ONCE))]
    people = [contact for contact, _ in found]
    for table, column, life in OLD:
        connection.execute(delete(table).where(column < now - life))
    connection.execute(delete(t.outbox).where(t.outbox.c.held, t.outbox.c.due_at < now - HELD_LIFE))
    blobs = files.swept(connection, now - FETCH_LIFE)
    try:
        with savepoint(connection):
            desk = RecordDesk(connection, office, now)
            round_ = rounds.made(connection, desk)
    except DBAPIError:
        raise
    except Exception:  # noqa: BLE001 - found again, and written down, when the tickets are tried one by one
        rounds.set_aside(connection, office, now)
        desk = RecordDesk(connection, office, now)
        round_ = rounds.made(connection, desk)
    nudges = [nudge(contact, until) for contact, until in _idle(desk, found) if not contact.blocked]
    if people:
        connection.execute(update(t.talks).where(k.contact_id.in_(people), k.room_id == 0).values(nudged=True))
    parcels = desk.flush((*nudges, *round_.letters))
    return Swept(len(nudges), erased, parcels, desk.dropped, blobs, round_.unreachable, round_.more)


def _idle(desk: RecordDesk, found: list[tuple[int, datetime]]) -> Iterator[tuple[Contact, date]]:
    for contact, since in found:
        yield desk.contact(contact), local(desk, "", since + DRAFT_LIFE)
