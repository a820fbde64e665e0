"""Disasters by the clock: new reports gathered for their agency, and the end when its time has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select, update

from handlers import emergencies, gathered
from handlers.desk import Ticket
from handlers.facts import Disaster
from handlers.rules.ticket import OPEN, State
from handlers.words import Letter
from storage import facts as stored_facts
from storage import tables as t
from storage.desk import RecordDesk

EVERY: Final = timedelta(minutes=10)
AT_ONCE: Final = 500
CALLS: Final = 50

# Built once: putting a statement together costs more than running it.
_D, _R, _K = t.disasters.c, t.disaster_reports.c, t.tickets.c
_OF_TICKETS = t.disaster_reports.join(t.tickets, _K.id == _R.ticket)
# What its reporter can still take back is not told yet.
_WAITING = (
    select(_R.disaster)
    .select_from(_OF_TICKETS)
    .where(_R.told_at.is_(None), _K.created_at <= bindparam("before", type_=t.Instant))
    .distinct()
    .order_by(_R.disaster)
)
_NEW = (
    select(_R.ticket)
    .select_from(_OF_TICKETS)
    .where(
        _R.disaster == bindparam("ident"),
        _R.told_at.is_(None),
        _K.created_at <= bindparam("before", type_=t.Instant),
    )
    .order_by(_R.ticket)
    .limit(AT_ONCE)
)
_CALLS = (
    select(_R.ticket)
    .select_from(_OF_TICKETS)
    .where(_R.disaster == bindparam("ident"), _R.urgent, _K.state == State.FORWARDED.value, _K.officer.is_(None))
    .order_by(_R.ticket)
    .limit(CALLS)
)
_TOLD = update(t.disaster_reports).values(told_at=bindparam("now", type_=t.Instant))
_LAPSED = select(t.disasters).where(_D.ended_at.is_(None), _D.until <= bindparam("now", type_=t.Instant))


def made(connection: Connection, desk: RecordDesk) -> tuple[Letter, ...]:
    """All that is due; of two replicas one does it, and a second time there is nothing left to do."""
    ended = _ended(connection, desk)
    waiting = connection.execute(_WAITING, {"before": desk.now - desk.grace}).scalars().all()
    due = [disaster for ident in waiting if (disaster := _due(connection, ident, desk.now))]
    return (*(letter for each in due for letter in _gathered(connection, desk, each)), *ended)


def _due(connection: Connection, disaster: int, now: datetime) -> Disaster | None:
    """The disaster, where its agency was not told for so long; from now on it counts as told."""
    long_ago = or_(_D.told_at.is_(None), _D.told_at <= now - EVERY, _D.ended_at.is_not(None))
    marked = update(t.disasters).where(_D.id == disaster, long_ago).values(told_at=now).returning(t.disasters)
    row = connection.execute(marked).one_or_none()
    return stored_facts.disaster_of(row) if row else None


def _gathered(connection: Connection, desk: RecordDesk, disaster: Disaster) -> Sequence[Letter]:
    """A message for each agency that holds new reports; who stands in for the disaster's agency is one of them."""
    ids = connection.execute(_NEW, {"ident": disaster.id, "before": desk.now - desk.grace}).scalars().all()
    connection.execute(_TOLD.where(_R.ticket.in_(ids)), {"now": desk.now})
    new = _by_agency([each for each in desk.tickets(ids) if each.state in OPEN])
    found = connection.execute(_CALLS, {"ident": disaster.id}).scalars().all()
    calls = _by_agency(desk.tickets(found))
    return [
        letter
        for agency, tickets in new.items()
        for letter in gathered.digest(desk, disaster, agency, tickets, calls.get(agency, ()))
    ]


def _by_agency(tickets: Sequence[Ticket]) -> dict[str, list[Ticket]]:
    held: dict[str, list[Ticket]] = defaultdict(list)
    for each in tickets:
        held[each.agency].append(each)
    return held


def _ended(connection: Connection, desk: RecordDesk) -> Sequence[Letter]:
    """Ends the disasters whose time is over, and says how many reports came of them."""
    query = _LAPSED.with_for_update(skip_locked=True) if connection.dialect.name == "postgresql" else _LAPSED
    lapsed = [stored_facts.disaster_of(row) for row in connection.execute(query, {"now": desk.now})]
    for each in lapsed:
        desk.change_disaster(replace(each, ended_at=each.until))
    return [letter for each in lapsed for letter in emergencies.over(desk, each)]
