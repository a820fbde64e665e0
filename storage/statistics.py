"""Monthly statistics of each agency, kept as sums in the same transaction as the changes that they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, case, delete, func, insert, select

from handlers.desk import Entry, Ticket
from handlers.rules.ticket import State
from storage import tables as t
from storage.prepared import run
from storage.rows import upsert

INTO: Final = {
    State.RESPONDED: "answered",
    State.RESOLVED: "resolved",
    State.ARCHIVED: "archived",
    State.MERGED: "merged",
}
AGAINST: Final = {"return": "returned", "dispute": "reopened", "object": "reopened"}
# These lead back to where a report was; what it had reached is not counted any more.
BACK: Final = ("undo", "reattach")
# On PostgreSQL the sums of an agency are spread over so many rows, so that replicas seldom wait for each other.
PARTS: Final = 8
# So many reports are counted anew at a time.
AT_ONCE: Final = 5000

Key = tuple[date, str]
Step = tuple[str, str, int]
ZoneOf = Callable[[str], str]
Sums = dict[Key, Counter[str]]

# Built once: putting a statement together costs more than running it.
_T = t.tallies.c
_H = t.history.c
_OF_MONTH = (
    select(_T.agency, *(func.sum(_T[name]).label(name) for name in t.TALLIED))
    .where(_T.month == bindparam("month"))
    .group_by(_T.agency)
    .order_by(_T.agency)
)
_OF_AGENCIES = _OF_MONTH.where(_T.agency.in_(bindparam("agencies", expanding=True)))
_STEPS = (
    select(
        *(_H.ticket, _H.at, _H.action, _H.state, _H.agency),
        case((_H.action == "remind", _H.data), else_=None).label("data"),
        t.tickets.c.created_at,
    )
    .join_from(t.history, t.tickets, t.tickets.c.id == _H.ticket)
    .where(_H.ticket > bindparam("after"), _H.ticket <= bindparam("until"))
    .order_by(_H.ticket, _H.id)
)


@dataclass(frozen=True, slots=True)
class Month:
    """What happened at an agency in a month; `seconds`: from receipt to resolution, over all that were resolved.

    `late`: reports whose deadline passed while the agency held them.
    """

    agency: str
    received: int = 0
    passed_on: int = 0
    returned: int = 0
    answered: int = 0
    resolved: int = 0
    archived: int = 0
    merged: int = 0
    reopened: int = 0
    late: int = 0
    seconds: int = 0


def of_month(connection: Connection, month: date, agencies: Sequence[str] = ()) -> list[Month]:
    """The month that begins on this day, of these agencies or of all; those at which nothing happened are left out."""
    query = _OF_AGENCIES if agencies else _OF_MONTH
    wanted = {"month": month, "agencies": agencies} if agencies else {"month": month}
    return [_month(row) for row in connection.execute(query, wanted)]


def _month(row: Row[Any]) -> Month:
    values = row._mapping
    return Month(row.agency, **{name: int(values[name]) for name in t.TALLIED})


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a report stood before a step of its history; `late`: this agency has let a deadline of it pass already."""

    state: State
    agency: str
    closed_at: datetime | None
    late: bool = False


def stand_of(ticket: Ticket, entries: Callable[[int], Sequence[Entry]], entry: Entry) -> Stand | None:
    """Where a report stands before this step; nothing where it begins with it."""
    if entry.action == "submit":
        return None
    late = lapses(entry.action, entry.data) and _late(entries(ticket.id), ticket.agency)
    return Stand(ticket.state, ticket.agency, ticket.closed_at, late)


def _late(entries: Sequence[Entry], agency: str) -> bool:
    """Whether a deadline has passed since the report came to the agency that holds it now."""
    for entry in reversed(entries):
        if entry.agency != agency:
            return False
        if lapses(entry.action, entry.data):
            return True
    return False


def lapses(action: str, data: Mapping[str, Any] | None) -> bool:
    """Whether a step of the clock says that a deadline has passed."""
    return action == "escalate" or (action == "remind" and data is not None and data.get("call") == "escalate")


