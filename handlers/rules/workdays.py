"""Deadlines are counted in the working days of Indonesian government offices, in the office's own zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# Closing time by weekday, Monday first. The days that are not named are free.
CLOSING: Final = (time(16, 0), time(16, 0), time(16, 0), time(16, 0), time(16, 30))
END_OF_DAY: Final = time(23, 59, 59)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The free days of one office besides weekends, the years for which they are known, and its zone."""

    holidays: frozenset[date]
    years: frozenset[int]
    zone: str = "Asia/Jakarta"

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        return day.weekday() < len(CLOSING) and day not in self.holidays


def deadline(start: datetime, days: int, calendar: Calendar) -> datetime:
    """The UTC instant at which the last of so many working days after the event's receipt ends."""
    if days < 0:
        raise ValueError(f"a deadline cannot lie {-days} days before its start")
    try:
        day = _received(_local(start, calendar), calendar)
        for _ in range(days):
            day = _working_from(day + ONE_DAY, calendar)
        return datetime.combine(day, END_OF_DAY, ZoneInfo(calendar.zone)).astimezone(UTC)
    except OverflowError as problem:
        raise ValueError("the deadline lies beyond the last day of the calendar") from problem


def working_days_left(now: datetime, due: datetime, calendar: Calendar) -> int:
    """Working days after today up to the due day; 0 on the due day, always negative after it."""
    today, last = _local(now, calendar).date(), _local(due, calendar).date()
    if today <= last:
        return sum(map(calendar.is_working, _days_after(today, last)))
    # Overdue since Friday is overdue on Saturday too, although no working day has passed yet.
    return -max(1, sum(map(calendar.is_working, _days_after(last, today))))


def missing_years(start: datetime, due: datetime, calendar: Calendar) -> frozenset[int]:
    """The years between the two instants for which no holidays are known."""
    first, last = sorted((_local(start, calendar).year, _local(due, calendar).year))
    return frozenset(range(first, last + 1)) - calendar.years


def _local(moment: datetime, calendar: Calendar) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment without a zone cannot be placed in an office's day")
    return moment.astimezone(ZoneInfo(calendar.zone))


def _received(moment: datetime, calendar: Calendar) -> date:
    day = moment.date()
    if calendar.is_working(day) and moment.time() > CLOSING[day.weekday()]:
        day += ONE_DAY
    return _working_from(day, calendar)


def _working_from(day: date, calendar: Calendar) -> date:
    while not calendar.is_working(day):
        day += ONE_DAY
    return day


def _days_after(day: date, last: date) -> Iterator[date]:
    return (day + timedelta(days=step) for step in range(1, (last - day).days + 1))
