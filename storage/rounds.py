"""The clock's round over the record: rungs that are due, agencies whose morning it is, and who cannot be reached."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from handlers import alerts, rounds, standin
from handlers.desk import Ticket
from handlers.rules.ladder import MORNING
from handlers.words import Letter
from storage import digests, terms
from storage import tables as t
from storage.desk import RecordDesk
from storage.office import Office
from storage.rows import upsert
from storage.turns import savepoint

AT_ONCE = 300
AN_HOUR = timedelta(hours=1)
LATE_MORNING = time(10, 0)

# Built once: putting a statement together costs more than running it.
# The agencies with open tickets, by the sums: to look for each of them among the tickets takes ten times as long.
_HOLDING = (
    select(t.standings.c.agency)
    .group_by(t.standings.c.agency)
    .having(func.sum(t.standings.c.open) > 0)
    .order_by(t.standings.c.agency)
)
_MEANT = select(t.tickets.c.meant).where(t.STANDS_IN).distinct()
_DUE = (
    select(t.tickets.c.id)
    .where(t.tickets.c.wakes_at <= bindparam("now"))
    .order_by(t.tickets.c.wakes_at, t.tickets.c.id)
    .limit(AT_ONCE)
)
# What somebody is changing just now is looked at in the next round.
_DUE_AND_FREE = _DUE.with_for_update(skip_locked=True)


@dataclass(frozen=True, slots=True)
class Rounded:
    """What a round did: letters, agencies that cannot be reached and hold tickets, and whether more waits."""

    letters: tuple[Letter, ...]
    unreachable: tuple[str, ...]
    more: bool


def made(connection: Connection, desk: RecordDesk) -> Rounded:
    """Does all that is due at this instant, once; run again, it finds nothing left to do."""
    desk.survey()
    ended = terms.ended(connection, desk)
    moved, unreachable = _settled(connection, desk)
    tickets = _waking(connection, desk)
    done = [rounds.climbed(desk, ticket) for ticket in tickets]
    letters = tuple(letter for each in done for letter in each.letters)
    notes = [note for each in done for note in each.notes]
    mornings = _mornings(connection, desk)
    gathered = rounds.gathered(desk, notes, mornings, lambda agency: alerts.of(desk, agency))
    of_disasters = digests.made(connection, desk)
    return Rounded((*ended, *moved, *letters, *gathered, *of_disasters), unreachable, len(tickets) == AT_ONCE)


def set_aside(connection: Connection, office: Office, now: datetime) -> None:
    """Puts off the tickets whose round fails by a fault of ours, so that all others are not held up by them."""
    for ident in _due(connection, now):
        desk = RecordDesk(connection, office, now)
        try:
            with savepoint(connection):
                if ticket := desk.ticket(ident):
                    rounds.climbed(desk, ticket)
                raise _Tried
        except (_Tried, DBAPIError):
            continue
        except Exception as error:  # noqa: BLE001 - which one it is shows only in trying, and is written down
            later = update(t.tickets).where(t.tickets.c.id == ident).values(wakes_at=now + AN_HOUR)
            connection.execute(later)
            _write_down(connection, office, ident, error, now)


class _Tried(Exception):  # noqa: N818
    """Nothing of a trial is kept."""


def _write_down(connection: Connection, office: Office, ticket: int, error: Exception, now: datetime) -> None:
    # The trace names places in the code; the words of the error could hold those of a person.
    trace = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    ident = f"round:{ticket}:{now.isoformat()}"
    sealed = office.vault.seal_bytes(str(ticket).encode(), ident.encode())
    row = {"channel": "clock", "event_id": ident, "sealed": sealed, "trace": trace, "at": now}
    connection.execute(insert(t.poison).values(row))


def _waking(connection: Connection, desk: RecordDesk) -> list[Ticket]:
    return desk.tickets(_due(connection, desk.now))


def _due(connection: Connection, now: datetime) -> Sequence[int]:
    """The tickets whose rung is due, the longest due first."""
    query = _DUE_AND_FREE if connection.dialect.name == "postgresql" else _DUE
    return connection.execute(query, {"now": now}).scalars().all()


def _settled(connection: Connection, desk: RecordDesk) -> tuple[tuple[Letter, ...], tuple[str, ...]]:
    """Moves tickets up from agencies that cannot be reached, and down again to those that can."""
    holding = connection.execute(_HOLDING).scalars().all()
    away = [code for code in holding if not desk.reachable_agency(code)]
    letters = [letter for code in away for letter in standin.raised(desk, code)]
    meant = connection.execute(_MEANT).scalars().all()
    letters += [letter for code in meant if code not in away for letter in standin.lowered(desk, code)]
    return tuple(letters), tuple(sorted(away))


def _mornings(connection: Connection, desk: RecordDesk) -> list[str]:
    """The agencies to which today's list has not gone yet; each is marked as told."""
    due = [zone for zone, day in _zones(desk) if _begun(connection, zone, day)]
    if not due:
        return []
    facts, holding = desk.facts, set(connection.execute(_HOLDING).scalars())
    codes = [each.code for each in facts.agencies if each.zone in due]
    return [
        code
        for code in codes
        if facts.calendar(code).is_working(_today(desk, code)) and (code in holding or alerts.of(desk, code))
    ]


def _today(desk: RecordDesk, agency: str) -> date:
    return desk.now.astimezone(ZoneInfo(desk.facts.calendar(agency).zone)).date()


def _zones(desk: RecordDesk) -> Iterator[tuple[str, date]]:
    """The zones in which it is morning: who starts the program later greets nobody any more."""
    for zone in sorted({each.zone for each in desk.facts.agencies}):
        here = desk.now.astimezone(ZoneInfo(zone))
        if MORNING <= here.time() < LATE_MORNING:
            yield zone, here.date()


def _begun(connection: Connection, zone: str, day: date) -> bool:
    """Marks a zone's morning, and whether nobody did before: of two replicas one does."""
    mark = {"agency": f"zone:{zone}", "day": day}
    return connection.execute(_mark(connection.dialect.name), mark).first() is not None


@cache
def _mark(dialect: str) -> Any:
    row, d = upsert(dialect)(t.digests), t.digests.c
    newer = row.excluded.day
    marked = row.on_conflict_do_update(index_elements=["agency"], set_={"day": newer}, where=d.day < newer)
    return marked.returning(d.agency)
