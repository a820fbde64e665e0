"""The laws of the ticket that every report of a simulated year must have kept; each gives what was broken, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from handlers.rules import custody
from handlers.rules.clocks import OF_THE_REPORTER
from handlers.rules.custody import Step
from handlers.rules.ticket import OPEN, replay
from handlers.rules.workdays import working_time
from tests.year_evidence import Evidence
from tests.year_watch import Lapse

Faults = list[str]


def every_ticket_has_a_holder(evidence: Evidence) -> Faults:
    """An agency that is known holds every report; an open one never lay where nobody could be reached but above."""
    known = evidence.facts.agency_by_code
    lost = [each.id for each in evidence.tickets.values() if each.agency not in known]
    return [*(f"report {each} lies with no agency" for each in lost), *evidence.faults]


def no_deadline_passes_in_silence(evidence: Evidence) -> Faults:
    """Before a clock ends, whoever it runs for is told of the report, after it began; where anybody can be reached."""
    named = _letters_by_number(evidence)
    silent = [lapse for lapse in evidence.lapses if lapse.reachable and not _warned(evidence, named, lapse)]
    return [
        f"{lapse.step} of report {lapse.ticket}, {lapse.since} to {lapse.due}, ended without a word to {_whose(lapse)}"
        for lapse in silent
    ]


def excused(evidence: Evidence) -> int:
    """How many clocks ended while nobody at all could be told."""
    return sum(not lapse.reachable for lapse in evidence.lapses)


def _whose(lapse: Lapse) -> str:
    return "its reporter" if lapse.step in OF_THE_REPORTER else lapse.agency


Named = dict[str, list[tuple[datetime, str, int]]]


def _letters_by_number(evidence: Evidence) -> Named:
    """When which agency or person got a letter that names a report."""
    found: Named = defaultdict(list)
    for each in evidence.told:
        for number in each.numbers:
            found[number].append((each.left, evidence.rooms.get(each.to, ""), evidence.people[each.to]))
    return found


def _warned(evidence: Evidence, named: Named, lapse: Lapse) -> bool:
    letters = named[evidence.tickets[lapse.ticket].number]
    whom: str | int = evidence.reporter(lapse.ticket) if lapse.step in OF_THE_REPORTER else lapse.agency
    return any(lapse.since < at <= lapse.due and whom in (agency, person) for at, agency, person in letters)


def states_change_only_by_moves(evidence: Evidence) -> Faults:
    """Each history is a way through the table of moves, and leads to where the report is."""
    faults = []
    for ident, entries in evidence.history.items():
        try:
            reached = replay((entry.action, entry.state.value) for entry in entries)
        except ValueError as wrong:
            faults.append(f"report {ident}: {wrong}")
            continue
        if reached is not evidence.tickets[ident].state:
            faults.append(f"report {ident} is {evidence.tickets[ident].state}, its history leads to {reached}")
    return faults


def history_tells_the_whole(evidence: Evidence) -> Faults:
    """The last entry names the agency that holds the report, and the times of all holders add up to the whole."""
    faults = []
    for ident, entries in evidence.history.items():
        ticket = evidence.tickets[ident]
        if ticket.agency != entries[-1].agency:
            faults.append(f"report {ident} lies with {ticket.agency}, its history says {entries[-1].agency}")
        if not _adds_up(evidence, ident):
            faults.append(f"the custody of report {ident} does not add up")
    return faults


def _adds_up(evidence: Evidence, ident: int) -> bool:
    entries, calendar = evidence.history[ident], evidence.facts.calendar("")
    steps = [Step(entry.at, entry.state, entry.agency) for entry in entries]
    parts = custody.segments(steps, evidence.until)
    joined = all(one.until == other.since for one, other in pairwise(parts))
    charged = custody.charged(parts, lambda part: working_time(part.since, part.until, calendar))
    whole = working_time(evidence.tickets[ident].created_at, evidence.until, calendar)
    return joined and parts[0].since == entries[0].at and sum(charged.values(), timedelta()) == whole


def every_open_ticket_has_a_clock(evidence: Evidence) -> Faults:
    """An open report has a clock that runs, and a moment at which it is looked at again."""
    waiting = (each for each in evidence.tickets.values() if each.state in OPEN)
    idle = [each for each in waiting if each.due_at is None or each.wakes_at is None]
    late = [each for each in evidence.tickets.values() if each.wakes_at and each.wakes_at < evidence.until - _A_DAY]
    return [
        *(f"report {each.id} is {each.state}, and no clock of it runs" for each in idle),
        *(f"report {each.id} should have been looked at by {each.wakes_at}" for each in late),
    ]


_A_DAY = timedelta(days=1)


def idents(faults: Iterable[str]) -> list[int]:
    """The reports that are named in sentences about what was broken."""
    words = (fault.split("report ", 1)[1] for fault in faults if "report " in fault)
    heads = ("".join(char for char in word[:8] if char.isdigit() or char == " ").split(" ")[0] for word in words)
    return [int(head) for head in heads if head]
