"""The sums of the monthly statistics are those of the history, whatever happened."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from handlers.desk import Entry, Ticket
from handlers.rules.ticket import Role
from storage import statistics as s
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.statistics import Month
from tests.storage.samples import NOW, OFFICE, ON_POSTGRESQL, People, at_desk, put_people, undone
from tests.storage.wandering import does, migrated, opened, passes_on, wanders, zone_of
from tests.year import run

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
HOUR = timedelta(hours=1)


def kept(connection: Connection) -> dict[s.Key, dict[str, int]]:
    """The sums on record, those that are nothing left out."""
    c = t.tallies.c
    query = select(c.month, c.agency, *(func.sum(c[name]).label(name) for name in t.TALLIED))
    rows = connection.execute(query.group_by(c.month, c.agency)).mappings()
    found = {(row["month"], row["agency"]): {name: int(row[name]) for name in t.TALLIED} for row in rows}
    return {key: sums for key, sums in found.items() if any(sums.values())}


def told(connection: Connection, zone: Any = zone_of) -> dict[s.Key, dict[str, int]]:
    """The sums as the history has them."""
    return {key: {name: of[name] for name in t.TALLIED} for key, of in s.of_history(connection, zone).items()}


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


async def months(database: Database, month: date = NOVEMBER, *agencies: str) -> dict[str, Month]:
    """What is on record for a month."""
    return {each.agency: each for each in await database.read(lambda c: s.of_month(c, month, agencies))}


async def test_a_report_is_counted_where_it_was(database: Database, people: People) -> None:
    """Received and passed on by the one agency, received and resolved by the other, with the time it took."""

    def first(desk: RecordDesk) -> Ticket:
        return does(desk, opened(desk, people.siti), "forward", Role.COORDINATOR, agency="dpu")

    made = await at_desk(database, first)
    later = NOW + 5 * HOUR
    await at_desk(database, lambda desk: does(desk, made, "resolve", Role.OFFICER, text="Sudah"), later)
    assert await months(database) == {
        "kominfo": Month("kominfo", received=1, passed_on=1),
        "dpu": Month("dpu", received=1, resolved=1, seconds=5 * 3600),
    }
    assert await months(database, NOVEMBER, "dpu", "dinkes") == {
        "dpu": Month("dpu", received=1, resolved=1, seconds=5 * 3600)
    }
    assert await months(database, DECEMBER) == {}


async def test_what_was_taken_back_is_not_counted(database: Database, people: People) -> None:
    """An answer and a closing that were undone leave nothing behind, and no report counts as opened again."""

    def first(desk: RecordDesk) -> Ticket:
        of = does(desk, opened(desk, people.siti), "forward", Role.COORDINATOR, agency="dpu")
        of = does(desk, of, "answer", Role.OFFICER, text="Baik", draft=1)
        return does(desk, of, "resolve", Role.OFFICER, text="Sudah", draft=2)

    made = await at_desk(database, first)
    assert (await months(database))["dpu"] == Month("dpu", received=1, answered=1, resolved=1)
    before: dict[str, Any] = {"state": "responded", "officer": None, "runs": [], "risen": "", "closed_at": None}
    await at_desk(database, lambda desk: does(desk, made, "undo", Role.OFFICER, before=before), NOW + HOUR)
    assert (await months(database))["dpu"] == Month("dpu", received=1, answered=1)
    assert await database.read(told) == await database.read(kept)


async def test_the_month_is_that_of_the_agency(database: Database, people: People) -> None:
    """What happens at seven in the evening of the last day, in UTC, belongs to the next month in Jakarta."""
    await at_desk(database, lambda desk: opened(desk, people.siti), datetime(2026, 11, 30, 16, 59, tzinfo=UTC))
    late = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    await at_desk(database, lambda desk: opened(desk, people.siti, "LPR-2612-BBBB-B"), late)
    found = [await months(database, month) for month in (NOVEMBER, DECEMBER)]
    assert [each["kominfo"].received for each in found] == [1, 1]


async def test_a_report_is_late_once_at_each_agency(database: Database, people: People) -> None:
    """Every further reminder of the same delay adds nothing, and the next agency is late for itself."""

    def late(desk: RecordDesk, of: Ticket) -> None:
        data = {"call": "escalate", "clock": "resolution"}
        desk.change(of, Entry(of.id, desk.now, None, Role.SYSTEM, "remind", of.state, of.agency, data))

    def first(desk: RecordDesk) -> Ticket:
        of = does(desk, opened(desk, people.siti), "forward", Role.COORDINATOR, agency="dpu")
        late(desk, of)
        late(desk, of)
        return of

    made = await at_desk(database, first)
    await at_desk(database, lambda desk: late(desk, made))
    assert (await months(database))["dpu"].late == 1
    moved = await at_desk(database, lambda desk: does(desk, made, "transfer", Role.OFFICER, agency="dinkes"))
    await at_desk(database, lambda desk: late(desk, moved))
    assert [(await months(database))[code].late for code in ("dpu", "dinkes")] == [1, 1]
    assert await database.read(told) == await database.read(kept)


@pytest.mark.parametrize("seed", range(3))
async def test_the_sums_are_those_of_the_history(database: Database, people: People, seed: int) -> None:
    """After any moves by anybody, in batches of any length, every sum is what the history adds up to."""
    chance, known = random.Random(seed), list[int]()
    for step in range(60):
        now = NOW + step * timedelta(hours=9)

        def several(desk: RecordDesk) -> None:
            for _ in range(chance.randrange(16)):
                wanders(desk, chance, people.siti, known)

        await at_desk(database, several, now)
    sums = await database.read(kept)
    assert sums == await database.read(told)
    whole = {name: sum(of[name] for of in sums.values()) for name in t.TALLIED}
    assert min(whole.values()) > 0, whole
    await database.write(lambda c: s.recounted(c, zone_of))
    assert await database.read(kept) == sums


def test_the_sums_of_a_year_are_those_of_its_history(tmp_path: Path) -> None:
    """Whatever all parties and the clock do for months, nothing is counted twice or left out."""
    office = run(tmp_path, 100, 5, days=100).office
    with office.engine.connect() as connection:
        zone = lambda agency: office.office.facts.calendar(agency).zone  # noqa: E731
        sums = kept(connection)
        assert sums == told(connection, zone)
        assert sum(of["received"] for of in sums.values()) > 60
        assert sum(of["late"] for of in sums.values()) > 0


async def test_an_office_in_use_is_counted_when_it_migrates(blank: Database) -> None:
    """The migration finds in the history what would have been counted as it happened."""
    before, after = await migrated(blank, 60, kept)
    assert after == before != {}


async def test_a_batch_that_fails_counts_nothing(database: Database, people: People) -> None:
    """What is not on record is in no sum."""

    def work(connection: Connection) -> dict[s.Key, dict[str, int]]:
        desk = RecordDesk(connection, OFFICE, NOW)
        opened(desk, people.siti)
        desk.flush(())
        return kept(connection)

    assert await undone(database, work)
    assert await database.read(kept) == {}


@ON_POSTGRESQL
async def test_replicas_add_to_the_same_sums(database: Database, people: People) -> None:
    """Batches that count for the same agencies at the same time lose nothing, whatever their order."""

    await asyncio.gather(*(at_desk(database, passes_on(n, people.siti)) for n in range(16)))
    sums = await database.read(kept)
    assert sums == await database.read(told)
    assert sums[NOVEMBER, "kominfo"]["received"] == 48


async def test_a_turn_without_a_change_counts_nothing(database: Database, people: People) -> None:
    """A batch in which no report changes does not touch the sums."""
    made = await at_desk(database, lambda desk: opened(desk, people.siti))

    def looks(desk: RecordDesk) -> Any:
        desk.ticket(made.id)
        desk.flush(())
        return desk._tallied.sums

    assert await at_desk(database, looks) == {}
