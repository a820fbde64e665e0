"""Letters that a clock has planned which ran ahead wait from now on as long as they were meant to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from handlers.words import Letter, Priority
from storage import outbox, planned
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Parcel
from tests.storage.samples import BUDI, CHANNEL, NOW, OFFICE, SITI, WHATSAPP, put_contact, put_people, rows, ticket

SOON, HOUR = timedelta(seconds=20), timedelta(hours=1)


@pytest.fixture
async def siti(database: Database) -> int:
    """Siti, who can be written to."""
    return await database.write(lambda c: put_contact(c, SITI))


async def posted(database: Database, to: int, now: datetime, **more: object) -> Parcel:
    """A letter that was written then."""
    letter = Letter(to, "jawaban", **more)  # type: ignore[arg-type]
    (parcel,) = await database.write(lambda c: RecordDesk(c, OFFICE, now).flush([letter]))
    return parcel


async def put_right(database: Database, channel: str = CHANNEL) -> int:
    """How many letters were planned by a time that had not come."""
    wrong = await database.read(lambda c: planned.wrong(c, [channel], NOW))
    found = await database.write(lambda c: planned.put_right(c, [channel], NOW))
    assert wrong == bool(found)
    assert {row.id: row.due_at for row in await rows(database, t.outbox) if row.id in found} == found
    return len(found)


async def due(database: Database) -> list[datetime]:
    """When what waits is due."""
    return sorted(row.due_at for row in await rows(database, t.outbox))


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize("delay", [timedelta(), SOON])
async def test_it_waits_as_long_as_it_was_meant_to(
    database: Database, siti: int, priority: Priority, delay: timedelta
) -> None:
    """Whatever it is, and once: what is planned rightly stays as it is."""
    await posted(database, siti, NOW + HOUR, delay=delay, priority=priority)
    assert await put_right(database) == 1
    assert await due(database) == [NOW + delay]
    assert await put_right(database) == 0


async def test_what_was_put_off_waits_as_long_too(database: Database, siti: int) -> None:
    """Its attempts go on from where they were."""
    parcel = await posted(database, siti, NOW)
    await database.write(lambda c: outbox.later(c, parcel, NOW + HOUR, SOON, True))
    assert await put_right(database) == 1
    assert await due(database) == [NOW + SOON]
    assert [row.attempts for row in await rows(database, t.outbox)] == [1]


@pytest.mark.parametrize("ahead", [-HOUR, timedelta(), planned.AHEAD])
async def test_what_is_planned_rightly_stays(database: Database, siti: int, ahead: timedelta) -> None:
    """However long it is to wait, whatever was behind or only a little ahead."""
    await posted(database, siti, NOW + ahead, delay=2 * HOUR)
    assert await put_right(database) == 0
    assert await due(database) == [NOW + ahead + 2 * HOUR]


async def test_what_is_due_stays(database: Database, siti: int) -> None:
    """Whatever it was planned by: it is not looked at, however much is due."""
    await posted(database, siti, NOW + HOUR, delay=-2 * HOUR)
    assert await put_right(database) == 0
    assert await due(database) == [NOW - HOUR]


async def test_each_channel_is_for_who_delivers_for_it(database: Database, siti: int) -> None:
    """Another one's letters are left alone, and what waits for the person to write."""
    await posted(database, siti, NOW + HOUR)
    assert await put_right(database, WHATSAPP) == 0
    await database.write(lambda c: c.execute(t.outbox.update().values(held=True)).rowcount)
    assert await put_right(database) == 0


async def test_another_account_of_the_person_gets_it_in_time(database: Database, siti: int) -> None:
    """What is redirected before it was put right is planned anew with that."""
    other = await database.write(lambda c: put_contact(c, BUDI))
    first = await posted(database, siti, NOW)
    await posted(database, siti, NOW + HOUR, delay=SOON)
    await database.write(lambda c: RecordDesk(c, OFFICE, NOW).redirected(first, other))
    assert await put_right(database) == 0
    assert await due(database) == [NOW, NOW, NOW + SOON]


@pytest.mark.parametrize("ahead", [HOUR, timedelta()])
async def test_a_report_of_such_a_clock_keeps_nothing_back(database: Database, ahead: timedelta) -> None:
    """Its card waits until it cannot be taken back any more, as any does; what follows later leaves at once."""
    office = replace(OFFICE, grace=SOON)

    def write(connection: Connection) -> datetime:
        people = put_people(connection)
        desk = RecordDesk(connection, office, NOW + ahead)
        made = desk.add_ticket(ticket(people.siti, created_at=NOW + ahead))
        desk.flush([Letter(people.roads, "laporan", ticket=made.id)])
        (parcel,) = RecordDesk(connection, office, NOW).flush([Letter(people.roads, "tanya", ticket=made.id)])
        return parcel.due_at

    assert await database.write(write) == (NOW if ahead else NOW + SOON)
    assert await put_right(database) == bool(ahead)
    assert await due(database) == sorted([NOW + SOON, NOW if ahead else NOW + SOON])
