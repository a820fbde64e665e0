"""Disasters on record: every program takes them up, and of two replicas one tells of them, and of each report once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from handlers.facts import Disaster
from handlers.rules.ticket import State
from storage import digests, facts, recount
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.sweep import sweep
from tests.storage.replicas import either
from tests.storage.samples import NOW, OFFICE, ON_POSTGRESQL, People, at_desk, number_of, put_people, rows, ticket
from tests.storage.verbs_of_disasters import flood

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


@pytest.fixture
async def declared(database: Database, people: People) -> Disaster:
    """A flood of which the roads' agency reads."""
    return await at_desk(database, lambda desk: desk.declare(flood(people.budi)))


def report(desk: RecordDesk, of: Disaster, reporter: int, number: str, urgent: bool = False) -> None:
    """A report of this disaster, which lies with its agency."""
    made = desk.add_ticket(
        ticket(reporter, f"LPR-2611-AAAA-{number}", state=State.FORWARDED, story="Rumah kami terendam.")
    )
    desk.reported_in(of.id, made.id, urgent)


def told(after: timedelta) -> Callable[[Connection], list[str]]:
    """What the clock says at this moment, letter by letter, of disasters."""

    def work(connection: Connection) -> list[str]:
        desk = RecordDesk(connection, OFFICE, NOW + after)
        letters = digests.made(connection, desk)
        return [parcel.body.text for parcel in desk.flush(letters)]

    return work


async def test_facts_hold_those_that_nobody_has_ended(database: Database, declared: Disaster) -> None:
    """What a program reads at its start, or anew, is what is declared."""
    found = await database.read(facts.load)
    assert found.disasters == (declared,)
    await at_desk(database, lambda desk: desk.change_disaster(replace(declared, ended_at=NOW)))
    assert (await database.read(facts.load)).disasters == ()


async def test_declaring_counts_the_facts_up_and_no_deadline_anew(database: Database, people: People) -> None:
    """Other programs take it up by the version; nothing is counted again unless that was due before."""
    await database.write(lambda c: recount.made(c, OFFICE, NOW))
    for behind in (False, True):
        if behind:
            await database.write(lambda c: facts.put(c, facts.COUNTED, "older"))
        before = await database.read(facts.version)
        await at_desk(database, lambda desk: desk.declare(flood(people.budi)))
        assert await database.read(facts.version) == before + 1
        assert await database.read(recount.behind) == behind


async def test_what_has_ended_stays_ended(database: Database, declared: Disaster) -> None:
    """Who prolongs what another has just ended does not declare it anew."""
    await at_desk(database, lambda desk: desk.change_disaster(replace(declared, ended_at=NOW)))
    longer = replace(declared, until=declared.until + timedelta(days=1))
    await at_desk(database, lambda desk: desk.change_disaster(longer))
    (row,) = await rows(database, t.disasters)
    assert row.ended_at == NOW


async def test_reports_are_told_in_turns(database: Database, people: People, declared: Disaster) -> None:
    """The first at once, the next ten minutes later, each once, and nothing where nothing came."""
    assert await database.write(told(MINUTE)) == []
    await at_desk(database, lambda desk: report(desk, declared, people.siti, "1"))
    (first,) = await database.write(told(MINUTE))
    assert "1 laporan baru" in first
    await at_desk(database, lambda desk: report(desk, declared, people.siti, "2"))
    assert await database.write(told(10 * MINUTE)) == []
    (second,) = await database.write(told(11 * MINUTE))
    assert "1 laporan baru" in second
    assert "Seluruhnya 2 laporan" in second
    assert await database.write(told(30 * MINUTE)) == []


async def test_an_urgent_report_is_no_news_but_is_called_again(
    database: Database, people: People, declared: Disaster
) -> None:
    """It was told at once; the next list names it for as long as nobody has taken it up."""
    await at_desk(database, lambda desk: report(desk, declared, people.siti, "1", urgent=True))
    assert await database.write(told(MINUTE)) == []
    await at_desk(database, lambda desk: report(desk, declared, people.siti, "2"))
    (said,) = await database.write(told(2 * MINUTE))
    assert "1 laporan baru" in said
    assert "belum diambil (1):\n• LPR-2611-AAAA-1" in said


