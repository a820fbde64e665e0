"""The law of a ticket: its states and the one table of moves between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class State(StrEnum):
    RECEIVED = "received"
    VERIFIED = "verified"
    NEEDS_INFO = "needs_info"
    FORWARDED = "forwarded"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    RESPONDED = "responded"
    REPORTER_REPLIED = "reporter_replied"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    MERGED = "merged"
    ARCHIVED = "archived"


class To(StrEnum):
    """Where a move leads that does not name a state."""

    SAME = "same"
    BEFORE = "before"


class Role(StrEnum):
    """In what capacity somebody acts; a head is an officer whose word an answer may wait for."""

    REPORTER = "reporter"
    OFFICER = "officer"
    HEAD = "head"
    COORDINATOR = "coordinator"
    PARTNER = "partner"
    SYSTEM = "system"


class Asks(StrEnum):
    """What a move wants to know before it is made."""

    TEXT = "text"
    REASON = "reason"
    ARCHIVE_REASON = "archive_reason"
    AGENCY = "agency"
    OFFICER = "officer"
    STARS = "stars"
    CLASS = "class"
    EXTENSION = "extension"
    TICKET = "ticket"
    CATEGORY = "category"


class Clock(StrEnum):
    """What a move does to the deadline; the names of steps are those of the facts."""

    KEEP = "keep"
    STOP = "stop"
    RESUME = "resume"
    EXTEND = "extend"
    CLASSIFY = "classify"
    RESPONDED = "responded"
    MOVE_ON = "move_on"
    VERIFICATION = "verification"
    REDISPOSITION = "redisposition"
    FOLLOW_UP = "first_follow_up"
    HANDLING = "resolution"
    COMPLETION = "completion"
    REPORTER = "reporter_response"


class Term(StrEnum):
    """Lengths in the facts that are no clock of a ticket's own."""

    OBJECTION = "objection"
    REOPENING = "reporter_response"
    EXTENSION = "extension"
    ESCALATION = "escalation"
    PROMISE = "promise"
    PAUSE_CAP = "pause_cap"


