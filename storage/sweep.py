"""What time does to the record: nudges for unfinished reports, rounds over tickets, the end of what is old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Column, Connection, Table, bindparam, delete, false, select, true, update
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
    (t.inbox, t.inbox.c.at, INBOX_LIFE),
    (t.accepted, t.accepted.c.at, timedelta(days=31)),
    (t.receipts, t.receipts.c.at, timedelta(days=1)),
    (t.pairings, t.pairings.c.expires_at, timedelta()),
)
# What waited for somebody's answer for a month is read in the ticket by then, if at all.
HELD_LIFE = timedelta(days=30)
# A draft lives for a week; what it held and nobody sent is not kept longer.
FETCH_LIFE = timedelta(days=8)

# Built once: putting a statement together costs more than running it.
_BEFORE = bindparam("before", type_=t.Instant)
_GOING_ON = t.talks.c.open.is_(true())
# Both, so that the index is used as it is sorted.
_STALE = delete(t.talks).where(_GOING_ON, t.talks.c.nudged.in_([False, True]), t.talks.c.updated_at < _BEFORE)
_IDLE = (
    select(t.talks.c.contact_id, t.talks.c.updated_at)
    .where(_GOING_ON, t.talks.c.nudged == false(), t.talks.c.updated_at < _BEFORE, t.talks.c.room_id == 0)
    .order_by(t.talks.c.updated_at)
    .limit(AT_ONCE)
)
# Whoever writes just now, or is nudged by another replica, needs no nudge.
_IDLE_AND_FREE = _IDLE.with_for_update(skip_locked=True)
_OLD = (
    *((delete(table).where(column < _BEFORE), life) for table, column, life in OLD),
    (delete(t.outbox).where(t.outbox.c.held, t.outbox.c.due_at < _BEFORE), HELD_LIFE),
)


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
    erased = connection.execute(_STALE, {"before": now - DRAFT_LIFE}).rowcount
    for gone, life in _OLD:
        connection.execute(gone, {"before": now - life})
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
    query = _IDLE_AND_FREE if connection.dialect.name == "postgresql" else _IDLE
    found = [(row.contact_id, row.updated_at) for row in connection.execute(query, {"before": now - NUDGE_AFTER})]
    people = [contact for contact, _ in found]
    nudges = [nudge(contact, until) for contact, until in _idle(desk, found) if not contact.blocked]
    if people:
        mine = t.talks.c.contact_id.in_(people), t.talks.c.room_id == 0
        connection.execute(update(t.talks).where(*mine).values(nudged=True))
    lapsing = desk.lapse()
    parcels = desk.flush((*nudges, *round_.letters))
    return Swept(len(nudges), erased, parcels, desk.dropped, blobs, round_.unreachable, round_.more or lapsing)


def _idle(desk: RecordDesk, found: list[tuple[int, datetime]]) -> Iterator[tuple[Contact, date]]:
    for contact, since in found:
        yield desk.contact(contact), local(desk, "", since + DRAFT_LIFE)
