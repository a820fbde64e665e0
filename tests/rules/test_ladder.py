"""The ladder of a clock: who is reminded before it ends, and what happens once it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.clocks import Run, ends, recounted
from handlers.rules.ladder import LADDERS, Call, following
from handlers.rules.ticket import Clock
from handlers.rules.workdays import Calendar, day_number
from tests.rules.calendars import CALENDARS, REGENCY, WIB, WIT, local

Rungs = list[tuple[datetime, Call]]
AGENCYS = (Clock.VERIFICATION, Clock.REDISPOSITION, Clock.FOLLOW_UP, Clock.HANDLING)
REPORTERS = {Clock.COMPLETION: Call.LAPSE, Clock.REPORTER: Call.CLOSE}
REMINDERS = (Call.HALF, Call.MOST, Call.EVE, Call.DAY)
STEPS = st.sampled_from(sorted(LADDERS))
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
LENGTHS = st.integers(1, 60)


def run(step: Clock, since: datetime, days: int, calendar: Calendar = WIB, working: bool = True) -> Run:
    """A clock that has just started."""
    return Run(step, since, days, ends(since, days, calendar, working, since), working)


def climbed(run: Run, calendar: Calendar = WIB, every: int = 3, most: int = 16) -> Rungs:
    """The rungs one after the other, each told before the next is looked for."""
    found: Rungs = []
    while len(found) < most and (rung := following(run, calendar, every)):
        found.append(rung)
        run = replace(run, told=rung[0])
    return found


def day(moment: datetime, calendar: Calendar = WIB) -> date:
    return moment.astimezone(ZoneInfo(calendar.zone)).date()


def working_days(first: date, last: date, calendar: Calendar) -> int:
    """Working days after the first up to the last."""
    return sum(calendar.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def told(rungs: Rungs, calendar: Calendar = WIB) -> list[str]:
    """The rungs as one reads them: the office's day and hour, and the call."""
    return [f"{when.astimezone(ZoneInfo(calendar.zone)):%m-%d %H} {call}" for when, call in rungs]


# -- by hand: Monday 2 November 2026, 09.00 in the office

START = "2026-11-02T09:00:00"
BY_HAND = {
    (Clock.HANDLING, 14): "11-11 08 half, 11-18 08 most, 11-19 08 eve, 11-20 08 day, 11-20 15 promise, "
    "11-23 08 escalate, 11-26 08 escalate, 12-01 08 escalate",
    (Clock.FOLLOW_UP, 5): "11-05 08 half, 11-06 08 eve, 11-09 08 day, 11-09 15 promise, 11-10 08 escalate",
    (Clock.VERIFICATION, 3): "11-04 08 eve, 11-05 08 day, 11-05 15 promise, 11-06 08 escalate, 11-11 08 escalate",
    (Clock.REDISPOSITION, 1): "11-03 08 day, 11-03 15 promise, 11-04 08 escalate, 11-09 08 escalate",
    (Clock.COMPLETION, 10): "11-05 08 ask_again, 11-11 08 ask_again, 11-17 08 lapse",
    (Clock.REPORTER, 10): "11-12 08 closing, 11-17 08 close",
}


@pytest.mark.parametrize(("step", "days"), BY_HAND)
@pytest.mark.parametrize("calendar", [WIB, WIT], ids=lambda calendar: calendar.zone)
def test_the_ladders_by_hand(step: Clock, days: int, calendar: Calendar) -> None:
    """Each clock's rungs on the days that were counted by hand, at eight or three on the office's own clock."""
    expected = BY_HAND[(step, days)].split(", ")
    rungs = climbed(run(step, local(START, calendar), days, calendar), calendar, most=len(expected))
    assert told(rungs, calendar) == expected


def test_a_saturday_that_is_worked_is_a_day_of_the_ladder() -> None:
    """Where the office works on the Saturday after the last day, the next level hears of it then."""
    rungs = climbed(run(Clock.HANDLING, local(START, REGENCY), 14, REGENCY), REGENCY, most=7)
    assert told(rungs, REGENCY)[4:] == ["11-20 15 promise", "11-21 08 escalate", "11-25 08 escalate"]


def test_lebaran_is_passed_over() -> None:
    """Seven free days lie between the second and the third day: nobody is called on any of them."""
    rungs = climbed(run(Clock.FOLLOW_UP, local("2026-03-13T09:00:00"), 5), most=5)
    assert told(rungs) == ["03-25 08 half", "03-26 08 eve", "03-27 08 day", "03-27 15 promise", "03-30 08 escalate"]


def test_every_clock_has_its_ladder() -> None:
    """No clock that can run is without one."""
    effects = {"keep", "stop", "resume", "extend", "classify", "responded", "move_on"}
    assert {clock.value for clock in Clock} - effects == {clock.value for clock in LADDERS}


# -- for every clock, start and length


@given(STEPS, STARTS, LENGTHS, CALENDARS, st.integers(1, 10), st.booleans())
def test_rungs_rise(step: Clock, since: datetime, days: int, calendar: Calendar, every: int, working: bool) -> None:
    """Each rung lies after the one before, and the first after the start."""
    rungs = climbed(run(step, since, days, calendar, working), calendar, every)
    times = [since, *(when for when, _ in rungs)]
    assert all(earlier < later for earlier, later in pairwise(times))


@given(STEPS, STARTS, LENGTHS, CALENDARS)
def test_nobody_is_called_on_a_free_day(step: Clock, since: datetime, days: int, calendar: Calendar) -> None:
    """A clock of working days is spoken of on working days only, at eight or at three."""
    for when, _ in climbed(run(step, since, days, calendar), calendar):
        assert calendar.is_working(day(when, calendar))
        assert when.astimezone(ZoneInfo(calendar.zone)).strftime("%H:%M") in ("08:00", "15:00")


