"""The clocks of a ticket: several may run at once, each with its start, its length and its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.rules.ticket import Clock
from handlers.rules.workdays import Calendar, day_number, deadline


@dataclass(frozen=True, slots=True)
class Run:
    """One clock that runs: `days` from `since`, ending at `due`.

    `working`: counted in working days, else in calendar days. `told`: the last rung of its ladder that was climbed.
    `rests`: since when it waits for the reporter. `rested`: for how many days it has waited before. `more`: days that
    were granted beyond the rule.
    """

    step: Clock
    since: datetime
    days: int
    due: datetime
    working: bool = True
    told: datetime | None = None
    rests: datetime | None = None
    rested: int = 0
    more: int = 0


Runs = tuple[Run, ...]
Starts = Callable[[Clock], Run | None]
OF_THE_REPORTER: Final = (Clock.COMPLETION, Clock.REPORTER)


def ends(since: datetime, days: int, calendar: Calendar, working: bool, now: datetime) -> datetime:
    """When a clock ends; never before the next working day is over, so that nobody is late before they were told."""
    return max(deadline(since, days, calendar, working), deadline(now, min(days, 1), calendar))


def run_of(runs: Runs, *steps: Clock) -> Run | None:
    """The run of the first of these steps that has one."""
    return next((run for step in steps for run in runs if run.step is step), None)


def shown(runs: Runs) -> Run | None:
    """The run that ends first of those that do not rest."""
    return min((run for run in runs if run.rests is None), key=lambda run: run.due, default=None)


def after(runs: Runs, clock: Clock, starts: Starts, now: datetime, calendar: Calendar, cap: int) -> Runs:
    """The runs after a move with this effect; `starts` makes a fresh run of a step, or none where no rule names it.

    `cap`: for how many working days in all a clock may wait for the reporter.
    """
    if clock is Clock.KEEP:
        return runs
    if clock is Clock.STOP:
        return ()
    if clock is Clock.RESPONDED:
        return without(runs, Clock.FOLLOW_UP)
    if clock is Clock.MOVE_ON and run_of(runs, Clock.HANDLING):
        return runs
    if clock is Clock.RESUME:
        resumed = tuple(_woken(run, now, calendar, cap) for run in without(runs, Clock.COMPLETION))
        return resumed or _fresh(starts, Clock.HANDLING)
    if clock is Clock.COMPLETION:
        resting = tuple(run if run.rests else replace(run, rests=now) for run in without(runs, Clock.FOLLOW_UP))
        return (*without(resting, Clock.COMPLETION), *_fresh(starts, clock))
    if clock in (Clock.HANDLING, Clock.MOVE_ON):
        return _fresh(starts, Clock.FOLLOW_UP, Clock.HANDLING)
    return _fresh(starts, clock)


def without(runs: Runs, *steps: Clock) -> Runs:
    """The runs but for those of these steps."""
    return tuple(run for run in runs if run.step not in steps)


def _fresh(starts: Starts, *steps: Clock) -> Runs:
    return tuple(run for run in map(starts, steps) if run)


def _woken(run: Run, now: datetime, calendar: Calendar, cap: int) -> Run:
    """A clock that waited goes on, with the days of waiting added up to the cap."""
    if run.rests is None:
        return run
    waited = min(days_between(run.rests, now, calendar), max(0, cap - run.rested))
    rested = run.rested + waited
    return recounted(replace(run, rests=None, rested=rested), now, calendar)


def days_between(since: datetime, until: datetime, calendar: Calendar) -> int:
    """How many working days lie after the day of one instant up to that of another."""
    first, last = (day_number(moment, 0, calendar) for moment in (since, until))
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(map(calendar.is_working, days))


def recounted(run: Run, now: datetime, calendar: Calendar) -> Run:
    """The run with its end counted anew; where that changes, its ladder is climbed from now on."""
    due = ends(run.since, length(run), calendar, run.working, now)
    return run if due == run.due else replace(run, due=due, told=now)


def moved(run: Run, now: datetime, calendar: Calendar) -> Run:
    """The run with its end by a calendar that changed; an end that comes nearer leaves the next working day whole."""
    due = deadline(run.since, length(run), calendar, run.working)
    if due < run.due:
        whole = deadline(now, min(run.days, 1), calendar)
        kept = calendar.is_working(run.due.astimezone(ZoneInfo(calendar.zone)).date())
        due = max(due, min(run.due, whole) if kept else whole)
    return run if due == run.due else replace(run, due=due, told=now)


def length(run: Run) -> int:
    """The days of a run with what was added to them."""
    return run.days + run.rested + run.more


def extended(runs: Runs, more: int, now: datetime, calendar: Calendar) -> Runs:
    """The runs with so many days more for the handling, which counts as a first follow-up too."""
    left = without(runs, Clock.FOLLOW_UP) if run_of(runs, Clock.HANDLING) else runs
    return tuple(
        recounted(replace(run, more=run.more + more), now, calendar) if run.step is Clock.HANDLING else run
        for run in left
    )


def measured(runs: Runs, days: int, now: datetime, calendar: Calendar) -> Runs:
    """The runs with this length for the handling: another class of report has another rule."""
    return tuple(
        recounted(replace(run, days=days), now, calendar) if run.step is Clock.HANDLING else run for run in runs
    )


def earliest(instants: Sequence[datetime | None]) -> datetime | None:
    """The earliest of these instants."""
    return min((each for each in instants if each), default=None)
