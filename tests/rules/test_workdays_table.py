"""A table of events and when they are due: Lebaran, year's end, closing times, zones, an office's own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from handlers.rules.workdays import Calendar, at, day_number, deadline
from tests.rules.calendars import NEW_YEAR, REGENCY, WIB, WIT, WITA, end_of, local

# Free from Wednesday 18 to Tuesday 24 March 2026: Nyepi, Idulfitri, and joint leave around them.
LEBARAN = (
    ("2026-03-13T07:00", 3, "2026-03-25"),
    ("2026-03-13T16:30", 3, "2026-03-25"),
    ("2026-03-13T16:31", 3, "2026-03-26"),
    ("2026-03-14T09:00", 1, "2026-03-17"),
    ("2026-03-15T23:59", 1, "2026-03-17"),
    ("2026-03-16T00:00", 1, "2026-03-17"),
    ("2026-03-16T16:00", 1, "2026-03-17"),
    ("2026-03-16T16:01", 1, "2026-03-25"),
    ("2026-03-17T10:00", 1, "2026-03-25"),
    ("2026-03-17T16:01", 1, "2026-03-26"),
    ("2026-03-18T08:00", 0, "2026-03-25"),
    ("2026-03-18T10:00", 3, "2026-03-30"),
    ("2026-03-19T12:00", 1, "2026-03-26"),
    ("2026-03-20T16:45", 1, "2026-03-26"),
    ("2026-03-21T00:00", 1, "2026-03-26"),
    ("2026-03-22T23:59", 1, "2026-03-26"),
    ("2026-03-23T09:00", 5, "2026-04-01"),
    ("2026-03-24T23:59", 1, "2026-03-26"),
    ("2026-03-25T00:00", 1, "2026-03-26"),
    ("2026-03-25T16:00", 1, "2026-03-26"),
    ("2026-03-25T16:01", 1, "2026-03-27"),
    ("2026-03-25T17:00", 6, "2026-04-06"),
)

# 24 and 25 December, 1 and 5 January are free.
TURN_OF_THE_YEAR = (
    ("2026-12-22T10:00", 10, "2027-01-11"),
    ("2026-12-22T10:00", 14, "2027-01-15"),
    ("2026-12-23T10:00", 1, "2026-12-28"),
    ("2026-12-23T16:01", 1, "2026-12-29"),
    ("2026-12-24T10:00", 2, "2026-12-30"),
    ("2026-12-31T10:00", 1, "2027-01-04"),
    ("2026-12-31T16:01", 1, "2027-01-06"),
    ("2026-12-31T23:59:59", 0, "2027-01-04"),
    ("2027-01-01T00:00", 1, "2027-01-06"),
    ("2027-01-04T16:00", 1, "2027-01-06"),
)

# One instant, and the day on which one working day after it ends in WIB, WITA and WIT.
CLOSING = (
    ("2026-11-19T07:00:00", "20 20 20"),
    ("2026-11-19T07:00:01", "20 20 23"),
    ("2026-11-19T08:00:00", "20 20 23"),
    ("2026-11-19T08:00:01", "20 23 23"),
    ("2026-11-19T09:00:00", "20 23 23"),
    ("2026-11-19T09:00:01", "23 23 23"),
    ("2026-11-20T07:30:00", "23 23 23"),
    ("2026-11-20T07:30:01", "23 23 24"),
    ("2026-11-20T08:30:00", "23 23 24"),
    ("2026-11-20T08:30:01", "23 24 24"),
    ("2026-11-20T09:30:00", "23 24 24"),
    ("2026-11-20T09:30:01", "24 24 24"),
    ("2026-11-22T15:00:00", "24 24 24"),
)

# One instant, and the day on which one calendar day after it ends in WIB, WITA and WIT.
MIDNIGHT = (
    ("2026-11-23T14:59:59", "24 24 24"),
    ("2026-11-23T15:00:00", "24 24 25"),
    ("2026-11-23T15:59:59", "24 24 25"),
    ("2026-11-23T16:00:00", "24 25 25"),
    ("2026-11-23T16:59:59", "24 25 25"),
    ("2026-11-23T17:00:00", "25 25 25"),
)

# The regency is free on Tuesday 13 October and works on Saturday 21 November and on 24 December.
OWN_DAYS = (
    ("2026-10-12T10:00", 1, "2026-10-14"),
    ("2026-10-12T16:01", 1, "2026-10-15"),
    ("2026-10-13T10:00", 1, "2026-10-15"),
    ("2026-11-20T10:00", 1, "2026-11-21"),
    ("2026-11-20T16:31", 1, "2026-11-23"),
    ("2026-11-21T16:00", 1, "2026-11-23"),
    ("2026-11-21T16:01", 1, "2026-11-24"),
    ("2026-12-23T10:00", 1, "2026-12-24"),
    ("2026-12-24T10:00", 1, "2026-12-28"),
)

CALENDAR_DAYS = (
    ("2026-11-19T23:59:59", 0, "2026-11-19"),
    ("2026-11-21T10:00", 0, "2026-11-21"),
    ("2026-11-19T17:00", 1, "2026-11-20"),
    ("2026-03-17T23:00", 3, "2026-03-20"),
    ("2026-01-31T10:00", 30, "2026-03-02"),
    ("2026-12-31T23:59:59", 1, "2027-01-01"),
)


@pytest.mark.parametrize(("event", "days", "due"), LEBARAN)
def test_lebaran(event: str, days: int, due: str) -> None:
    """Around Lebaran the days are counted over the free week."""
    assert deadline(local(event), days, WIB) == end_of(due)


@pytest.mark.parametrize(("event", "days", "due"), TURN_OF_THE_YEAR)
def test_turn_of_the_year(event: str, days: int, due: str) -> None:
    """At the turn of the year the days go on in the next."""
    assert deadline(local(event), days, NEW_YEAR) == end_of(due)


@pytest.mark.parametrize(("event", "due"), CLOSING)
def test_closing_time_in_three_zones(event: str, due: str) -> None:
    """One instant is before closing time in the west and after it in the east."""
    instant = datetime.fromisoformat(event).replace(tzinfo=UTC)
    for calendar, day in zip((WIB, WITA, WIT), due.split(), strict=True):
        assert deadline(instant, 1, calendar) == end_of(f"2026-11-{day}", calendar), calendar.zone


@pytest.mark.parametrize(("event", "due"), MIDNIGHT)
def test_midnight_in_three_zones(event: str, due: str) -> None:
    """One instant is before midnight in the west and after it in the east."""
    instant = datetime.fromisoformat(event).replace(tzinfo=UTC)
    for calendar, day in zip((WIB, WITA, WIT), due.split(), strict=True):
        assert deadline(instant, 1, calendar, working=False) == end_of(f"2026-11-{day}", calendar), calendar.zone


@pytest.mark.parametrize(("event", "days", "due"), OWN_DAYS)
def test_an_offices_own_days(event: str, days: int, due: str) -> None:
    """Regional free days do not count, and days that are worked all the same do."""
    assert deadline(local(event), days, REGENCY) == end_of(due)


@pytest.mark.parametrize(("event", "days", "due"), CALENDAR_DAYS)
def test_calendar_days(event: str, days: int, due: str) -> None:
    """Where all days count, day 1 is the day after the event, whatever the hour."""
    assert deadline(local(event), days, WIB, working=False) == end_of(due)


def test_the_day_of_a_number() -> None:
    """Day 0 is the day of receipt, and each number has a day of its own."""
    assert [day_number(local("2026-03-16T10:00"), number, WIB).day for number in range(4)] == [16, 17, 25, 26]
    assert [day_number(local("2026-03-18T10:00"), number, WIB, working=False).day for number in (0, 1)] == [18, 19]


@pytest.mark.parametrize(("calendar", "hour"), [(WIB, 1), (WITA, 0), (WIT, -1)])
def test_an_hour_of_the_office(calendar: Calendar, hour: int) -> None:
    """08.00 on the office's clock is an instant in UTC."""
    expected = datetime(2026, 11, 3, hour, tzinfo=UTC) if hour >= 0 else datetime(2026, 11, 2, 23, tzinfo=UTC)
    moment = at(date(2026, 11, 3), time(8), calendar)
    assert (moment, moment.utcoffset()) == (expected, expected.utcoffset())


def test_why_a_day_is_free() -> None:
    """The day's name, or the weekend; a day that is worked all the same has no reason."""
    days = ("2026-11-19", "2026-11-21", "2026-11-22", "2026-10-13", "2026-12-24", "2026-12-25", "2026-03-21")
    assert [REGENCY.reason(date.fromisoformat(day)) for day in days] == [
        "",
        "",
        "weekend",
        "Hari jadi kabupaten",
        "",
        "Libur nasional",
        "Libur nasional",
    ]
