"""The tickets of a batch, with their history and files: one identity map, so that a later turn sees an earlier one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from handlers.desk import LISTED, Arrival, Attachment, Entry, Ticket
from handlers.rules.numbers import make
from handlers.rules.ticket import Role, State
from handlers.words import File, Part
from storage import tables as t
from storage.contacts import Contacts
from storage.idents import next_ids
from storage.office import Office
from storage.prepared import among, ask, length, listed, run
from storage.rows import NEWS, entry_values, ticket_of, ticket_values
from storage.statistics import Tallied, stand_of
from storage.sums import Counted, Sums, follow_up, lapses_at

_TICKET = list(t.tickets.c)
TICKETS = select(*_TICKET)
# Built once: putting a statement together costs more than running it.
_WRITTEN = [column.name for column in _TICKET if column.name != "id"]
_TICKET_NAMES = [name for name in _WRITTEN if name not in ("followed", "lapses_at")]
_ADD_ENTRIES = insert(t.history)
_ADD_TICKETS = insert(t.tickets)
# So many ids, and numbers at most, are drawn at once; a batch with fewer reports leaves gaps between the ids.
DRAWN = 8
DRAWS = 1000
_CHANGE_TICKET = (
    update(t.tickets).where(t.tickets.c.id == bindparam("key")).values({name: bindparam(name) for name in _WRITTEN})
)
_AT = (
    TICKETS.where(t.tickets.c.agency == bindparam("holder"), t.tickets.c.closed_at.is_(None))
    .order_by(t.tickets.c.due_at.nulls_last(), t.tickets.c.id)
    .limit(LISTED)
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


@cache
def _taken(count: int) -> Any:
    return select(t.tickets.c.number).where(among(t.tickets.c.number, "number", count))


class Cases(Contacts):
    """What a desk knows of tickets; changes are gathered and written together."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        super().__init__(connection, office, now)
        self._tickets: dict[int, Ticket] = {}
        self._changed: set[int] = set()
        # Not written yet: no row of the record names them.
        self._new: set[int] = set()
        self._ids: list[int] = []
        self._numbers: dict[tuple[int, int], list[str]] = {}
        self._draws, self._drawn = 1, set[str]()
        self._entries: list[Entry] = []
        self._flushes = 0
        self._helpers: dict[int, list[str]] = {}
        zone_of = lambda agency: self.facts.calendar(agency).zone  # noqa: E731
        self._tallied, self._sums = Tallied(zone_of), Sums(zone_of)
        # As the sums know them, and what was done since.
        self._counted: dict[int, Counted] = {}
        self._followed: dict[int, int] = {}
        self.dropped: list[int] = []

    def add_ticket(self, ticket: Ticket) -> Ticket:
        if not self._ids:
            self._flush_tickets()
            self._ids = list(reversed(next_ids(self._c, t.tickets, DRAWN)))
        ticket = replace(ticket, id=self._ids.pop())
        self._tickets[ticket.id] = ticket
        self._new.add(ticket.id)
        return ticket

    def fresh_number(self, day: date) -> str:
        """A number that no report has yet; more are looked up at once each time that a batch needs another."""
        month = (day.year, day.month)
        for _ in range(DRAWS):
            if free := self._numbers.get(month):
                return free.pop()
            drawn = list(dict.fromkeys(make(day, self.draw) for _ in range(self._draws)))
            self._draws = min(2 * self._draws, DRAWN)
            count = length(self._c, drawn)
            taken = set(ask(self._c, _taken(count), listed("number", drawn, count)).scalars())
            self._numbers[month] = [each for each in drawn if each not in taken | self._drawn]
            self._drawn.update(drawn)
        raise OverflowError(f"hardly any number is left in {month}")

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
        found = []
        for row in rows:
            if row.id not in self._tickets:
                ticket = self._tickets[row.id] = ticket_of(row)
                self._counted[row.id] = Counted(ticket, row.followed, row.lapses_at)
            found.append(self._tickets[row.id])
        return found

    def change(self, ticket: Ticket, entry: Entry) -> None:
        held = self.ticket(ticket.id) or ticket
        before = stand_of(held, self.history, entry)
        self._tallied.add(before, entry, ticket.created_at)
        self._tickets[ticket.id] = ticket
        self._changed.add(ticket.id)
        self._entries.append(entry)
        if ticket.agency != held.agency:
            self._followed[ticket.id] = sum(follow_up(each, ticket.agency) for each in self.history(ticket.id))
        elif more := follow_up(entry, ticket.agency):
            self._followed[ticket.id] = self._follow_ups(ticket.id) + more

    def _follow_ups(self, ticket: int) -> int:
        """How many first follow-ups of the agency that holds it stand."""
        counted = self._counted.get(ticket)
        return self._followed.get(ticket, counted.followed if counted else 0)

    def history(self, ticket: int) -> Sequence[Entry]:
        # Of a new one nothing is on record.
        rows: Iterable[Row[Any]] = () if ticket in self._new else self._c.execute(_HISTORY, {"about": ticket})
        written = [
            Entry(row.ticket, row.at, row.actor, Role(row.role), row.action, State(row.state), row.agency, row.data)
            for row in rows
        ]
        return [*written, *(entry for entry in self._entries if entry.ticket == ticket)]

    def attach(self, ticket: int, files: Sequence[File], by: Role, channel: str) -> tuple[int, ...]:
        if not files:
            return ()
        self._on_record(ticket)
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

    def _on_record(self, ticket: int) -> None:
        """Writes what is gathered where a ticket is new: a row that names it comes next."""
        if ticket in self._new:
            self._flush_tickets()

    def _flush_tickets(self) -> None:
        self._flushes += bool(self._new or self._changed)
        if self._new:
            run(self._c, _ADD_TICKETS, [{"id": each, **self._written(each)} for each in sorted(self._new)])
            self._changed -= self._new
            self._new.clear()
        if self._changed:
            run(self._c, _CHANGE_TICKET, [{"key": each, **self._written(each)} for each in sorted(self._changed)])
            self._changed.clear()
        if self._entries:
            run(self._c, _ADD_ENTRIES, [entry_values(entry) for entry in self._entries])
            self._entries.clear()

    def _written(self, ticket: int) -> dict[str, Any]:
        of = self._tickets[ticket]
        counted = Counted(of, self._follow_ups(ticket), lapses_at(of, self.now))
        self._sums.replace(self._counted.get(ticket), counted)
        self._counted[ticket] = counted
        kept = {"followed": counted.followed, "lapses_at": counted.lapses_at}
        return {**ticket_values(of, _TICKET_NAMES), **kept}
