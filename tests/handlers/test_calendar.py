"""An agency's calendar, clocks and place in the tree are those of the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.facts import Agency, Area, Clock, Facts, Holiday
from handlers.rules.workdays import Calendar, deadline, missing_years

NATIONAL = date(2026, 12, 25)
PROVINCE = date(2026, 10, 12)
REGENCY = date(2026, 10, 13)
DISTRICT = date(2026, 10, 14)
SATURDAY = date(2026, 11, 21)

FACTS = Facts(
    agencies=(
        Agency("setda", "Sekretariat Daerah", kind="leader", area="35.08"),
        Agency("kominfo", "Dinas Kominfo", "setda", "coordinator", "35.08"),
        Agency("dpu", "Dinas PU", "kominfo", area="35.08"),
        Agency("upt", "UPT Jalan", "dpu", area="35.08.04"),
        Agency("bali", "Dinas di Bali", area="51", zone="Asia/Makassar"),
        Agency("pusat", "Kementerian"),
    ),
    areas=(
        Area("35", "Jawa Timur"),
        Area("35.08", "Lumajang", "35"),
        Area("35.08.04", "Pasirian", "35.08"),
        Area("51", "Bali"),
    ),
    holidays=(
        Holiday(NATIONAL, "Natal"),
        Holiday(PROVINCE, "Hari jadi provinsi", "regional", "35"),
        Holiday(REGENCY, "Hari jadi kabupaten", "regional", "35.08"),
        Holiday(DISTRICT, "Pilkades", "regional", "35.08.04"),
        Holiday(SATURDAY, "Sabtu kerja", "working", "35.08"),
    ),
)


def free(calendar: Calendar) -> list[int]:
    """Which of the days above are free, as their place in the list."""
    days = (NATIONAL, PROVINCE, REGENCY, DISTRICT, SATURDAY)
    return [place for place, day in enumerate(days) if not calendar.is_working(day)]


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        ("upt", [0, 1, 2, 3]),
        ("dpu", [0, 1, 2]),
        ("kominfo", [0, 1, 2]),
        ("bali", [0, 4]),
        ("pusat", [0, 4]),
        ("tidak-ada", [0, 1, 2]),
        ("", [0, 1, 2]),
    ],
)
def test_days_hold_in_their_area_and_below(agency: str, expected: list[int]) -> None:
    """A regional day is free, and a worked one worked, for the agencies of its area and of those below."""
    assert free(FACTS.calendar(agency)) == expected


def test_the_nearest_area_has_the_last_word() -> None:
    """A regency may work on a day that is free for all, and a district be free on it again."""
    own = (Holiday(NATIONAL, "Piket", "working", "35.08"), Holiday(NATIONAL, "Ibadah", "regional", "35.08.04"))
    facts = replace(FACTS, holidays=(*FACTS.holidays, *own))
    assert facts.calendar("dpu").is_working(NATIONAL)
    assert facts.calendar("upt").reason(NATIONAL) == "Ibadah"
    assert facts.calendar("bali").reason(NATIONAL) == "Natal"
    assert FACTS.calendar("dpu").reason(NATIONAL) == "Natal"


def test_the_zone_is_the_agencys() -> None:
    """An agency's zone counts, without a known agency the coordinator's, and without that one Jakarta's."""
    assert FACTS.calendar("bali").zone == "Asia/Makassar"
    assert FACTS.calendar("tidak-ada").zone == "Asia/Jakarta"
    east = replace(FACTS, agencies=tuple(replace(each, zone="Asia/Jayapura") for each in FACTS.agencies))
    assert east.calendar("tidak-ada").zone == "Asia/Jayapura"
    nobody = replace(FACTS, agencies=())
    assert (nobody.calendar("dpu").zone, free(nobody.calendar("dpu"))) == ("Asia/Jakarta", [0, 4])


def test_agencies_of_one_place_share_a_calendar() -> None:
    """A calendar is made once for each zone and area."""
    assert FACTS.calendar("dpu") is FACTS.calendar("kominfo")
    assert FACTS.calendar("dpu") is not FACTS.calendar("upt")


