"""What is looked at every day of the simulated year, because the record at its end does not show it any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from handlers.rules.clocks import Runs
from handlers.rules.ticket import OPEN, Clock
from storage import tables as t
from storage.desk import RecordDesk
from tests.year_office import YearOffice

_C = t.tickets.c
_OPEN = (_C.closed_at.is_(None), _C.state.in_([state.value for state in OPEN]))


@dataclass(frozen=True, slots=True)
class Lapse:
    """A clock that ran to its end: whose it was, and whether anybody at all could have been told.

    `reachable`: whether the agency that held the report, or one above it, had a chat and somebody in office.
    """

    ticket: int
    step: Clock
    since: datetime
    due: datetime
    agency: str
    reachable: bool


@dataclass(slots=True)
class Watch:
    """What was seen: lapses, and what must never be, as sentences."""

    lapses: dict[tuple[int, Clock, datetime, datetime], Lapse] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seen: int = 0

    def daily(self, year: YearOffice) -> None:
        """Notes every clock that ended since yesterday, and open reports without a clock."""
        with year.engine.connect() as connection:
            desk = RecordDesk(connection, year.office, year.now)
            self._lapsed(connection, desk)
            self._running(connection, year.now)

    def _lapsed(self, connection: Connection, desk: RecordDesk) -> None:
        query = select(_C.id, _C.agency, _C.runs).where(*_OPEN, _C.due_at < desk.now)
        for row in connection.execute(query):
            for run in msgspec.convert(row.runs, Runs):
                key = (row.id, run.step, run.since, run.due)
                if run.rests is None and run.due < desk.now and key not in self.lapses:
                    line = (row.agency, *desk.facts.ancestors(row.agency))
                    reachable = any(map(desk.reachable_agency, line))
                    self.lapses[key] = Lapse(row.id, run.step, run.since, run.due, row.agency, reachable)

    def _held(self, connection: Connection, desk: RecordDesk) -> None:
        desk.survey()
        for agency in connection.execute(select(_C.agency).where(*_OPEN).distinct()).scalars():
            line = desk.facts.ancestors(agency)
            if agency not in desk.facts.agency_by_code:
                self.faults.append(f"{desk.now}: open reports lie with {agency!r}, which is no agency")
            elif not desk.reachable_agency(agency) and any(map(desk.reachable_agency, line)):
                self.faults.append(f"{desk.now}: open reports lie with {agency}, which cannot be reached, {line} can")
            self.seen += 1

    def _running(self, connection: Connection, now: datetime) -> None:
        idle = select(_C.id, _C.state).where(*_OPEN, _C.due_at.is_(None) | _C.wakes_at.is_(None))
        for row in connection.execute(idle):
            self.faults.append(f"{now}: report {row.id} is {row.state}, and no clock of it runs")

    def after_sweep(self, year: YearOffice) -> None:
        """Notes what a round has left lying: reports whose time had come, and reports with nobody to hold them."""
        with year.engine.connect() as connection:
            self._held(connection, RecordDesk(connection, year.office, year.now))
            left = connection.execute(select(func.count()).where(_C.wakes_at <= year.now)).scalar_one()
        if left:
            self.faults.append(f"{year.now}: a round left {left} reports whose time had come")
