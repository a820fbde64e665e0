"""The free days of years that nobody imported come from a built-in calendar, until they are imported."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from handlers.facts import JOINT_LEAVE, NATIONAL, Holiday
from storage import tables as t
from storage.rows import upsert

JOINTLY = "Cuti Bersama"
WRITTEN = Path(__file__).with_name("days.csv")


def seed(connection: Connection, years: Iterable[int]) -> bool:
    """Fills in the days of years for which none were imported; true where that changed something.

    A year whose joint leave is already known stays as it is: a new version of the program moves no deadline.
    """
    imported, seeded = _days(connection)
    known = _told(imported) | {each.day.year for each in seeded if each.kind == JOINT_LEAVE}
    asked = set(years) - known
    wanted = _with_room(imported, [*(each for each in seeded if each.day.year not in asked), *_built_in(asked)])
    if set(wanted) == set(seeded):
        return False
    connection.execute(delete(t.holidays).where(t.holidays.c.seeded))
    _add(connection, wanted)
    return True


def replace(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Imported days in the place of all imported before; the seeded ones of other years stay."""
    _, seeded = _days(connection)
    connection.execute(delete(t.holidays))
    if rows:
        connection.execute(insert(t.holidays), [{**row, "seeded": False} for row in rows])
    imported, _ = _days(connection)
    _add(connection, _with_room(imported, seeded))


def days(connection: Connection) -> tuple[Holiday, ...]:
    """All days in the record, in order."""
    rows = connection.execute(select(t.holidays).order_by(t.holidays.c.date, t.holidays.c.area))
    return tuple(Holiday(row.date, row.name, row.kind, row.area, row.seeded) for row in rows)


def _days(connection: Connection) -> tuple[list[Holiday], list[Holiday]]:
    found = days(connection)
    return [each for each in found if not each.seeded], [each for each in found if each.seeded]


def _told(imported: Iterable[Holiday]) -> set[int]:
    """The years whose national days were imported; a regional day alone says nothing about its year."""
    return {each.day.year for each in imported if each.kind in (NATIONAL, JOINT_LEAVE)}


def _with_room(imported: list[Holiday], seeded: Iterable[Holiday]) -> list[Holiday]:
    told, taken = _told(imported), {each.day for each in imported if not each.area}
    return [each for each in seeded if each.day.year not in told and each.day not in taken]


def _add(connection: Connection, seeded: Iterable[Holiday]) -> None:
    rows = [{"date": each.day, "area": "", "name": each.name, "kind": each.kind, "seeded": True} for each in seeded]
    if rows:
        # Another replica may fill in the same days at this moment.
        connection.execute(upsert(connection.dialect.name)(t.holidays).on_conflict_do_nothing(), rows)


def _built_in(years: Collection[int]) -> list[Holiday]:
    days = written() if years else []
    rest = set(years) - {each.day.year for each in days}
    return [each for each in days if each.day.year in years] + (reckoned(rest) if rest else [])


def written() -> list[Holiday]:
    """What the package that reckons says of the years whose decrees are known."""
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        return [_day(date.fromisoformat(row["date"]), row["name"]) for row in csv.DictReader(file)]


def reckoned(years: Iterable[int]) -> list[Holiday]:
    """The expected days of any years."""
    # Imported here: it knows every country, and takes as long as a fifth of a start and 12 MB.
    from holidays import country_holidays

    found = country_holidays("ID", years=sorted(years), categories=("public", "government"), language="id")
    return [_day(day, name) for day, name in sorted(found.items())]


def _day(day: date, name: str) -> Holiday:
    return Holiday(day, name, _kind(name), "", True)


def _kind(names: str) -> str:
    """A day of several names is joint leave only where all of them say so."""
    return JOINT_LEAVE if all(name.startswith(JOINTLY) for name in names.split("; ")) else NATIONAL
