"""What time does to the record: nudges for unfinished reports, the end of old drafts, and of what need not be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from handlers.reminders import nudge
from storage import tables as t
from storage.desk import Office, RecordDesk
from storage.letters import Parcel

NUDGE_AFTER = timedelta(hours=3)
DRAFT_LIFE = timedelta(days=7)
# WhatsApp delivers again for up to seven days, Telegram for one.
INBOX_LIFE = timedelta(days=8)
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Swept:
    nudged: int
    erased: int
    parcels: list[Parcel]
    dropped: list[int]


def sweep(connection: Connection, office: Office, now: datetime) -> Swept:
    """Does all that is due; run again, it finds nothing left to do."""
    k = t.talks.c
    erased = connection.execute(delete(t.talks).where(k.open, k.updated_at < now - DRAFT_LIFE)).rowcount
    connection.execute(delete(t.inbox).where(t.inbox.c.at < now - INBOX_LIFE))
    idle = select(k.contact_id).where(k.open, k.updated_at < now - NUDGE_AFTER, k.nudged.is_(False), k.room_id == 0)
    people = connection.execute(idle.order_by(k.updated_at).limit(AT_ONCE)).scalars().all()
    desk = RecordDesk(connection, office, now)
    letters = [nudge(contact) for contact in map(desk.contact, people) if not contact.blocked]
    if people:
        connection.execute(update(t.talks).where(k.contact_id.in_(people), k.room_id == 0).values(nudged=True))
    parcels = desk.flush(letters)
    return Swept(len(letters), erased, parcels, desk.dropped)
