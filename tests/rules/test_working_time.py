"""Working time adds up exactly, and every day of a deadline is accounted for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.workdays import (
    A_DAY,
    Calendar,
    counted,
    day_number,
    deadline,
    in_days,
    working_time,
)
from tests.rules.calendars import CALENDARS, COUNTS, MOMENTS, NEW_YEAR, REGENCY, WIB, WIT, WITA, local

# From, until, and the minutes of office hours between. 19 November 2026 is a Thursday.
SPANS = (
    ("2026-11-19T07:30", "2026-11-19T16:00", 450),
    ("2026-11-19T00:00", "2026-11-19T07:30", 0),
    ("2026-11-19T07:29", "2026-11-19T07:31", 1),
    ("2026-11-19T12:00", "2026-11-19T13:00", 0),
    ("2026-11-19T11:59", "2026-11-19T13:01", 2),
    ("2026-11-19T12:15", "2026-11-19T12:45", 0),
    ("2026-11-19T15:59", "2026-11-19T23:59", 1),
    ("2026-11-20T07:30", "2026-11-20T16:30", 450),
    ("2026-11-20T11:30", "2026-11-20T13:00", 0),
    ("2026-11-20T16:00", "2026-11-23T08:00", 60),
    ("2026-11-21T08:00", "2026-11-22T20:00", 0),
    ("2026-11-16T00:00", "2026-11-23T00:00", 5 * 450),
    ("2026-03-17T15:00", "2026-03-25T08:30", 120),
    ("2026-01-01T00:00", "2027-01-01T00:00", 240 * 450),
    ("2026-11-19T10:00", "2026-11-19T10:00", 0),
    ("2026-11-19T16:00", "2026-11-19T07:30", 0),
)
PART = st.timedeltas(timedelta(0), timedelta(days=40))


@pytest.mark.parametrize(("since", "until", "minutes"), SPANS)
def test_office_hours(since: str, until: str, minutes: int) -> None:
    """Only office hours count: no breaks, nights, weekends or free days."""
    assert working_time(local(since), local(until), WIB) == timedelta(minutes=minutes)


def test_a_worked_saturday_has_its_hours() -> None:
    """A Saturday that is worked is as long as any day."""
    span = local("2026-11-21T00:00"), local("2026-11-22T00:00")
    assert working_time(*span, REGENCY) == A_DAY
    assert working_time(*span, WIB) == timedelta()


def test_office_hours_are_the_offices_own() -> None:
    """The same two instants hold more or less of the day's work by the office's zone."""
    since, until = datetime(2026, 11, 19, 0, 0, tzinfo=UTC), datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    assert [working_time(since, until, calendar) for calendar in (WIB, WITA, WIT)] == [
        timedelta(hours=1, minutes=30),
        timedelta(hours=2),
        timedelta(hours=2),
    ]


def test_time_as_days() -> None:
    """Seven hours and a half are a day, and a tenth of it is exactly that."""
    assert in_days(A_DAY * 3) == 3
    assert in_days(A_DAY / 10) == Fraction(1, 10)
    assert in_days(timedelta()) == 0


def test_each_day_is_explained() -> None:
    """From the event to the last day: its number, or why it was skipped."""
    found = counted(local("2026-12-23T16:01"), 4, NEW_YEAR)
    assert [(each.day.isoformat()[5:], each.number, each.reason) for each in found] == [
        ("12-23", None, "closed"),
        ("12-24", None, "Cuti bersama"),
        ("12-25", None, "Libur nasional"),
        ("12-26", None, "weekend"),
        ("12-27", None, "weekend"),
        ("12-28", 0, ""),
        ("12-29", 1, ""),
        ("12-30", 2, ""),
        ("12-31", 3, ""),
        ("01-01", None, "Tahun Baru 2027"),
        ("01-02", None, "weekend"),
        ("01-03", None, "weekend"),
        ("01-04", 4, ""),
    ]


def test_calendar_days_are_all_counted() -> None:
    """Where all days count, none is skipped."""
    found = counted(local("2026-12-24T22:00"), 3, WIB, working=False)
    assert [(each.day.day, each.number, each.reason) for each in found] == [
        (24, 0, ""),
        (25, 1, ""),
        (26, 2, ""),
        (27, 3, ""),
    ]


def test_moments_without_zone_have_no_hours() -> None:
    """A moment that does not say its zone is an error."""
    naive, aware = datetime(2026, 11, 19, 10), local("2026-11-19T10:00")
    for pair in ((naive, aware), (aware, naive)):
        with pytest.raises(ValueError, match="without a zone"):
            working_time(*pair, WIB)
    with pytest.raises(ValueError, match="without a zone"):
        counted(naive, 1, WIB)


def test_the_end_of_the_calendar_has_no_day_after() -> None:
    """The last day that a computer can name can be counted, and the one after it is refused."""
    last = datetime(9999, 12, 30, 1, tzinfo=UTC)
    assert counted(last, 1, WIB)[-1].day == date(9999, 12, 31)
    with pytest.raises(ValueError, match="beyond the last day"):
        deadline(last, 2, WIB, working=False)


@given(since=MOMENTS, first=PART, second=PART, calendar=CALENDARS)
@settings(deadline=None)
def test_parts_add_up(since: datetime, first: timedelta, second: timedelta, calendar: Calendar) -> None:
    """The working time of two parts is exactly that of the whole, and never more than the time that passed."""
    between, until = since + first, since + first + second
    whole = working_time(since, until, calendar)
    assert working_time(since, between, calendar) + working_time(between, until, calendar) == whole
    assert timedelta() <= whole <= until - since
    assert in_days(whole) == in_days(working_time(since, between, calendar)) + in_days(
        working_time(between, until, calendar)
    )


@given(start=MOMENTS, days=COUNTS, working=st.booleans(), calendar=CALENDARS)
@settings(deadline=None)
def test_the_explanation_is_the_deadline(start: datetime, days: int, working: bool, calendar: Calendar) -> None:
    """The days that are explained follow each other from the event to the deadline, and bear all numbers once."""
    found = counted(start, days, calendar, working)
    zone = ZoneInfo(calendar.zone)
    assert found[0].day == start.astimezone(zone).date()
    assert found[-1].day == deadline(start, days, calendar, working).astimezone(zone).date()
    assert [each.day for each in found] == [found[0].day + timedelta(n) for n in range(len(found))]
    assert [each.number for each in found if each.number is not None] == list(range(days + 1))
    assert all((each.number is None) == bool(each.reason) for each in found)
    assert found[-1].number == days
    numbered = {each.number: each.day for each in found}
    assert all(day_number(start, n, calendar, working) == numbered[n] for n in (0, days // 2, days))


@given(start=MOMENTS, wait=PART, days=COUNTS, more=st.integers(0, 9), working=st.booleans(), calendar=CALENDARS)
@settings(deadline=None)
def test_deadlines_keep_their_order(
    start: datetime, wait: timedelta, days: int, more: int, working: bool, calendar: Calendar
) -> None:
    """A later event, or more days, is never due earlier."""
    due = deadline(start, days, calendar, working)
    assert due <= deadline(start + wait, days, calendar, working)
    assert due <= deadline(start, days + more, calendar, working)
    assert deadline(start, days, calendar, working=False) <= deadline(start, days, calendar)


@given(start=MOMENTS, days=COUNTS, calendar=CALENDARS)
@settings(deadline=None)
def test_a_deadline_leaves_its_days(start: datetime, days: int, calendar: Calendar) -> None:
    """Until the deadline an office has at least so many whole days of work, and less than one more."""
    left = in_days(working_time(start, deadline(start, days, calendar), calendar))
    assert days <= left <= days + 1
