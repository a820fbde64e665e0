"""The tickets of a batch, with their history and files: one identity map, so that a later turn sees an earlier one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from handlers.desk import Arrival, Attachment, Entry, Ticket
from handlers.rules.ticket import Role, State
from handlers.words import File, Part
from storage import tables as t
from storage.contacts import Contacts
from storage.office import Office
from storage.rows import NEWS, entry_values, ticket_of, ticket_values

_TICKET = list(t.tickets.c)
TICKETS = select(*_TICKET)
# Built once: putting a statement together costs more than running it.
_TICKET_NAMES = [column.name for column in _TICKET if column.name != "id"]
_ADD_ENTRIES = insert(t.history)
_ADD_TICKET = insert(t.tickets).returning(t.tickets.c.id)
_CHANGE_TICKET = (
    update(t.tickets)
    .where(t.tickets.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _TICKET_NAMES})
)
_AT = (
    TICKETS.where(t.tickets.c.agency == bindparam("holder"), t.tickets.c.closed_at.is_(None))
    .order_by(t.tickets.c.due_at.nulls_last(), t.tickets.c.id)
    .limit(200)
)
_HISTORY = select(t.history).where(t.history.c.ticket == bindparam("about")).order_by(t.history.c.id)
_BY_IDS = TICKETS.where(t.tickets.c.id.in_(bindparam("ids", expanding=True)))
_BY_ID = TICKETS.where(t.tickets.c.id == bindparam("ident"))
_ATTACHED = (
    select(t.attachments)
    .where(t.attachments.c.ticket == bindparam("about"), t.attachments.c.role == "reporter")
    .order_by(t.attachments.c.id)
)
_ARRIVED = (
    select(t.sent.c.rank, t.sent.c.failed)
    .where(
        t.sent.c.ticket == bindparam("about"),
        t.sent.c.contact_id.in_(bindparam("kin", expanding=True)),
        t.sent.c.part.in_(NEWS),
        t.sent.c.at >= bindparam("since"),
    )
    .order_by(t.sent.c.id.desc())
    .limit(1)
)


class Cases(Contacts):
    """What a desk knows of tickets; changes are gathered and written together."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        super().__init__(connection, office, now)
        self._tickets: dict[int, Ticket] = {}
        self._changed: set[int] = set()
        self._entries: list[Entry] = []
        self._helpers: dict[int, list[str]] = {}
        self.dropped: list[int] = []

    def add_ticket(self, ticket: Ticket) -> Ticket:
        values = ticket_values(ticket, _TICKET_NAMES)
        made = self._c.execute(_ADD_TICKET, values).scalar_one()
        ticket = replace(ticket, id=made)
        self._tickets[made] = ticket
        return ticket

    def number_taken(self, number: str) -> bool:
        return self.ticket_by_number(number) is not None

    def ticket(self, ticket: int) -> Ticket | None:
        if ticket not in self._tickets:
            self._held(self._c.execute(self.locked(_BY_ID), {"ident": ticket}))
        return self._tickets.get(ticket)

    def tickets(self, ids: Sequence[int]) -> list[Ticket]:
        """The tickets with these ids, in their order; read at once."""
        self._held(self._c.execute(self.locked(_BY_IDS), {"ids": ids}))
        return [self._tickets[each] for each in ids if each in self._tickets]

    def ticket_by_number(self, number: str) -> Ticket | None:
        held = next((each for each in self._tickets.values() if each.number == number), None)
        return held or next(iter(self._load(t.tickets.c.number == number)), None)

    def ticket_by_sp4n(self, sp4n_id: str) -> Ticket | None:
        self._flush_tickets()
        return next(iter(self._load(t.tickets.c.sp4n_id == sp4n_id)), None) if sp4n_id else None

    def tickets_of(self, reporter: int) -> Sequence[Ticket]:
        self._flush_tickets()
        mine = t.tickets.c.reporter.in_(self.kin(reporter))
        query = TICKETS.where(mine).order_by(t.tickets.c.id.desc()).limit(50)
        return self._held(self._c.execute(self.locked(query)))

    def tickets_at(self, agency: str) -> Sequence[Ticket]:
        self._flush_tickets()
        found = self._c.execute(_AT, {"holder": agency})
        # Only looked at and not locked: who changes one of them asks for it by its id.
        return [self._tickets.get(row.id) or ticket_of(row) for row in found]

    def _load(self, condition: Any) -> list[Ticket]:
        return self._held(self._c.execute(self.locked(TICKETS.where(condition))))

    def _held(self, rows: Iterable[Row[Any]]) -> list[Ticket]:
        """The tickets of these rows; one that is held already counts as it stands in memory."""
        found = [ticket_of(row) for row in rows]
        return [self._tickets.setdefault(ticket.id, ticket) for ticket in found]

    def change(self, ticket: Ticket, entry: Entry) -> None:
        self._tickets[ticket.id] = ticket
        self._changed.add(ticket.id)
        self._entries.append(entry)

    def history(self, ticket: int) -> Sequence[Entry]:
        rows = self._c.execute(_HISTORY, {"about": ticket})
        written = [
            Entry(row.ticket, row.at, row.actor, Role(row.role), row.action, State(row.state), row.agency, row.data)
            for row in rows
        ]
        return [*written, *(entry for entry in self._entries if entry.ticket == ticket)]

    def attach(self, ticket: int, files: Sequence[File], by: Role, channel: str) -> tuple[int, ...]:
        if not files:
            return ()
        rows = [
            {
                "ticket": ticket,
                "role": by.value,
                "channel": channel,
                "ref": file.ref,
                "kind": file.kind,
                "mime": file.mime,
                "size": file.size,
                "blob": "",
            }
            for file in files
        ]
        made = insert(t.attachments).returning(t.attachments.c.id, sort_by_parameter_order=True)
        return tuple(self._c.execute(made, rows).scalars())

    def attachments(self, ticket: int) -> Sequence[Attachment]:
        rows = self._c.execute(_ATTACHED, {"about": ticket})
        return [Attachment(row.id, row.ticket, row.kind, row.mime, row.size, Role(row.role)) for row in rows]

    def files_of(self, ticket: int) -> Sequence[File]:
        """The files of a ticket's reporter, as the platform names them."""
        rows = self._c.execute(_ATTACHED, {"about": ticket})
        return [File(row.ref, row.kind, row.mime, row.size) for row in rows]

    def deliveries(self, ticket: int, reporter: int) -> Mapping[Arrival, int]:
        """How many messages about a ticket to its reporter came how far."""
        s, o, kin = t.sent.c, t.outbox.c, self.kin(reporter)
        rows = self._c.execute(
            select(s.failed, s.rank, func.count())
            .where(s.ticket == ticket, s.contact_id.in_(kin), s.part != Part.ANNOUNCED.value)
            .group_by(s.failed, s.rank)
        )
        found: Counter[Arrival] = Counter()
        for failed, rank, count in rows:
            found[Arrival.FAILED if failed else Arrival(rank)] += count
        news = (o.ticket == ticket, o.contact_id.in_(kin), o.part == Part.NOTICE.value)
        waiting = select(func.count()).where(*news)
        found[Arrival.WAITING] = self._c.execute(waiting).scalar_one()
        return found

    def arrival(self, ticket: Ticket) -> Arrival | None:
        """How far the news of a ticket's last change came on its way to the reporter; nothing where there was none."""
        mine = {"about": ticket.id, "kin": self.kin(ticket.reporter), "since": ticket.changed_at}
        row = self._c.execute(_ARRIVED, mine).one_or_none()
        return None if row is None else Arrival.FAILED if row.failed else Arrival(row.rank)

    def _flush_tickets(self) -> None:
        if self._changed:
            rows = [self._tickets[each] for each in sorted(self._changed)]
            values = [{"key": row.id, **ticket_values(row, _TICKET_NAMES)} for row in rows]
            self._c.execute(_CHANGE_TICKET, values)
            self._changed.clear()
        if self._entries:
            self._c.execute(_ADD_ENTRIES, [entry_values(entry) for entry in self._entries])
            self._entries.clear()
