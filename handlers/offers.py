"""What a chat can do with a ticket: the buttons of its card, by the table of moves."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import guessed, untold
from handlers.desk import Desk, Ticket
from handlers.labels import ACTIONS
from handlers.rules.ticket import AT_COORDINATOR, Move, Role, moves_for
from handlers.tree import helps, role_over
from handlers.words import Choice, T

SUGGESTED = 3
MORE = T("card.more", "Lainnya…")
# What one above the holder may do with a ticket that is not theirs.
OVERSIGHT = ("contribute", "transfer", "extend", "classify", "recategorise", "involve", "merge", "archive")


def choices(desk: Desk, ticket: Ticket, here: str, more: bool = False) -> tuple[Choice, ...]:
    """What a chat can do with a ticket: what it does every day, or with `more` all the rest."""
    rest = offered(desk, ticket, here, more=True)
    if more:
        return _as_choices(ticket, rest)
    daily = _as_choices(ticket, offered(desk, ticket, here))
    if here != ticket.agency:
        return (*daily, *_as_choices(ticket, rest))
    return (*suggested(desk, ticket), *daily, *((Choice(f"t:{ticket.id}:more", MORE),) if rest else ()))


def offered(desk: Desk, ticket: Ticket, here: str, more: bool = False) -> tuple[Move, ...]:
    """The moves that a chat is offered; one above the holder oversees, and does not do the holder's work."""
    role = role_over(desk, here, ticket)
    if role is None:
        return ()
    moves = tuple(move for move in moves_for(ticket.state, role) if (move.more if more else move.button))
    if role is Role.COORDINATOR and not more and helps(desk, here, ticket):
        moves = (*moves_for(ticket.state, Role.PARTNER), *moves)
    fitting = (move for move in moves if not move.types or ticket.report_type in move.types)
    over = here != ticket.agency and role is Role.COORDINATOR
    # Who cannot be asked cannot fail to answer.
    hidden = ("ask",) if untold.untold(desk, ticket) else ()
    return tuple(move for move in fitting if move.action not in hidden and (not over or move.action in OVERSIGHT))


def _as_choices(ticket: Ticket, moves: Sequence[Move]) -> tuple[Choice, ...]:
    return tuple(Choice(f"t:{ticket.id}:{move.action}", ACTIONS[move.action]) for move in moves)


def suggested(desk: Desk, ticket: Ticket) -> tuple[Choice, ...]:
    """For the coordinator: the agencies that may answer for a ticket, but for those that returned it."""
    if ticket.state not in AT_COORDINATOR:
        return ()
    refused = {entry.data.get("from") for entry in desk.history(ticket.id) if entry.action in ("return", "transfer")}
    known = desk.facts.agency_by_code
    found = [known[code] for code in guessed.agencies(desk, ticket) if code not in refused and code != ticket.agency]
    return tuple(Choice(f"t:{ticket.id}:to:{agency.code}", agency.label) for agency in found[:SUGGESTED])
