"""How agencies stand and what reporters said of them, kept as sums in the same transaction as the reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, delete, insert, select, text

from handlers.desk import Entry, Ticket
from handlers.rules.ticket import HELD
from storage import tables as t
from storage.prepared import run
from storage.rows import upsert
from storage.statistics import PARTS

# What counts as a first follow-up: something the reporter hears from the agency itself.
FOLLOWED_UP: Final = ("answer", "ask", "resolve", "extend")

OpenKey = tuple[str, int]
RatedKey = tuple[str, date]

# Built once: putting a statement together costs more than running it.
_C = t.tickets.c
_OPEN = select(
    *(_C.agency, _C.state, _C.created_at, _C.received_on, _C.due_at, _C.followed, _C.lapses_at),
).where(_C.closed_at.is_(None))
_SAID = (
    select(_C.agency, _C.closed_at, _C.rating)
    .where(_C.closed_at.is_not(None), _C.rating.is_not(None) | (_C.outcome == "silent"))
    .execution_options(yield_per=5000)
)


def follow_up(entry: Entry, agency: str) -> int:
    """What a step adds to the first follow-ups of an agency; one that was taken back does not stand any more."""
    if entry.agency != agency:
        return 0
    return -1 if entry.action == "undo" else int(entry.action in FOLLOWED_UP)


@dataclass(frozen=True, slots=True)
class Counted:
    """A report as the sums know it; `followed`: first follow-ups of the agency that holds it.

    `lapses_at`: when its deadline passes, for one that is in somebody's hands and not counted as late.
    """

    ticket: Ticket
    followed: int
    lapses_at: datetime | None


def lapses_at(ticket: Ticket, now: datetime) -> datetime | None:
    """When the deadline of a report passes; nothing where it has passed, or nobody works towards it."""
    runs = ticket.closed_at is None and ticket.state in HELD and ticket.due_at is not None and ticket.due_at >= now
    return ticket.due_at if runs else None


class Sums:
    """The changes of one batch, in memory until all else of it is written."""

    def __init__(self, zone_of: Callable[[str], str]) -> None:
        self._zone_of = zone_of
        self._zones: dict[str, ZoneInfo] = {}
        self.open: dict[OpenKey, Counter[str]] = {}
        self.rated: dict[RatedKey, Counter[str]] = {}
        self.part = 0

    def zone(self, agency: str) -> ZoneInfo:
        """The zone by whose clock an agency lives."""
        if agency not in self._zones:
            self._zones[agency] = ZoneInfo(self._zone_of(agency))
        return self._zones[agency]

    def received(self, of: Any) -> date:
        """The day on which a report, or a row of one, was received."""
        day: date = of.received_on or of.created_at.astimezone(self.zone(of.agency)).date()
        return day

    def replace(self, before: Counted | None, after: Counted) -> None:
        """Counts a report as it is now, and no more as it was."""
        if before is not None:
            self._add(before, -1)
        self._add(after, 1)
        self.part = after.ticket.id % PARTS

    def _add(self, counted: Counted, much: int) -> None:
        of = counted.ticket
        if of.closed_at is None:
            self.add_open(of, counted.followed, counted.lapses_at, much)
        elif of.rating is not None or of.outcome == "silent":
            sums = self.rated.setdefault((of.agency, of.closed_at.astimezone(UTC).date()), Counter())
            for name, value in said(of.rating).items():
                sums[name] += much * value

    def add_open(self, of: Any, followed: int, lapses_at: datetime | None, much: int = 1) -> None:
        """Counts an open report, or a row of one."""
        sums = self.open.setdefault((of.agency, self.received(of).year), Counter())
        for name in _stands(of.state in HELD, followed <= 0, of.due_at is not None and lapses_at is None):
            sums[name] += much

    def opened(self) -> Iterator[dict[str, Any]]:
        """Rows of standings, in the order of their keys: of two batches one waits, and none is in the other's way."""
        for (agency, year), sums in sorted(self.open.items()):
            if any(sums.values()):
                yield {"agency": agency, "year": year, **{name: sums[name] for name in t.STANDING}}

    def said(self) -> Iterator[dict[str, Any]]:
        """Rows of ratings, in the order of their keys."""
        for (agency, day), sums in sorted(self.rated.items()):
            if any(sums.values()):
                yield {"agency": agency, "day": day, **{name: sums[name] for name in t.SAID}}

    def write(self, connection: Connection) -> None:
        """Adds everything to the rows on record; the last thing of a batch, because it locks what all batches share."""
        dialect = connection.dialect.name
        part = self.part if dialect == "postgresql" else 0
        if rows := [{**row, "part": part} for row in self.opened()]:
            run(connection, _adding(dialect, t.standings, t.STANDING), rows)
        if rows := list(self.said()):
            run(connection, _adding(dialect, t.ratings, t.SAID), rows)
        self.open, self.rated = {}, {}


def _stands(held: bool, bare: bool, late: bool) -> Iterator[str]:
    yield "open"
    if held:
        names = (("held", True), ("late", late), ("bare", bare), ("pressing", late or bare))
        yield from (name for name, so in names if so)


def said(rating: int | None) -> Mapping[str, int]:
    """How the end of a report counts of which its reporter said this, or nothing."""
    return {"silent": 1} if rating is None else {"rated": 1, "stars": rating}


@cache
def _adding(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    row = upsert(dialect)(table)
    more = {name: table.c[name] + row.excluded[name] for name in names}
    return row.on_conflict_do_update(index_elements=[each.name for each in table.primary_key], set_=more)


def recounted(connection: Connection, zone_of: Callable[[str], str]) -> None:
    """Counts anew how all agencies stand, from their open reports."""
    if connection.dialect.name == "postgresql":
        # Who has added to the sums comes to an end before; who has not adds to what is counted here.
        connection.execute(text("LOCK TABLE standings IN EXCLUSIVE MODE"))
    sums = of_open(connection.execute(_OPEN), zone_of)
    connection.execute(delete(t.standings))
    if rows := [{**row, "part": 0} for row in sums.opened()]:
        connection.execute(insert(t.standings), rows)


def of_open(rows: Iterable[Any], zone_of: Callable[[str], str]) -> Sums:
    """The sums of these open reports."""
    sums = Sums(zone_of)
    for row in rows:
        sums.add_open(row, row.followed, row.lapses_at)
    return sums


def rated_anew(connection: Connection) -> None:
    """Counts anew what reporters said, from all closed reports."""
    connection.execute(delete(t.ratings))
    if rows := list(of_closed(connection).said()):
        connection.execute(insert(t.ratings), rows)


def of_closed(connection: Connection) -> Sums:
    """What reporters said, as the reports have it."""
    sums = Sums(lambda _: "UTC")
    for agency, closed_at, rating in connection.execute(_SAID):
        of = sums.rated.setdefault((agency, closed_at.date()), Counter())
        of.update(said(rating))
    return sums