class Party(StrEnum):
    """Who is told of a move: the reporter, or the chat that holds the ticket after it."""

    REPORTER = "reporter"
    HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may happen to a ticket.

    `button`: shown on the ticket's card, `more`: below *Lainnya* there. `mine`: only by the officer who claimed it.
    `types`: only for these kinds of report; empty for all. `within`: once, and only so long after it was closed.
    """

    action: str
    frm: tuple[State, ...]
    to: State | To
    by: tuple[Role, ...]
    asks: Asks | None = None
    clock: Clock = Clock.KEEP
    tells: tuple[Party, ...] = ()
    button: bool = False
    more: bool = False
    mine: bool = False
    types: tuple[str, ...] = ()
    within: Term | None = None


S, R, C, P = State, Role, Clock, Party
STAFF = (R.OFFICER, R.COORDINATOR)
AT_COORDINATOR = (S.RECEIVED, S.VERIFIED, S.RETURNED)
AT_AGENCY = (S.FORWARDED, S.IN_PROGRESS, S.REPORTER_REPLIED, S.REOPENED)
CLAIMABLE = (S.FORWARDED, S.REPORTER_REPLIED, S.REOPENED)
HELD = (*AT_COORDINATOR, *AT_AGENCY)
IN_CARE = (*AT_AGENCY, S.NEEDS_INFO, S.RESPONDED)
OPEN = (*HELD, S.NEEDS_INFO, S.RESPONDED)
CLOSED = (S.RESOLVED, S.ARCHIVED)
BOTH = (Party.REPORTER, Party.HOLDER)
COMPLAINT = ("complaint",)

# fmt: off
MOVES: tuple[Move, ...] = (
    # action, from, to, by, asks, clock, tells
    Move("submit", (), S.RECEIVED, (R.REPORTER, *STAFF), None, C.VERIFICATION, (P.REPORTER,)),
    Move("withdraw", (S.RECEIVED, S.FORWARDED), S.ARCHIVED, (R.REPORTER,), None, C.STOP),
    Move("forward", (S.RECEIVED,), S.FORWARDED, (R.SYSTEM,), None, C.HANDLING, (P.REPORTER,)),
    Move("forward", AT_COORDINATOR, S.FORWARDED, (R.COORDINATOR,), Asks.AGENCY, C.HANDLING, (P.REPORTER,), button=True),
    Move("verify", (S.RECEIVED,), S.VERIFIED, (R.COORDINATOR,), None, C.REDISPOSITION, (P.REPORTER,), button=True),
    Move("claim", CLAIMABLE, S.IN_PROGRESS, STAFF, None, C.KEEP, (P.REPORTER,), button=True),
    Move("answer", IN_CARE, S.RESPONDED, STAFF, Asks.TEXT, C.REPORTER, (P.REPORTER,), button=True),
    Move("ask", HELD, S.NEEDS_INFO, STAFF, Asks.TEXT, C.COMPLETION, (P.REPORTER,), button=True),
    Move("resolve", (*AT_AGENCY, S.RESPONDED), S.RESOLVED, STAFF, Asks.TEXT, C.STOP, (P.REPORTER,), button=True),
    Move("extend", AT_AGENCY, To.SAME, STAFF, Asks.EXTENSION, C.EXTEND, (P.REPORTER,), more=True),
    Move("transfer", AT_AGENCY, S.FORWARDED, STAFF, Asks.AGENCY, C.MOVE_ON, BOTH, button=True),
    Move("return", AT_AGENCY, S.RETURNED, (R.OFFICER,), Asks.REASON, C.REDISPOSITION, BOTH, button=True),
    Move("assign", AT_AGENCY, S.IN_PROGRESS, STAFF, Asks.OFFICER, C.KEEP, (P.HOLDER,), button=True),
    Move("classify", HELD, To.SAME, STAFF, Asks.CLASS, C.CLASSIFY, (P.REPORTER,), more=True, types=COMPLAINT),
    Move("recategorise", HELD, To.SAME, STAFF, Asks.CATEGORY, C.KEEP, (P.REPORTER,), more=True),
    Move("involve", AT_AGENCY, To.SAME, STAFF, Asks.AGENCY, more=True),
    Move("contribute", IN_CARE, To.SAME, (R.PARTNER,), Asks.TEXT, C.KEEP, (P.HOLDER,), button=True),
    Move("release", (S.IN_PROGRESS,), S.FORWARDED, STAFF, button=True, mine=True),
    Move("release", (S.IN_PROGRESS,), S.FORWARDED, (R.SYSTEM,)),
    Move("handover", OPEN, To.SAME, (*STAFF, R.SYSTEM), Asks.OFFICER),
    Move("merge", (*HELD, S.NEEDS_INFO), S.MERGED, (R.COORDINATOR,), Asks.TICKET, C.STOP, (P.REPORTER,), more=True),
    Move("join", (S.RECEIVED,), S.MERGED, (R.REPORTER,), Asks.TICKET, C.STOP, (P.REPORTER,)),
    Move("archive", (*HELD, S.NEEDS_INFO), S.ARCHIVED, (R.COORDINATOR,), Asks.ARCHIVE_REASON, C.STOP, (P.REPORTER,),
         button=True),
    Move("note", (*OPEN, S.RESOLVED), To.SAME, STAFF, Asks.TEXT),
    Move("undo", (S.RESPONDED, S.NEEDS_INFO, S.RESOLVED), To.BEFORE, STAFF),
    Move("supply", (S.NEEDS_INFO,), S.REPORTER_REPLIED, (R.REPORTER,), Asks.TEXT, C.RESUME, (P.HOLDER,)),
    Move("reply", (S.RESPONDED,), S.REPORTER_REPLIED, (R.REPORTER,), Asks.TEXT, C.FOLLOW_UP, (P.HOLDER,)),
    Move("reply", (*HELD, S.MERGED), To.SAME, (R.REPORTER,), Asks.TEXT, C.KEEP, (P.HOLDER,)),
    Move("confirm", (S.RESPONDED, S.MERGED), S.RESOLVED, (R.REPORTER,), None, C.STOP, (P.HOLDER,)),
    Move("dispute", (S.RESPONDED, S.MERGED), S.REOPENED, (R.REPORTER,), Asks.REASON, C.HANDLING, (P.HOLDER,)),
    Move("dispute", (S.RESOLVED,), S.REOPENED, (R.REPORTER,), Asks.REASON, C.HANDLING, (P.HOLDER,),
         within=Term.REOPENING),
    Move("object", (S.ARCHIVED,), S.RECEIVED, (R.REPORTER,), Asks.REASON, C.VERIFICATION, (P.HOLDER,),
         within=Term.OBJECTION),
    Move("rate", (S.RESOLVED,), To.SAME, (R.REPORTER,), Asks.STARS, C.KEEP, (P.HOLDER,)),
    # What the clock does.
    Move("remind", OPEN, To.SAME, (R.SYSTEM,)),
    Move("promise", HELD, To.SAME, (R.SYSTEM,), None, C.KEEP, (P.REPORTER,)),
    Move("escalate", HELD, To.SAME, (R.SYSTEM,), None, C.KEEP, (P.REPORTER,)),
    Move("close", (S.RESPONDED,), S.RESOLVED, (R.SYSTEM,), None, C.STOP, BOTH),
    Move("lapse", (S.NEEDS_INFO,), S.ARCHIVED, (R.SYSTEM,), None, C.STOP, BOTH),
    Move("recalculate", (*OPEN,), To.SAME, (R.SYSTEM,)),
    # Where nobody can be reached, the next level up stands in.
    Move("raise", OPEN, To.SAME, (R.SYSTEM,), None, C.KEEP, (P.REPORTER,)),
    Move("lower", OPEN, To.SAME, (R.SYSTEM,), None, C.KEEP, (P.REPORTER,)),
    # What becomes of the report that is handled for others becomes of them.
    Move("follow", (S.MERGED,), To.SAME, (R.SYSTEM,)),
    Move("finish", (S.MERGED,), S.RESOLVED, (R.SYSTEM,), None, C.STOP),
    Move("drop", (S.MERGED,), S.ARCHIVED, (R.SYSTEM,), None, C.STOP),
    Move("reattach", CLOSED, S.MERGED, (R.SYSTEM,)),
    Move("register", (*OPEN, S.MERGED, *CLOSED), To.SAME, (R.SYSTEM,)),
)
# fmt: on


@lru_cache(256)
def moves_for(state: State, role: Role) -> tuple[Move, ...]:
    """The moves this role may make from this state, in the order of the table."""
    return tuple(move for move in MOVES if state in move.frm and role in move.by)


@lru_cache(256)
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
