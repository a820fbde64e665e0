"""The chats of agencies, and where a ticket lives in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select

from handlers.desk import Contact
from handlers.labels import local
from storage import tables as t
from storage.cases import Cases
from storage.office import Office
from storage.roster import Roster
from storage.rows import known, upsert

# Built once: putting a statement together costs more than running it.
_CARDED = select(t.threads.c.room_id).where(t.threads.c.ticket == bindparam("about"))
_ENROLLED = and_(
    t.officers.c.contact_id == t.rooms.c.contact_id,
    t.officers.c.agency == t.rooms.c.agency,
    t.officers.c.removed_at.is_(None),
)
_BOUND = (
    select(t.contacts, t.rooms.c.agency, t.officers.c.valid_until)
    .select_from(t.rooms.join(t.contacts).outerjoin(t.officers, _ENROLLED))
    .where(or_(t.contacts.c.is_group, t.officers.c.contact_id.is_not(None)))
    .order_by(t.rooms.c.bound_at, t.rooms.c.contact_id)
)
_BOUND_TO = _BOUND.where(t.rooms.c.agency == bindparam("agency"))
_BOUND_IN = _BOUND.where(t.rooms.c.contact_id == bindparam("room"))


@cache
def _card_here(dialect: str) -> Any:
    return upsert(dialect)(t.threads).on_conflict_do_nothing()


class Groups(Roster, Cases):
    """What a desk knows of the chats of agencies."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        super().__init__(connection, office, now)
        self.forget_rooms()

    def forget_rooms(self) -> None:
        """What was read of chats counts no more: one was bound, let go, or went over to another account."""
        self._rooms: dict[str, list[int]] = {}
        self._bound: dict[int, str] = {}
        self._surveyed = False

    def _answering(self, query: Any, **wanted: object) -> Iterator[tuple[int, str]]:
        """The chats that answer for an agency: its group, and the chats of officers who are enrolled and in office."""
        for row in self._c.execute(query, wanted):
            if row.is_group or self._lasts(row.agency, row.valid_until):
                self.known.setdefault(row.id, replace(known(row), waiting=True))
                yield row.id, row.agency

    def _lasts(self, agency: str, until: date | None) -> bool:
        """Whether a decree is in force by the day of its agency."""
        return until is None or until >= local(self, agency, self.now)  # type: ignore[arg-type]

    def survey(self) -> None:
        """Reads all officers and all chats at once, for whoever looks at every agency."""
        self.rosters()
        self.forget_rooms()
        self._surveyed = True
        for room, agency in self._answering(_BOUND):
            self._bound[room] = agency
            self._rooms.setdefault(agency, []).append(room)

    def rooms_of(self, agency: str) -> Sequence[Contact]:
        """The chats of an agency, the oldest first."""
        if agency not in self._rooms and not self._surveyed:
            self._rooms[agency] = [room for room, _ in self._answering(_BOUND_TO, agency=agency)]
        return [self.contact(room) for room in self._rooms.get(agency, ())]

    def agency_of(self, room: int) -> str:
        if room not in self._bound and not self._surveyed:
            found = dict(self._answering(_BOUND_IN, room=room))
            self._bound[room] = found.get(room, "")
        return self._bound.get(room, "")

    def of_no_agency(self, room: int) -> None:
        """Notes of a chat just read that no agency is bound to it: most are a citizen's."""
        self._bound.setdefault(room, "")

    def bind_room(self, room: int, agency: str) -> None:
        values = {"contact_id": room, "agency": agency, "bound_at": self.now}
        made = upsert(self._c.dialect.name)(t.rooms).values(values)
        self._c.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_=values))
        self.forget_rooms()

    def unbind_room(self, room: int) -> None:
        self._c.execute(delete(t.rooms).where(t.rooms.c.contact_id == room))
        self.forget_rooms()
        # What still waits for it is the agency's, and no more the chat's.
        waiting = delete(t.outbox).where(t.outbox.c.contact_id == room).returning(t.outbox.c.id)
        self.dropped.extend(self._c.execute(waiting).scalars())

    def take_back(self, contact: int) -> None:
        """Nothing of other people's reports that still waits for somebody who has left office reaches them."""
        o, mine = t.outbox.c, select(t.tickets.c.id).where(t.tickets.c.reporter.in_(self.kin(contact)))
        lists = or_(o.key.startswith("round:"), o.key.startswith("named:"))
        office = or_(o.ticket.is_not(None) & o.ticket.not_in(mine), lists)
        waiting = delete(t.outbox).where(o.contact_id == contact, office).returning(o.id)
        self.dropped.extend(self._c.execute(waiting).scalars())

    def carded(self, ticket: int) -> Sequence[int]:
        if ticket in self._new:
            return []
        rows = self._c.execute(_CARDED, {"about": ticket})
        return [room for room in rows.scalars().all() if self.agency_of(room)]

    def reachable_agency(self, agency: str) -> bool:
        """Whether somebody in office can be reached in a chat of this agency."""
        if all(room.blocked for room in self.rooms_of(agency)):
            return False
        return any(self._lasts(agency, officer.valid_until) for officer in self.officers(agency))

    def card_here(self, room: int, ticket: int) -> None:
        """Notes that a card for this ticket is on its way to this group, so that the next change edits it."""
        self._on_record(ticket)
        values = {"room_id": room, "ticket": ticket, "topic": "", "card": "", "edited_at": None}
        self._c.execute(_card_here(self._c.dialect.name), values)
