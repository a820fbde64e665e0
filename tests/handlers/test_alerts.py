"""What an office hears in the morning of decrees that end and of agencies that are short of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from handlers import alerts
from handlers.desk import Officer
from handlers.rules.ticket import Role
from storage.desk import RecordDesk
from tests.handlers import Overheard, contact, desk, faults, sample_office

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 11, 2)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def ends(stage: Overheard, person: str, day: date, agency: str = "dputr") -> None:
    """An officer's decree ends on this day."""
    ident = contact(stage, f"p:{person}")
    with stage.engine.begin() as connection:
        desk(stage, connection).enrol(Officer(ident, agency, Role.OFFICER, day, 1))


def lines(stage: Overheard, agency: str, day: date) -> str:
    """What an agency hears on the morning of a day."""
    stage.now = datetime(day.year, day.month, day.day, 8, 0, tzinfo=WIB)
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        return "\n".join(at.render(each, "id") for each in alerts.of(at, agency))


# The end of the decree, and the mornings on which it is spoken of; the last two fall on or near weekends.
ENDS = {
    date(2026, 11, 20): [date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 19)],
    date(2026, 11, 22): [date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20)],
    date(2026, 11, 23): [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 20)],
}


@pytest.mark.parametrize("end", ENDS)
def test_the_end_of_a_decree_is_told_three_times(stage: Overheard, end: date) -> None:
    """Fourteen, seven and one day before; where that day is free, on the working day before it."""
    ends(stage, "Rini Astutik", end)
    days = [MONDAY + timedelta(days=n) for n in range(30)]
    working = [day for day in days if day.weekday() < 5]
    assert [day for day in working if "SK Rini Astutik berakhir" in lines(stage, "dputr", day)] == ENDS[end]
    mine = [day for day in working if "Dinas PU (jalan, sungai) berakhir" in lines(stage, "kominfo", day)]
    assert mine == ENDS[end]


def test_other_agencies_hear_nothing_of_it(stage: Overheard) -> None:
    """Only the agency itself and the coordinator are told."""
    ends(stage, "Rini Astutik", date(2026, 11, 16))
    assert lines(stage, "dishub", MONDAY) == lines(stage, "setda", MONDAY) == ""


def test_officers_whose_decrees_end_together_stand_in_one_line(stage: Overheard) -> None:
    """One line for each end, however many it concerns."""
    for person in ("Rini Astutik", "Agus Wibowo"):
        ends(stage, person, date(2026, 11, 16))
    said = lines(stage, "dputr", MONDAY)
    assert said.count("⚠️") == 1
    assert "Agus Wibowo, Rini Astutik berakhir Senin, 16 November 2026 (14 hari lagi)" in said
    assert lines(stage, "kominfo", MONDAY).count("⚠️ SK di") == 1


def test_the_coordinator_hears_once_a_week_what_is_missing(stage: Overheard) -> None:
    """On the first working day of a week, and only where something is missing."""
    assert lines(stage, "kominfo", MONDAY) == ""
    ends(stage, "Yanto Saputra", date(2026, 10, 30), "dispar")
    said = lines(stage, "kominfo", MONDAY)
    assert "SK berlaku: 26 dari 26 instansi (100 %)." in said
    assert "Hanya satu petugas: Dinas Pariwisata." in said
    assert lines(stage, "kominfo", MONDAY + timedelta(days=1)) == ""
    assert lines(stage, "dispar", MONDAY) == ""


def test_a_monday_off_moves_the_week_to_tuesday(stage: Overheard) -> None:
    """Where Monday is a holiday the week begins on its first working day."""
    ends(stage, "Yanto Saputra", date(2026, 3, 1), "dispar")
    # Idulfitri 2026: Friday 20 to Tuesday 24 March are free.
    assert "Hanya satu" in lines(stage, "kominfo", date(2026, 3, 25))
    assert "Hanya satu" not in lines(stage, "kominfo", date(2026, 3, 26))


def test_all_agencies_are_one_question_to_the_record(stage: Overheard) -> None:
    """However many agencies have their morning, their officers are asked for once."""
    asked: list[str] = []
    with stage.engine.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        at = RecordDesk(connection, stage.office, stage.now)
        for agency in at.facts.agencies:
            alerts.of(at, agency.code)
    assert len([each for each in asked if "FROM officers" in each]) == 1
    assert len(asked) == 1


def test_an_agency_with_nothing_else_to_hear_is_told_all_the_same(stage: Overheard) -> None:
    """The warning comes with the morning's message, once."""
    ends(stage, "Hari Santoso", date(2026, 11, 10), "dishub")
    stage.now = datetime(2026, 11, 3, 8, 0, tzinfo=WIB)
    said = "\n".join(stage.wait(timedelta(minutes=1)))
    assert said.count("SK Hari Santoso berakhir") == 1
    assert "SK Hari Santoso" not in "\n".join(stage.wait(timedelta(minutes=1)))
