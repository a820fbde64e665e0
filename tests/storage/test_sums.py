"""How agencies stand, by the sums, is how their reports stand, whatever happened."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Row, func, select, update

from handlers.desk import Ticket
from handlers.facts import Facts
from handlers.rules.ticket import HELD
from storage import recount
from storage import sums as s
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.sweep import sweep
from tests.storage.samples import (
    NOW,
    OFFICE,
    ON_POSTGRESQL,
    People,
    at_desk,
    entry,
    number_of,
    put_people,
    rows,
    ticket,
)
from tests.storage.wandering import AGENCIES, migrated, passes_on, wanders, zone_of
from tests.year import run

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Said = dict[tuple[str, Any], dict[str, int]]


def kept(connection: Connection) -> tuple[Said, Said]:
    """The sums on record, those that are nothing left out."""
    return _of(connection, t.standings, "year", t.STANDING), _of(connection, t.ratings, "day", t.SAID)


def _of(connection: Connection, table: Any, by: str, names: tuple[str, ...]) -> Said:
    query = select(table.c.agency, table.c[by], *(func.sum(table.c[name]).label(name) for name in names))
    found = connection.execute(query.group_by(table.c.agency, table.c[by])).mappings().all()
    sums = {(row["agency"], row[by]): {name: int(row[name]) for name in names} for row in found}
    return {key: of for key, of in sums.items() if any(of.values())}


def told(connection: Connection, zone: Any = zone_of) -> tuple[Said, Said]:
    """The sums as the reports have them."""
    found = connection.execute(select(t.tickets).where(t.tickets.c.closed_at.is_(None))).all()
    standing, said = s.of_open(found, zone), s.of_closed(connection)
    opened = {(row["agency"], row["year"]): {name: row[name] for name in t.STANDING} for row in standing.opened()}
    return opened, {(row["agency"], row["day"]): {name: row[name] for name in t.SAID} for row in said.said()}


def follow_ups(connection: Connection) -> dict[int, int]:
    """The first follow-ups of each report by the agency that holds it, as the history has them."""
    c, h = t.tickets.c, t.history.c
    query = select(c.id, h.action).join_from(t.tickets, t.history, (h.ticket == c.id) & (h.agency == c.agency))
    counts: Counter[int] = Counter()
    for ident, action in connection.execute(query):
        counts[ident] += -1 if action == "undo" else int(action in s.FOLLOWED_UP)
    return counts


def consistent(connection: Connection, zone: Any = zone_of) -> None:
    """Every sum is what the reports add up to, and every report says of itself what its history says."""
    assert kept(connection) == told(connection, zone)
    counts = follow_ups(connection)
    for row in connection.execute(select(t.tickets)):
        assert row.followed == counts.get(row.id, 0), row.id
        works = row.closed_at is None and row.state in HELD
        assert row.lapses_at in ((row.due_at, None) if works else (None,)), row.id


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


@pytest.mark.parametrize("seed", range(3))
async def test_the_sums_are_those_of_the_reports(database: Database, people: People, seed: int) -> None:
    """After any moves by anybody and any rounds, the sums are those of the reports, and so are the lists."""
    chance, known = random.Random(seed), list[int]()
    for step in range(50):
        now = NOW + step * timedelta(hours=31)

        def several(desk: RecordDesk) -> None:
            for _ in range(chance.randrange(12)):
                wanders(desk, chance, people.siti, known)

        await at_desk(database, several, now)
        if chance.random() < 0.3:
            await at_desk(database, RecordDesk.lapse, now)
    await database.read(consistent)
    await database.read(lambda c: listed(c, now + 3 * DAY))
    sums = await database.read(kept)
    assert all(sums)
    await database.write(lambda c: s.recounted(c, zone_of))
    await database.write(s.rated_anew)
    assert await database.read(kept) == sums


def listed(connection: Connection, now: Any) -> None:
    """What the lists say is what the reports say, one by one."""
    desk, followed = RecordDesk(connection, OFFICE, now), follow_ups(connection)
    found = {each.agency: each for each in desk.backlogs(AGENCIES)}
    for agency in AGENCIES:
        c = t.tickets.c
        of = connection.execute(select(t.tickets).where(c.agency == agency, c.closed_at.is_(None))).all()
        if not of:
            assert agency not in found
            continue
        late = {row.id for row in of if row.state in HELD and row.due_at is not None and row.due_at < now}
        bare = {row.id for row in of if row.state in HELD and followed.get(row.id, 0) <= 0}
        stand, load = found[agency], desk.load(agency)
        assert (stand.open, stand.late, stand.untouched) == (len(of), len(late), len(bare))
        assert (stand.pressing, stand.oldest) == (len(late | bare), min(map(received, of)))
        assert stand.years == Counter(received(row).year for row in of)
        assert {each.id for each in desk.pressing(agency, 99)} == late | bare
        assert (load.open, load.late) == (len(of), len(late))


def received(row: Row[Any]) -> date:
    """The day of receipt by the clock of the agency."""
    zone = s.Sums(zone_of).zone(row.agency)
    day: date = row.received_on or row.created_at.astimezone(zone).date()
    return day


def test_the_sums_of_a_year_are_those_of_its_reports(tmp_path: Path) -> None:
    """Whatever all parties and the clock do for months, nothing is counted twice or left out."""
    office = run(tmp_path, 60, 5, days=60).office
    with office.engine.connect() as connection:
        consistent(connection, lambda agency: office.office.facts.calendar(agency).zone)
        standing, said = kept(connection)
        assert sum(of["open"] for of in standing.values()) > 0
        assert sum(of["rated"] + of["silent"] for of in said.values()) > 0


async def test_what_lapses_is_late_at_once_and_counted_by_the_sweep(database: Database, people: People) -> None:
    """A deadline that passes shows in the list before and after the clock's round, and once."""
    await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti, due_at=NOW + HOUR)))

    def late(connection: Connection) -> list[int]:
        moments = (NOW + HOUR, NOW + HOUR + timedelta(microseconds=1), NOW + DAY)
        desks = (RecordDesk(connection, OFFICE, moment) for moment in moments)
        return [desk.backlogs(("dpu",))[0].late for desk in desks]

    assert await database.read(late) == [0, 1, 1]
    assert [row.late for row in await rows(database, t.standings)] == [0]
    for _ in range(2):
        await database.write(lambda c: sweep(c, OFFICE, NOW + DAY))
        assert [row.late for row in await rows(database, t.standings)] == [1]
    assert await database.read(late) == [1, 1, 1]
    await database.read(consistent)


