"""What people, officers and the clock ask of the record, through the program's own functions."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, select

from bench.growth_rows import MOMENT
from bench.growth_timing import Work
from handlers.nearby import SPAN
from handlers.words import Pin
from storage import leases, outbox, recount, statistics, sweep
from storage import tables as t
from storage.desk import RecordDesk
from storage.office import Office

MONTH, NEXT = date(2026, 10, 1), date(2026, 11, 1)
LOOKS_BACK: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """A record with numbers, people and agencies drawn from it."""

    office: Office
    numbers: list[str]
    national: list[str]
    people: list[int]
    ids: list[int]
    agencies: list[str]

    def desk(self, connection: Connection) -> RecordDesk:
        """The desk of a new batch."""
        return RecordDesk(connection, self.office, MOMENT)


def drawn(connection: Connection, office: Office, tickets: int, many: int, seed: int) -> Asked:
    """What is asked about; the same for the same seed."""
    chance, c = random.Random(seed), t.tickets.c
    ids = [chance.randrange(1, tickets + 1) for _ in range(many)]
    query = select(c.id, c.number, c.sp4n_id, c.reporter).where(c.id.in_(bindparam("ids", expanding=True)))
    rows = {row.id: row for row in connection.execute(query, {"ids": ids})}
    found = [rows[each] for each in ids]
    agencies = [chance.choice(office.facts.agencies).code for _ in range(many)]
    national = [row.sp4n_id or "999999" for row in found]
    return Asked(office, [row.number for row in found], national, [row.reporter for row in found], ids, agencies)


Ask = Callable[[Asked, int], Work]


@dataclass(frozen=True, slots=True)
class Question:
    """One of the things that are measured; `wanted`: milliseconds in the database at most, none for a baseline."""

    name: str
    ask: Ask
    wanted: float | None = 1.0
    runs: int = 200


def _at_desk(verb: Callable[[RecordDesk, Asked, int], Any]) -> Ask:
    return lambda asked, n: lambda c: verb(asked.desk(c), asked, n)


def _near(desk: RecordDesk, asked: Asked, n: int) -> Any:
    topics = [each.code for each in asked.office.facts.categories][n % 60 : n % 60 + 6]
    area = asked.office.facts.areas[n % len(asked.office.facts.areas)].code
    pin = Pin(-8.2 + n % 30 / 90, 113.0 + n % 29 / 90)
    return desk.nearby(topics, (area,), pin, desk.now - SPAN)


def _minute(asked: Asked, n: int) -> Work:
    """All that happens each minute while nothing is due."""

    def work(connection: Connection) -> None:
        leases.renewed(connection, ("sweep",), "bench", MOMENT, timedelta(seconds=9))
        assert not recount.behind(connection)
        swept = sweep.sweep(connection, asked.office, MOMENT)
        assert not swept.parcels

    return work


def _one_month(asked: Asked, n: int) -> Work:
    return lambda c: statistics.of_month(c, MONTH, [asked.agencies[n]])


def _satisfied(desk: RecordDesk, asked: Asked, n: int) -> Any:
    return desk.score([asked.agencies[n]], desk.now - LOOKS_BACK)


def _overview(desk: RecordDesk, asked: Asked, n: int) -> Any:
    """What the coordinator of all agencies is shown."""
    codes = [each.code for each in asked.office.facts.agencies]
    return desk.backlogs(codes), desk.score(codes, desk.now - LOOKS_BACK)


QUESTIONS: Final = (
    Question("a report by its number", _at_desk(lambda desk, asked, n: desk.ticket_by_number(asked.numbers[n]))),
    Question("a report by its national number", _at_desk(lambda d, asked, n: d.ticket_by_sp4n(asked.national[n]))),
    Question("a report's history", _at_desk(lambda desk, asked, n: desk.history(asked.ids[n]))),
    Question("my reports", _at_desk(lambda desk, asked, n: desk.tickets_of(asked.people[n]))),
    Question("an agency's open by deadline", _at_desk(lambda desk, asked, n: desk.tickets_at(asked.agencies[n]))),
    Question("similar reports nearby", _at_desk(_near)),
    Question("the minute's sweep", _minute, runs=40),
    Question("letters that wait", lambda asked, n: lambda c: outbox.waiting(c, ("telegram",), 100)),
    Question("month, one agency", _one_month),
    Question("month, all agencies", lambda asked, n: lambda c: statistics.of_month(c, MONTH)),
    Question("an agency's ratings of 30 days", _at_desk(_satisfied), 10.0),
    Question("an agency's backlog", _at_desk(lambda desk, asked, n: desk.backlogs([asked.agencies[n]])), 10.0, 50),
    Question("an agency's load", _at_desk(lambda desk, asked, n: desk.load(asked.agencies[n])), 10.0, 50),
    Question("an agency's pressing ones", _at_desk(lambda desk, asked, n: desk.pressing(asked.agencies[n], 6)), 10.0),
    Question("all agencies' backlog, ratings", _at_desk(_overview), 10.0, 20),
)

_c = t.tickets.c
_BETWEEN: Mapping[str, Any] = {
    "begin": MOMENT.replace(month=10, day=1, hour=0) - timedelta(hours=7),
    "end": MOMENT.replace(month=11, day=1, hour=0) - timedelta(hours=7),
}
_ends = [bindparam(name, type_=t.Instant) for name in _BETWEEN]
BY_SCAN: Final = (
    select(_c.agency, func.count()).where(_c.created_at >= _ends[0], _c.created_at < _ends[1]).group_by(_c.agency)
)
OPEN: Final = (
    select(_c.agency, func.count(), func.count(case((_c.due_at < bindparam("now", type_=t.Instant), 1))))
    .where(_c.agency.in_(bindparam("codes", expanding=True)), _c.closed_at.is_(None))
    .group_by(_c.agency)
)


def _by_open(asked: Asked, n: int) -> Work:
    codes = [each.code for each in asked.office.facts.agencies]
    return lambda c: c.execute(OPEN, {"now": MOMENT, "codes": codes}).all()


# What the monthly statistics and the lists of backlogs would cost without the sums.
BASELINES: Final = (
    Question("month by scan", lambda asked, n: lambda c: c.execute(BY_SCAN, _BETWEEN).all(), None, 1),
    Question("backlog by open reports", _by_open, None, 5),
)