@given(STEPS, STARTS, LENGTHS, CALENDARS)
def test_no_deadline_passes_without_a_word_before_it(
    step: Clock, since: datetime, days: int, calendar: Calendar
) -> None:
    """Between the start and the end of any clock somebody is told."""
    clock = run(step, since, days, calendar)
    assert any(since < when < clock.due for when, _ in climbed(clock, calendar))


@given(st.sampled_from(AGENCYS), STARTS, LENGTHS, CALENDARS)
def test_the_last_day_begins_with_a_reminder(step: Clock, since: datetime, days: int, calendar: Calendar) -> None:
    """On the last day the agency hears in the morning, and in the afternoon the reporter hears of a new date."""
    clock = run(step, since, days, calendar)
    calls = {call: when for when, call in reversed(climbed(clock, calendar))}
    assert day(calls[Call.DAY], calendar) == day(calls[Call.PROMISE], calendar) == day(clock.due, calendar)
    assert calls[Call.DAY] < calls[Call.PROMISE] < clock.due < calls[Call.ESCALATE]


@given(st.sampled_from(AGENCYS), STARTS, st.integers(5, 60), CALENDARS)
def test_a_long_clock_is_spoken_of_in_the_middle(step: Clock, since: datetime, days: int, calendar: Calendar) -> None:
    """Half the time, most of it, the day before and the day itself, in this order, each once."""
    rungs = climbed(run(step, since, days, calendar), calendar)
    calls = [call for _, call in rungs if call in REMINDERS]
    assert calls == [call for call in REMINDERS if call in calls]
    assert {Call.HALF, Call.DAY} <= set(calls)
    assert Call.MOST in calls or Call.EVE in calls
    half = next(when for when, call in rungs if call is Call.HALF)
    assert day(half, calendar) == day_number(since, -(-days // 2), calendar)


@given(st.sampled_from(AGENCYS), STARTS, LENGTHS, CALENDARS, st.integers(1, 10))
def test_escalations_come_after_the_end_and_again(
    step: Clock, since: datetime, days: int, calendar: Calendar, every: int
) -> None:
    """The first on the next working day after the end, the others always so many working days apart."""
    clock = run(step, since, days, calendar)
    late = [when for when, call in climbed(clock, calendar, every) if call is Call.ESCALATE]
    assert len(late) >= 8
    assert working_days(day(clock.due, calendar), day(late[0], calendar), calendar) == 1
    for earlier, later in pairwise(late):
        assert working_days(day(earlier, calendar), day(later, calendar), calendar) == every


@given(st.sampled_from(AGENCYS), STARTS, LENGTHS, st.timedeltas(timedelta(), timedelta(days=200)))
def test_escalation_never_ends(step: Clock, since: datetime, days: int, passed: timedelta) -> None:
    """However long nobody acts, there is always a next call."""
    clock = run(step, since, days)
    rung = following(replace(clock, told=clock.due + passed), WIB, 3)
    assert rung is not None
    assert rung[1] is Call.ESCALATE
    assert clock.due + passed < rung[0] <= clock.due + passed + timedelta(days=21)


@given(st.sampled_from(sorted(REPORTERS)), STARTS, LENGTHS, CALENDARS, st.booleans())
def test_the_reporters_clocks_end(step: Clock, since: datetime, days: int, calendar: Calendar, working: bool) -> None:
    """The last rung closes the report, on the first working day after the reporter's last day, and never before."""
    clock = run(step, since, days, calendar, working)
    rungs = climbed(clock, calendar)
    when, call = rungs[-1]
    assert call is REPORTERS[step]
    assert when > clock.due
    assert working_days(day(clock.due, calendar), day(when, calendar), calendar) == 1
    assert all(each not in REPORTERS.values() and at < clock.due for at, each in rungs[:-1])
    assert following(replace(clock, told=when), calendar, 3) is None


@given(STEPS, STARTS, LENGTHS, CALENDARS)
def test_a_clock_that_rests_is_silent(step: Clock, since: datetime, days: int, calendar: Calendar) -> None:
    """While the reporter is asked, nobody is reminded of the time that stands still."""
    clock = run(step, since, days, calendar)
    assert following(replace(clock, rests=since), calendar, 3) is None


@given(STEPS, STARTS, LENGTHS, CALENDARS, st.integers(0, 20))
def test_no_rung_is_climbed_twice(step: Clock, since: datetime, days: int, calendar: Calendar, behind: int) -> None:
    """From whichever rung one goes on, what follows is what followed before."""
    clock = run(step, since, days, calendar)
    rungs = climbed(clock, calendar)
    at = behind % len(rungs)
    rest = climbed(replace(clock, told=rungs[at][0]), calendar, most=len(rungs) - at - 1)
    assert rest == rungs[at + 1 :]


@given(st.sampled_from(AGENCYS), STARTS, LENGTHS, CALENDARS, st.timedeltas(timedelta(), timedelta(days=120)))
def test_after_a_new_count_the_last_day_is_said_again(
    step: Clock, since: datetime, days: int, calendar: Calendar, passed: timedelta
) -> None:
    """A clock whose end has moved tells of the new one before it comes."""
    now = since + passed
    moved = recounted(replace(run(step, since, days, calendar), more=4), now, calendar)
    assert any(call is Call.DAY and now < when < moved.due for when, call in climbed(moved, calendar))