def test_deadlines_know_the_region() -> None:
    """The same event is due later where more days are free."""
    event = datetime(2026, 10, 9, 3, tzinfo=UTC)
    due = [deadline(event, 1, FACTS.calendar(agency)).day for agency in ("pusat", "dpu", "upt")]
    assert due == [12, 14, 15]


def test_years_are_known_by_national_days() -> None:
    """Imported national days or any joint leave tell a year; regional, worked and expected days do not."""
    days = (
        Holiday(date(2025, 1, 1), "Tahun Baru"),
        Holiday(date(2026, 1, 1), "Tahun Baru", seeded=True),
        Holiday(date(2027, 3, 9), "Cuti bersama", "joint_leave", seeded=True),
        Holiday(date(2028, 7, 1), "Hari jadi", "regional", "35"),
        Holiday(date(2029, 7, 7), "Sabtu kerja", "working"),
    )
    facts = replace(FACTS, holidays=days)
    assert facts.known_years == {2025, 2027}
    calendar = facts.calendar("dpu")
    assert missing_years(datetime(2025, 5, 1, tzinfo=UTC), datetime(2028, 5, 1, tzinfo=UTC), calendar) == {2026, 2028}


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 30), []),
        (date(2026, 10, 1), [2027]),
        (date(2026, 12, 31), [2027]),
        (date(2027, 1, 1), [2027]),
        (date(2027, 10, 1), [2027, 2028]),
        (date(2025, 12, 1), [2025]),
    ],
)
def test_the_next_year_is_missed_from_october_on(today: date, expected: list[int]) -> None:
    """This year is missed at any time, the next one only when its decree should have come."""
    assert FACTS.missing(today) == expected


def test_the_agencies_above() -> None:
    """Nearest first, up to the one without a parent; none for an unknown one."""
    assert FACTS.ancestors("upt") == ("dpu", "kominfo", "setda")
    assert FACTS.ancestors("setda") == FACTS.ancestors("tidak-ada") == FACTS.ancestors("") == ()


def test_the_agencies_above_are_known_and_end() -> None:
    """A circle ends where it closes, and a parent that does not exist is nobody."""
    circle = replace(FACTS, agencies=(Agency("a", "A", "b"), Agency("b", "B", "a"), Agency("c", "C", "hilang")))
    assert (circle.ancestors("a"), circle.ancestors("b"), circle.ancestors("c")) == (("b",), ("a",), ())


def clock(policy: str, step: str, days: int, year: int, report_type: str = "", klass: str = "") -> Clock:
    """A row of the clocks."""
    return Clock(policy, step, report_type, klass, days, "working_day", "", date(year, 1, 1))


CLOCKED = Facts(
    clocks=(
        clock("2018", "verification", 3, 2018),
        clock("2018", "resolution", 14, 2018, "complaint"),
        clock("2018", "resolution", 60, 2018, "complaint", "supervisory"),
        clock("2026", "verification", 2, 2026),
        clock("2026", "resolution", 10, 2026, "complaint"),
        clock("2026", "objection", 30, 2026),
        clock("2028", "verification", 1, 2028),
    )
)


@pytest.mark.parametrize(
    ("step", "klass", "policy", "days"),
    [
        ("verification", "", "2018", 3),
        ("verification", "", "2026", 2),
        ("verification", "", "2028", 1),
        ("verification", "", "", 2),
        ("verification", "", "1999", 2),
        ("resolution", "supervisory", "2018", 60),
        ("resolution", "non_supervisory", "2018", 14),
        ("resolution", "supervisory", "2026", 10),
        ("objection", "", "2018", 30),
    ],
)
def test_the_policy_of_the_ticket_counts(step: str, klass: str, policy: str, days: int) -> None:
    """Its own rows, whatever came since; where it has none, those in force on the day."""
    found = CLOCKED.clock(step, "complaint", klass, policy, date(2026, 11, 3))
    assert found
    assert found.days == days


def test_a_step_without_a_clock_has_none() -> None:
    """Unknown steps, other types of report, and rows that are not yet in force give no clock."""
    on = date(2026, 11, 3)
    assert CLOCKED.clock("promise", "complaint", "", "2018", on) is None
    assert CLOCKED.clock("resolution", "aspiration", "", "2018", on) is None
    assert CLOCKED.clock("objection", "complaint", "", "2018", date(2025, 1, 1)) is None
