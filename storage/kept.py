"""Tickets by what binds them to others: who claimed them, who stands in, who helps, and which are handled together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, select

from handlers.desk import Ticket
from storage import tables as t
from storage.cases import TICKETS
from storage.rows import upsert
from storage.standing import Standing

AT_MOST = 5000
_FOLLOWERS = TICKETS.where(t.tickets.c.merged_into == bindparam("lead")).order_by(t.tickets.c.id).limit(AT_MOST)
_HELPERS = (
    select(t.partners.c.agency)
    .where(t.partners.c.ticket == bindparam("about"))
    .order_by(t.partners.c.at, t.partners.c.agency)
)


class Bonds(Standing):
    """What a desk knows of tickets together."""

    def claimed(self, officer: int, agency: str) -> Sequence[Ticket]:
        c = t.tickets.c
        return self._found(c.officer.in_(self.kin(officer)), c.agency == agency, c.closed_at.is_(None))

    def meant_for(self, agency: str) -> Sequence[Ticket]:
        return self._found(t.tickets.c.meant == agency, t.STANDS_IN)

    def followers(self, ticket: int) -> Sequence[Ticket]:
        if ticket not in self._new:
            self._held(self._c.execute(self.locked(_FOLLOWERS), {"lead": ticket}))
        # As they stand in memory: one may have been merged, or let go, in this batch.
        found = (each for each in self._tickets.values() if each.merged_into == ticket)
        return sorted(found, key=lambda each: each.id)

    def _found(self, *conditions: ColumnElement[bool]) -> list[Ticket]:
        self._flush_tickets()
        query = TICKETS.where(*conditions).order_by(t.tickets.c.id).limit(AT_MOST)
        return self._held(self._c.execute(self.locked(query)))

    def partners(self, ticket: int) -> Sequence[str]:
        if ticket in self._new:
            return ()
        if ticket not in self._helpers:
            self._helpers[ticket] = list(self._c.execute(_HELPERS, {"about": ticket}).scalars())
        return self._helpers[ticket]

    def involve(self, ticket: int, agency: str) -> None:
        self._on_record(ticket)
        values = {"ticket": ticket, "agency": agency, "at": self.now}
        self._c.execute(upsert(self._c.dialect.name)(t.partners).values(values).on_conflict_do_nothing())
        self._helpers.pop(ticket, None)

    def withheld(self, ticket: int) -> bool:
        """Takes back all letters about a ticket to others than its reporter; whether none of them had left."""
        found = self.ticket(ticket)
        mine = self.kin(found.reporter) if found else ()
        s, o, soon = t.sent.c, t.outbox.c, self.now + timedelta(seconds=1)
        told = select(s.id).where(s.ticket == ticket, s.contact_id.not_in(mine))
        others = (o.ticket == ticket, o.contact_id.not_in(mine))
        leaving = select(o.id).where(*others, (o.due_at <= soon) | (o.attempts > 0))
        if self._c.execute(told.limit(1)).first() or self._c.execute(leaving.limit(1)).first():
            return False
        self.dropped.extend(self._c.execute(delete(t.outbox).where(*others).returning(o.id)).scalars())
        return True

    def once(self, what: str, every: timedelta) -> bool:
        """Whether this was not done for so long; from now on it counts as done."""
        now, before = (each.astimezone(UTC).isoformat(timespec="microseconds") for each in (self.now, self.now - every))
        made = upsert(self._c.dialect.name)(t.settings).values(key=f"once:{what}", value=now)
        due = t.settings.c.value <= before
        again = made.on_conflict_do_update(index_elements=["key"], set_={"value": now}, where=due)
        return self._c.execute(again.returning(t.settings.c.key)).first() is not None