def counted(before: Stand | None, entry: Entry, created_at: datetime) -> Iterator[Step]:
    """What a step adds to which agency's sums."""
    if before is None:
        yield entry.agency, "received", 1
        return
    if entry.agency != before.agency:
        yield before.agency, "passed_on", 1
        yield entry.agency, "received", 1
    if entry.action in AGAINST:
        yield before.agency, AGAINST[entry.action], 1
    if not before.late and lapses(entry.action, entry.data):
        yield entry.agency, "late", 1
    if entry.state is not before.state:
        yield from _reached(before, entry, created_at)


def _reached(before: Stand, entry: Entry, created_at: datetime) -> Iterator[Step]:
    back = entry.action in BACK
    state, agency = (before.state, before.agency) if back else (entry.state, entry.agency)
    at, one = (before.closed_at or entry.at, -1) if back else (entry.at, 1)
    if state in INTO:
        yield agency, INTO[state], one
    if state is State.RESOLVED:
        yield agency, "seconds", one * int((at - created_at).total_seconds())


class Tallied:
    """The sums of one batch, in memory until all else of it is written."""

    def __init__(self, zone_of: ZoneOf) -> None:
        self._zone_of = zone_of
        self._zones: dict[str, ZoneInfo] = {}
        self.sums: Sums = {}
        self.part = 0

    def add(self, before: Stand | None, entry: Entry, created_at: datetime) -> None:
        """Counts one step of a report's history."""
        for agency, name, much in counted(before, entry, created_at):
            if agency not in self._zones:
                self._zones[agency] = ZoneInfo(self._zone_of(agency))
            month = entry.at.astimezone(self._zones[agency]).date().replace(day=1)
            self.sums.setdefault((month, agency), Counter())[name] += much
            self.part = entry.ticket % PARTS

    def write(self, connection: Connection) -> None:
        """Adds everything to the rows on record; the last thing of a batch, because it locks what all batches share."""
        if not self.sums:
            return
        dialect = connection.dialect.name
        part = self.part if dialect == "postgresql" else 0
        # In the order of their keys, so that of two batches one waits and none stands in the other's way.
        run(connection, _adding(dialect), _rows(self.sums, part))
        self.sums = {}


@cache
def _adding(dialect: str) -> Any:
    row = upsert(dialect)(t.tallies)
    more = {name: _T[name] + row.excluded[name] for name in t.TALLIED}
    return row.on_conflict_do_update(index_elements=["month", "agency", "part"], set_=more)


def _rows(sums: Sums, part: int = 0) -> list[dict[str, Any]]:
    return [
        {"month": month, "agency": agency, "part": part, **{name: sums[month, agency][name] for name in t.TALLIED}}
        for month, agency in sorted(sums)
    ]


def recounted(connection: Connection, zone_of: ZoneOf, progress: Callable[[int], object] = lambda _: None) -> None:
    """Counts everything anew from the history; `progress` hears up to which report."""
    sums = of_history(connection, zone_of, progress)
    connection.execute(delete(t.tallies))
    if rows := _rows(sums):
        connection.execute(insert(t.tallies), rows)


def of_history(connection: Connection, zone_of: ZoneOf, progress: Callable[[int], object] = lambda _: None) -> Sums:
    """The sums as the history has them, without a look at those on record."""
    last = connection.execute(select(func.max(_H.ticket))).scalar() or 0
    tallied = Tallied(zone_of)
    for after in range(0, last, AT_ONCE):
        found = connection.execute(_STEPS, {"after": after, "until": after + AT_ONCE}).all()
        for _, rows in groupby(found, key=lambda row: row.ticket):
            _retold(tallied, rows)
        progress(min(last, after + AT_ONCE))
    return {key: of for key, of in tallied.sums.items() if any(of.values())}


def _retold(tallied: Tallied, rows: Iterable[Any]) -> None:
    """Counts the whole history of one report."""
    stand: Stand | None = None
    for ticket, at, action, state, agency, data, created_at in rows:
        entry = Entry(ticket, at, None, None, action, State(state), agency, data or {})  # type: ignore[arg-type]
        if stand is not None or action == "submit":
            tallied.add(stand, entry, created_at)
        stand = _after(stand, entry)


def _after(before: Stand | None, entry: Entry) -> Stand:
    stand = before or Stand(entry.state, entry.agency, None)
    late = (stand.late and stand.agency == entry.agency) or lapses(entry.action, entry.data)
    closed_at = entry.at if entry.state is not stand.state else stand.closed_at
    return replace(stand, state=entry.state, agency=entry.agency, closed_at=closed_at, late=late)
