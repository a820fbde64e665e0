"""The ladder of a clock: when somebody is reminded before it ends, and what happens after it has ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from handlers.rules.clocks import Run, length
from handlers.rules.ticket import Clock
from handlers.rules.workdays import Calendar, at, day_number

MORNING: Final = time(8, 0)
AFTERNOON: Final = time(15, 0)


class Call(StrEnum):
    """What a rung says or does."""

    HALF = "half"
    MOST = "most"
    EVE = "eve"
    DAY = "day"
    PROMISE = "promise"
    ESCALATE = "escalate"
    ASK_AGAIN = "ask_again"
    CLOSING = "closing"
    CLOSE = "close"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: after a `share` of the days, so many working days `before` the last one, or so many `after` it.

    `again`: it comes again and again after the end, until somebody stops the clock.
    """

    call: Call
    hour: time = MORNING
    share: float | None = None
    before: int | None = None
    after: int | None = None
    again: bool = False


STAFF: Final = (
    Rung(Call.HALF, share=0.5),
    Rung(Call.MOST, share=0.8),
    Rung(Call.EVE, before=1),
    Rung(Call.DAY, before=0),
    # Before the end of the last day: afterwards it would be an excuse.
    Rung(Call.PROMISE, AFTERNOON, before=0),
    Rung(Call.ESCALATE, after=1, again=True),
)

LADDERS: Final[dict[Clock, tuple[Rung, ...]]] = {
    Clock.VERIFICATION: STAFF,
    Clock.REDISPOSITION: STAFF,
    Clock.FOLLOW_UP: STAFF,
    Clock.HANDLING: STAFF,
    Clock.COMPLETION: (
        Rung(Call.ASK_AGAIN, share=0.3),
        Rung(Call.ASK_AGAIN, share=0.7),
        Rung(Call.LAPSE, after=1),
    ),
    Clock.REPORTER: (
        Rung(Call.CLOSING, share=0.8),
        Rung(Call.CLOSE, after=1),
    ),
}


def following(run: Run, calendar: Calendar, every: int) -> tuple[datetime, Call] | None:
    """The next rung of a clock and when it is climbed; nothing for one that rests or has no more.

    `every`: working days from one escalation to the next. Of several rungs at one instant the highest counts.
    """
    if run.rests is not None:
        return None
    behind = run.told or run.since
    ahead = [(when, call) for when, call in _rungs(run, calendar) if when > behind]
    if ahead:
        first = min(when for when, _ in ahead)
        return next((when, call) for when, call in reversed(ahead) if when == first)
    return _again(run, calendar, every, behind)


def _rungs(run: Run, calendar: Calendar) -> Iterator[tuple[datetime, Call]]:
    last = run.due.astimezone(ZoneInfo(calendar.zone)).date()
    for rung in LADDERS[run.step]:
        if not rung.again:
            day = _day(rung, run, last, calendar)
            if rung.after is not None or day <= last:
                yield at(day, rung.hour, calendar), rung.call


def _day(rung: Rung, run: Run, last: date, calendar: Calendar) -> date:
    if rung.share is not None:
        return day_number(run.since, ceil(rung.share * length(run)), calendar, run.working)
    if rung.before is not None:
        return _stepped(last, rung.before, -1, calendar)
    return _stepped(last, rung.after or 0, 1, calendar)


def _stepped(day: date, steps: int, direction: int, calendar: Calendar) -> date:
    """So many working days before or after a day."""
    while steps:
        day += timedelta(days=direction)
        steps -= calendar.is_working(day)
    return day


def _again(run: Run, calendar: Calendar, every: int, behind: datetime) -> tuple[datetime, Call] | None:
    rung = next((rung for rung in LADDERS[run.step] if rung.again), None)
    if rung is None:
        return None
    day = _day(rung, run, run.due.astimezone(ZoneInfo(calendar.zone)).date(), calendar)
    for _ in count():
        if (when := at(day, rung.hour, calendar)) > behind:
            return when, rung.call
        day = _stepped(day, max(1, every), 1, calendar)
    raise AssertionError("unreachable")