async def test_a_batch_sees_its_own_changes(database: Database, people: People) -> None:
    """What is not on record yet counts in the lists of the same batch, and once afterwards."""

    def work(desk: RecordDesk) -> Ticket:
        made = desk.add_ticket(ticket(people.siti, received_on=date(2024, 1, 2)))
        assert [(each.open, each.oldest) for each in desk.backlogs(AGENCIES)] == [(1, date(2024, 1, 2))]
        closed = replace(made, closed_at=NOW, rating=4)
        desk.change(closed, entry(closed, "resolve"))
        assert desk.backlogs(AGENCIES) == []
        assert desk.score(("dpu",), NOW).stars == 4
        return made

    await at_desk(database, work)
    assert await number_of(database, t.standings) == 0
    assert await at_desk(database, lambda desk: desk.score(("dpu",), NOW).stars) == 4


async def test_an_office_in_use_is_counted_when_it_migrates(blank: Database) -> None:
    """The migration finds in the reports and their history what would have been counted as it happened."""
    before, after = await migrated(blank, 90, kept)
    await blank.read(consistent)
    assert after == before
    assert all(before)


async def test_the_year_is_counted_anew_with_the_facts(database: Database, people: People) -> None:
    """When the agencies come to live by another clock, reports move to the year that it shows."""
    created = NOW.replace(month=12, day=31, hour=16, minute=30)
    await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti, created_at=created)))
    assert [row.year for row in await rows(database, t.standings)] == [2026]
    await database.write(lambda c: c.execute(update(t.standings).values(year=2027)).rowcount)
    await database.write(lambda c: recount.made(c, replace(OFFICE, facts=Facts()), NOW).moved)
    assert [row.year for row in await rows(database, t.standings)] == [2026]


@ON_POSTGRESQL
async def test_replicas_add_to_the_same_sums(database: Database, people: People) -> None:
    """Batches for the same agencies at the same time, and a count of all amid them, lose nothing."""

    batches = [at_desk(database, passes_on(n, people.siti)) for n in range(16)]
    counts = [database.write(lambda c: s.recounted(c, zone_of)) for _ in range(4)]
    await asyncio.gather(*(each for four in zip(*[iter(batches)] * 4, counts, strict=True) for each in four))
    await database.read(consistent)
    assert sum(of["open"] for of in (await database.read(kept))[0].values()) == 48
