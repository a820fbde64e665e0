"""Whether a simulated year really was one: every row of the table of moves was made, every rung was climbed."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.rules.ladder import LADDERS, Call
from handlers.rules.ticket import MOVES, Clock, Move
from tests.year_evidence import Evidence

# A clock of so few days has these rungs at the same moment as a higher one, which counts.
TOGETHER = {
    (Clock.VERIFICATION, Call.MOST),
    (Clock.REDISPOSITION, Call.HALF),
    (Clock.REDISPOSITION, Call.MOST),
}


def unmade_moves(evidence: Evidence) -> list[Move]:
    """The rows of the table that nobody made."""
    made = {id(row) for ident in evidence.history for row in _rows(evidence, ident)}
    return [move for move in MOVES if id(move) not in made]


def _rows(evidence: Evidence, ident: int) -> Iterator[Move]:
    state = None
    for entry in evidence.history[ident]:
        for move in MOVES:
            known = state in move.frm if state else not move.frm
            if move.action == entry.action and entry.role in move.by and known:
                yield move
        state = entry.state


def unclimbed_rungs(evidence: Evidence) -> list[tuple[Clock, Call]]:
    """The rungs of the ladders that no report climbed."""
    climbed = {
        rung for entries in evidence.history.values() for entry in entries for rung in _rungs(entry.action, entry.data)
    }
    wanted = {(clock, rung.call) for clock, ladder in LADDERS.items() for rung in ladder} - TOGETHER
    return sorted(wanted - climbed)


def _rungs(action: str, data: object) -> Iterator[tuple[Clock, Call]]:
    assert isinstance(data, dict)
    if action in ("close", "lapse"):
        yield {"close": (Clock.REPORTER, Call.CLOSE), "lapse": (Clock.COMPLETION, Call.LAPSE)}[action]
    elif action in ("remind", "promise", "escalate"):
        yield Clock(data["clock"]), Call(data["call"] if action == "remind" else action)
