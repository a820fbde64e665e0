"""A ticket's clocks by the rules of its policy: how long each runs, and when it has to be looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from handlers import facts
from handlers.desk import Desk, Ticket
from handlers.labels import local
from handlers.rules import clocks, ladder
from handlers.rules.clocks import Run, Runs
from handlers.rules.ticket import Clock, Move, Term
from handlers.rules.workdays import Calendar

# Where the rules name no length, an escalation climbs daily and a pause is not longer than a month of working days.
WITHOUT_RULE = {Term.ESCALATION: 1, Term.PAUSE_CAP: 20, Term.PROMISE: 5, Term.EXTENSION: 14}
INSTEAD = {Clock.REDISPOSITION: Clock.VERIFICATION}


def calendar(desk: Desk, ticket: Ticket) -> Calendar:
    """The working days of the agency that holds a ticket."""
    return desk.facts.calendar(ticket.agency)


def rule(desk: Desk, ticket: Ticket, step: Clock | Term) -> facts.Clock | None:
    """The length of a step by the policy that was in force when the report was made, with its legal basis."""
    klass = ticket.klass or ("non_supervisory" if ticket.report_type == "complaint" else "")
    day = local(desk, ticket.agency, ticket.created_at)
    return desk.facts.clock(step.value, ticket.report_type, klass, ticket.policy, day)


def days(desk: Desk, ticket: Ticket, term: Term) -> int:
    """The days of a term that is no clock of its own."""
    found = rule(desk, ticket, term)
    return found.days if found else WITHOUT_RULE.get(term, 0)


def starts(desk: Desk, ticket: Ticket, step: Clock, since: datetime | None = None) -> Run | None:
    """A fresh run of a step, from now or from an earlier receipt; nothing where no rule names its length."""
    found = rule(desk, ticket, step)
    if found is None:
        return starts(desk, ticket, INSTEAD[step], since) if step in INSTEAD else None
    begin, working = since or desk.now, found.unit != "calendar_day"
    due = clocks.ends(begin, found.days, calendar(desk, ticket), working, desk.now)
    return Run(step, begin, found.days, due, working, told=desk.now if since else None)


def timed(desk: Desk, ticket: Ticket, move: Move, data: Mapping[str, Any]) -> Ticket:
    """The ticket with the effect of a move on its clocks."""
    days_off, since = calendar(desk, ticket), data.get("since")
    if move.clock is Clock.EXTEND:
        runs = clocks.extended(ticket.runs, int(data["days"]), desk.now, days_off)
    elif move.clock is Clock.CLASSIFY:
        found = rule(desk, ticket, Clock.HANDLING)
        runs = clocks.measured(ticket.runs, found.days, desk.now, days_off) if found else ticket.runs
    else:
        cap = days(desk, ticket, Term.PAUSE_CAP)
        fresh = lambda step: starts(desk, ticket, step, since)  # noqa: E731
        runs = clocks.after(ticket.runs, move.clock, fresh, desk.now, days_off, cap)
    return settled(desk, ticket, runs)


def settled(desk: Desk, ticket: Ticket, runs: Runs | None = None) -> Ticket:
    """The ticket with the deadline that ends first, and the instant at which a rung is due; with other clocks, or its
    own."""
    runs = ticket.runs if runs is None else runs
    first = clocks.shown(runs)
    days_off, every = calendar(desk, ticket), days(desk, ticket, Term.ESCALATION)
    rungs = (ladder.following(run, days_off, every) for run in runs)
    return replace(
        ticket,
        runs=runs,
        clock=first.step if first else Clock.STOP,
        due_at=first.due if first else None,
        wakes_at=clocks.earliest([rung[0] for rung in rungs if rung]),
    )


def recounted(desk: Desk, ticket: Ticket) -> Ticket:
    """The ticket with all its deadlines counted anew, after the calendar changed."""
    days_off = calendar(desk, ticket)
    # What has ended already has been told; what rests is counted when it goes on.
    counted = (
        (run, run if run.rests or run.due < desk.now else clocks.moved(run, desk.now, days_off)) for run in ticket.runs
    )
    # A reporter was told until when they can answer: that is never shortened.
    runs = (run if run.step in clocks.OF_THE_REPORTER and new.due < run.due else new for run, new in counted)
    return settled(desk, ticket, tuple(runs))


def deadline_of(ticket: Ticket) -> datetime | None:
    """The deadline that a person is told: that of the handling where it runs, else the one that ends first."""
    handling = ticket.run(Clock.HANDLING)
    return handling.due if handling and handling.rests is None else ticket.due_at


def open_still(desk: Desk, ticket: Ticket, move: Move) -> bool:
    """Whether a closed ticket may still be opened again: once, and only so long after it was closed."""
    if move.within is None or ticket.closed_at is None:
        return True
    found = rule(desk, ticket, move.within)
    if move.action == "object" and _withdrawn(desk, ticket):
        return False
    again = any(entry.action == move.action and entry.data.get("again") for entry in desk.history(ticket.id))
    if again or found is None:
        return not again
    working = found.unit != "calendar_day"
    return desk.now <= clocks.ends(ticket.closed_at, found.days, calendar(desk, ticket), working, ticket.closed_at)


def _withdrawn(desk: Desk, ticket: Ticket) -> bool:
    """Whether the reporter took the report back themselves: there is nothing to object to."""
    return any(entry.action == "withdraw" for entry in desk.history(ticket.id))


def written(runs: Runs) -> list[dict[str, Any]]:
    """The clocks as the history keeps them."""
    return [{each.name: _plain(getattr(run, each.name)) for each in fields(run)} for run in runs]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def read(values: Sequence[Mapping[str, Any]]) -> Runs:
    """The clocks that the history kept."""
    return tuple(Run(**{name: _typed(name, value) for name, value in each.items()}) for each in values)


def _typed(name: str, value: Any) -> Any:
    if name == "step":
        return Clock(value)
    return datetime.fromisoformat(value) if name in ("since", "due", "told", "rests") and value else value
