"""What goes wrong in the simulated year, by its days: chats are lost, offices end, and the calendar changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from handlers import leaving
from handlers.rules.ticket import Role
from handlers.words import Kind, Letter
from storage import tables as t
from storage.desk import RecordDesk
from tests.year_office import YearOffice

# Joint leave that was not known in January, and a working day that was thought free.
NEW_DAYS = (date(2026, 7, 20), date(2026, 7, 21), date(2026, 8, 18))
NO_LONGER_FREE = date(2026, 12, 24)


@dataclass(frozen=True, slots=True)
class Trouble:
    """On this day of the year something happens to an agency."""

    day: int
    happens: Callable[[YearOffice, str], None]
    agency: str


def chat_lost(year: YearOffice, agency: str) -> None:
    """The bot is put out of the agency's group."""
    year.hear([year.event(year.officers[agency][0], Kind.LEFT, agency)])


def chat_back(year: YearOffice, agency: str) -> None:
    """Everybody of the agency joins again, as after the first invitation."""
    for name in year.officers[agency]:
        year.join(name, agency, Role.COORDINATOR if agency == "kominfo" else Role.OFFICER)


def people_leave(year: YearOffice, agency: str) -> None:
    """All officers of an agency are taken off its list, one after another."""
    year.write(lambda desk: [letter for each in desk.officers(agency) for letter in _leaves(desk, each)])


def one_leaves(year: YearOffice, agency: str) -> None:
    """The first officer of an agency leaves; a colleague gets the reports."""
    year.write(lambda desk: _leaves(desk, desk.officers(agency)[0], desk.officers(agency)[1].contact))


def _leaves(desk: RecordDesk, officer: Any, heir: int | None = None) -> Sequence[Letter]:
    return leaving.removed(desk, officer, heir, Role.COORDINATOR, officer.contact)


def decrees_end(year: YearOffice, agency: str) -> None:
    """All officers of an agency have a decree that ends in three weeks."""
    last = year.now.date() + timedelta(days=21)

    def dated(desk: RecordDesk) -> Sequence[Letter]:
        for each in desk.officers(agency):
            desk.enrol(replace(each, valid_until=last))
        return ()

    year.write(dated)


def calendar_changes(year: YearOffice, _: str) -> None:
    """Another list of free days is imported."""
    with year.engine.connect() as connection:
        kept = connection.execute(t.holidays.select().where(t.holidays.c.seeded.is_(False))).mappings().all()
    rows = [{name: row[name] for name in ("date", "area", "name", "kind")} for row in kept]
    rows = [row for row in rows if row["date"] != NO_LONGER_FREE]
    added = [{"date": day, "area": "", "name": "Cuti bersama tambahan", "kind": "joint_leave"} for day in NEW_DAYS]
    year.import_days([*rows, *added])


TROUBLES = (
    Trouble(40, chat_lost, "dlh"),
    Trouble(61, chat_back, "dlh"),
    Trouble(75, one_leaves, "dishub"),
    Trouble(90, people_leave, "dpkp"),
    Trouble(118, chat_back, "dpkp"),
    Trouble(120, chat_lost, "upt-jalan-pasirian"),
    Trouble(130, decrees_end, "dispar"),
    Trouble(135, decrees_end, "perumdam"),
    Trouble(150, chat_back, "upt-jalan-pasirian"),
    Trouble(172, chat_back, "dispar"),
    Trouble(185, chat_back, "perumdam"),
    Trouble(181, calendar_changes, ""),
    Trouble(200, chat_lost, "kominfo"),
    Trouble(206, chat_back, "kominfo"),
    Trouble(250, chat_lost, "bprd"),
    Trouble(251, chat_lost, "kominfo"),
    Trouble(252, chat_lost, "setda"),
    Trouble(262, chat_back, "setda"),
    Trouble(266, chat_back, "kominfo"),
    Trouble(280, chat_back, "bprd"),
)
