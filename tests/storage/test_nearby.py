"""Open tickets are found by their place, few at a time and by an index, and nothing secret is among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, String, cast, event, insert, select, text, update
from sqlalchemy import column as c
from sqlalchemy import table as named

from handlers.desk import Ticket
from handlers.rules.squares import SIDE, square
from handlers.rules.ticket import State
from handlers.words import Pin
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.migrate import upgrade
from storage.nearby import AT_MOST, AT_POINT
from tests.storage.samples import NOW, OFFICE, People, at_desk, entry, put_people, reopened, rows, ticket, undone
from tests.storage.test_migrate_data import REPORT, put, to
from tests.storage.test_plans import plan, put_many

HERE = Pin(-8.2, 113.1)
DISTRICT = "35.08.04"
SINCE = NOW - timedelta(days=90)
JALAN = ("jalan",)


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that the tests need."""
    return await database.write(put_people)


def at(pin: Pin | None, name: str = "") -> dict[str, Any]:
    """A place, as a ticket keeps it."""
    return {"text": name, "lat": pin.lat if pin else None, "lon": pin.lon if pin else None, "area": ""}


def seen(desk: RecordDesk, areas: Sequence[str], pin: Pin | None) -> list[int]:
    """The tickets that are found, in the order in which they are told."""
    return [each.id for each in desk.nearby(JALAN, areas, pin, SINCE)]


def ids(*tickets: Ticket) -> list[int]:
    return [each.id for each in tickets]


def there(desk: RecordDesk, people: People, *values: dict[str, Any]) -> list[Ticket]:
    """Tickets at the point, each with something of its own, every one a minute younger than the one before."""
    return [
        desk.add_ticket(
            ticket(people.siti, f"LPR-{n}", **{"place": at(HERE), "created_at": NOW - timedelta(minutes=60 - n)} | each)
        )
        for n, each in enumerate(values)
    ]


async def test_what_is_near_is_found_newest_first(database: Database, people: People) -> None:
    """A point finds those in its square and beside it, an area those in it; who reported, and how, is no matter."""

    def work(desk: RecordDesk) -> None:
        beside, far = Pin(HERE.lat + SIDE, HERE.lon - SIDE), Pin(HERE.lat + 3 * SIDE, HERE.lon)
        here, near, hidden, away, named_ = there(
            desk, people, {}, {"place": at(beside)}, {"anonymous": True}, {"place": at(far)}, {"place": at(None)}
        )
        moved = [replace(each, area=DISTRICT) for each in (away, named_)]
        for each in moved:
            desk.change(each, entry(each))
        for desk_ in (desk, reopened(desk)):
            assert seen(desk_, (), HERE) == ids(hidden, near, here)
            assert seen(desk_, ("x", DISTRICT), None) == ids(*moved[::-1])
            assert seen(desk_, (DISTRICT,), HERE) == ids(*moved[::-1], hidden, near, here)

    await at_desk(database, work)


async def test_what_must_not_be_shown_is_not_found(database: Database, people: People) -> None:
    """Neither what is secret, nor closed, nor older, nor of another topic is near, by the point or by the area."""

    def work(desk: RecordDesk) -> None:
        same = {"area": DISTRICT}
        there(
            desk,
            people,
            {**same, "secret": True},
            {**same, "secret": True, "anonymous": True},
            {**same, "closed_at": NOW},
            {**same, "state": State.NEEDS_INFO},
            {**same, "category": "sehat"},
            {**same, "category": ""},
            {**same, "created_at": SINCE - timedelta(seconds=1)},
        )
        assert seen(desk, (DISTRICT,), HERE) == []

    await at_desk(database, work)


async def test_a_batch_sees_what_it_did(database: Database, people: People) -> None:
    """A ticket of the same batch counts; one that was closed or moved in it counts as it stands in memory."""

    def work(desk: RecordDesk) -> None:
        one, other = there(desk, people, {}, {})
        closed, gone = replace(one, closed_at=NOW), replace(other, place=at(Pin(-7.0, 112.0)))
        desk.change(closed, entry(closed))
        assert seen(desk, (), HERE) == ids(other)
        desk.change(gone, entry(gone))
        assert seen(desk, (), HERE) == []
        assert seen(desk, (), Pin(-7.0, 112.0)) == ids(gone)

    await at_desk(database, work)


