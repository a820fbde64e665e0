"""Free days that nobody imported come from the built-in calendar, and give way to those that are."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from handlers.facts import JOINT_LEAVE, NATIONAL, Facts, Holiday
from storage import calendar
from storage.database import Database
from storage.facts import Rows, keep, load, read_folder, refresh, sample
from storage.tables import holidays

TODAY = date(2026, 11, 3)


def row(day: str, kind: str = NATIONAL, area: str = "") -> dict[str, Any]:
    """A day that the office imports."""
    return {"date": date.fromisoformat(day), "name": "Dari kantor", "kind": kind, "area": area}


def year(number: int) -> Rows:
    """A year's sheet of days as the office imports it."""
    return {"holidays": [row(f"{number}-02-{n:02}") for n in range(1, 13)]}


def of(facts: Facts, number: int) -> list[Holiday]:
    """The days of one year."""
    return [each for each in facts.holidays if each.day.year == number]


async def test_an_empty_record_gets_this_year_and_the_next(database: Database) -> None:
    """Both years with national holidays and joint leave, marked as not imported."""
    assert await database.write(lambda c: refresh(c, TODAY))
    facts = await database.read(load)
    assert {each.day.year for each in facts.holidays} == {2026, 2027} == facts.known_years
    assert all(each.seeded and not each.area and each.name for each in facts.holidays)
    assert Counter(each.kind for each in of(facts, 2026)) == {NATIONAL: 17, JOINT_LEAVE: 8}
    assert {(each.day.isoformat(), each.kind) for each in of(facts, 2027)} >= {
        ("2027-01-01", NATIONAL),
        ("2027-03-09", JOINT_LEAVE),
        ("2027-03-10", NATIONAL),
    }
    assert facts.version == 1


async def test_the_built_in_days_of_2026_are_the_decreed_ones(database: Database) -> None:
    """The built-in calendar and the sample's decree agree on every day of 2026."""
    await database.write(lambda c: calendar.seed(c, (2026,)))
    facts = await database.read(load)
    decreed = {(row["date"], row["kind"]) for row in read_folder(sample())["holidays"]}
    assert {(each.day, each.kind) for each in facts.holidays} == decreed


def test_what_is_written_down_is_what_is_reckoned() -> None:
    """The days that come with the program are those of the package, for this program's years."""
    days = calendar.written()
    assert {each.day.year for each in days} == {2026, 2027}
    assert days == calendar.reckoned((2026, 2027))


async def test_a_second_time_changes_nothing(database: Database) -> None:
    """What is known stays, and no new version is counted."""
    await database.write(lambda c: refresh(c, TODAY))
    before = await database.read(load)
    assert not await database.write(lambda c: refresh(c, TODAY))
    assert await database.read(load) == before


async def test_imported_years_are_left_alone(database: Database) -> None:
    """Nothing is added to a year that the office imported."""
    rows = read_folder(sample())
    await database.write(lambda c: keep(c, rows, today=TODAY))
    facts = await database.read(load)
    assert not any(each.seeded for each in of(facts, 2026))
    assert all(each.seeded for each in of(facts, 2027))
    assert facts.known_years == {2026, 2027}


async def test_an_imported_year_takes_the_place_of_the_built_in_one(database: Database) -> None:
    """Wholly, while other years stay as they are."""
    await database.write(lambda c: refresh(c, TODAY))
    await database.write(lambda c: keep(c, year(2027)))
    facts = await database.read(load)
    assert {each.name for each in of(facts, 2027)} == {"Dari kantor"}
    assert len(of(facts, 2027)) == 12
    assert len(of(facts, 2026)) == 25
    assert facts.known_years == {2026, 2027}


async def test_a_year_that_is_no_longer_imported_is_filled_in_again(database: Database) -> None:
    """An import without a year leaves no hole where the day is known."""
    await database.write(lambda c: keep(c, year(2027), today=TODAY))
    await database.write(lambda c: keep(c, year(2026), today=TODAY))
    facts = await database.read(load)
    assert not any(each.seeded for each in of(facts, 2026))
    assert len(of(facts, 2027)) > 20
    assert all(each.seeded for each in of(facts, 2027))


async def test_regional_and_worked_days_stand_beside_the_built_in_ones(database: Database) -> None:
    """They say nothing about the rest of their year, but have the last word on their own day."""
    own = [row("2026-10-13", "regional", "35.08"), row("2026-12-24", "working"), row("2026-12-25", "regional", "35")]
    await database.write(lambda c: keep(c, {"holidays": own}, today=TODAY))
    facts = await database.read(load)
    assert len(of(facts, 2026)) == 25 - 1 + 3
    assert [each.kind for each in facts.holidays if each.day == date(2026, 12, 24)] == ["working"]
    assert sorted(each.kind for each in facts.holidays if each.day == date(2026, 12, 25)) == ["national", "regional"]
    assert facts.known_years == {2026, 2027}


async def test_a_year_without_joint_leave_is_not_known(database: Database) -> None:
    """Where no decree has come yet the expected days are filled in, but the year is missing all the same."""
    await database.write(lambda c: calendar.seed(c, (2040,)))
    facts = await database.read(load)
    assert len(of(facts, 2040)) > 10
    assert facts.known_years == frozenset()
    assert facts.missing(date(2040, 3, 1)) == [2040]


async def test_a_known_year_is_not_moved_by_the_program(database: Database) -> None:
    """A day that the built-in calendar would add does not come back into a year that is known."""
    await database.write(lambda c: refresh(c, TODAY))
    await database.write(lambda c: c.execute(holidays.delete().where(holidays.c.date == date(2026, 12, 25))))
    assert not await database.write(lambda c: refresh(c, TODAY))
    assert len(of(await database.read(load), 2026)) == 24


async def test_without_a_date_nothing_is_filled_in(database: Database) -> None:
    """An import that does not know what day it is keeps what it was given."""
    await database.write(lambda c: keep(c, year(2026)))
    facts = await database.read(load)
    assert len(facts.holidays) == 12
    assert facts.known_years == {2026}
