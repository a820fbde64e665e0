"""The law of a ticket: its states and the one table of moves between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    RECEIVED = "received"
    NEEDS_INFO = "needs_info"
    FORWARDED = "forwarded"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    RESPONDED = "responded"
    REPORTER_REPLIED = "reporter_replied"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    ARCHIVED = "archived"


class To(StrEnum):
    """Where a move leads that does not name a state."""

    SAME = "same"
    BEFORE = "before"


class Role(StrEnum):
    REPORTER = "reporter"
    OFFICER = "officer"
    COORDINATOR = "coordinator"
    SYSTEM = "system"


class Asks(StrEnum):
    """What a move wants to know before it is made."""

    TEXT = "text"
    REASON = "reason"
    ARCHIVE_REASON = "archive_reason"
    AGENCY = "agency"
    OFFICER = "officer"
    STARS = "stars"


class Clock(StrEnum):
    """What a move does to the deadline; the names of steps are those of the facts."""

    KEEP = "keep"
    STOP = "stop"
    RESUME = "resume"
    VERIFICATION = "verification"
    FOLLOW_UP = "first_follow_up"
    HANDLING = "resolution"
    COMPLETION = "completion"
    REPORTER = "reporter_response"


class Party(StrEnum):
    """Who is told of a move: the reporter, or the chat that holds the ticket after it."""

    REPORTER = "reporter"
    HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may happen to a ticket.

    `button`: shown on the ticket's card. `mine`: only by the officer who claimed it.
    """

    action: str
    frm: tuple[State, ...]
    to: State | To
    by: tuple[Role, ...]
    asks: Asks | None = None
    clock: Clock = Clock.KEEP
    tells: tuple[Party, ...] = ()
    button: bool = False
    mine: bool = False


S, R, C, P = State, Role, Clock, Party
STAFF = (R.OFFICER, R.COORDINATOR)
AT_COORDINATOR = (S.RECEIVED, S.RETURNED)
AT_AGENCY = (S.FORWARDED, S.IN_PROGRESS, S.REPORTER_REPLIED, S.REOPENED)
CLAIMABLE = (S.FORWARDED, S.REPORTER_REPLIED, S.REOPENED)
OPEN = (*AT_COORDINATOR, *AT_AGENCY, S.NEEDS_INFO, S.RESPONDED)
CLOSED = (S.RESOLVED, S.ARCHIVED)
BOTH = (Party.REPORTER, Party.HOLDER)

# fmt: off
MOVES: tuple[Move, ...] = (
    # action, from, to, by, asks, clock, tells
    Move("submit", (), S.RECEIVED, (R.REPORTER,), None, C.VERIFICATION, (P.REPORTER,)),
    Move("forward", (S.RECEIVED,), S.FORWARDED, (R.SYSTEM,), None, C.HANDLING, (P.REPORTER,)),
    Move("forward", AT_COORDINATOR, S.FORWARDED, (R.COORDINATOR,), Asks.AGENCY, C.HANDLING, (P.REPORTER,), button=True),
    Move("claim", CLAIMABLE, S.IN_PROGRESS, STAFF, None, C.KEEP, (P.REPORTER,), button=True),
    Move("answer", (*AT_AGENCY, S.NEEDS_INFO, S.RESPONDED), S.RESPONDED, STAFF, Asks.TEXT, C.REPORTER, (P.REPORTER,),
         button=True),
    Move("ask", (*AT_AGENCY, *AT_COORDINATOR), S.NEEDS_INFO, STAFF, Asks.TEXT, C.COMPLETION, (P.REPORTER,),
         button=True),
    Move("resolve", (*AT_AGENCY, S.RESPONDED), S.RESOLVED, STAFF, Asks.TEXT, C.STOP, (P.REPORTER,), button=True),
    Move("transfer", AT_AGENCY, S.FORWARDED, STAFF, Asks.AGENCY, C.RESUME, BOTH, button=True),
    Move("return", AT_AGENCY, S.RETURNED, (R.OFFICER,), Asks.REASON, C.VERIFICATION, BOTH, button=True),
    Move("assign", AT_AGENCY, S.IN_PROGRESS, STAFF, Asks.OFFICER, C.KEEP, (P.HOLDER,), button=True),
    Move("release", (S.IN_PROGRESS,), S.FORWARDED, STAFF, None, C.KEEP, (), button=True, mine=True),
    Move("archive", (*AT_COORDINATOR, S.NEEDS_INFO, S.REPORTER_REPLIED), S.ARCHIVED, (R.COORDINATOR,),
         Asks.ARCHIVE_REASON, C.STOP, (P.REPORTER,), button=True),
    Move("note", (*OPEN, S.RESOLVED), To.SAME, STAFF, Asks.TEXT),
    Move("undo", (S.RESPONDED, S.NEEDS_INFO, S.RESOLVED), To.BEFORE, STAFF),
    Move("supply", (S.NEEDS_INFO,), S.REPORTER_REPLIED, (R.REPORTER,), Asks.TEXT, C.RESUME, (P.HOLDER,)),
    Move("reply", (S.RESPONDED,), S.REPORTER_REPLIED, (R.REPORTER,), Asks.TEXT, C.FOLLOW_UP, (P.HOLDER,)),
    Move("reply", (*AT_COORDINATOR, *AT_AGENCY), To.SAME, (R.REPORTER,), Asks.TEXT, C.KEEP, (P.HOLDER,)),
    Move("confirm", (S.RESPONDED,), S.RESOLVED, (R.REPORTER,), None, C.STOP, (P.HOLDER,)),
    Move("dispute", (S.RESPONDED, S.RESOLVED), S.REOPENED, (R.REPORTER,), Asks.REASON, C.HANDLING, (P.HOLDER,)),
    Move("rate", (S.RESOLVED,), To.SAME, (R.REPORTER,), Asks.STARS, C.KEEP, (P.HOLDER,)),
)
# fmt: on


def moves_for(state: State, role: Role) -> tuple[Move, ...]:
    """The moves this role may make from this state, in the order of the table."""
    return tuple(move for move in MOVES if state in move.frm and role in move.by)


def move_for(action: str, state: State | None, role: Role) -> Move | None:
    """The one move with this name for this role and state; no state stands for a ticket that is not made yet."""
    for move in MOVES:
        if move.action == action and role in move.by and (state in move.frm if state else not move.frm):
            return move
    return None


def replay(steps: Iterable[tuple[str, str]]) -> State:
    """The state to which a history leads; each step is an action and the state written beside it.

    Raises ValueError where the history holds a step that no row of MOVES allows.
    """
    before: list[State] = []
    undoable: State | None = None
    for action, to in steps:
        state = before[-1] if before else None
        rows = [m for m in MOVES if m.action == action and (state in m.frm if state else not m.frm)]
        wanted = {_reached(row, state, undoable) for row in rows}
        if State(to) not in wanted:
            raise ValueError(f"{action} does not lead from {state} to {to}")
        if action != "note":
            undoable = state
        before.append(State(to))
    if not before:
        raise ValueError("a history without steps")
    return before[-1]


def _reached(move: Move, state: State | None, undoable: State | None) -> State | None:
    """Where a move leads: an undo goes back to the state before the last step that was more than a note."""
    if move.to is To.SAME:
        return state
    return undoable if move.to is To.BEFORE else State(move.to)