async def test_what_comes_at_the_end_is_told(database: Database, people: People, declared: Disaster) -> None:
    """What nobody was told of when it ended, or came later, is told without waiting."""
    for n, after in enumerate((2 * MINUTE, 3 * MINUTE)):
        await at_desk(database, lambda desk, n=n: report(desk, declared, people.siti, str(n)))  # type: ignore[misc]
        await at_desk(database, lambda desk: desk.change_disaster(replace(declared, ended_at=NOW)))
        (said,) = await database.write(told(after))
        assert "1 laporan baru" in said


async def test_more_than_a_message_holds(database: Database, people: People, declared: Disaster) -> None:
    """Thousands of reports are told in parts, and the message stays one that fits."""

    def many(desk: RecordDesk) -> None:
        for n in range(digests.AT_ONCE + 20):
            report(desk, declared, people.siti, str(n), urgent=False)
        for n in range(60):
            report(desk, declared, people.siti, f"U{n}", urgent=True)

    await at_desk(database, many)
    (first,) = await database.write(told(MINUTE))
    (second,) = await database.write(told(12 * MINUTE))
    assert f"{digests.AT_ONCE} laporan baru" in first
    assert "20 laporan baru" in second
    assert len(first) < 4000
    assert await number_of(database, t.disaster_reports, t.disaster_reports.c.told_at.is_(None)) == 0


async def test_it_ends_once(database: Database, people: People, declared: Disaster) -> None:
    """The clock ends it when its time is over, and the sweep after that has nothing left to say."""
    await at_desk(database, lambda desk: report(desk, declared, people.siti, "1"))
    over = declared.until - NOW

    def swept(connection: Connection) -> Sequence[str]:
        return [parcel.body.text for parcel in sweep(connection, OFFICE, NOW + over).parcels]

    said = "\n".join(await database.write(swept))
    assert "berakhir. 1 laporan masuk" in said
    assert not any("berakhir" in each for each in await database.write(swept))
    (row,) = await rows(database, t.disasters)
    assert row.ended_at == declared.until
    assert (await database.read(facts.load)).disasters == ()


@ON_POSTGRESQL
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("over", [False, True])
async def test_one_of_two_replicas_tells(
    database: Database, people: People, declared: Disaster, over: bool, swapped: bool
) -> None:
    """Two that make their round at once say it once, the list as well as the end."""
    await at_desk(database, lambda desk: report(desk, declared, people.siti, "1"))
    after = declared.until - NOW if over else MINUTE
    first, second = await either(database, told(after), told(after), swapped)
    said = [*first, *second]
    assert sum("📋" in each for each in said) == 1
    assert sum("berakhir" in each for each in said) == int(over)


@ON_POSTGRESQL
@pytest.mark.parametrize("swapped", [False, True])
async def test_a_report_beside_the_list_is_not_lost(
    database: Database, people: People, declared: Disaster, swapped: bool
) -> None:
    """What is put on record while the list is made stands in this one or in the next."""
    await at_desk(database, lambda desk: report(desk, declared, people.siti, "1"))

    def filed(connection: Connection) -> list[str]:
        desk = RecordDesk(connection, OFFICE, NOW)
        report(desk, declared, people.siti, "2")
        desk.flush(())
        return []

    first, _ = await either(database, told(MINUTE), filed, swapped)
    later = await database.write(told(12 * MINUTE))
    counted = [n for n in (1, 2) for each in (*first, *later) if f": {n} laporan baru" in each]
    assert sum(counted) == 2


@ON_POSTGRESQL
@pytest.mark.parametrize("swapped", [False, True])
async def test_two_changes_are_two_versions(database: Database, people: People, swapped: bool) -> None:
    """A program that has taken up the one sees that there is another."""
    await database.write(lambda c: facts.put(c, "facts_version", "1"))

    def declares(connection: Connection) -> None:
        desk = RecordDesk(connection, OFFICE, NOW)
        desk.declare(flood(people.budi))

    await either(database, declares, declares, swapped)
    assert await database.read(facts.version) == 3


async def test_a_declaration_of_long_ago_is_none(database: Database, people: People) -> None:
    """What the clock has not ended yet is not in force after its time all the same."""
    await at_desk(database, lambda desk: desk.declare(flood(people.budi)))
    await database.write(lambda c: c.execute(update(t.disasters).values(until=NOW)).rowcount)
    assert await at_desk(database, lambda desk: list(desk.disasters(fresh=True))) == []
