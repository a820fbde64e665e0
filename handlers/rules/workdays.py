"""Deadlines and working time are counted in the days of Indonesian government offices, in the office's own zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

# 37 hours and a half a week without breaks, from 07.30; the break is longer on Friday (Perpres 21/2023). Offices may
# set the end of the day themselves; these are the usual hours, and they make every day equally long.
ORDINARY: Final = ((time(7, 30), time(12, 0)), (time(13, 0), time(16, 0)))
FRIDAY: Final = ((time(7, 30), time(11, 30)), (time(13, 0), time(16, 30)))
# Monday first; a weekend has hours only where it is worked.
HOURS: Final = (ORDINARY, ORDINARY, ORDINARY, ORDINARY, FRIDAY, ORDINARY, ORDINARY)
A_DAY: Final = timedelta(hours=7, minutes=30)
WEEK: Final = 5
END_OF_DAY: Final = time(23, 59, 59)
ONE_DAY: Final = timedelta(days=1)
TICK: Final = timedelta(microseconds=1)

# Why a day does not count, besides the name of a free day.
WEEKEND: Final = "weekend"
CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class Calendar:
    """One office's free days by name, the years for which they are known, its zone, and days it works all the same.

    `counted` keeps what was counted once: every report of a day asks for the same few deadlines.
    """

    free: Mapping[date, str]
    years: frozenset[int]
    zone: str = "Asia/Jakarta"
    worked: frozenset[date] = frozenset()
    counted: dict[tuple[date, int], date] = field(default_factory=dict, init=False, repr=False, compare=False)

    def after(self, received: date, number: int) -> date:
        """The working day with this number after a day of receipt."""
        found = self.counted.get((received, number))
        if found is None:
            found = self.counted[received, number] = self._after(received, number)
        return found

    def _after(self, day: date, number: int) -> date:
        for _ in range(number):
            day += ONE_DAY
            while not self.is_working(day):
                day += ONE_DAY
        return day

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        return day in self.worked or (day.weekday() < WEEK and day not in self.free)

    def reason(self, day: date) -> str:
        """Why the office is free on this day: the day's name, or WEEKEND; empty for a working day."""
        return "" if self.is_working(day) else self.free.get(day, WEEKEND)


@dataclass(frozen=True, slots=True)
class Counted:
    """A day with its number, 0 for the day of receipt; one that was skipped has none, but a reason."""

    day: date
    number: int | None
    reason: str


def deadline(start: datetime, days: int, calendar: Calendar, working: bool = True) -> datetime:
    """The UTC instant at which the last of so many days after the event ends."""
    return at(day_number(start, days, calendar, working), END_OF_DAY, calendar)


def day_number(start: datetime, number: int, calendar: Calendar, working: bool = True) -> date:
    """The day with this number after the event; 0 is the day of receipt, or of the event where all days count."""
    if number < 0:
        raise ValueError(f"a deadline cannot lie {-number} days before its start")
    moment = _local(start, calendar)
    try:
        if not working:
            return moment.date() + timedelta(days=number)
        return calendar.after(_received(moment, calendar), number)
    except OverflowError as problem:
        raise ValueError("the deadline lies beyond the last day of the calendar") from problem


def counted(start: datetime, days: int, calendar: Calendar, working: bool = True) -> tuple[Counted, ...]:
    """Every day from that of the event to the last one counted, each with its number or why it was skipped."""
    last, moment = day_number(start, days, calendar, working), _local(start, calendar)
    event = moment.date()
    received = _received(moment, calendar) if working else event
    found: list[Counted] = []
    number = 0
    for day in (event, *_days_after(event, last)):
        if working and (day < received or not calendar.is_working(day)):
            found.append(Counted(day, None, calendar.reason(day) or CLOSED))
        else:
            found.append(Counted(day, number, ""))
            number += 1
    return tuple(found)


def at(day: date, hour: time, calendar: Calendar) -> datetime:
    """The UTC instant at which the office's clock shows this hour."""
    return datetime.combine(day, hour, ZoneInfo(calendar.zone)).astimezone(UTC)


def working_days_left(now: datetime, due: datetime, calendar: Calendar) -> int:
    """Working days after today up to the due day; 0 on the due day, always negative after it."""
    today, last = _local(now, calendar).date(), _local(due, calendar).date()
    if today <= last:
        return _working_days_after(today, last, calendar)
    # Overdue since Friday is overdue on Saturday too, although no working day has passed yet.
    return -max(1, _working_days_after(last, today, calendar))


def missing_years(start: datetime, due: datetime, calendar: Calendar) -> frozenset[int]:
    """The years between the two instants for which no holidays are known."""
    first, last = sorted((_local(start, calendar).year, _local(due, calendar).year))
    return frozenset(range(first, last + 1)) - calendar.years


def working_time(since: datetime, until: datetime, calendar: Calendar) -> timedelta:
    """Office hours between two instants, none where the second comes first; the parts of a span add up exactly."""
    first, last = _local(since, calendar), _local(until, calendar)
    if until <= since:
        return timedelta()
    following = A_DAY * _working_days_after(first.date(), last.date(), calendar)
    return _hours_left(first, calendar) + following - _hours_left(last, calendar)


def in_days(span: timedelta) -> Fraction:
    """Working time as working days, exactly."""
    return Fraction(span // TICK, A_DAY // TICK)


def _local(moment: datetime, calendar: Calendar) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment without a zone cannot be placed in an office's day")
    return moment.astimezone(ZoneInfo(calendar.zone))


def _received(moment: datetime, calendar: Calendar) -> date:
    day = moment.date()
    if calendar.is_working(day) and moment.time() > HOURS[day.weekday()][-1][1]:
        day += ONE_DAY
    return _working_from(day, calendar)


def _working_from(day: date, calendar: Calendar) -> date:
    while not calendar.is_working(day):
        day += ONE_DAY
    return day


def _days_after(day: date, last: date) -> Iterator[date]:
    return (day + timedelta(days=step) for step in range(1, (last - day).days + 1))


def _working_days_after(day: date, last: date, calendar: Calendar) -> int:
    return sum(map(calendar.is_working, _days_after(day, last)))


def _hours_left(moment: datetime, calendar: Calendar) -> timedelta:
    """The office hours of a moment's own day that are still to come at it."""
    day, now = moment.date(), _since_midnight(moment.time())
    if not calendar.is_working(day):
        return timedelta()
    spans = ((_since_midnight(opens), _since_midnight(closes)) for opens, closes in HOURS[day.weekday()])
    return sum((max(closes - max(now, opens), timedelta()) for opens, closes in spans), timedelta())


def _since_midnight(hour: time) -> timedelta:
    return timedelta(hours=hour.hour, minutes=hour.minute, seconds=hour.second, microseconds=hour.microsecond)
