"""Disasters on record: which are in force, which reports belong to them, and how those stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import and_, bindparam, func, insert, select, update

from handlers.desk import Toll
from handlers.facts import Disaster
from handlers.rules.ticket import CLOSED, State
from storage import facts as stored_facts
from storage import tables as t
from storage.cases import Cases

# Built once: putting a statement together costs more than running it.
_ONE = select(t.disasters).where(t.disasters.c.id == bindparam("ident"))
_REPORTED = insert(t.disaster_reports)
_UNTOUCHED = and_(t.tickets.c.state == State.FORWARDED.value, t.tickets.c.officer.is_(None))
_STILL = t.tickets.c.state.not_in([state.value for state in CLOSED])
_TOLL = (
    select(
        func.count().label("reports"),
        func.count().filter(t.disaster_reports.c.urgent).label("urgent"),
        func.count().filter(_UNTOUCHED).label("untouched"),
        func.count().filter(_STILL).label("open"),
    )
    .select_from(t.disaster_reports.join(t.tickets, t.tickets.c.id == t.disaster_reports.c.ticket))
    .where(t.disaster_reports.c.disaster == bindparam("ident"))
)


class Disasters(Cases):
    """What a desk knows of disasters; while none is declared it asks the record nothing."""

    _declared: tuple[Disaster, ...] | None = None

    def disasters(self, fresh: bool = False) -> Sequence[Disaster]:
        """Those in force now; `fresh`: as the record has them, and not as this program last read them."""
        if fresh and self._declared is None:
            self._declared = stored_facts.disasters(self._c)
        return [each for each in self._read() if each.in_force(self.now)]

    def _read(self) -> Sequence[Disaster]:
        return self.facts.disasters if self._declared is None else self._declared

    def disaster(self, disaster: int) -> Disaster | None:
        """One of them, also when it is over."""
        known = next((each for each in self._read() if each.id == disaster), None)
        # Not locked: every report of it is made beside others.
        row = None if known else self._c.execute(_ONE, {"ident": disaster}).one_or_none()
        return stored_facts.disaster_of(row) if row else known

    def declare(self, disaster: Disaster) -> Disaster:
        """Puts a new one on record; every program takes it up within seconds."""
        made = insert(t.disasters).values(self._values(disaster)).returning(t.disasters.c.id)
        found = replace(disaster, id=self._c.execute(made).scalar_one())
        self._changed_disasters()
        return found

    def change_disaster(self, disaster: Disaster) -> None:
        """Keeps what changed of one; whatever has ended meanwhile stays ended."""
        changed = update(t.disasters).where(t.disasters.c.id == disaster.id, t.disasters.c.ended_at.is_(None))
        self._c.execute(changed.values(self._values(disaster)))
        self._changed_disasters()

    def _values(self, disaster: Disaster) -> dict[str, object]:
        names = ("kind", "area", "agency", "since", "until", "ended_at")
        return {**{name: getattr(disaster, name) for name in names}, "declared_by": disaster.by}

    def _changed_disasters(self) -> None:
        stored_facts.known_anew(self._c)
        self._declared = stored_facts.disasters(self._c)

    def reported_in(self, disaster: int, ticket: int, urgent: bool) -> None:
        """Counts a report to a disaster; an urgent one its agency has heard of already."""
        self._on_record(ticket)
        values = {"ticket": ticket, "disaster": disaster, "urgent": urgent, "told_at": self.now if urgent else None}
        self._c.execute(_REPORTED, values)

    def toll(self, disaster: int) -> Toll:
        """How its reports stand on record."""
        self._flush_tickets()
        row = self._c.execute(_TOLL, {"ident": disaster}).one()
        return Toll(row.reports, row.urgent, row.untouched, row.open)
