"""The text of docs/states.md, made from the table of moves; `python -m tests.states_doc` writes it anew."""

from __future__ import annotations

from pathlib import Path

from handlers.labels import ACTIONS, STATES
from handlers.offers import MORE
from handlers.rules.ticket import CLOSED, MOVES, Clock, Move, State, To

FILE = Path(__file__).parent.parent / "docs" / "states.md"
RENEW = "python -m tests.states_doc"

HEAD = f"""# The states of a ticket

Made from `MOVES` in `handlers/rules/ticket.py`; do not edit by hand. To renew it: `{RENEW}`.

Under the name of a state stands what the reporter reads. An arrow is a move; the table below says who may make it.
Moves that leave the state as it is, and *undo*, which goes back to the state before, are in the table only.
The words in the column *deadline* are what a move does to the clocks, or the clock that it starts; how long one runs
is said by the facts.
"""

COLUMNS = ("move", "button", "from", "to", "who", "asks for", "deadline", "tells")


def label(state: State) -> str:
    """What a reporter reads, without the braces that a diagram would take for its own."""
    return STATES[state].source.replace("{agency}", "instansi")


def arrows() -> list[str]:
    """One arrow for each pair of states, with all moves that lead from one to the other."""
    moves: dict[tuple[str, str], list[str]] = {}
    for move in MOVES:
        if isinstance(move.to, State):
            for start in move.frm or ("[*]",):
                found = moves.setdefault((start, move.to), [])
                found.extend([move.action] if move.action not in found else [])
    lines = [f"    {start} --> {end} : {', '.join(found)}" for (start, end), found in moves.items()]
    return lines + [f"    {state} --> [*]" for state in CLOSED]


def diagram() -> str:
    """The states and moves as Mermaid."""
    states = [f'    state "{state}<br/>{label(state)}" as {state}' for state in State]
    return "\n".join(["```mermaid", "stateDiagram-v2", *states, *arrows(), "```", ""])


def who(move: Move) -> str:
    """Who may make a move, and on what condition."""
    conditions = (
        "only who claimed it" if move.mine else "",
        f"only a {', '.join(move.types)}" if move.types else "",
        f"once, within *{move.within}*" if move.within else "",
    )
    return "; ".join((", ".join(move.by), *filter(None, conditions)))


def row(move: Move) -> str:
    """A move as a line of the table."""
    name = ACTIONS[move.action].source if move.button or move.more else ""
    button = f"{MORE.source} {name}" if move.more else name
    where = {To.SAME: "as it is", To.BEFORE: "the state before"}
    to = where[move.to] if isinstance(move.to, To) else move.to.value
    frm = ", ".join(move.frm) or "(new)"
    clock = "" if move.clock is Clock.KEEP else move.clock.value
    cells = (move.action, button, frm, to, who(move), move.asks or "", clock, ", ".join(move.tells))
    return f"| {' | '.join(cells)} |"


def text() -> str:
    """The whole document."""
    table = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|", *(row(move) for move in MOVES), ""]
    return "\n".join([HEAD, diagram(), "## The moves", "", *table])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
