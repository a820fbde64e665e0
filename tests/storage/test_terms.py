"""The ends of decrees: by the day of each agency, told once across replicas, and not before the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from handlers.desk import Officer
from handlers.rules.ticket import Role, State
from handlers.words import Letter
from storage import overview, terms
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from tests.storage.replicas import beside
from tests.storage.samples import FACTS, OFFICE, ON_POSTGRESQL, People, number_of, put_people, rows, ticket

EAST = replace(
    FACTS,
    agencies=tuple(replace(each, zone="Asia/Jayapura") if each.code == "dpu" else each for each in FACTS.agencies),
)
THERE = replace(OFFICE, facts=EAST)
LAST = date(2026, 11, 23)
# Midnight after the last day: two hours earlier in the east than at the office.
MIDNIGHT = datetime(2026, 11, 24, tzinfo=ZoneInfo("Asia/Jayapura")).astimezone(UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def people(database: Database) -> People:
    """Two officers of an eastern agency, the decree of one of whom ends."""

    def put(connection: Connection) -> People:
        found = put_people(connection)
        desk = RecordDesk(connection, THERE, MIDNIGHT - timedelta(days=20))
        desk.enrol(Officer(found.budi, "dpu", Role.OFFICER, LAST))
        desk.enrol(Officer(found.siti, "dpu", Role.OFFICER))
        desk.add_ticket(ticket(found.ani, state=State.IN_PROGRESS, officer=found.budi))
        desk.flush(())
        return found

    return await database.write(put)


def ended(connection: Connection, now: datetime) -> Sequence[Letter]:
    """What follows from the ends of decrees at this instant."""
    desk = RecordDesk(connection, THERE, now)
    letters = terms.ended(connection, desk)
    desk.flush(letters)
    return letters


async def test_a_decree_ends_with_the_agencys_own_day(database: Database, people: People) -> None:
    """At the agency's midnight, whatever the hour at the office, the officer is refused and the report is free."""

    def look(connection: Connection, now: datetime) -> tuple[bool, str, int]:
        desk = RecordDesk(connection, THERE, now)
        desk.bind_room(people.budi, "dpu")
        desk.unbind_room(people.roads)
        return desk.reachable_agency("dpu"), desk.agency_of(people.budi), len(ended(connection, now))

    assert await database.write(lambda c: look(c, MIDNIGHT - SECOND)) == (True, "dpu", 0)
    (row,) = await rows(database, t.tickets)
    assert (row.state, row.officer) == ("in_progress", people.budi)
    assert (await database.write(lambda c: look(c, MIDNIGHT)))[:2] == (False, "")
    (row,) = await rows(database, t.tickets)
    assert (row.state, row.officer) == ("forwarded", None)


async def test_the_agency_is_told_once_and_in_the_morning(database: Database, people: People) -> None:
    """The letters of the night leave at eight by the agency's clock; a second look finds nothing to do."""
    letters = await database.write(lambda c: ended(c, MIDNIGHT))
    assert [each.to for each in letters if not each.ticket] == [people.roads]
    assert {each.delay for each in letters} == {timedelta(hours=8)}
    assert await database.write(lambda c: ended(c, MIDNIGHT + timedelta(minutes=1))) == ()


async def test_by_day_it_is_told_at_once(database: Database, people: People) -> None:
    """A clock that stood still over the night says it when it runs again."""
    letters = await database.write(lambda c: ended(c, MIDNIGHT + timedelta(hours=9)))
    assert {each.delay for each in letters if not each.ticket} == {timedelta()}


async def test_a_renewed_decree_ends_anew(database: Database, people: People) -> None:
    """Each end is told of, also of somebody who was told before; a decree without an end never ends."""

    def renewed(connection: Connection, until: date | None) -> None:
        desk = RecordDesk(connection, THERE, MIDNIGHT)
        desk.enrol(Officer(people.budi, "dpu", Role.OFFICER, until))

    assert await database.write(lambda c: ended(c, MIDNIGHT))
    await database.write(lambda c: renewed(c, LAST + timedelta(days=7)))
    assert await database.write(lambda c: ended(c, MIDNIGHT + timedelta(days=6))) == ()
    assert await database.write(lambda c: ended(c, MIDNIGHT + timedelta(days=7)))
    await database.write(lambda c: renewed(c, None))
    assert await database.write(lambda c: ended(c, MIDNIGHT + timedelta(days=900))) == ()


async def test_who_was_removed_before_is_not_spoken_of(database: Database, people: People) -> None:
    """The end of a decree says nothing of somebody who is no officer any more."""

    def gone(connection: Connection) -> None:
        RecordDesk(connection, THERE, MIDNIGHT).dismiss(Officer(people.budi, "dpu", Role.OFFICER))

    await database.write(gone)
    assert await database.write(lambda c: ended(c, MIDNIGHT)) == ()


@ON_POSTGRESQL
async def test_two_replicas_tell_it_once(database: Database, people: People) -> None:
    """While one replica works on an end, another one passes over it."""
    first, other = await beside(database, lambda c: ended(c, MIDNIGHT), lambda c: ended(c, MIDNIGHT))
    assert len([each for each in first if not each.ticket]) == 1
    assert other == ()
    assert await number_of(database, t.history) == 1


async def test_a_renewal_keeps_ones_place(database: Database, people: People) -> None:
    """When somebody joined stays as it was; whoever comes back after a removal joins anew."""

    def joined(connection: Connection, remove: bool, now: datetime) -> datetime:
        desk = RecordDesk(connection, THERE, now)
        budi = Officer(people.budi, "dpu", Role.OFFICER)
        if remove:
            desk.dismiss(budi)
        desk.enrol(budi)
        mine = select(t.officers.c.joined_at).where(t.officers.c.contact_id == people.budi)
        since: datetime = connection.execute(mine).scalar_one()
        return since

    assert await database.write(lambda c: joined(c, False, MIDNIGHT)) == MIDNIGHT - timedelta(days=20)
    assert await database.write(lambda c: joined(c, True, MIDNIGHT)) == MIDNIGHT


async def test_the_check_knows_until_when_agencies_are_staffed(database: Database, people: People) -> None:
    """For each agency the last day of the officer who serves longest."""
    assert (await database.read(overview.state)).staffed == {"dpu": date.max}

    def siti_goes(connection: Connection) -> None:
        desk = RecordDesk(connection, THERE, MIDNIGHT)
        desk.dismiss(Officer(people.siti, "dpu", Role.OFFICER))
        desk.enrol(Officer(people.ani, "dinkes", Role.OFFICER, LAST - timedelta(days=1)))

    await database.write(siti_goes)
    assert (await database.read(overview.state)).staffed == {"dpu": LAST, "dinkes": LAST - timedelta(days=1)}
