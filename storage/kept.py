"""Tickets by what binds them to others: who claimed them, who stands in, who helps, and which are handled together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, case, delete, func, select

from handlers.desk import Backlog, Score, Ticket
from handlers.rules.ticket import HELD
from storage import tables as t
from storage.cases import TICKETS, Cases
from storage.rows import upsert

AT_MOST = 5000
# What counts as a first follow-up: something the reporter hears from the agency itself.
FOLLOWED_UP = ("answer", "ask", "resolve", "extend")
_FOLLOWERS = TICKETS.where(t.tickets.c.merged_into == bindparam("lead")).order_by(t.tickets.c.id).limit(AT_MOST)
_HELPERS = (
    select(t.partners.c.agency)
    .where(t.partners.c.ticket == bindparam("about"))
    .order_by(t.partners.c.at, t.partners.c.agency)
)


class Bonds(Cases):
    """What a desk knows of tickets together."""

    def claimed(self, officer: int, agency: str) -> Sequence[Ticket]:
        c = t.tickets.c
        return self._found(c.officer.in_(self.kin(officer)), c.agency == agency, c.closed_at.is_(None))

    def meant_for(self, agency: str) -> Sequence[Ticket]:
        return self._found(t.tickets.c.meant == agency, t.tickets.c.meant != "")

    def followers(self, ticket: int) -> Sequence[Ticket]:
        self._held(self._c.execute(self.locked(_FOLLOWERS), {"lead": ticket}))
        # As they stand in memory: one may have been merged, or let go, in this batch.
        found = (each for each in self._tickets.values() if each.merged_into == ticket)
        return sorted(found, key=lambda each: each.id)

    def _found(self, *conditions: ColumnElement[bool]) -> list[Ticket]:
        self._flush_tickets()
        query = TICKETS.where(*conditions).order_by(t.tickets.c.id).limit(AT_MOST)
        return self._held(self._c.execute(self.locked(query)))

    def partners(self, ticket: int) -> Sequence[str]:
        if ticket not in self._helpers:
            self._helpers[ticket] = list(self._c.execute(_HELPERS, {"about": ticket}).scalars())
        return self._helpers[ticket]

    def involve(self, ticket: int, agency: str) -> None:
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

    def backlogs(self, agencies: Sequence[str]) -> Sequence[Backlog]:
        """How these agencies stand, those with the most late tickets first; agencies without open tickets are none."""
        self._flush_tickets()
        c = t.tickets.c
        held = c.state.in_([state.value for state in HELD])
        late, bare = (held & (c.due_at < self.now)).label("late"), (held & (_follow_ups() <= 0)).label("bare")
        query = select(c.id, c.agency, c.created_at, c.received_on, late, bare).order_by(c.due_at.nulls_last(), c.id)
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self._c.execute(query.where(c.agency.in_(agencies), c.closed_at.is_(None))):
            found[row.agency].append(row)
        made = (self._backlog(agency, of) for agency, of in found.items())
        return sorted(made, key=lambda each: (-each.late, -each.untouched, -each.open, each.agency))

    def _backlog(self, agency: str, rows: Sequence[Any]) -> Backlog:
        zone = ZoneInfo(self.facts.calendar(agency).zone)
        days = [row.received_on or row.created_at.astimezone(zone).date() for row in rows]
        late, bare = (sum(bool(getattr(row, name)) for row in rows) for name in ("late", "bare"))
        years = dict(sorted(Counter(day.year for day in days).items()))
        pressing = tuple(row.id for row in rows if row.late or row.bare)
        return Backlog(agency, len(rows), late, bare, years, min(days), pressing)

    def score(self, agencies: Sequence[str], since: datetime) -> Score:
        """What reporters said of tickets closed since then; whoever said nothing is counted apart."""
        self._flush_tickets()
        c = t.tickets.c
        closed = (c.agency.in_(agencies), c.closed_at >= since)
        rated = select(func.count(c.rating), func.coalesce(func.sum(c.rating), 0)).where(*closed)
        count, stars = self._c.execute(rated).one()
        silent = select(func.count()).where(*closed, c.outcome == "silent", c.rating.is_(None))
        return Score(count, int(stars), self._c.execute(silent).scalar_one())

    def once(self, what: str, every: timedelta) -> bool:
        """Whether this was not done for so long; from now on it counts as done."""
        now, before = (each.astimezone(UTC).isoformat(timespec="microseconds") for each in (self.now, self.now - every))
        made = upsert(self._c.dialect.name)(t.settings).values(key=f"once:{what}", value=now)
        due = t.settings.c.value <= before
        again = made.on_conflict_do_update(index_elements=["key"], set_={"value": now}, where=due)
        return self._c.execute(again.returning(t.settings.c.key)).first() is not None


def _follow_ups() -> ScalarSelect[int]:
    """How many first follow-ups of the agency that holds a ticket stand, but for those that were taken back."""
    c, h = t.tickets.c, t.history.c
    counts = func.coalesce(func.sum(case((h.action == "undo", -1), else_=1)), 0)
    mine = (h.ticket == c.id, h.agency == c.agency, h.action.in_((*FOLLOWED_UP, "undo")))
    return select(counts).where(*mine).correlate(t.tickets).scalar_subquery()
