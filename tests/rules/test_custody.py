"""Custody: whatever happened to a ticket, each stretch of its time is charged to one holder, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.custody import NOBODY, REPORTER, Segment, Step, charged, segments
from handlers.rules.ticket import State
from handlers.rules.workdays import A_DAY, Calendar, working_time
from tests.rules.calendars import CALENDARS, MOMENTS, WIB, WIT, local

AGENCIES = st.sampled_from(("kominfo", "dpu", "dinkes"))
STATES = st.sampled_from(State)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Step], datetime]:
    """Any steps in the order in which they happened, some of them taken back, and an instant after them."""
    start = draw(MOMENTS)
    gaps = st.timedeltas(timedelta(), timedelta(days=30))
    line: list[Step] = []
    for draft, gap in enumerate(draw(st.lists(gaps, min_size=1, max_size=12)), start=1):
        start += gap
        back = draw(st.integers(0, draft - 1)) if draw(st.booleans()) else 0
        line.append(Step(start, draw(STATES), draw(AGENCIES), draft, back))
    return line, start + draw(gaps)


def worked(calendar: Calendar, part: Segment) -> timedelta:
    return working_time(part.since, part.until, calendar)


@given(histories())
def test_no_gap_and_no_overlap(history: tuple[list[Step], datetime]) -> None:
    """The stretches reach from the first step to the end, each begins where the one before it ends."""
    steps, until = history
    parts = segments(steps, until)
    assert parts[0].since == steps[0].at
    assert parts[-1].until == until
    assert all(before.until == after.since for before, after in pairwise(parts))
    assert all(part.since <= part.until for part in parts)
    hands = [(part.holder, part.agency) for part in parts]
    assert all(before != after for before, after in pairwise(hands))


@given(histories())
def test_elapsed_time_adds_up(history: tuple[list[Step], datetime]) -> None:
    """What all holders had together is the whole time, to the microsecond."""
    steps, until = history
    sums = charged(segments(steps, until), lambda part: part.until - part.since)
    assert sum(sums.values(), timedelta()) == until - steps[0].at


@given(histories(), CALENDARS)
def test_working_time_adds_up(history: tuple[list[Step], datetime], calendar: Calendar) -> None:
    """By one calendar the working time of all holders together is that of the whole, to the microsecond."""
    steps, until = history
    sums = charged(segments(steps, until), lambda part: worked(calendar, part))
    assert sum(sums.values(), timedelta()) == working_time(steps[0].at, until, calendar)


@given(histories())
def test_the_order_of_the_steps_does_not_matter(history: tuple[list[Step], datetime]) -> None:
    """Steps at different instants are put in order by when they happened."""
    steps, until = history
    apart = list({step.at: step for step in steps}.values())
    assert segments(apart[::-1], until) == segments(apart, until)


def step(at: str, state: State, agency: str, **more: int) -> Step:
    return Step(local(at), state, agency, **more)


# Monday 2 to Thursday 5 November 2026.
SENT = step("2026-11-02T07:30", State.FORWARDED, "dpu")
RETURNED = step("2026-11-03T07:30", State.RETURNED, "kominfo")
AGAIN = step("2026-11-03T16:00", State.FORWARDED, "dinkes")
ANSWERED = step("2026-11-04T16:00", State.RESPONDED, "dinkes", draft=7)
UNTIL = local("2026-11-05T16:00")


def test_a_returned_ticket_charges_the_next_holder() -> None:
    """From the return on it is the coordinator's time, then the next agency's, then the reporter's."""
    parts = segments([SENT, RETURNED, AGAIN, ANSWERED], UNTIL)
    assert charged(parts, lambda part: worked(WIB, part)) == {
        "dpu": A_DAY,
        "kominfo": A_DAY,
        "dinkes": A_DAY,
        REPORTER: A_DAY,
    }


def test_a_ticket_that_comes_back_is_charged_on() -> None:
    """Two stretches of one holder are one sum, in the place of the first."""
    back = step("2026-11-04T16:00", State.FORWARDED, "dpu")
    sums = charged(segments([SENT, AGAIN, back], UNTIL), lambda part: worked(WIB, part))
    assert list(sums.items()) == [("dpu", 3 * A_DAY), ("dinkes", A_DAY)]


def test_what_was_taken_back_charges_nobody_else() -> None:
    """A message that was undone never put the ticket into the reporter's hand; a second one that left did."""
    undone = step("2026-11-04T16:01", State.FORWARDED, "dinkes", undoes=7)
    assert segments([AGAIN, ANSWERED, undone], UNTIL) == (Segment("dinkes", AGAIN.at, UNTIL, "dinkes"),)
    sent = replace(ANSWERED, at=local("2026-11-05T07:30"))
    holders = [part.holder for part in segments([AGAIN, ANSWERED, undone, sent], UNTIL)]
    assert holders == ["dinkes", REPORTER]


def test_a_note_between_changes_nothing_of_an_undo() -> None:
    """What was noted before an answer was taken back belongs to the agency as well."""
    note = step("2026-11-04T16:00", State.RESPONDED, "dinkes")
    undone = step("2026-11-04T16:01", State.IN_PROGRESS, "dinkes", undoes=7)
    assert [part.holder for part in segments([AGAIN, ANSWERED, note, undone], UNTIL)] == ["dinkes"]


def test_a_closed_ticket_is_nobodys() -> None:
    """Merged, resolved and archived tickets charge nobody, until they are opened again."""
    for state in (State.MERGED, State.RESOLVED, State.ARCHIVED):
        closed = step("2026-11-03T07:30", state, "dpu")
        reopened = step("2026-11-04T07:30", State.REOPENED, "dpu")
        holders = [part.holder for part in segments([SENT, closed, reopened], UNTIL)]
        assert holders == ["dpu", NOBODY, "dpu"]


def test_waiting_is_measured_by_the_agency_that_asked() -> None:
    """The reporter's time is cut where another agency stands in, and each part has its own calendar."""
    asked = step("2026-11-03T07:30", State.NEEDS_INFO, "dpu")
    stands_in = step("2026-11-04T07:30", State.NEEDS_INFO, "kominfo")
    parts = segments([SENT, asked, stands_in], UNTIL)
    assert [(part.holder, part.agency) for part in parts] == [("dpu", "dpu"), (REPORTER, "dpu"), (REPORTER, "kominfo")]
    calendars = {"dpu": WIB, "kominfo": WIT}
    sums = charged(parts, lambda part: worked(calendars[part.agency], part))
    assert list(sums) == ["dpu", REPORTER]
