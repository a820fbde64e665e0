"""Deadlines fall on the working day that the rules of government offices give."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.workdays import Calendar, deadline, missing_years, working_days_left
from tests.rules.calendars import CALENDARS, COUNTS, MOMENTS, WIB, WIT, WITA, end_of, local

DECREED = (
    ("2026-03-13", 3, "2026-03-25"),
    ("2026-03-13", 5, "2026-03-27"),
    ("2026-03-13", 10, "2026-04-06"),
    ("2026-03-13", 14, "2026-04-10"),
    ("2026-03-17", 3, "2026-03-27"),
    ("2026-03-17", 5, "2026-03-31"),
    ("2026-03-17", 10, "2026-04-08"),
    ("2026-03-17", 14, "2026-04-14"),
    ("2026-05-13", 3, "2026-05-20"),
    ("2026-05-13", 5, "2026-05-22"),
    ("2026-05-13", 10, "2026-06-03"),
    ("2026-05-13", 14, "2026-06-09"),
    ("2026-12-22", 3, "2026-12-29"),
    ("2026-12-22", 5, "2026-12-31"),
)

# Thursday 19 November 2026 is an ordinary day, Friday 20 closes half an hour later.
RECEIVED = (
    ("2026-11-19T00:00:00", "2026-11-20"),
    ("2026-11-19T07:29:59", "2026-11-20"),
    ("2026-11-19T07:30:00", "2026-11-20"),
    ("2026-11-19T16:00:00", "2026-11-20"),
    ("2026-11-19T16:00:01", "2026-11-23"),
    ("2026-11-19T23:59:59", "2026-11-23"),
    ("2026-11-20T16:30:00", "2026-11-23"),
    ("2026-11-20T16:30:01", "2026-11-24"),
    ("2026-11-21T10:00:00", "2026-11-24"),
    ("2026-11-22T23:59:59", "2026-11-24"),
    ("2026-11-23T06:00:00", "2026-11-24"),
    ("2026-03-17T16:01:00", "2026-03-26"),
    ("2026-03-18T10:00:00", "2026-03-26"),
    ("2026-03-25T10:00:00", "2026-03-26"),
)


@pytest.mark.parametrize("calendar", [WIB, WITA, WIT])
@pytest.mark.parametrize(("event", "days", "due"), DECREED)
def test_deadlines_of_2026(event: str, days: int, due: str, calendar: Calendar) -> None:
    """An event at ten in the morning is due on the day that the decree of 2026 gives."""
    assert deadline(local(f"{event}T10:00", calendar), days, calendar) == end_of(due, calendar)


@pytest.mark.parametrize(("event", "due"), RECEIVED)
def test_receipt_outside_office_hours(event: str, due: str) -> None:
    """What comes after closing time or on a free day counts as received on the next working day."""
    assert deadline(local(event), 1, WIB) == end_of(due)


def test_no_days_means_the_day_of_receipt() -> None:
    """A deadline of no days ends with the working day of receipt."""
    assert deadline(local("2026-11-19T10:00"), 0, WIB) == end_of("2026-11-19")
    assert deadline(local("2026-11-21T10:00"), 0, WIB) == end_of("2026-11-23")


def test_the_last_second_of_the_day_differs_by_zone() -> None:
    """The same last day ends one hour earlier in each zone to the east."""
    due = [deadline(local("2026-03-13T10:00", calendar), 3, calendar) for calendar in (WIB, WITA, WIT)]
    assert [moment.isoformat() for moment in due] == [
        "2026-03-25T16:59:59+00:00",
        "2026-03-25T15:59:59+00:00",
        "2026-03-25T14:59:59+00:00",
    ]


def test_closing_time_is_the_offices_own() -> None:
    """One instant is still Thursday's work in Jakarta and already Friday's in the east."""
    event = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
    assert deadline(event, 1, WIB) == end_of("2026-11-20", WIB)
    assert deadline(event, 1, WITA) == end_of("2026-11-23", WITA)
    assert deadline(event, 1, WIT) == end_of("2026-11-23", WIT)


def test_midnight_is_the_offices_own() -> None:
    """One instant before midnight in Jakarta is Sunday there and Monday in the east."""
    now, due = datetime(2026, 11, 22, 16, 30, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert [working_days_left(now, due, calendar) for calendar in (WIB, WITA, WIT)] == [2, 1, 1]


def test_the_year_can_change_between_zones() -> None:
    """One instant can be this year in Jakarta and next year in Jayapura."""
    start, due = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert missing_years(start, due, WIB) == frozenset()
    assert missing_years(start, due, WITA) == missing_years(start, due, WIT) == frozenset({2027})


def test_years_without_holidays_are_named() -> None:
    """A deadline that reaches into a year whose holidays are unknown says so."""
    start = local("2026-12-22T10:00")
    assert missing_years(start, deadline(start, 5, WIB), WIB) == frozenset()
    assert missing_years(start, deadline(start, 10, WIB), WIB) == frozenset({2027})
    assert missing_years(local("2025-06-01T10:00"), local("2028-01-02T10:00"), WIB) == {2025, 2027, 2028}


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-18T09:00", 2),
        ("2026-11-19T23:59", 1),
        ("2026-11-20T00:00", 0),
        ("2026-11-20T23:59", 0),
        ("2026-11-21T00:00", -1),
        ("2026-11-23T08:00", -1),
        ("2026-11-24T08:00", -2),
    ],
)
def test_days_left(now: str, left: int) -> None:
    """The due day has no days left, each working day before counts one, and after it the sign turns."""
    assert working_days_left(local(now), end_of("2026-11-20"), WIB) == left


@pytest.mark.parametrize("days", [-1, -60])
def test_negative_days_are_refused(days: int) -> None:
    """A deadline before its start is an error."""
    with pytest.raises(ValueError, match="before its start"):
        deadline(local("2026-11-19T10:00"), days, WIB)


def test_moments_without_zone_are_refused() -> None:
    """A moment that does not say its zone is an error everywhere."""
    naive, aware = datetime(2026, 11, 19, 10), local("2026-11-19T10:00")
    with pytest.raises(ValueError, match="without a zone"):
        deadline(naive, 1, WIB)
    for pair in ((naive, aware), (aware, naive)):
        with pytest.raises(ValueError, match="without a zone"):
            working_days_left(*pair, WIB)
        with pytest.raises(ValueError, match="without a zone"):
            missing_years(*pair, WIB)


def test_the_end_of_the_calendar_is_refused() -> None:
    """A deadline beyond the last day that a computer can name is an error."""
    with pytest.raises(ValueError, match="beyond the last day"):
        deadline(datetime(9999, 12, 20, tzinfo=UTC), 30, WIB)


@given(start=MOMENTS, days=COUNTS, calendar=CALENDARS)
@settings(deadline=None)
def test_a_deadline_ends_a_working_day(start: datetime, days: int, calendar: Calendar) -> None:
    """A deadline is the last second of a working day, in UTC, never before its start."""
    due = deadline(start, days, calendar)
    there = due.astimezone(ZoneInfo(calendar.zone))
    assert due.utcoffset() == timedelta(0)
    assert there.time() == time(23, 59, 59)
    assert calendar.is_working(there.date())
    assert due > start - timedelta(seconds=1)


@given(start=MOMENTS, wait=st.timedeltas(timedelta(0), timedelta(days=9)), days=COUNTS, calendar=CALENDARS)
@settings(deadline=None)
def test_later_events_are_never_due_earlier(start: datetime, wait: timedelta, days: int, calendar: Calendar) -> None:
    """A later event is due at the same time or later."""
    assert deadline(start, days, calendar) <= deadline(start + wait, days, calendar)


@given(start=MOMENTS, days=COUNTS, more=st.integers(1, 9), calendar=CALENDARS)
@settings(deadline=None)
def test_days_add_up(start: datetime, days: int, more: int, calendar: Calendar) -> None:
    """A deadline with more days has exactly so many working days more."""
    first, later = deadline(start, days, calendar), deadline(start, days + more, calendar)
    assert working_days_left(first, later, calendar) == more
    assert working_days_left(later, first, calendar) == -more


@given(start=MOMENTS, days=COUNTS, hours=st.integers(-12, 14), calendar=CALENDARS)
@settings(deadline=None)
def test_the_zone_of_the_moment_does_not_matter(start: datetime, days: int, hours: int, calendar: Calendar) -> None:
    """The same instant written in another zone is due at the same time."""
    elsewhere = start.astimezone(timezone(timedelta(hours=hours)))
    assert deadline(elsewhere, days, calendar) == deadline(start, days, calendar)


@given(now=MOMENTS, due=MOMENTS, calendar=CALENDARS)
@settings(deadline=None)
def test_the_sign_tells_overdue(now: datetime, due: datetime, calendar: Calendar) -> None:
    """Days left are negative exactly when the due day has passed in the office's zone."""
    zone = ZoneInfo(calendar.zone)
    overdue = now.astimezone(zone).date() > due.astimezone(zone).date()
    assert (working_days_left(now, due, calendar) < 0) is overdue
