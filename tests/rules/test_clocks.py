"""The clocks of a ticket: how they start, wait, go on, and are made longer or shorter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.clocks import (
    Run,
    Runs,
    after,
    days_between,
    earliest,
    ends,
    extended,
    length,
    measured,
    recounted,
    run_of,
    shown,
    without,
)
from handlers.rules.ticket import Clock
from handlers.rules.workdays import Calendar, day_number, deadline
from tests.rules.calendars import CALENDARS, MOMENTS, REGENCY, WIB, end_of, local

CAP = 20
DAYS = {
    Clock.VERIFICATION: 3,
    Clock.REDISPOSITION: 1,
    Clock.FOLLOW_UP: 5,
    Clock.HANDLING: 14,
    Clock.COMPLETION: 10,
    Clock.REPORTER: 10,
}
LENGTHS = st.integers(1, 60)
WAITS = st.timedeltas(timedelta(), timedelta(days=40))


def begun(step: Clock, since: datetime, days: int | None = None, calendar: Calendar = WIB, working: bool = True) -> Run:
    """A clock that has just started."""
    count = DAYS[step] if days is None else days
    return Run(step, since, count, ends(since, count, calendar, working, since), working)


def moved(runs: Runs, clock: Clock, now: datetime, calendar: Calendar = WIB, cap: int = CAP) -> Runs:
    """The clocks after a move with this effect, by the usual lengths."""
    return after(runs, clock, lambda step: begun(step, now, calendar=calendar), now, calendar, cap)


def steps(runs: Runs) -> list[str]:
    return [run.step.value + ("…" if run.rests else "") for run in runs]


def left(run: Run, now: datetime, calendar: Calendar) -> int:
    """Working days after the day on which something that happens now counts, up to the end."""
    today, last = day_number(now, 0, calendar), run.due.astimezone(ZoneInfo(calendar.zone)).date()
    return sum(calendar.is_working(today + timedelta(days=n)) for n in range(1, (last - today).days + 1))


# -- which clocks run after a move

MONDAY = local("2026-11-02T09:00:00")
LATER = local("2026-11-04T09:00:00")
V, R, F, H, C, A = DAYS
BEFORE: dict[str, Runs] = {
    "nothing": (),
    "verification": (begun(V, MONDAY),),
    "handling": (begun(F, MONDAY), begun(H, MONDAY)),
    "asked": (replace(begun(H, MONDAY), rests=MONDAY), begun(C, MONDAY)),
    "asked at once": (replace(begun(V, MONDAY), rests=MONDAY), begun(C, MONDAY)),
    "answered": (begun(A, MONDAY),),
    "follow up": (begun(F, MONDAY),),
}
TABLE = """
effect               before         after
keep                 handling       first_follow_up resolution
keep                 nothing        -
stop                 handling       -
stop                 asked          -
verification         nothing        verification
redisposition        verification   redisposition
redisposition        handling       redisposition
resolution           verification   first_follow_up resolution
resolution           answered       first_follow_up resolution
first_follow_up      answered       first_follow_up
responded            handling       resolution
completion           handling       resolution… completion
completion           verification   verification… completion
completion           asked          resolution… completion
resume               asked          resolution
resume               asked_at_once  verification
resume               nothing        resolution
reporter_response    handling       reporter_response
reporter_response    asked          reporter_response
move_on              handling       first_follow_up resolution
move_on              verification   first_follow_up resolution
move_on              follow_up      first_follow_up resolution
completion           follow_up      completion
"""
WITH_WORDS = (Clock.EXTEND, Clock.CLASSIFY)
ROWS = [line.split(maxsplit=2) for line in TABLE.strip().splitlines()[1:]]


@pytest.mark.parametrize(("effect", "before", "expected"), ROWS)
def test_a_move_leaves_these_clocks(effect: str, before: str, expected: str) -> None:
    """Which clocks run, and which wait for the reporter, by what ran before."""
    runs = moved(BEFORE[before.replace("_", " ")], Clock(effect), LATER)
    assert " ".join(steps(runs)) == expected.replace("-", "")


def test_every_effect_is_in_the_table() -> None:
    """No effect on the clocks is left out but those with words of their own."""
    assert {row[0] for row in ROWS} | {effect.value for effect in WITH_WORDS} == set(Clock)


def test_no_clock_runs_twice() -> None:
    """Whatever a move does, a step has one clock at most."""
    for effect in set(Clock) - set(WITH_WORDS):
        for runs in BEFORE.values():
            found = steps(moved(runs, effect, LATER))
            assert len(set(found)) == len(found), effect


def test_a_step_without_a_rule_has_no_clock() -> None:
    """Where the facts name no length, nothing runs."""
    assert after((), Clock.VERIFICATION, lambda step: None, MONDAY, WIB, CAP) == ()
    asked = after(BEFORE["handling"], Clock.COMPLETION, lambda step: None, LATER, WIB, CAP)
    assert steps(asked) == ["resolution…"]


# -- days by hand


def ask(run: Run, at: str, until: str, cap: int = CAP, calendar: Calendar = WIB) -> Run:
    """The clock after a question that was asked and answered at these moments."""
    runs = moved((run,), Clock.COMPLETION, local(at, calendar), calendar, cap)
    (resumed,) = moved(runs, Clock.RESUME, local(until, calendar), calendar, cap)
    return resumed


@pytest.mark.parametrize(
    ("asked", "answered", "cap", "day"),
    [
        # 14 working days from Monday 2 November end on the 20th.
        ("2026-11-04T09:00:00", "2026-11-04T15:00:00", 20, "2026-11-20"),
        ("2026-11-04T09:00:00", "2026-11-05T09:00:00", 20, "2026-11-23"),
        ("2026-11-04T15:59:59", "2026-11-06T16:00:00", 20, "2026-11-24"),
        # Asked after the office closed: from the next day on.
        ("2026-11-04T19:00:00", "2026-11-06T09:00:00", 20, "2026-11-23"),
        # Answered at a weekend: it is read on Monday.
        ("2026-11-04T09:00:00", "2026-11-07T21:00:00", 20, "2026-11-25"),
        ("2026-11-06T17:30:00", "2026-11-08T21:00:00", 20, "2026-11-20"),
        # No longer than the cap.
        ("2026-11-04T09:00:00", "2026-11-18T09:00:00", 20, "2026-12-04"),
        ("2026-11-04T09:00:00", "2026-11-18T09:00:00", 3, "2026-11-25"),
        ("2026-11-04T09:00:00", "2026-11-18T09:00:00", 0, "2026-11-20"),
        # It had ended meanwhile: until the end of the next working day.
        ("2026-11-04T09:00:00", "2026-12-01T09:00:00", 3, "2026-12-02"),
        ("2026-12-23T09:00:00", "2026-12-23T10:00:00", 20, "2026-12-28"),
    ],
)
def test_a_clock_waits_for_the_reporter(asked: str, answered: str, cap: int, day: str) -> None:
    """The days of waiting are added to the end, counted by hand."""
    assert ask(begun(H, MONDAY), asked, answered, cap).due == end_of(day)


def test_two_pauses_share_the_cap() -> None:
    """What was waited before counts against the cap of the next question."""
    once = ask(begun(H, MONDAY), "2026-11-03T09:00:00", "2026-11-06T09:00:00", 5)
    twice = ask(once, "2026-11-09T09:00:00", "2026-11-19T09:00:00", 5)
    assert (once.rested, once.due) == (3, end_of("2026-11-25"))
    assert (twice.rested, twice.due) == (5, end_of("2026-11-27"))


def test_a_regencys_own_days_do_not_count_as_waiting() -> None:
    """A free Tuesday in the pause adds nothing, a Saturday on which the office works does."""
    start = begun(H, local("2026-10-05T09:00:00", REGENCY), calendar=REGENCY)
    paused = ask(start, "2026-10-12T09:00:00", "2026-10-14T09:00:00", calendar=REGENCY)
    assert (paused.rested, paused.due) == (1, end_of("2026-10-27", REGENCY))
    start = begun(H, local("2026-11-09T09:00:00", REGENCY), calendar=REGENCY)
    paused = ask(start, "2026-11-20T09:00:00", "2026-11-23T09:00:00", calendar=REGENCY)
    assert (paused.rested, paused.due) == (2, end_of("2026-11-30", REGENCY))


def test_another_class_has_another_length() -> None:
    """Classified as supervisory a report has 60 days instead of 14, from the same start, and back again."""
    runs = BEFORE["handling"]
    long = measured(runs, 60, LATER, WIB)
    assert run_of(long, H) == replace(begun(H, MONDAY, 60), told=LATER)
    assert run_of(long, F) == run_of(runs, F)
    back = measured(long, 14, LATER, WIB)
    assert [run.due for run in back] == [run.due for run in runs]


def test_a_shorter_class_is_no_trap() -> None:
    """Where the shorter length is over already, the next working day is the last."""
    late = local("2026-12-01T09:00:00")
    (run,) = measured((begun(H, MONDAY, 60),), 14, late, WIB)
    assert run.due == end_of("2026-12-02")


def test_an_extension_counts_as_first_follow_up() -> None:
    """The handling gets the days, the first follow-up has happened, and nothing else changes."""
    runs = extended(BEFORE["handling"], 7, LATER, WIB)
    assert steps(runs) == ["resolution"]
    assert runs[0] == replace(begun(H, MONDAY), more=7, due=end_of("2026-12-01"), told=LATER)


def test_without_a_handling_an_extension_changes_nothing() -> None:
    """No clock is taken away where there is none to make longer."""
    for runs in BEFORE.values():
        if run_of(runs, H) is None:
            assert extended(runs, 7, LATER, WIB) == runs


def test_days_of_the_calendar_are_counted_as_such() -> None:
    """A clock in calendar days passes over no weekend."""
    run = begun(C, MONDAY, 10, working=False)
    assert run.due == end_of("2026-11-12")


def test_a_new_free_day_moves_the_end() -> None:
    """Counted anew with one more free day the end is a day later, and the ladder is climbed from now on."""
    run = begun(H, MONDAY)
    changed = Calendar({**WIB.free, date(2026, 11, 10): "Pilkada"}, WIB.years)
    assert recounted(run, LATER, WIB) is run
    assert recounted(run, LATER, changed) == replace(run, due=end_of("2026-11-23"), told=LATER)


def test_the_clock_that_ends_first_is_shown() -> None:
    """One that rests is passed over; without any there is none."""
    follow, handling = BEFORE["handling"]
    assert shown((handling, follow)) is follow
    assert shown((replace(follow, rests=MONDAY), handling)) is handling
    assert shown((replace(handling, rests=MONDAY),)) is None
    assert run_of((follow, handling), H, F) is handling
    assert run_of((), H) is None
    assert without((follow, handling), F) == (handling,)


def test_the_earliest_of_some_instants() -> None:
    """Those that are none do not count."""
    assert earliest([LATER, None, MONDAY]) == MONDAY
    assert earliest([None]) is None


# -- for all moments and lengths


@given(MOMENTS, st.integers(0, 60), WAITS, CALENDARS, st.booleans())
def test_nobody_is_late_before_the_next_working_day_is_over(
    since: datetime, days: int, passed: timedelta, calendar: Calendar, working: bool
) -> None:
    """However old the start is, the end is never before that of the next working day, nor before what is due."""
    now = since + passed
    due = ends(since, days, calendar, working, now)
    assert due >= deadline(since, days, calendar, working)
    assert due >= deadline(now, min(days, 1), calendar)
    assert due > now


@given(MOMENTS, LENGTHS, WAITS, WAITS, CALENDARS, st.integers(0, 30))
def test_a_pause_never_shortens(
    since: datetime, days: int, first: timedelta, second: timedelta, calendar: Calendar, cap: int
) -> None:
    """After any pause the end is where it was or later, and the waiting is never more than the cap."""
    run = begun(H, since, days, calendar)
    asked = since + first
    paused = moved((run,), Clock.COMPLETION, asked, calendar, cap)
    (resumed,) = moved(paused, Clock.RESUME, asked + second, calendar, cap)
    assert resumed.due >= run.due
    assert 0 <= resumed.rested <= cap
    assert resumed.rests is None


@given(MOMENTS, LENGTHS, WAITS, WAITS, CALENDARS)
def test_the_remaining_days_are_restored_exactly(
    since: datetime, days: int, first: timedelta, second: timedelta, calendar: Calendar
) -> None:
    """As many working days are left when the reporter has answered as when the question was asked."""
    run = begun(H, since, days, calendar)
    asked = since + first
    answered = asked + second
    (resumed,) = moved(moved((run,), Clock.COMPLETION, asked, calendar), Clock.RESUME, answered, calendar, 10**6)
    before = left(run, asked, calendar)
    assert left(resumed, answered, calendar) == max(before, 1) or resumed.due == run.due
    if before > 0:
        assert left(resumed, answered, calendar) == before


@given(MOMENTS, LENGTHS, st.lists(st.tuples(WAITS, WAITS), max_size=4), CALENDARS, st.integers(0, 30))
def test_all_pauses_together_keep_to_the_cap(
    since: datetime, days: int, waits: list[tuple[timedelta, timedelta]], calendar: Calendar, cap: int
) -> None:
    """However often a question is asked, the clock waits for so many days in all and no more."""
    runs: Runs = (begun(H, since, days, calendar),)
    now, due = since, runs[0].due
    for handled, waited in waits:
        now += handled
        runs = moved(runs, Clock.COMPLETION, now, calendar, cap)
        now += waited
        runs = moved(runs, Clock.RESUME, now, calendar, cap)
        assert runs[0].due >= due
        due = runs[0].due
    assert runs[0].rested <= cap
    assert length(runs[0]) == days + runs[0].rested


@given(MOMENTS, LENGTHS, WAITS, st.integers(1, 30), CALENDARS)
def test_an_extension_adds_its_days(
    since: datetime, days: int, passed: timedelta, more: int, calendar: Calendar
) -> None:
    """So many working days more lie before the new end, or more where it had ended already."""
    run = begun(H, since, days, calendar)
    now = since + passed
    (longer,) = extended((run,), more, now, calendar)
    assert longer.due >= run.due
    added = days_between(run.due.replace(hour=0), longer.due.replace(hour=0), calendar)
    assert added == more or longer.due == deadline(now, 1, calendar)


@given(MOMENTS, LENGTHS, LENGTHS, WAITS, CALENDARS)
def test_a_class_measures_from_the_start(
    since: datetime, days: int, other: int, passed: timedelta, calendar: Calendar
) -> None:
    """The new end is that of a clock of the new length from the same start, unless that is over."""
    now = since + passed
    (run,) = measured((begun(H, since, days, calendar),), other, now, calendar)
    assert run.due == max(deadline(since, other, calendar), deadline(now, 1, calendar))
    assert run.since == since


@given(MOMENTS, LENGTHS, WAITS, CALENDARS)
def test_counting_anew_changes_nothing_without_a_reason(
    since: datetime, days: int, passed: timedelta, calendar: Calendar
) -> None:
    """With the same calendar a clock that runs still is the same one, ladder and all."""
    run = begun(H, since, days, calendar)
    now = since + passed
    again = recounted(run, now, calendar)
    assert again is run or deadline(now, 1, calendar) > run.due


@given(MOMENTS, WAITS, CALENDARS)
def test_days_between_add_up(since: datetime, passed: timedelta, calendar: Calendar) -> None:
    """The working days up to a moment and from it on are those of the whole span."""
    middle, until = since + passed, since + 2 * passed
    whole = days_between(since, until, calendar)
    assert days_between(since, middle, calendar) + days_between(middle, until, calendar) == whole
    assert days_between(since, since, calendar) == 0
    assert days_between(since.astimezone(UTC), until, calendar) == whole
