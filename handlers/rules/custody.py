"""Who held a ticket when: the history cut into segments, each charged to one holder only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.rules.ticket import AT_AGENCY, AT_COORDINATOR, State

REPORTER = "reporter"
NOBODY = ""
BY_AGENCY = (*AT_AGENCY, *AT_COORDINATOR)


@dataclass(frozen=True, slots=True)
class Step:
    """What the custody of a ticket depends on: since when it was in which state at which agency.

    `draft`: the message by which it came there, `undoes`: the message that was taken back here; 0 for none.
    """

    at: datetime
    state: State
    agency: str
    draft: int = 0
    undoes: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of time in one hand: an agency's code, the reporter's, or nobody's once the ticket is closed.

    `agency`: the one by whose working days it is measured.
    """

    holder: str
    since: datetime
    until: datetime
    agency: str = ""


def holder(step: Step) -> str:
    """In whose hand a ticket is: while an answer or an addition is awaited, in the reporter's."""
    if step.state in BY_AGENCY:
        return step.agency
    return REPORTER if step.state in (State.NEEDS_INFO, State.RESPONDED) else NOBODY


def segments(steps: Iterable[Step], until: datetime) -> tuple[Segment, ...]:
    """The stretches from the first step to an instant, without gaps; neighbours in one hand are one stretch."""
    found: list[Segment] = []
    line = _standing(sorted(steps, key=lambda step: step.at))
    for step, end in zip(line, [*(each.at for each in line[1:]), until], strict=True):
        who, end = holder(step), max(step.at, end)
        if found and (found[-1].holder, found[-1].agency) == (who, step.agency):
            found[-1] = replace(found[-1], until=end)
        else:
            found.append(Segment(who, step.at, end, step.agency))
    return tuple(found)


def _standing(line: list[Step]) -> list[Step]:
    """The steps as they count: a message that was taken back put the ticket into nobody else's hand."""
    for place, step in enumerate(line):
        if step.undoes:
            first = max((n for n in range(place) if line[n].draft == step.undoes), default=place)
            line[first:place] = [replace(each, state=step.state) for each in line[first:place]]
    return line


def charged(parts: Iterable[Segment], worked: Callable[[Segment], timedelta]) -> dict[str, timedelta]:
    """How long each holder had the ticket, in the order in which they first had it; `worked` measures a stretch."""
    sums: dict[str, timedelta] = {}
    for part in parts:
        sums[part.holder] = sums.get(part.holder, timedelta()) + worked(part)
    return sums
