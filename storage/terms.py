"""The ends of decrees: on the day after one, what its officer had claimed goes back, once across all replicas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select, update

from handlers import leaving, roster
from handlers.desk import Officer
from handlers.rules.ladder import MORNING
from handlers.words import Letter
from storage import tables as t
from storage.desk import RecordDesk
from storage.roster import officer_of

ONE_DAY = timedelta(days=1)


def ended(connection: Connection, desk: RecordDesk) -> tuple[Letter, ...]:
    """What follows from decrees that have come to their end; nobody hears of it before the morning."""
    by_agency: dict[str, list[Officer]] = defaultdict(list)
    for officer in _untold(connection, desk):
        if not officer.serves(roster.today(desk, officer.agency)):
            by_agency[officer.agency].append(officer)
            _told(connection, officer)
    letters: list[Letter] = []
    for agency, officers in by_agency.items():
        rest = _until_morning(desk, agency)
        found = leaving.expired(desk, agency, officers)
        letters.extend(replace(each, delay=max(each.delay, rest)) for each in found)
    return tuple(letters)


def _untold(connection: Connection, desk: RecordDesk) -> Sequence[Officer]:
    """Those whose decree ends today, or has ended, and whose agency was not told."""
    o = t.officers.c
    # It is tomorrow already further east.
    near = o.valid_until <= (desk.now + ONE_DAY).date()
    query = select(t.officers).where(
        o.removed_at.is_(None), near, or_(o.warned_of.is_(None), o.warned_of < o.valid_until)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    return [officer_of(row) for row in connection.execute(query.order_by(o.agency, o.joined_at, o.contact_id))]


def _told(connection: Connection, officer: Officer) -> None:
    o = t.officers.c
    mine = update(t.officers).where(o.contact_id == officer.contact, o.agency == officer.agency)
    connection.execute(mine.values(warned_of=officer.valid_until))


def _until_morning(desk: RecordDesk, agency: str) -> timedelta:
    here = desk.now.astimezone(ZoneInfo(desk.facts.calendar(agency).zone))
    morning = datetime.combine(here.date(), MORNING, here.tzinfo)
    return max(timedelta(), morning - here)