async def test_many_of_a_batch_ask_the_same(database: Database, people: People) -> None:
    """It is read once, until something that may be joined changes; what can be taken back may not."""

    def work(desk: RecordDesk) -> None:
        desk.office = replace(OFFICE, grace=timedelta(seconds=60))
        (other,) = there(desk, people, {})
        read: list[str] = []
        event.listen(desk._c, "before_cursor_execute", lambda *each: read.append(each[2]))
        for n in range(3):
            desk.add_ticket(ticket(people.budi, f"LPR-B{n}", place=at(HERE), created_at=NOW))
            assert seen(desk, (), HERE) == ids(other)
        assert len([each for each in read if each.startswith("SELECT")]) == 1
        desk.add_ticket(ticket(people.budi, "LPR-C", place=at(HERE), created_at=NOW, source="counter"))
        assert len(seen(desk, (), HERE)) == 2
        closed = replace(other, closed_at=NOW)
        desk.change(closed, entry(closed))
        assert len(seen(desk, (), HERE)) == 1
        desk.now += timedelta(seconds=61)
        assert len(seen(desk, (), HERE)) == 4

    await at_desk(database, work)


async def test_only_so_many_are_looked_at(database: Database, people: People) -> None:
    """However much is reported in an area, few are read, and those near the point are among them."""

    def work(desk: RecordDesk) -> None:
        near = there(desk, people, *[{"created_at": NOW - timedelta(days=80)}] * 5)
        for n in range(AT_MOST + 20):
            desk.add_ticket(ticket(people.budi, f"LPR-A{n}", place=at(None), area=DISTRICT))
        found = desk.nearby(JALAN, (DISTRICT,), HERE, SINCE)
        assert len(found) == AT_MOST
        assert {each.id for each in near} <= {each.id for each in found}
        for n in range(AT_POINT):
            desk.add_ticket(ticket(people.budi, f"LPR-B{n}", place=at(HERE)))
        assert len(desk.nearby(JALAN, (), HERE, SINCE)) == AT_POINT
        assert len(desk.nearby(JALAN, (DISTRICT,), HERE, SINCE)) == AT_MOST

    await at_desk(database, work)


async def test_the_square_follows_the_place(database: Database, people: People) -> None:
    """What is on record is the square of the point, also after the place changed, and none for words."""

    def work(desk: RecordDesk) -> None:
        one, other = there(desk, people, {}, {"place": at(None, "Pasar")})
        moved = replace(other, place=at(Pin(1.5, 124.8)))
        desk.change(moved, entry(moved))
        assert (one.square, other.square, moved.square) == (square(-8.2, 113.1), None, square(1.5, 124.8))

    await at_desk(database, work)
    assert [row.square for row in await rows(database, t.tickets)] == [square(-8.2, 113.1), square(1.5, 124.8)]


async def test_the_search_reads_by_an_index(database: Database) -> None:
    """Among many tickets neither the point nor the area makes the database read all of them."""

    def fill(connection: Connection) -> None:
        put_many(connection)
        ident = t.tickets.c.id
        connection.execute(update(t.tickets).values(square=ident % 400, area=cast(ident % 100, String)))

    def watch(connection: Connection) -> list[str]:
        seen: dict[str, Any] = {}

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _several: bool) -> None:
            seen.setdefault(statement, parameters)

        event.listen(connection, "before_cursor_execute", note)
        try:
            RecordDesk(connection, OFFICE, NOW).nearby(JALAN, ("1", "2"), HERE, SINCE)
        finally:
            event.remove(connection, "before_cursor_execute", note)
        assert len(seen) == 2
        return [each for statement, parameters in seen.items() for each in plan(connection, statement, parameters)]

    await database.write(fill)
    if not database.sqlite:
        await database.write(lambda connection: connection.execute(text("ANALYZE")))
    assert await undone(database, watch) == []


async def test_what_was_on_record_gets_its_square(blank: Database) -> None:
    """A record in use comes to the newest shape with the squares of its open tickets, whatever their places hold."""
    places = ('{"text":"","lat":-8.2,"lon":113.1,"area":""}', '{"text":"Pasar","lat":null,"lon":null}', "{}")

    def used(connection: Connection) -> None:
        put(connection)
        for n, place in enumerate(places):
            columns = named("tickets", *(c(each) for each in REPORT))
            connection.execute(insert(columns).values(**REPORT | {"number": f"LPR-{n}", "place": place}))

    await blank.write(to("0001"))
    await blank.write(used)
    await blank.write(upgrade)
    query = select(t.tickets.c.square).where(t.tickets.c.number.in_(["LPR-0", "LPR-1", "LPR-2"]))
    found = await blank.read(lambda connection: connection.execute(query.order_by(t.tickets.c.number)).scalars().all())
    assert found == [square(-8.2, 113.1), None, None]
