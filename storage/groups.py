"""Agencies' groups, their officers and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, exists, or_, select, update

from handlers.desk import Contact, Invitation, Officer
from handlers.rules.ticket import Role
from storage import tables as t
from storage.contacts import Contacts
from storage.office import Office
from storage.rows import upsert


class Groups(Contacts):
    """What a desk knows of the chats of agencies and of who may act in them."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        super().__init__(connection, office, now)
        self._rooms: dict[int, str] | None = None

    def _bound_rooms(self) -> dict[int, str]:
        """The chats that answer for an agency: its group, and the chats of officers who are enrolled and in office."""
        if self._rooms is None:
            o, today = t.officers.c, self.now.date()
            enrolled = exists().where(
                o.contact_id == t.rooms.c.contact_id,
                o.agency == t.rooms.c.agency,
                o.removed_at.is_(None),
                or_(o.valid_until.is_(None), o.valid_until >= today),
            )
            counts = or_(t.contacts.c.is_group, enrolled)
            rooms = select(t.rooms.c.contact_id, t.rooms.c.agency).join(t.contacts)
            rows = self._c.execute(rooms.where(counts).order_by(t.rooms.c.bound_at, t.rooms.c.contact_id))
            self._rooms = {row.contact_id: row.agency for row in rows}
        return self._rooms

    def rooms_of(self, agency: str) -> Sequence[Contact]:
        """The chats of an agency, the oldest first."""
        return [self.contact(room) for room, bound in self._bound_rooms().items() if bound == agency]

    def agency_of(self, room: int) -> str:
        return self._bound_rooms().get(room, "")

    def bind_room(self, room: int, agency: str) -> None:
        values = {"contact_id": room, "agency": agency, "bound_at": self.now}
        made = upsert(self._c.dialect.name)(t.rooms).values(values)
        self._c.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_=values))
        self._rooms = None

    def unbind_room(self, room: int) -> None:
        self._c.execute(delete(t.rooms).where(t.rooms.c.contact_id == room))
        self._rooms = None

    def carded(self, ticket: int) -> Sequence[int]:
        rows = self._c.execute(select(t.threads.c.room_id).where(t.threads.c.ticket == ticket))
        bound = self._bound_rooms()
        return [room for room in rows.scalars() if room in bound]

    def card_here(self, room: int, ticket: int) -> None:
        """Notes that a card for this ticket is on its way to this group, so that the next change edits it."""
        values = {"room_id": room, "ticket": ticket, "topic": "", "card": "", "edited_at": None}
        self._c.execute(upsert(self._c.dialect.name)(t.threads).values(values).on_conflict_do_nothing())

    def officer(self, contact: int, agency: str) -> Officer | None:
        o = t.officers.c
        row = self._c.execute(
            select(t.officers).where(o.contact_id == contact, o.agency == agency, o.removed_at.is_(None))
        ).one_or_none()
        return Officer(row.contact_id, row.agency, Role(row.role), row.valid_until) if row else None

    def officers(self, agency: str) -> Sequence[Officer]:
        o = t.officers.c
        rows = self._c.execute(
            select(t.officers).where(o.agency == agency, o.removed_at.is_(None)).order_by(o.joined_at, o.contact_id)
        )
        return [Officer(row.contact_id, row.agency, Role(row.role), row.valid_until) for row in rows]

    def enrol(self, officer: Officer) -> None:
        values = {
            "contact_id": officer.contact,
            "agency": officer.agency,
            "role": officer.role.value,
            "valid_until": officer.valid_until,
            "joined_at": self.now,
            "removed_at": None,
        }
        rest = {key: value for key, value in values.items() if key not in ("contact_id", "agency")}
        made = upsert(self._c.dialect.name)(t.officers).values(values)
        self._c.execute(made.on_conflict_do_update(index_elements=["contact_id", "agency"], set_=rest))
        self._rooms = None

    def invitation(self, code: str) -> Invitation | None:
        i = t.invitations.c
        query = select(t.invitations).where(
            i.code_hash.in_(self.office.vault.code_hashes(code)), i.used_at.is_(None), i.expires_at > self.now
        )
        row = self._c.execute(self.locked(query)).first()
        if row is None or row.agency not in self.facts.agency_by_code:
            return None
        return Invitation(row.id, row.agency, Role(row.role), row.valid_until)

    def use(self, invitation: Invitation, by: int) -> None:
        changed = update(t.invitations).where(t.invitations.c.id == invitation.id)
        self._c.execute(changed.values(used_at=self.now, used_by=by))
